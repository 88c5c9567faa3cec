"""Decides whether a new version of the index may go live: no worse than the live one.

Both versions are asked the golden questions, as the bot would ask them; what counts is what the
customer would get, and then whether the right article is near.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from enum import IntEnum
from math import comb
from pathlib import Path
from typing import Any, cast

from kb_index import versions
from kb_index.confidence import Decision
from kb_index.embedding import Embedder
from kb_index.golden import GoldenQuestion
from kb_index.kept_outcomes import read_outcomes, write_outcomes
from kb_index.kept_vectors import KeptVectors
from kb_index.manifest import read_manifest
from kb_index.model_settings import ModelSettings
from kb_index.retriever import Retriever, SearchResult
from kb_index.searching import Hit, IndexVersion
from kb_index.site_cutoffs import SiteCutoffs

#: Articles offered when the bot asks back.
CHOICES = 3
#: A chance below this is no chance: one false alarm in twenty unchanged indexes.
SIGNIFICANT = 0.05
#: Questions that may get worse, net of those that got better, whatever chance says: a share of all
#: and a number for small sets, in which one question is a large share.
LOST_SHARE, LOST_FEW = 0.02, 2
#: Unanswerable questions that may newly be answered, net, as a share of them: none of fewer than
#: 100.
FOOLED_SHARE = 0.01
#: Questions that may lose every article that answers them before it looks like a mistake (a folder
#: not mounted, a site crawled by half).
DROPPED_SHARE, DROPPED_FEW = 0.10, 2


class Standing(IntEnum):
    """What the customer gets, the worst first."""

    WRONG = 0  #: an answer from an article that does not answer
    PERSON = 1  #: the offer of a person, or choices without the right one
    OFFERED = 2  #: the right article among the choices, or quoted in another language
    RIGHT = 3  #: the right article quoted in the own language


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a version meets a question.

    `first` is its first article, locale/id ("": none); `rank` the place of the first right one
    among those found, from 1, 0 when it is not there.
    """

    standing: Standing
    first: str
    confidence: float
    rank: int

    @property
    def level(self) -> tuple[int, int]:
        """How good it is: what the customer gets, then whether the right article is near."""
        nearness = 0 if not self.rank else 2 if self.rank == 1 else int(self.rank <= CHOICES)
        return (self.standing, nearness)

    def as_json(self) -> dict[str, Any]:
        """Return it as printed."""
        return {
            "outcome": self.standing.name.lower(),
            "first": self.first,
            "confidence": round(self.confidence, 3),
            "rank": self.rank,
        }


