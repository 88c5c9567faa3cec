"""Builds the index of a candidate's articles, and asks it the golden questions; none goes live."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from kb_index import versions
from kb_index.articles import Article, load_articles
from kb_index.build import build_version
from kb_index.embedding import Embedder
from kb_index.errors import IndexMissing
from kb_index.gate import compare
from kb_index.golden import read_golden
from kb_index.kept_readings import KeptReadings
from kb_index.model_settings import read_settings
from kb_index.plan import plan_build
from kb_index.sources.settings import read_sources
from kb_index.synonym_file import read_synonyms
from learning.training import Project

#: Where a project keeps its articles, and the questions of which the right answers are known.
ARTICLES, QUESTIONS = Path("data/kb"), Path("data/eval")


def live_index(data_dir: Path) -> str:
    """Return the version of the index that answers, "" while there is none."""
    try:
        return versions.live_version(data_dir / "kb")
    except IndexMissing:
        return ""


def build_articles(
    project: Project, data_dir: Path, *, now_ms: int, progress: Callable[[int, int], None]
) -> dict[str, Any]:
    """Build the index of the project's articles if it is not there; the live one stays live.

    Returns:
        {"version", "changed", "dropped"}: names of articles, against the live index; where the
        project has no articles {"version": the live one}.

    Raises:
        KbError: names what is wrong with the articles or the model.
    """
    kb_dir, folder = data_dir / "kb", project.root / ARTICLES
    if not folder.is_dir():
        return {"version": live_index(data_dir), "changed": [], "dropped": []}
    articles = _read(folder, data_dir, now_ms=now_ms)
    plan = plan_build(
        articles,
        kb_dir,
        model_fingerprint=read_settings(project.model_dir).fingerprint,
        synonyms=read_synonyms(folder / "synonyms.yml"),
    )
    if not plan.up_to_date:
        with versions.one_build_at_a_time(kb_dir):
            build_version(
                articles,
                kb_dir,
                plan=plan,
                load_embedder=_loader(project),
                now_ms=now_ms,
                progress=progress,
            )
    changed, dropped = list(plan.changed), list(plan.dropped)
    return {"version": plan.version, "changed": changed, "dropped": dropped}


def ask_golden(project: Project, data_dir: Path, *, version: str, live: str) -> dict[str, Any]:
    """Ask two versions the golden questions; {"unchecked": why} where there is nothing to compare.

    Raises:
        KbError: a version, the questions or the model cannot be used.
    """
    if not live:
        return {"unchecked": "there is no live index to compare with"}
    if version == live:
        return {"unchecked": "the articles are those of the live index"}
    questions = read_golden(project.root / QUESTIONS)
    if not questions:
        return {"unchecked": "there are no golden questions"}
    verdict = compare(
        data_dir / "kb",
        version,
        live,
        questions,
        model=read_settings(project.model_dir),
        load_embedder=_loader(project),
    )
    return verdict.as_json()


def _read(folder: Path, data_dir: Path, *, now_ms: int) -> tuple[Article, ...]:
    sources = read_sources(folder)
    own: tuple[Article, ...] = ()
    if not sources or any(folder.rglob("*.md")):
        loaded = load_articles(folder, kept=KeptReadings(data_dir / "kb" / "readings.json"))
        loaded.require_clean()
        own = loaded.articles
    if not sources:
        return own
    from kb_index.sources.reading import read_all  # the converters take half a second to load

    reading = read_all(sources, published=own, cache_dir=data_dir / "sources", now_ms=now_ms)
    return (*own, *reading.articles)


def _loader(project: Project) -> Callable[[], Embedder]:
    @cache
    def load() -> Embedder:
        return Embedder.load(project.model_dir)

    return load
