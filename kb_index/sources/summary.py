"""Says of each source what a build took from it, changed and dropped."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kb_index.articles import Article
from kb_index.sources.results import Reading

#: What the folder of Markdown articles is called among the sources.
OWN_ARTICLES = "articles"


@dataclass(frozen=True, slots=True)
class SourceSummary:
    """Counts of articles by source; `requests` went over the network."""

    name: str
    articles: int
    changed: int  # new or different
    dropped: int  # were in the index before
    left_out: int  # cannot be used; each is named
    passed_over: int  # copies, lists of links, pages that ask not to be taken
    requests: int


def summarise(
    own: Sequence[Article],
    reading: Reading,
    *,
    left_out: int,
    changed: Sequence[str],
    dropped: Sequence[str],
    before: dict[str, str],
) -> list[SourceSummary]:
    """Count by source, the folder of articles first; `left_out` is the number of its broken files.

    `changed` and `dropped` are locale/id of what differs from the live index; `before` says which
    source those of the live index came from (see `read_origins`).
    """
    origins = origins_of(own, reading)
    counts = [
        (OWN_ARTICLES, len(own), left_out, 0, 0),
        *(
            (one.source.name, len(one.articles), len(one.refused), one.passed_over, one.requests)
            for one in reading.sources
        ),
    ]
    named = {name for name, *_ in counts}
    gone = sorted(set(before.values()) - named)
    counts += [(name, 0, 0, 0, 0) for name in gone if _count(dropped, name, before)]
    return [
        SourceSummary(
            name=name,
            articles=articles,
            changed=_count(changed, name, origins),
            dropped=_count(dropped, name, before),
            left_out=refused,
            passed_over=passed_over,
            requests=requests,
        )
        for name, articles, refused, passed_over, requests in counts
    ]


def origins_of(own: Sequence[Article], reading: Reading) -> dict[str, str]:
    """Return the name of the source of each article by locale/id."""
    return dict(_origins(own, reading))


def read_origins(path: Path) -> dict[str, str]:
    """Read what the last build wrote; empty when there is nothing to read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(key): str(name) for key, name in found.items()} if isinstance(found, dict) else {}


def write_origins(path: Path, origins: dict[str, str]) -> None:
    """Write the sources of the articles that are now in the index."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(f".{os.getpid()}")
    beside.write_text(json.dumps(origins, ensure_ascii=False, indent=0), encoding="utf-8")
    beside.replace(path)


def _origins(own: Sequence[Article], reading: Reading) -> Iterator[tuple[str, str]]:
    for article in own:
        yield article.key, OWN_ARTICLES
    for one in reading.sources:
        for key in one.articles:
            yield key, one.source.name


def _count(keys: Sequence[str], name: str, origins: dict[str, str]) -> int:
    """Count the articles of a source; what nothing is known of was an own article."""
    return sum(1 for key in keys if origins.get(key, OWN_ARTICLES) == name)
