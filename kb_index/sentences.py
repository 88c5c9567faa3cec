"""Splits text where sentences end."""

from __future__ import annotations

import re

#: After a full stop and a space, or right after a full-width mark.
_END = re.compile(r"(?<=[.!?…]\s)(?=\S)|(?<=[。！？；])(?=\S)")


def split_sentences(text: str) -> list[str]:
    """Split text into sentences; joined with nothing between they are the text again."""
    return _END.split(text)
