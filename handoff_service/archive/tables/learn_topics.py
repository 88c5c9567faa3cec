"""The table of topics: what many customers ask that the bot has no good answer to."""

from typing import Any

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from handoff_service.archive.models import Json, Model


class TopicRow(Model):
    """Phrases that ask the same, found without anybody naming it. Erasing deletes the whole row."""

    __tablename__ = "learn_topics"
    __table_args__ = (Index(None, "state", "size"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: When it was found last.
    found_ms: Mapped[int]
    #: The words that set it apart, masked.
    label: Mapped[str] = mapped_column(Text)
    #: new_intent, existing_intent, missing_article or noise.
    kind: Mapped[str] = mapped_column(String(16))
    #: The phrase that stands for it. No foreign key: phrases go with their last turn.
    medoid: Mapped[int]
    #: Conversations in which it was asked.
    size: Mapped[int]
    #: The language that most ask in first.
    languages: Mapped[list[str]] = mapped_column(Json, default=list)
    #: Conversations a week, the oldest first, the last one up to `found_ms`.
    trend: Mapped[list[int]] = mapped_column(JSON, default=list)
    #: {intent, similarity} or {article_id, locale, similarity}; {}: nothing is near.
    near: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    #: What is asked most first.
    phrase_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    #: open, accepted or dismissed.
    state: Mapped[str] = mapped_column(String(16), default="open")
    #: new_intent, existing_intent, article or spam.
    accepted_as: Mapped[str | None] = mapped_column(String(16))
    #: Of the intent, or the title of the article.
    name: Mapped[str | None] = mapped_column(String(200))
    #: What came of accepting it, to take it back.
    decision_ids: Mapped[list[str]] = mapped_column(Json, default=list)
    suggestion_id: Mapped[str | None] = mapped_column(String(64))
