"""What `baton kb build` reads: the folder of articles, and the sources beside it."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from baton.commands.folders import cache_dir

if TYPE_CHECKING:
    from kb_index.articles import Article, Loaded
    from kb_index.plan import Plan
    from kb_index.sources.results import Reading
    from kb_index.sources.settings import Source
    from kb_index.sources.summary import SourceSummary


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that was read: own articles first, then those of the sources."""

    loaded: Loaded
    reading: Reading

    @property
    def articles(self) -> tuple[Article, ...]:
        """All articles."""
        return (*self.loaded.articles, *self.reading.articles)

    @property
    def left_out(self) -> list[str]:
        """One line for each file or page that cannot be used."""
        refused = [str(one) for source in self.reading.sources for one in source.refused]
        return [*map(str, self.loaded.problems), *refused]

    @property
    def notes(self) -> list[str]:
        """One line for each thing worth knowing that left nothing out."""
        return [note for source in self.reading.sources for note in source.notes]


def gather(
    articles_dir: Path, data_dir: Path, *, more: Sequence[str], locale: str, skip_broken: bool
) -> Gathered:
    """Read the articles, the sources that sources.yml names, and `more`, paths or URLs.

    Raises:
        KbError: names what cannot be read.
    """
    from kb_index.articles import Loaded, load_articles
    from kb_index.kept_readings import KeptReadings
    from kb_index.sources.settings import read_sources, source_of

    named = [*read_sources(articles_dir), *(source_of(one, locale=locale) for one in more)]
    sources = list({source.name: source for source in named}.values())  # --source goes before
    if sources and not any(articles_dir.rglob("*.md")):
        loaded = Loaded((), ())  # all articles come from elsewhere
    else:
        loaded = load_articles(articles_dir, kept=KeptReadings(data_dir / "kb" / "readings.json"))
    if not skip_broken:
        loaded.require_clean()
    return Gathered(
        loaded,
        _read(sources, loaded.articles, data_dir=data_dir, skip_unreadable=skip_broken),
    )


def _read(
    sources: Sequence[Source],
    published: Sequence[Article],
    *,
    data_dir: Path,
    skip_unreadable: bool,
) -> Reading:
    from kb_index.sources.results import Reading

    if not sources:
        return Reading((), ())
    from kb_index.sources.reading import read_all  # the converters take half a second to load

    return read_all(
        sources,
        published=published,
        cache_dir=cache_dir(data_dir) / "sources",
        now_ms=int(time.time() * 1000),
        skip_unreadable=skip_unreadable,
        progress=_show_progress,
    )


def summarise(gathered: Gathered, plan: Plan, data_dir: Path) -> list[SourceSummary]:
    """Count by source what this build takes, changes and drops."""
    from kb_index.sources import summary

    return summary.summarise(
        gathered.loaded.articles,
        gathered.reading,
        left_out=len(gathered.loaded.problems),
        changed=plan.changed,
        dropped=plan.dropped,
        before=summary.read_origins(_origins_file(data_dir)),
    )


def remember(gathered: Gathered, data_dir: Path) -> None:
    """Write down which source each article came from, for the next build's counts."""
    from kb_index.sources import summary

    origins = summary.origins_of(gathered.loaded.articles, gathered.reading)
    summary.write_origins(_origins_file(data_dir), origins)


def show(summaries: Sequence[SourceSummary]) -> None:
    """Print one line a source, when there are any beside the folder of articles."""
    for one in summaries if len(summaries) > 1 else ():
        click.echo(
            f"  {one.name}: {one.articles} articles, {one.changed} new or changed, "
            f"{one.dropped} dropped, {one.left_out} left out, {one.passed_over} passed over"
            + (f", {one.requests} requests" if one.requests else "")
        )


def _origins_file(data_dir: Path) -> Path:
    return data_dir / "kb" / "sources.json"


def _show_progress(name: str, done: int, left: int) -> None:
    """Show how far reading is: one rewritten line on a terminal, plain lines otherwise."""
    shown = f"reading {name}: {done}" + (f", {left} left" if left else "")
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{shown}", err=True, nl=not left)
    elif done % 50 == 0:
        click.echo(shown, err=True)
