"""The tables of models that might serve, and of what was made live and taken back."""

from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from handoff_service.archive.models import Json, Model


class LearnCandidateRow(Model):
    """A model that was trained beside the live one, and what was found of it."""

    __tablename__ = "learn_candidates"
    __table_args__ = (Index(None, "created_ms"), Index(None, "state"))

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: The job that made it: done again, it goes on with the same candidate.
    job_id: Mapped[str] = mapped_column(String(64), index=True)
    created_ms: Mapped[int]
    changed_ms: Mapped[int]
    asked_by: Mapped[str] = mapped_column(String(200))
    #: None: the project's folder as it was.
    branch: Mapped[str | None] = mapped_column(String(200))
    #: The last commit of the branch; "" without one.
    revision: Mapped[str] = mapped_column(String(64), default="")
    #: Names of files: the model that served then, and the candidate's; "" while there is none.
    base_model: Mapped[str] = mapped_column(String(100), default="")
    model: Mapped[str] = mapped_column(String(100), default="")
    #: Names of versions: the index that was live then, and the candidate's.
    base_index: Mapped[str] = mapped_column(String(64), default="")
    index_version: Mapped[str] = mapped_column(String(64), default="")
    #: training, judging, passed, refused, live, retired or failed.
    state: Mapped[str] = mapped_column(String(16))
    #: Why it was refused: {"reasons": [{"code", "args", "text"}]}.
    reasons: Mapped[dict[str, Any]] = mapped_column(default=dict)
    report: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, deferred=True)
    #: The report as a page.
    page: Mapped[str] = mapped_column(Text, default="", deferred=True)


class LearnReleaseRow(Model):
    """A change of what serves: begun, then done or undone."""

    __tablename__ = "learn_releases"
    __table_args__ = (Index(None, "at_ms"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    at_ms: Mapped[int]
    actor: Mapped[str] = mapped_column(String(200))
    #: promote or rollback.
    action: Mapped[str] = mapped_column(String(16))
    #: begun, done or undone.
    state: Mapped[str] = mapped_column(String(16))
    #: Of a rollback: the candidate that is taken back, "" for what never was one.
    candidate_id: Mapped[str] = mapped_column(String(64), default="")
    model: Mapped[str] = mapped_column(String(100))
    index_version: Mapped[str] = mapped_column(String(64), default="")
    before_model: Mapped[str] = mapped_column(String(100), default="")
    before_index: Mapped[str] = mapped_column(String(64), default="")
    #: The release that a rollback takes back.
    takes_back: Mapped[str] = mapped_column(String(64), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    #: What was overruled: {"reasons": [...]}.
    overruled: Mapped[dict[str, Any]] = mapped_column(default=dict)
