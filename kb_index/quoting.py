"""Chooses the words of a passage that answer: whole sentences, whole lists, never markup."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kb_index.analyzers import analyze
from kb_index.markdown import Block, BlockKind
from kb_index.sentences import split_sentences
from kb_index.spans import join

#: Longest quote, in characters: what a chat bubble shows without scrolling on a phone.
LONGEST_QUOTE = 700
#: Out of a passage too long to quote whole: what a word counts each time it comes again, and up to
#: which share of the limit the quote then grows. Measured on headings of LibreOffice's help as
#: questions, five pieces of its pages without headings: the quote holds words of the right section
#: in 0.83 (en), 0.95 (zh-Hans), 0.91 (zh-Hant), 0.88 (ko) and 0.91 (ru) of cases; around the one
#: piece that shares most words, filled up to the limit, in 0.79, 0.95, 0.88, 0.84 and 0.91.
_AGAIN = 0.3
_ENOUGH = 0.6
#: A passage of at most this many characters may be no more than the way into the next one.
_SHORT = 200
_LEAD_IN = (":", "：")
_ELLIPSIS = "…"

Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Quote:
    """What is quoted of a passage; without blocks there was nothing that may stand alone.

    A table that is not `whole` has those of its rows that fit, below its header.
    """

    blocks: tuple[Block, ...] = ()
    from_start: bool = True  # it begins where the passage begins

    @property
    def text(self) -> str:
        """The quote as plain text, a line for each paragraph, step and row."""
        return "\n".join(_shown(block) for block in self.blocks)


def quote(
    blocks: Sequence[Block],
    question: str,
    *,
    before: Sequence[Block] = (),
    after: Sequence[Block] = (),
    rarity: Callable[[str], float] = lambda _: 1.0,
    limit: int = LONGEST_QUOTE,
) -> Quote:
    """Return the part of `blocks` that fits the question, at most `limit` characters.

    All of it when it is short enough. Else neighbouring pieces (sentences, lists, tables) around
    the one that shares most with the question, rare words counting more. A list or code is there
    whole or not at all, with the sentence or heading that leads to it where there is room; of a
    table too long only the rows that fit the question, if any. A sentence longer than the limit is
    cut at a space, with "…" in place of the rest.

    Args:
        blocks: The passage.
        question: As the customer put it.
        before: What stands before the passage in its section: it may end with what leads to it.
        after: What follows, headings of sections as blocks: it goes with a passage that only leads
            to it.
        rarity: How much a word (as `analyze` gives them) counts.
        limit: Longest quote, in characters.
    """
    weights = {word: rarity(word) for word in analyze(question)}
    pieces = _pieces(blocks, weights, limit=limit) or _first_rows(blocks, limit=limit)
    if not pieces:
        return Quote()
    pieces = [*_lead_in(before, pieces[0], limit=limit), *pieces]
    groups = _groups(pieces, limit=limit)
    if _size(pieces) > limit:
        groups = _fitting(groups, weights, limit=limit)
    elif _only_leads(pieces):
        following = _groups(_pieces(after, weights, limit=limit), limit=limit)
        groups = [*groups, *_continuation(pieces, following, weights, limit=limit)]
    chosen = [piece for group in groups for piece in group]
    return Quote(tuple(_merge(chosen)), from_start=chosen[0] is pieces[0])


@dataclass(frozen=True, slots=True)
class _Piece:
    """What may be quoted by itself: a sentence, or a block as a whole."""

    shown: Block
    ends: bool = True  # its block ends here; else the next sentence goes on in the same line

    @property
    def size(self) -> int:
        return len(_shown(self.shown)) + self.ends


def _size(pieces: Sequence[_Piece]) -> int:
    return sum(piece.size for piece in pieces) - (pieces[-1].ends if pieces else 0)


def _shown(block: Block) -> str:
    return block.text if block.whole else f"{block.text}\n{_ELLIPSIS}"


def _pieces(blocks: Iterable[Block], weights: Weights, *, limit: int) -> list[_Piece]:
    """Split blocks; what leads to a list that cannot be quoted goes too, unless it is all."""
    pieces: list[_Piece] = []
    lost: list[_Piece] = []
    for block in blocks:
        found = list(_split(block, weights, limit=limit))
        if not found and pieces and _leads(pieces[-1]):
            lost.append(pieces.pop())
            pieces[-1:] = [_ended(piece) for piece in pieces[-1:]]
        pieces.extend(found)
    return pieces or lost


def _ended(piece: _Piece) -> _Piece:
    """Let a sentence be the last of its block."""
    words = piece.shown.words.strip()
    return piece if piece.ends else _Piece(replace(piece.shown, text=words.text, spans=words.spans))


def _split(block: Block, weights: Weights, *, limit: int) -> Iterator[_Piece]:
    if block.kind is BlockKind.PARAGRAPH:
        yield from _sentences(block, limit=limit)
    elif block.whole and len(block.text) <= limit:
        yield _Piece(block)
    elif block.kind is BlockKind.TABLE:
        yield from map(_Piece, _fitting_rows(block, weights, limit=limit))


def _sentences(block: Block, *, limit: int) -> Iterator[_Piece]:
    start = 0
    for sentence in split_sentences(block.text):
        end = start + len(sentence)
        words = block.words.cut(start, end)
        if len(sentence.rstrip()) > limit:
            cut = sentence[: limit - len(_ELLIPSIS)]
            space = cut.rfind(" ")
            kept = words.cut(0, space if space > limit // 2 else len(cut)).strip()
            words = replace(kept, text=kept.text + _ELLIPSIS)
        ends = end == len(block.text)
        words = words.strip() if ends else words
        yield _Piece(replace(block, text=words.text, spans=words.spans), ends)
        start = end


def _fitting_rows(table: Block, weights: Weights, *, limit: int) -> Iterator[Block]:
    """Yield a table of the rows that share most with the question; nothing when none does."""
    scores = [_score(line, weights) for line in table.text.split("\n")]
    best = max(scores)
    wanted = [at for at, score in enumerate(scores) if score > 0 and score >= best / 2]
    wanted.sort(key=lambda at: -scores[at])
    yield from _take_rows(table, wanted, limit=limit)


def _first_rows(blocks: Sequence[Block], *, limit: int) -> list[_Piece]:
    tables = [block for block in blocks[:1] if block.kind is BlockKind.TABLE]
    return [
        _Piece(rows)
        for table in tables
        for rows in _take_rows(table, range(len(table.rows) - 1), limit=int(limit * _ENOUGH))
    ]


def _take_rows(table: Block, wanted: Iterable[int], *, limit: int) -> Iterator[Block]:
    """Yield a table of as many rows, by number, as fit; nothing when none does."""
    lines, rows = table.text.split("\n"), table.rows[1:]
    if len(rows) != len(lines):  # it has its text only
        return
    room = limit - len(_ELLIPSIS)
    kept: list[int] = []
    for at in wanted:
        room -= len(lines[at]) + 1
        if room < 0:
            break
        kept.append(at)
    if kept:
        kept.sort()
        text = "\n".join(lines[at] for at in kept)
        shown = (table.rows[0], *(rows[at] for at in kept))
        yield Block(BlockKind.TABLE, text, whole=False, rows=shown)


def _leads(piece: _Piece) -> bool:
    if piece.shown.kind is BlockKind.PARAGRAPH:
        return piece.shown.text.rstrip().endswith(_LEAD_IN)
    return piece.shown.kind is BlockKind.HEADING


def _lead_in(before: Sequence[Block], first: _Piece, *, limit: int) -> list[_Piece]:
    """Return the sentence before the passage that leads to the list or table it begins with."""
    if first.shown.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING):
        return []
    last = _pieces(before[-1:], {}, limit=limit)[-1:]
    return [one for one in last if _leads(one) and one.size + first.size <= limit]


def _groups(pieces: Iterable[_Piece], *, limit: int) -> list[list[_Piece]]:
    """Put together what must not be parted: a heading or lead-in with what follows it."""
    groups: list[list[_Piece]] = []
    for piece in pieces:
        last = groups[-1] if groups else []
        if last and _leads(last[-1]) and _size([*last, piece]) <= limit:
            last.append(piece)
        else:
            groups.append([piece])
    return groups


def _fitting(groups: list[list[_Piece]], weights: Weights, *, limit: int) -> list[list[_Piece]]:
    """Take the neighbours that say most of what is asked, then some more around them."""
    found = [_shared(_text(group), weights) for group in groups]
    sizes = [sum(piece.size for piece in group) for group in groups]
    first, last = max(
        _windows(sizes, limit=limit),
        key=lambda at: (
            round(_worth(found[at[0] : at[1] + 1], weights), 6),  # sums differ by their order
            -sum(sizes[at[0] : at[1] + 1]),
        ),
    )
    size = sum(sizes[first : last + 1])
    while last + 1 < len(groups) and size < limit * _ENOUGH and size + sizes[last + 1] <= limit:
        last += 1
        size += sizes[last]
    while first > 0 and size < limit * _ENOUGH and size + sizes[first - 1] <= limit:
        first -= 1
        size += sizes[first]
    return groups[first : last + 1]


def _windows(sizes: Sequence[int], *, limit: int) -> Iterator[tuple[int, int]]:
    """Yield the first and the last number of all neighbours that fit together."""
    for first in range(len(sizes)):
        yield first, first
        size = sizes[first]
        for last in range(first + 1, len(sizes)):
            size += sizes[last]
            if size > limit:
                break
            yield first, last


def _worth(found: Sequence[set[str]], weights: Weights) -> float:
    """Weigh the question's words that are there, and a little how often they come again."""
    there = sum(weights[word] for word in set[str]().union(*found))
    return there + _AGAIN * sum(weights[word] for words in found for word in words)


