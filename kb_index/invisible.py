"""Removes the characters of a text that no reader sees but that change how it reads."""

from __future__ import annotations

import re

#: Marks that turn the reading direction (text after them runs backwards), zero-width marks, soft
#: hyphens, control characters and halves of broken pairs. Joiners inside emoji stay.
_INVISIBLE = re.compile(
    "["
    "\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f"
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f"
    "]"
)


def strip_invisible(text: str) -> str:
    """Return `text` without such characters; line ends and tabs stay."""
    return _INVISIBLE.sub("", text)
