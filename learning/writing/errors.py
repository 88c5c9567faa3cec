"""Errors of writing decisions into files."""

from __future__ import annotations

from learning.errors import LearningError


class NotWritten(LearningError):
    """A file cannot be read, edited or replaced; the text names it and the remedy."""

    code = "not_written"


class GitRefused(LearningError):
    """git did not do what it was asked; its words."""

    code = "git_refused"