def _only_leads(pieces: Sequence[_Piece]) -> bool:
    words_only = all(piece.shown.kind is BlockKind.PARAGRAPH for piece in pieces)
    return _leads(pieces[-1]) or (words_only and _size(pieces) <= _SHORT)


def _continuation(
    pieces: Sequence[_Piece],
    following: Sequence[list[_Piece]],
    weights: Weights,
    *,
    limit: int,
) -> Sequence[list[_Piece]]:
    """Return what follows, as far as it goes with a passage that only leads to it."""
    room = limit - _size(pieces) - 1
    count = 0
    for group in following:
        room -= sum(piece.size for piece in group)
        if room + 1 < 0:
            break
        count += 1
    if _leads(pieces[-1]):
        return following[: min(count, 1)]
    added = following[:count]
    here, there = _text(pieces), _text(piece for group in added for piece in group)
    return added if _score(f"{here} {there}", weights) > _score(here, weights) else ()


def _text(pieces: Iterable[_Piece]) -> str:
    return "\n".join(piece.shown.text for piece in pieces)


def _shared(text: str, weights: Weights) -> set[str]:
    return {word for word in analyze(text) if word in weights}


def _score(text: str, weights: Weights) -> float:
    return sum(weights[word] for word in _shared(text, weights))


def _merge(pieces: Iterable[_Piece]) -> Iterator[Block]:
    """Put sentences of one paragraph together again."""
    held: list[_Piece] = []
    for piece in pieces:
        held.append(piece)
        if piece.ends:
            yield _merged(held)
            held = []
    if held:
        yield _merged(held)


def _merged(pieces: Sequence[_Piece]) -> Block:
    first = pieces[0].shown
    if first.kind is not BlockKind.PARAGRAPH:
        return first
    words = join(piece.shown.words for piece in pieces).strip()
    return replace(first, text=words.text, spans=words.spans)
