"""The tables of what customers asked the bot: turns as they went, and phrases without repetitions.

Nothing in them is as it was said: what tells of a person is masked before it is written
(learning/personal). Everything here is made from `events` and can be made again
(`baton learn collect --again`).
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from handoff_service.archive.models import Model

#: Phrases that wait for a vector.
UNEMBEDDED = text("vector IS NULL")


class PhraseRow(Model):
    """One wording, however often it came. It goes with its last turn: the migration's triggers."""

    __tablename__ = "learn_phrases"
    __table_args__ = (
        Index(None, "group_id", "turns"),
        Index(
            "ix_learn_phrases_unembedded",
            "id",
            sqlite_where=UNEMBEDDED,
            postgresql_where=UNEMBEDDED,
        ),
    )

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True
    )
    #: sha256 of language and normalised text, hexadecimal.
    key: Mapped[str] = mapped_column(String(64), unique=True)
    language: Mapped[str] = mapped_column(String(16))
    #: As it was first written, masked.
    text: Mapped[str] = mapped_column(Text)
    #: 384 int8, then the float32 that they are to be multiplied by; None: not embedded yet.
    vector: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: Fingerprint of the embedding model that made it.
    model: Mapped[str] = mapped_column(String(64), default="", server_default="")
    turns: Mapped[int] = mapped_column(default=0, server_default="0")
    first_ms: Mapped[int]
    last_ms: Mapped[int]
    #: Of phrases that are reviewed together; None: not looked at yet.
    group_id: Mapped[int | None]


class LearnTurnRow(Model):
    """One message of a customer that the bot was asked, what came of it, and what was thought."""

    __tablename__ = "learn_turns"
    __table_args__ = (Index(None, "phrase_id", "at_ms"), Index(None, "at_ms"))

    conversation_id: Mapped[str] = mapped_column(
        String(64), ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    #: Of the customer's message.
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at_ms: Mapped[int]
    #: None where nothing was asked.
    phrase_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("learn_phrases.id"))
    #: False: an answer to a question of the bot's, small talk, a wish for a person and no more.
    asks: Mapped[bool] = mapped_column(Boolean)
    language: Mapped[str] = mapped_column(String(16))
    site: Mapped[str] = mapped_column(String(64), default="")
    text: Mapped[str] = mapped_column(Text)
    #: As it was searched for, masked; "" where nothing was.
    query: Mapped[str] = mapped_column(Text, default="")
    intent: Mapped[str | None] = mapped_column(String(200))
    #: 0..1; None in turns of before the bot told.
    intent_confidence: Mapped[float | None] = mapped_column(Float)
    scope_confidence: Mapped[float | None] = mapped_column(Float)
    runner_up: Mapped[str | None] = mapped_column(String(200))
    #: answer, clarify, offer_person, handoff, triage, smalltalk, back_to_bot, notice or none.
    did: Mapped[str] = mapped_column(String(16))
    #: Number of the bot's first message, to open the conversation at; None where it said nothing.
    reply_seq: Mapped[int | None]
    answer_confidence: Mapped[float | None] = mapped_column(Float)
    #: Quoted, or, where the bot asked back, chosen.
    article_id: Mapped[str | None] = mapped_column(String(200))
    article_locale: Mapped[str | None] = mapped_column(String(16))
    vote: Mapped[int | None] = mapped_column(SmallInteger)  #: 1 or -1
    #: wrong, missing or right, as an agent marked it last.
    mark: Mapped[str | None] = mapped_column(String(16))
    #: Of a request for a person in this turn, or before anything else was asked.
    handoff_reason: Mapped[str | None] = mapped_column(String(64))
    #: What the customer said or did afterwards; None: nothing that tells.
    helped: Mapped[bool | None] = mapped_column(Boolean)
    #: The first words of substance that a person wrote on it, masked, at most 1,000 characters.
    agent_answer: Mapped[str | None] = mapped_column(Text)
    agent_id: Mapped[str | None] = mapped_column(String(64))
    release: Mapped[str | None] = mapped_column(String(200))
    index_version: Mapped[str | None] = mapped_column(String(64))
    #: Kind → how often it was masked in `text`, `query` and `agent_answer`.
    masked: Mapped[dict[str, Any]] = mapped_column(default=dict)
