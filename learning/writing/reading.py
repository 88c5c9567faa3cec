"""Reads what was accepted from the history: decisions on phrases, and suggested articles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timezone

from handoff_service.archive.account_store import names_of
from handoff_service.archive.database import Database
from handoff_service.archive.learning.accepted import (
    Decision,
    Wording,
    standing_decisions,
    wordings,
)
from handoff_service.archive.learning.suggestions import Suggestion, list_suggestions
from learning.writing.accepted import Accepted, Decided, Draft, Example, Pin, Said


async def read_accepted(database: Database) -> Accepted:
    """Return all that is accepted and in no file. Raises ArchiveUnavailable."""
    decisions = await standing_decisions(database)
    said = await wordings(database, (name for d in decisions for name in d.phrase_ids))
    accepted = await list_suggestions(database, kind="article", states=("accepted",))
    names = await names_of(database, {suggestion.edited_by for suggestion in accepted})
    return Accepted(
        examples=tuple(_examples(decisions, said)),
        pins=tuple(_pins(decisions, said)),
        drafts=tuple(_draft(suggestion, names) for suggestion in accepted),
    )


def day_of(at_ms: int) -> str:
    """Return the day of a time, YYYY-MM-DD in UTC."""
    return datetime.fromtimestamp(at_ms / 1000, timezone.utc).date().isoformat()


def _examples(decisions: Sequence[Decision], said: dict[int, Wording]) -> Iterator[Example]:
    """Yield each phrase once for what it means; of those who decided the same, all are named."""
    found: dict[tuple[int, str], list[Decision]] = defaultdict(list)
    for decision in decisions:
        for phrase_id in decision.phrase_ids if decision.verdict != "article" else ():
            found[phrase_id, decision.intent].append(decision)
    for (phrase_id, intent), own in found.items():
        if phrase_id in said:
            yield Example(
                said=_said(said[phrase_id]),
                intent=intent,
                is_new=any(decision.verdict == "new_intent" for decision in own),
                decided=_decided(own),
            )


def _pins(decisions: Sequence[Decision], said: dict[int, Wording]) -> Iterator[Pin]:
    found: dict[tuple[int, str, str], list[Decision]] = defaultdict(list)
    for decision in decisions:
        if decision.verdict == "article" and decision.article_id:
            for phrase_id in decision.phrase_ids:
                found[phrase_id, decision.article_id, decision.locale].append(decision)
    for (phrase_id, article_id, locale), own in found.items():
        if phrase_id in said:
            wording = _said(said[phrase_id])
            yield Pin(said=wording, article_id=article_id, locale=locale, decided=_decided(own))


def _draft(suggestion: Suggestion, names: dict[str, str]) -> Draft:
    person = names.get(suggestion.edited_by) or suggestion.edited_by
    return Draft(
        suggestion_id=suggestion.suggestion_id,
        language=suggestion.language,
        title=suggestion.title,
        body=suggestion.body,
        questions=tuple(suggestion.questions),
        answers=tuple(str(source["text"]) for source in suggestion.sources),
        conversation_ids=tuple(
            dict.fromkeys(str(source["conversation_id"]) for source in suggestion.sources)
        ),
        people=(person,) if person else (),
    )


def _said(wording: Wording) -> Said:
    return Said(
        key=wording.key,
        text=wording.text,
        language=wording.language,
        conversation_id=wording.conversation_id,
        seq=wording.seq,
    )


def _decided(decisions: Sequence[Decision]) -> Decided:
    return Decided(
        ids=tuple(decision.decision_id for decision in decisions),
        reviewers=tuple(dict.fromkeys(decision.reviewer for decision in decisions)),
        at=day_of(decisions[-1].at_ms),
    )