@dataclass(frozen=True, slots=True)
class Change:
    """A question that the two versions meet differently."""

    question: GoldenQuestion
    before: Outcome
    after: Outcome

    @property
    def is_worse(self) -> bool:
        """The new version meets it worse."""
        return self.after.level < self.before.level

    @property
    def is_better(self) -> bool:
        """The new version meets it better."""
        return self.after.level > self.before.level

    def as_json(self) -> dict[str, Any]:
        """Return it as printed."""
        return {
            "id": self.question.id,
            "locale": self.question.locale,
            "question": self.question.text,
            "gold": sorted(self.question.gold),
            "before": self.before.as_json(),
            "after": self.after.as_json(),
        }

    def __str__(self) -> str:
        question = self.question
        gold = f" (answered by {', '.join(sorted(question.gold))})" if question.gold else ""
        return (
            f"[{question.locale}] {question.text!r}{gold}: {_say(self.before)} → {_say(self.after)}"
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """A version compared with another; it may go live when there are no `reasons` against it.

    `compared` maps each question that both can be asked to its two outcomes; `dropped` are those
    whose articles are all gone, `without_article` counts those whose articles neither version has.
    """

    version: str
    live: str
    compared: tuple[Change, ...]
    dropped: tuple[GoldenQuestion, ...]
    without_article: int
    reasons: tuple[str, ...]

    @property
    def worse(self) -> list[Change]:
        """Questions that got worse, the worst first."""
        worse = [one for one in self.compared if one.is_worse]
        return sorted(worse, key=lambda one: one.after.standing - one.before.standing)

    @property
    def better(self) -> list[Change]:
        """Questions that got better."""
        return [one for one in self.compared if one.is_better]

    def as_json(self) -> dict[str, Any]:
        """Return the verdict as printed; `before` and `after` count outcomes."""
        return {
            "version": self.version,
            "compared_with": self.live,
            "not_worse": not self.reasons,
            "reasons": list(self.reasons),
            "questions": len(self.compared),
            "before": _count(one.before for one in self.compared),
            "after": _count(one.after for one in self.compared),
            "worse": [one.as_json() for one in self.worse],
            "better": [one.as_json() for one in self.better],
            "dropped": [f"{one.locale}: {one.text}" for one in self.dropped],
            "without_article": self.without_article,
        }


def compare(
    kb_dir: Path,
    version: str,
    live: str,
    questions: Sequence[GoldenQuestion],
    *,
    model: ModelSettings,
    load_embedder: Callable[[], Embedder],
) -> Verdict:
    """Ask both versions all questions and judge; the model is loaded only for new questions.

    Raises:
        IndexMismatch: a version was built with another model or other settings.
        IndexBroken: a file of a version is missing or damaged.
        ModelMissing, ModelBroken: the model is needed and cannot be loaded.
    """
    had, has = _article_ids(kb_dir, live), _article_ids(kb_dir, version)
    known = [one for one in questions if not one.gold or one.gold & (had | has)]
    dropped = [one for one in known if one.gold and not one.gold & has]
    asked = [one for one in known if not one.gold or one.gold & has]
    vectors = KeptVectors(kb_dir, model, load_embedder=load_embedder)
    before = ask_all(kb_dir, live, asked, vectors=vectors)
    after = ask_all(kb_dir, version, asked, vectors=vectors)
    vectors.save()
    compared = [Change(one, before[one], after[one]) for one in asked]
    reasons = why_worse(compared, n_dropped=len(dropped), n_known=len(known))
    return Verdict(
        version, live, tuple(compared), tuple(dropped), len(questions) - len(known), reasons
    )


def why_worse(compared: Sequence[Change], *, n_dropped: int, n_known: int) -> tuple[str, ...]:
    """Say why a version is worse; empty when it is not.

    A question got worse when the customer gets something worse (`Standing`) or, that being equal,
    the right article fell from the first place or out of the choices.

    The questions are a sample of what customers ask, so a version is worse when more of them got
    worse than better and chance does not explain it: a one-sided sign test over the questions that
    changed, p = P(at least as many worse | either is as likely) (Dixon and Mood, 1946). Four rules,
    each by a reason of its own:

    - the sign test finds p < 0.05 (that is 5 worse and none better, 7 and 1, 9 and 2);
    - net of the better ones more than 2 % of the questions (at least 2) got worse: with few
      questions chance can explain everything;
    - more unanswerable questions than before are answered: an answer made up is the worst outcome;
    - more than a tenth of the questions (at least 2) lost every article that answers them. Below
      that they are no fault: articles are withdrawn on purpose.
    """
    worse = sum(one.is_worse for one in compared)
    better = sum(one.is_better for one in compared)
    reasons = []
    p = sign_test(worse, better)
    lost = worse - better
    if p < SIGNIFICANT:
        reasons.append(
            f"{worse} questions got worse and {better} better, beyond chance (p = {p:.3g})"
        )
    elif lost > max(LOST_FEW, LOST_SHARE * len(compared)):
        reasons.append(f"{worse} of {len(compared)} questions got worse and {better} better")
    unanswerable = [one for one in compared if not one.question.gold]
    fooled = sum(int(one.before.standing) - int(one.after.standing) for one in unanswerable)
    if fooled > int(FOOLED_SHARE * len(unanswerable)):
        reasons.append(f"{fooled} more of {len(unanswerable)} unanswerable questions are answered")
    if n_dropped > max(DROPPED_FEW, DROPPED_SHARE * n_known):
        reasons.append(f"{n_dropped} of {n_known} questions lost every article that answers them")
    return tuple(reasons)


def sign_test(worse: int, better: int) -> float:
    """Return the one-sided p: the chance of at least `worse` heads in `worse + better` throws."""
    n = worse + better
    return float(sum(comb(n, k) for k in range(worse, n + 1)) / 2**n)


def ask_all(
    kb_dir: Path, version: str, questions: Sequence[GoldenQuestion], *, vectors: KeptVectors
) -> dict[GoldenQuestion, Outcome]:
    """Ask a version all questions that it was not asked before; raises as `IndexVersion.open`."""
    folder = versions.version_folder(kb_dir, version)
    read_manifest(folder).require_fit(folder, model=vectors.settings)
    cutoffs = SiteCutoffs(kb_dir)
    kept = read_outcomes(folder, list(questions), site=cutoffs.fingerprint)
    outcomes = {one: Outcome(Standing(row[0]), *row[1:]) for one, row in kept.items()}
    new = [one for one in questions if one not in outcomes]
    if new:
        vectors.embed_queries([one.text for one in new])  # all at once: with all cores
        index = IndexVersion.open(kb_dir, version, model=vectors.settings)
        embedder = cast("Embedder", vectors)  # as far as the retriever uses one
        retriever = Retriever(kb_dir, embedder, live=index, cutoffs=cutoffs)
        outcomes |= {one: ask(retriever, one) for one in new}
        rows = {one: astuple(found) for one, found in outcomes.items()}
        write_outcomes(folder, rows, site=cutoffs.fingerprint)
    return outcomes


def ask(retriever: Retriever, question: GoldenQuestion) -> Outcome:
    """Ask one version one question."""
    result = retriever.search(question.text, locale=question.locale)
    first = f"{result.hits[0].locale}/{result.hits[0].article_id}" if result.hits else ""
    ranks = [n for n, hit in enumerate(result.hits, start=1) if hit.article_id in question.gold]
    return Outcome(_standing(result, question), first, result.confidence, ranks[0] if ranks else 0)


def _standing(result: SearchResult, question: GoldenQuestion) -> Standing:
    def is_right(hit: Hit) -> bool:
        return hit.article_id in question.gold

    if result.decision is Decision.ANSWER and result.hits:
        if not is_right(result.hits[0]):
            return Standing.WRONG
        own = result.hits[0].locale == question.locale
        return Standing.RIGHT if own else Standing.OFFERED
    if result.decision is Decision.CLARIFY and any(map(is_right, result.hits[:CHOICES])):
        return Standing.OFFERED
    return Standing.PERSON


def _article_ids(kb_dir: Path, version: str) -> set[str]:
    articles = read_manifest(versions.version_folder(kb_dir, version)).articles
    return {key.partition("/")[2] for key in articles}


def _count(outcomes: Any) -> dict[str, int]:
    counts = Counter(one.standing for one in outcomes)
    return {standing.name.lower(): counts[standing] for standing in reversed(Standing)}


_WORDS = {
    Standing.WRONG: "answered wrongly from",
    Standing.PERSON: "a person offered, nearest",
    Standing.OFFERED: "offered among others, first",
    Standing.RIGHT: "answered rightly from",
}


def _say(outcome: Outcome) -> str:
    if not outcome.first:
        return "nothing found"
    rank = f", the right one at {outcome.rank}" if outcome.rank > 1 else ""
    return f"{_WORDS[outcome.standing]} {outcome.first} ({outcome.confidence:.2f}{rank})"
