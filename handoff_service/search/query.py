"""The small language of the search box: words, "phrases", -without, wor*, name:value. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from types import MappingProxyType

from handoff_service.search.errors import BadSearch
from handoff_service.search.terms import composed, folded, runs_of, terms_of, word_term

#: Longest text that is searched for, in characters, and most things that it may ask for.
MAX_CHARS = 300
MAX_CLAUSES = 12

#: Names that may stand before a colon, and what each is called in the filters of the inbox. Any
#: other word with a colon (an address, a time of day) is searched for as it is.
NAMES: Mapping[str, str] = MappingProxyType(
    {
        "from": "from",
        "agent": "agent",
        "lang": "language",
        "language": "language",
        "tag": "tag",
        "topic": "topic",
        "reason": "reason",
        "team": "team",
        "site": "site",
        "is": "state",
        "state": "state",
        "outcome": "disposition",
        "disposition": "disposition",
        "priority": "priority",
        "stars": "stars",
        "before": "before",
        "after": "after",
    }
)
_TOKEN = re.compile(
    rf'(?P<minus>-?)(?:(?P<name>(?i:{"|".join(NAMES)})):)?(?:"(?P<quoted>[^"]*)"|(?P<word>[^\s"]*))'
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Terms that stand one after the other."""

    terms: tuple[str, ...]
    #: The last term is only the beginning of one.
    open_end: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """What one message must say, in one of these ways; or what none may."""

    ways: tuple[Phrase, ...]
    without: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for: every clause, and values of the inbox's filters by their names."""

    clauses: tuple[Clause, ...] = ()
    #: Who wrote, by the beginnings of their names or their address.
    writers: tuple[Clause, ...] = ()
    filters: Mapping[str, str] = field(default_factory=dict)


def parse_query(text: str) -> Query:
    """Read what was typed.

    Raises:
        BadSearch: too long, a quote that is not closed, nothing but what must not be there, a name
            without a value or given twice.
    """
    if len(text) > MAX_CHARS:
        raise BadSearch("too_long")
    clauses: list[Clause] = []
    writers: list[Clause] = []
    filters: dict[str, str] = {}
    for part in _parts(composed(text)):
        name = NAMES.get(part.name)
        if name is None:
            clauses += _clauses(part)
        elif not part.value or part.minus or name in filters:
            raise BadSearch(f"{part.name}:")
        elif name == "from":
            writers.append(_writer(part.value))
        else:
            filters[name] = part.value
    if len(clauses) + len(writers) > MAX_CLAUSES:
        raise BadSearch("too_long")
    if clauses and not writers and not filters and all(clause.without for clause in clauses):
        raise BadSearch("only_without")
    if text.strip() and not clauses and not writers and not filters:
        raise BadSearch("no_words")
    return Query(tuple(clauses), tuple(writers), filters)


def read_day(text: str, *, name: str, zone: tzinfo = UTC) -> int:
    """Return when a day such as 2026-11-01 begins in a time zone, ms. Raises BadSearch."""
    try:
        day = date.fromisoformat(text)
        return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() * 1000)
    except (ValueError, OverflowError) as error:
        raise BadSearch(f"{name}:") from error


@dataclass(frozen=True, slots=True)
class _Part:
    minus: bool
    name: str  #: as it is written before the colon; "" for none
    value: str
    quoted: bool


def _parts(text: str) -> Iterator[_Part]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or found.end() == at:  # white space, or a quote that nothing closes
            if not text[at].isspace():
                raise BadSearch("quote")
            at += 1
            continue
        at = found.end()
        value = found["word"] if found["quoted"] is None else found["quoted"]
        if not value and text.startswith('"', at):
            raise BadSearch("quote")
        quoted = found["quoted"] is not None
        yield _Part(bool(found["minus"]), (found["name"] or "").lower(), value, quoted)


def _clauses(part: _Part) -> Iterator[Clause]:
    phrase = _phrase(part.value, open_end=not part.quoted and part.value.endswith("*"))
    if phrase is not None:
        yield Clause((phrase, *_other_ways(part.value, phrase)), part.minus)


def _writer(value: str) -> Clause:
    phrase = _phrase(value, open_end=True)
    if phrase is None:
        raise BadSearch("from:")
    return Clause((phrase, *_other_ways(value, phrase)))


def _phrase(text: str, *, open_end: bool) -> Phrase | None:
    """Return the terms of a text as they stand in any text that holds it; None for no letter."""
    runs = list(runs_of(text))
    if not runs:
        return None
    last = runs[-1]
    terms = [term.word for term in terms_of(text)]
    if last.kind == "word":
        if open_end:
            terms[-1] = folded(last.text)
        return Phrase(tuple(terms), open_end)
    # What comes after the last character of a run in the text that holds it is not known.
    if len(last.text) > 1:
        return Phrase(tuple(terms[:-1]))
    return Phrase(tuple(terms), open_end=True)


def _other_ways(text: str, phrase: Phrase) -> Iterator[Phrase]:
    """Yield how the same may have been written, too."""
    runs = list(runs_of(text))
    if phrase.open_end and runs[-1].kind == "word":  # the term of the whole word is its stem
        yield Phrase((*phrase.terms[:-1], word_term(runs[-1].text)))
    if any(run.kind != "hangul" for run in runs):
        return
    # Koreans set spaces between nouns as they like.
    whole = "".join(run.text for run in runs)
    if len(runs) > 1 and (joined := _phrase(whole, open_end=False)):
        yield joined
    if len(runs) == 1:
        for at in range(2, len(whole) - 1):
            if split := _phrase(f"{whole[:at]} {whole[at:]}", open_end=False):
                yield split
