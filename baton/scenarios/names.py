"""Checks the names that scenarios use against what the project has: articles, intents, reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import yaml

from baton.scenarios.model import Problem, Scenario
from baton.scenarios.nodes import unknown
from handoff_service.metrics import REASONS
from kb_index.articles import load_articles

#: Expectation → which names its values are.
_NAMED = {
    "article": "article",
    "articles": "article",
    "finds": "article",
    "tried": "article",
    "intent": "intent",
    "topic": "intent",
    "reason": "reason",
}

Names = Mapping[str, frozenset[str]]


def project_names(root: Path, articles_dir: Path) -> Names:
    """Return the names there are, by what they name: article, intent, reason.

    Args:
        root: folder of the project; intents are those of its bot/domain/domain.yml.
        articles_dir: folder of the articles, <locale>/*.md.

    Raises:
        kb_index.errors.KbError: there is no such folder of articles.
        OSError: there is no domain.
    """
    domain = yaml.safe_load((root / "bot" / "domain" / "domain.yml").read_text(encoding="utf-8"))
    intents = (next(iter(i)) if isinstance(i, dict) else str(i) for i in domain["intents"])
    articles = load_articles(articles_dir).articles
    return {
        "article": frozenset(article.id for article in articles),
        "intent": frozenset(intents) | {"nlu_fallback"},
        "reason": frozenset(REASONS),
    }


def unknown_names(scenarios: Iterable[Scenario], names: Names) -> list[Problem]:
    """Return every expectation that names what is not there, so that it could never hold."""
    return [problem for scenario in scenarios for problem in _of(scenario, names)]


def _of(scenario: Scenario, names: Names) -> Iterator[Problem]:
    for step in scenario.steps:
        for check in step.checks:
            what = _NAMED.get(check.name)
            wanted: Sequence[str] = check.wanted if what else ()
            for name in wanted:
                if what and name not in names[what]:
                    yield Problem(scenario.file, check.line, unknown(what, name, names[what]))
