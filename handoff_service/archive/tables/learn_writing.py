"""The tables of what is suggested to be written, and of what writing would change."""

from typing import Any

from sqlalchemy import JSON, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from handoff_service.archive.models import Model


class SuggestionRow(Model):
    """An article or a canned reply that agents' answers suggest, or an answer that contradicts."""

    __tablename__ = "learn_suggestions"
    __table_args__ = (Index(None, "state", "kind"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: article, reply or contradiction.
    kind: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(Text)
    #: Of a contradiction: what the agents wrote.
    body: Mapped[str] = mapped_column(Text)
    #: Conversations in which it was written, and agents who wrote it.
    turns: Mapped[int]
    agents: Mapped[int]
    #: What is near: {article_id, locale, title, similarity}, {reply_id, similarity}; of a
    #: contradiction also {text, differs: [{kind, article, agent}]}. {}: nothing is.
    near: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: [{conversation_id, seq, text}]: where it was written, masked.
    sources: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    #: What customers had asked there, masked.
    questions: Mapped[list[str]] = mapped_column(default=list)
    #: open, accepted, dismissed or applied.
    state: Mapped[str] = mapped_column(String(16), default="open")
    #: Of `body` as it was found; what was dismissed is known again by it.
    vector: Mapped[bytes | None] = mapped_column(LargeBinary)
    found_ms: Mapped[int]
    #: Account id of who changed it last; "": nobody did.
    edited_by: Mapped[str] = mapped_column(String(100), default="")
    edited_ms: Mapped[int] = mapped_column(default=0)
    #: The commit, backup or version of settings that holds it; None: none does.
    applied: Mapped[str | None] = mapped_column(String(100))


class ChangesRow(Model):
    """What writing all that was accepted would change, as it was computed last: one row."""

    __tablename__ = "learn_changes"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    computed_ms: Mapped[int]
    #: Of what was accepted then; another one now means that this is stale.
    fingerprint: Mapped[str] = mapped_column(String(64))
    #: git or plain.
    folder: Mapped[str] = mapped_column(String(8))
    #: Where the work would begin, "" for a plain folder.
    branch: Mapped[str] = mapped_column(String(200), default="")
    #: [{path, kind, diff, added, removed}].
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    counts: Mapped[dict[str, Any]]
    #: [{code, text, detail}].
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class CatalogueRow(Model):
    """The intents of the project, for choosing one: one row."""

    __tablename__ = "learn_catalogue"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at_ms: Mapped[int]
    #: [{name, phrases, samples: {locale: [texts]}}].
    intents: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
