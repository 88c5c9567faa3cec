"""Turns, phrases and groups for tests: written as collecting and grouping write them."""

from sqlalchemy import select, update

from handoff_service.archive.history import record
from handoff_service.archive.learning import turns as kept
from handoff_service.archive.learning.review_codes import language_bits, reason_bits
from handoff_service.archive.learning.turns import LearnTurn
from handoff_service.archive.tables.learn_turns import PhraseRow
from handoff_service.archive.tables.reviews import ReviewGroupRow
from tests.handoff_service.archive.talks import Talk


def turn(conversation_id, seq, text, **more):
    """One turn of a customer."""
    values = {"at_ms": 1000 + seq, "asks": True, "language": "en", "did": "answer"}
    return LearnTurn(conversation_id=conversation_id, seq=seq, text=text, **values | more)


async def keep(database, turns):
    """Write turns with the conversations they are of."""
    for name in sorted({each.conversation_id for each in turns}):
        talk = Talk(name).add("conversation.started", customer_id="u_1", locale="en")
        await record(database, talk.add("conversation.closed", by="system", reason="idle").events)
    await kept.write_turns(database, {each.conversation_id: 2 for each in turns}, turns)


async def group(database, *texts, score=1.0, reasons=("voted_down",), **more):
    """Make a group of phrases that are kept already, the first one its example; return its id."""
    async with database.session() as session:
        found = {
            row.text: row
            for row in await session.scalars(select(PhraseRow).where(PhraseRow.text.in_(texts)))
        }
        rows = [found[text] for text in texts]
        languages = sorted({row.language for row in rows})
        made = ReviewGroupRow(
            **{
                "phrase_id": rows[0].id,
                "score": score,
                "reasons": list(reasons),
                "reason_bits": reason_bits(reasons),
                "languages": languages,
                "language_bits": language_bits(languages),
                "phrases": len(rows),
                "turns": sum(row.turns for row in rows),
                "conversations": sum(row.turns for row in rows),
                "last_ms": max(row.last_ms for row in rows),
                "queued": bool(reasons),
            }
            | more
        )
        session.add(made)
        await session.flush()
        await session.execute(
            update(PhraseRow).where(PhraseRow.text.in_(texts)).values(group_id=made.id)
        )
        return made.id
