"""What reading the sources gave."""

from __future__ import annotations

from dataclasses import dataclass, field

from kb_index.articles import Article
from kb_index.sources.page import Refused
from kb_index.sources.settings import Source


@dataclass(slots=True)
class SourceReading:
    """What one source gave; `articles` holds locale/id."""

    source: Source
    articles: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    passed_over: int = 0  # copies, lists of links, pages that ask not to be taken
    requests: int = 0  # over the network


@dataclass(frozen=True, slots=True)
class Reading:
    """All articles of all sources, and what is to be said of each source."""

    articles: tuple[Article, ...]
    sources: tuple[SourceReading, ...]
