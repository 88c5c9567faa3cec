"""Errors of splits.

LearningError
├── SplitRefused     a split cannot begin, or end so; the text says why and what to do
└── EngineFailed     the candidate's Rasa does not answer
"""

from __future__ import annotations

from learning.errors import LearningError


class SplitRefused(LearningError):
    """A split cannot begin, or end so; the text says why and what to do."""

    code = "split_refused"


class EngineFailed(LearningError):
    """The candidate's Rasa does not answer; the text says why."""

    code = "engine_failed"
