"""Knows by which words a customer can be found, and counts where they still stand."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import JSON, Column, String, Table, Text, cast, func, or_, select

from handoff_service.archive.database import Database
from handoff_service.archive.models import (
    ConversationRow,
    ErasedRow,
    ErasureRow,
    EventRow,
    MailRow,
    Model,
)
from handoff_service.contact import find_contact
from handoff_service.domain import EventType

#: Shorter words stand in texts that are not about anybody.
LEAST_CHARS = 5
#: Events in which a customer says, or their site says, who they are.
TELLING = (EventType.CUSTOMER_IDENTIFIED, EventType.MESSAGE_LEFT, EventType.HANDOFF_REQUESTED)
#: Ids that one question names.
AT_ONCE = 200
#: Tables that keep ids of what was deleted, and nothing else of it.
TOMBSTONES = frozenset({ErasedRow.__tablename__, ErasureRow.__tablename__})


@dataclass(frozen=True, slots=True)
class Traces:
    """What a customer is known by."""

    #: Theirs alone: the customer's id, e-mail addresses, phone numbers.
    ids: tuple[str, ...] = ()
    #: Others may have the same.
    names: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the shape kept in the database."""
        return {"ids": list(self.ids), "names": list(self.names)}

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Self:
        """Read that shape."""
        return cls(tuple(raw.get("ids", ())), tuple(raw.get("names", ())))


async def traces_of(
    database: Database, customer_id: str, conversation_ids: Sequence[str]
) -> Traces:
    """Return by which words a customer can be found. Raises ArchiveUnavailable."""
    ids, names = {customer_id}, set[str]()
    told = (
        select(EventRow.data)
        .join(ConversationRow, ConversationRow.id == EventRow.conversation_id)
        .where(
            EventRow.type.in_([each.value for each in TELLING]),
            or_(
                ConversationRow.customer_id == customer_id, ConversationRow.id.in_(conversation_ids)
            ),
        )
    )
    mailed = (
        select(MailRow.recipient)
        .outerjoin(ConversationRow, ConversationRow.id == MailRow.conversation_id)
        .where(
            or_(
                ConversationRow.customer_id == customer_id,
                MailRow.conversation_id.in_(conversation_ids),
            )
        )
    )
    async with database.session() as session:
        for data in await session.scalars(told):
            ids.update(str(data[name]) for name in ("email", "phone") if data.get(name))
            ids.update(filter(None, (find_contact(str(data.get("contact") or "")),)))
            names.update(str(data[name]) for name in ("name",) if data.get(name))
            _read_triage(data.get("triage") or [], ids, names)
        ids.update(await session.scalars(mailed))
    ids |= {digits for each in ids if len(digits := _digits(each)) >= 7 and "@" not in each}
    return Traces(
        tuple(sorted(each for each in ids if each == customer_id or len(each) >= LEAST_CHARS)),
        tuple(sorted(each for each in names if len(each) > 1)),
    )


def _read_triage(triage: Sequence[Any], ids: set[str], names: set[str]) -> None:
    for answer in triage:
        text = str(answer.get("answer") or "")
        if "name" in str(answer.get("field")) and "product" not in str(answer.get("field")):
            names.add(text)
        elif contact := find_contact(text):
            ids.add(contact)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text) if re.fullmatch(r"\+?[\d\s().-]+", text) else ""


async def look_for(
    database: Database, traces: Traces, conversation_ids: Sequence[str]
) -> dict[str, dict[str, int]]:
    """Count the rows that still name a customer, in every table there is.

    Returns `left`: table → rows with what is theirs alone or about their conversations;
    `same_name`: table → rows with their name, which may be another's. Only places with any.
    Tables of tombstones are left out: they keep ids of what was deleted, on purpose.

    Raises:
        ArchiveUnavailable: ask again.
    """
    left: dict[str, int] = {}
    same_name: dict[str, int] = {}
    for table in Model.metadata.sorted_tables:
        if table.name in TOMBSTONES:
            continue
        words = list(_words(table))
        async with database.session() as session:
            count = 0
            if (of := _conversation_column(table)) is not None:
                for start in range(0, len(conversation_ids), AT_ONCE):
                    some = conversation_ids[start : start + AT_ONCE]
                    found = await session.scalar(
                        select(func.count()).select_from(table).where(of.in_(some))
                    )
                    count += found or 0
            if words and traces.ids:
                count += await session.scalar(_counted(table, words, traces.ids)) or 0
            if count:
                left[table.name] = count
            if words and traces.names:
                named = await session.scalar(_counted(table, words, traces.names)) or 0
                if named:
                    same_name[table.name] = named
    return {"left": left, "same_name": same_name}


def _conversation_column(table: Table) -> Column[Any] | None:
    name = "id" if table.name == ConversationRow.__tablename__ else "conversation_id"
    return table.c.get(name)


def _words(table: Table) -> Iterator[Column[Any]]:
    for column in table.columns:
        if isinstance(column.type, String | Text | JSON):
            yield column


def _counted(table: Table, columns: Sequence[Column[Any]], words: Sequence[str]) -> Any:
    """One scan of a table; in SQLite, JSON escapes what is not ASCII."""
    spelled = {word for each in words for word in (each, json.dumps(each)[1:-1])}
    has = [
        cast(column, Text).contains(word, autoescape=True)
        for column in columns
        for word in sorted(spelled)
    ]
    return select(func.count()).select_from(table).where(or_(*has))
