"""Decides whether a candidate may go live: what was measured against the rules. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from learning.candidates.rules import Loss, Rules
from learning.candidates.statistics import wilson


@dataclass(frozen=True, slots=True)
class Reason:
    """Why not: a stable code, what it is about, and a sentence for a terminal."""

    code: str
    text: str
    args: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return it as kept."""
        return {"code": self.code, "args": self.args, "text": self.text}


def why_refused(report: dict[str, Any], rules: Rules) -> list[Reason]:
    """Return what speaks against a candidate; nothing: it may go live.

    Args:
        report: `understanding` (understanding.compare of `known`, `new`, `held_out`),
            `labels`, `golden`, `scripts`, `replay`, `latency`; what was not measured is silent.
        rules: data/gate.yml.
    """
    return [*_understanding(report.get("understanding") or {}, rules), *_others(report, rules)]


def _understanding(found: dict[str, Any], rules: Rules) -> Iterator[Reason]:
    if known := found.get("known"):
        if reason := _lost(known, rules.known_phrases):
            yield _say("known_phrases_lost", "phrases known before", reason)
        yield from _parts(known["by_intent"], rules.intents, "intent_lost", "intent")
        yield from _parts(known["by_language"], rules.languages, "language_lost", "language")
        if reason := _lost(known["out_of_scope"]["recall"], rules.out_of_scope):
            yield _say("out_of_scope_lost", "phrases out of scope", reason)
    held = found.get("held_out")
    if held and (reason := _lost(held, rules.held_out)):
        yield _say("held_out_lost", "customers' words that nothing is trained on", reason)


def _others(report: dict[str, Any], rules: Rules) -> Iterator[Reason]:
    labels = report.get("labels") or {}
    n, against = labels.get("n", 0), labels.get("contradicted", 0)
    if not rules.new_labels.skip and n >= rules.new_labels.least:
        low, _ = wilson(against, n)
        if low > rules.new_labels.contradicted_share:
            yield Reason(
                "labels_contradicted",
                f"{against} of {n} new labels are contradicted by all the others",
                {"contradicted": against, "n": n},
            )
    golden = report.get("golden") or {}
    if not rules.golden.skip:
        for text in golden.get("reasons", []):
            yield Reason("golden_questions", f"golden questions: {text}", {"why": text})
    if (scripts := report.get("scripts")) and (reason := _lost(scripts, rules.scripts)):
        yield _say("scripts_broken", "steps of scripted conversations", reason)
    if (replay := report.get("replay")) and (reason := _lost(replay["judged"], rules.replay)):
        yield _say("replay_worse", "answers of conversations asked again", reason)
    latency = report.get("latency") or {}
    ratio = latency.get("ratio")
    if rules.latency.skip or ratio is None or latency["texts"] < rules.latency.least:
        return
    if ratio > rules.latency.slower:
        yield Reason(
            "slower",
            f"a message takes {ratio:.2f} times as long as now",
            {"ratio": ratio, "limit": rules.latency.slower},
        )


def _parts(parts: dict[str, Any], rule: Loss, code: str, what: str) -> Iterator[Reason]:
    for name, tally in parts.items():
        if reason := _lost(tally, rule, tests=len(parts)):
            yield _say(code, f"phrases of the {what} {name}", reason | {what: name})


def _lost(tally: dict[str, Any], rule: Loss, *, tests: int = 1) -> dict[str, Any] | None:
    """Return the numbers of a fall that the rule does not allow; None: it allows it."""
    base = tally["base"]
    n = base["n"] if base else 0
    if rule.skip or n < rule.least:
        return None
    worse, better, p = tally["worse"], tally["better"], tally["p"]
    beyond_chance = p < rule.significance / tests
    too_many = worse - better > max(rule.lost_few, rule.lost_share * n)
    if not beyond_chance and not too_many:
        return None
    return {"n": n, "worse": worse, "better": better, "p": p, "beyond_chance": beyond_chance}


def _say(code: str, what: str, found: dict[str, Any]) -> Reason:
    chance = f", beyond chance (p = {found['p']:.3g})" if found["beyond_chance"] else ""
    return Reason(
        code,
        f"of {found['n']} {what} {found['worse']} got worse and {found['better']} better{chance}",
        found,
    )
