"""The tables of what is counted: facts read from events, and pages of them for fast reading.

Everything here is made from `events` and can be made again (`baton report rebuild`).
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    ForeignKey,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from handoff_service.archive.models import Model


class Fact:
    """What every fact has: whose it is, when it counts, and what it can be grouped by."""

    conversation_id: Mapped[str] = mapped_column(
        String(64), ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    #: From 0, within the conversation and the table.
    n: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    #: Short for the conversation (`report_numbers`).
    number: Mapped[int] = mapped_column(Integer)
    #: The moment that puts it on a day.
    at_ms: Mapped[int] = mapped_column(BigInteger, index=True)
    language: Mapped[str] = mapped_column(String(16))
    site: Mapped[str] = mapped_column(String(64))
    team: Mapped[str] = mapped_column(String(200))
    agent: Mapped[str] = mapped_column(String(64))
    topic: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(64))
    article: Mapped[str] = mapped_column(String(200))
    index_version: Mapped[str] = mapped_column(String(64))
    bot_release: Mapped[str] = mapped_column(String(64))


class StartRow(Fact, Model):
    """A customer began to speak: in a new conversation, or again in a closed one (a round)."""

    __tablename__ = "report_starts"

    customer_id: Mapped[str] = mapped_column(String(64), index=True)


class RoundRow(Fact, Model):
    """A round that was closed; `at_ms` is when."""

    __tablename__ = "report_rounds"

    customer_id: Mapped[str] = mapped_column(String(64), index=True)
    began_ms: Mapped[int] = mapped_column(BigInteger)
    #: When its work was done: the agent wrapped up, or it was closed.
    done_ms: Mapped[int] = mapped_column(BigInteger)
    #: When the customer began the next round after this one, anywhere, and in this conversation.
    next_ms: Mapped[int | None] = mapped_column(BigInteger)
    reopened_ms: Mapped[int | None] = mapped_column(BigInteger)
    #: A person was asked for; a person had it.
    handed: Mapped[bool] = mapped_column(Boolean)
    held: Mapped[bool] = mapped_column(Boolean)
    #: The customer said that it helped; the bot's last word was an answer; it was disliked.
    confirmed: Mapped[bool] = mapped_column(Boolean)
    answered: Mapped[bool] = mapped_column(Boolean)
    disliked: Mapped[bool] = mapped_column(Boolean)


class RequestRow(Fact, Model):
    """A request for a person; `at_ms` is when it was made."""

    __tablename__ = "report_requests"

    accepted_ms: Mapped[int | None] = mapped_column(BigInteger)
    #: The first word of a person after that.
    replied_ms: Mapped[int | None] = mapped_column(BigInteger)
    #: When the wait ended, and how: accepted, cancelled, abandoned, closed, left or "" (not yet).
    ended_ms: Mapped[int | None] = mapped_column(BigInteger)
    how: Mapped[str] = mapped_column(String(16))
    #: So soon a person should have answered.
    sla_ms: Mapped[int | None] = mapped_column(BigInteger)


class HoldRow(Fact, Model):
    """A time without a break in which an agent had the conversation, from `at_ms` on."""

    __tablename__ = "report_holds"

    ended_ms: Mapped[int | None] = mapped_column(BigInteger, index=True)


class StintRow(Fact, Model):
    """All that one agent did in one go, set aside or not; `at_ms` is when it ended."""

    __tablename__ = "report_stints"

    #: Assigned and wrapping up, without the time it was set aside; of it, wrapping up.
    handle_ms: Mapped[int] = mapped_column(BigInteger)
    wrap_ms: Mapped[int] = mapped_column(BigInteger)
    #: closed, returned, transferred, taken_over, lost or parked (and not taken up again by them).
    how: Mapped[str] = mapped_column(String(16))


class AnswerRow(Fact, Model):
    """An answer of the bot, or another message that was marked: there `answer` is false.

    A mark on a customer's message counts at its own moment.
    """

    __tablename__ = "report_answers"

    answer: Mapped[bool] = mapped_column(Boolean)
    #: 1 helpful, 0 not, None: nobody voted.
    vote: Mapped[int | None] = mapped_column(SmallInteger)
    #: right, wrong, missing or "".
    mark: Mapped[str] = mapped_column(String(16))


class AskedRow(Fact, Model):
    """A question how it went; `at_ms` is when it was asked."""

    __tablename__ = "report_surveys"

    #: csat, ces or nps.
    kind: Mapped[str] = mapped_column(String(16))
    #: False: an answer to what an older page asked by itself.
    asked: Mapped[bool] = mapped_column(Boolean)
    skipped: Mapped[bool] = mapped_column(Boolean)
    score: Mapped[int | None] = mapped_column(SmallInteger)


class LeftRow(Fact, Model):
    """A message that was left; `at_ms` is when."""

    __tablename__ = "report_left"

    answered_ms: Mapped[int | None] = mapped_column(BigInteger)


#: Every kind of fact, by the name that pages know it by.
FACTS: dict[str, type[Fact]] = {
    "starts": StartRow,
    "rounds": RoundRow,
    "requests": RequestRow,
    "holds": HoldRow,
    "stints": StintRow,
    "answers": AnswerRow,
    "surveys": AskedRow,
    "left": LeftRow,
}


class NumberRow(Model):
    """Short numbers for conversations."""

    __tablename__ = "report_numbers"

    number: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True
    )
    conversation_id: Mapped[str] = mapped_column(
        String(64), ForeignKey("conversations.id", ondelete="CASCADE"), unique=True
    )


class DueRow(Model):
    """A conversation whose events are not counted, or not all of them."""

    __tablename__ = "report_due"

    conversation_id: Mapped[str] = mapped_column(String(64), primary_key=True)


class PageRow(Model):
    """All facts of one kind of one UTC day, as records of numbers (reports/pages.py)."""

    __tablename__ = "report_pages"

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    #: Days since 1970-01-01.
    day: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    #: None: something of the day has changed; its facts are read from their own table.
    records: Mapped[bytes | None] = mapped_column(LargeBinary)
    words: Mapped[list[str]] = mapped_column(JSON)


class TurnRow(Model):
    """One row, which whoever counts changes first: so there is one at a time."""

    __tablename__ = "report_turn"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    turn: Mapped[int] = mapped_column(BigInteger)
