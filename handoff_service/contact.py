"""Finds in a customer's words how they can be reached. Pure."""

import re

_EMAIL = re.compile(r"[a-z0-9_.+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)
#: With its country, or 9 to 12 digits: shorter ones may be order numbers or codes. A sign or a
#: letter just before makes it another kind of number.
_PHONE = re.compile(
    r"(?<![\w#№-])(?<![#№]\s)(?:\+\d(?:[\s().-]{0,2}\d){7,14}|\(?\d(?:[\s().-]{0,2}\d){8,11})(?!\d)"
)


def find_contact(text: str) -> str | None:
    """Return the first e-mail address of a text, else its first phone number, else None."""
    found = _EMAIL.search(text) or _PHONE.search(text)
    return found.group().strip() if found else None
