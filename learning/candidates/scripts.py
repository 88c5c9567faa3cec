"""Scripted conversations (tests/scenarios), as far as they concern the bot alone, asked again.

`baton scenario run` plays them whole, on a whole system; here the customer's words are asked, up to
the first step that needs anybody else, and a step counts as met by kind, article and intent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from handoff_service.archive.learning.replays import AskedTurn
from learning.candidates.statistics import chance_of, wilson

#: Where a project keeps them.
FOLDER = Path("tests/scenarios")
#: What a scenario tells of the customer, and what the bot is told of it.
_FACTS = ("page", "flags", "on_duty")
#: Steps that a report names.
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Step:
    """What the customer says, and what is expected of it: sets of names, empty where nothing is."""

    turn: AskedTurn
    scenario: str
    kinds: frozenset[str]
    articles: frozenset[str]
    intents: frozenset[str]

    @property
    def expects(self) -> bool:
        """Whether anything is expected that can be judged here."""
        return bool(self.kinds or self.articles or self.intents)

    def is_met(self, outcome: dict[str, Any]) -> bool:
        """Whether a model did what is expected."""
        if "error" in outcome:
            return False
        messages = outcome["messages"]
        return (
            (not self.kinds or any(one["kind"] in self.kinds for one in messages))
            and (not self.articles or any(one["article_id"] in self.articles for one in messages))
            and (not self.intents or outcome["intent"] in self.intents)
        )


def read_scripts(root: Path) -> list[Step]:
    """Return the steps of all scenarios in order; what is of another form is passed over."""
    steps: list[Step] = []
    for file in sorted((root / FOLDER).glob("*.yml")):
        try:
            scenarios = yaml.safe_load(file.read_text(encoding="utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError):
            continue  # `baton scenario check` says what is wrong with it
        for number, scenario in enumerate(scenarios if isinstance(scenarios, list) else ()):
            if isinstance(scenario, dict):
                steps += _steps(scenario, sender=f"script-{file.stem}-{number}")
    return steps


def judge_scripts(
    steps: Sequence[Step], outcomes: Sequence[Sequence[dict[str, Any]]]
) -> dict[str, Any]:
    """Count the steps that both models meet, and list those that one alone meets."""
    asked = [pair for pair in zip(steps, outcomes, strict=True) if pair[0].expects]
    met = [(step, step.is_met(base), step.is_met(new)) for step, (base, new) in asked]
    worse = [step for step, before, after in met if before and not after]
    better = [step for step, before, after in met if after and not before]
    n, before, after = len(met), sum(one for _, one, _ in met), sum(one for _, _, one in met)
    low, high = wilson(after, n)
    turned = [(step, "worse") for step in worse] + [(step, "better") for step in better]
    return {
        "scenarios": len({step.turn.conversation_id for step in steps}),
        "n": n,
        "base": {"n": n, "hits": before},
        "candidate": {"n": n, "hits": after, "low": low, "high": high},
        "worse": len(worse),
        "better": len(better),
        "p": chance_of(len(worse), len(better)),
        "turned": [
            {
                "scenario": step.scenario,
                "text": step.turn.text,
                "language": step.turn.language,
                "verdict": verdict,
            }
            for step, verdict in turned[:SHOWN]
        ],
    }


def _steps(scenario: dict[str, Any], *, sender: str) -> Iterator[Step]:
    language = str(scenario.get("language") or "en")
    facts = {name: scenario[name] for name in _FACTS if name in scenario}
    for number, step in enumerate(scenario.get("steps") or ()):
        if not isinstance(step, dict) or not isinstance(step.get("say"), str):
            return
        expect = step.get("expect") or {}
        yield Step(
            AskedTurn(
                conversation_id=sender,
                seq=number,
                text=step["say"],
                payload=None,
                language=language,
                waiting=False,
                known=None,
                facts=facts,
            ),
            str(scenario.get("scenario") or sender),
            _names(expect.get("kind")),
            _names(expect.get("article")),
            _names(expect.get("intent")),
        )


def _names(value: Any) -> frozenset[str]:
    return frozenset(map(str, value if isinstance(value, list) else [value] if value else []))
