"""The table of what people set in the console, version by version."""

from typing import Any

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from handoff_service.archive.models import Model


class SettingVersionRow(Model):
    """One version of one area; the highest holds, none is ever changed."""

    __tablename__ = "setting_versions"

    area: Mapped[str] = mapped_column(String(32), primary_key=True)
    #: From 1, without gaps.
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at_ms: Mapped[int]
    #: An account id, "operator", or "file" for what stood in the file before anybody saved.
    author: Mapped[str] = mapped_column(String(100))
    note: Mapped[str] = mapped_column(Text, default="")
    #: Not JSONB, which would forget the order of names: the first site is the usual one.
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: The YAML it was written as, comments included; "": a form made the document.
    text: Mapped[str] = mapped_column(Text, default="")
    #: Which version this one brought back; None: none.
    restored: Mapped[int | None]
