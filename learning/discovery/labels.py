"""Says in few words what sets a group apart."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence

import numpy as np

from kb_index.analyzers import analyze
from learning.discovery.features import Matrix

#: Words of a label.
WORDS = 3
#: A word of a label stands in at least this many texts and this share of its group.
LEAST, LEAST_SHARE = 2, 0.1
#: It weighs at least this part of what the first word weighs.
LEAST_WEIGHT = 0.25
#: It stands there this many times as often as elsewhere; else it is said whatever one asks.
TELLING = 2.5
#: A word that is frequent enough in more than this share of the groups names none of them.
IN_GROUPS = 0.25
#: Fewer groups do not tell which words stand in all.
FEW_GROUPS = 8


def name_groups(texts: Sequence[str], groups: Sequence[Sequence[int]]) -> list[str]:
    """Return a label for each group of rows of `texts`: its most telling words.

    A word weighs p log(p / q), its part in how far the group is from the rest (Kullback and Leibler
    1951): p is its share of the group's texts, q of all others. Words of all five languages.
    """
    words = [_words(texts, group) for group in groups]
    everywhere: Counter[str] = Counter()
    reached: Counter[str] = Counter()
    for (counts, _), group in zip(words, groups, strict=True):
        everywhere.update(counts)
        reached.update(word for word in counts if counts[word] >= _enough(len(group)))
    common = IN_GROUPS * len(groups) if len(groups) >= FEW_GROUPS else len(groups)
    usual = {word for word, count in reached.items() if count > common}
    total = sum(len(group) for group in groups)
    return [
        _label(_weigh(counts, everywhere, size=len(group), total=total, usual=usual), written)
        for (counts, written), group in zip(words, groups, strict=True)
    ]


def medoid(places: Matrix, group: Sequence[int]) -> int:
    """Return the row of the group's most central member."""
    rows = np.asarray(group)
    return int(rows[int(np.argmax(places[rows] @ places[rows].mean(axis=0)))])


def _words(
    texts: Sequence[str], group: Sequence[int]
) -> tuple[Counter[str], dict[str, Counter[str]]]:
    """In how many texts each word comes, and how it is written there."""
    counts: Counter[str] = Counter()
    written: dict[str, Counter[str]] = {}
    for row in group:
        seen: dict[str, str] = {}
        for piece in unicodedata.normalize("NFKC", texts[row]).split():
            for word in analyze(piece):
                seen.setdefault(word, _as_written(piece, word))
        counts.update(seen.keys())
        for word, form in seen.items():
            written.setdefault(word, Counter())[form] += 1
    return counts, written


def _as_written(piece: str, word: str) -> str:
    """Return what people read for a stem; parts of CJK words stand for themselves."""
    bare = piece.strip(" .,!?…~。、，！？;:；：\"'()«»“”").casefold()
    return bare if bare and bare[0].isascii() == word[0].isascii() and _has_stems(bare) else word


def _has_stems(word: str) -> bool:
    return all(character < "\u0500" for character in word)


def _weigh(
    counts: Counter[str], everywhere: Counter[str], *, size: int, total: int, usual: set[str]
) -> dict[str, float]:
    """Weigh a group's words; those that tell nothing only where no other is left."""
    weights: dict[str, float] = {}
    telling: set[str] = set()
    for word, count in counts.items():
        if len(word) > 1 and count >= _enough(size):
            share = count / size
            elsewhere = (everywhere[word] - count + 0.5) / (total - size + 1)
            weights[word] = share * float(np.log(share / elsewhere))
            if word not in usual and share >= TELLING * elsewhere:
                telling.add(word)
    return {word: weights[word] for word in telling} or weights


def _enough(size: int) -> float:
    return max(min(LEAST, size), LEAST_SHARE * size)


def _label(weights: dict[str, float], written: dict[str, Counter[str]]) -> str:
    chosen: list[str] = []
    for word in sorted(weights, key=lambda each: (-weights[each], each)):
        if chosen and weights[word] < LEAST_WEIGHT * max(weights.values()):
            break
        form = written[word].most_common(1)[0][0]
        if not any(form in other or other in form for other in chosen):
            chosen.append(form)
        if len(chosen) == WORDS:
            break
    return " ".join(chosen)
