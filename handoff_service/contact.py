"""Finds in a customer's words how they can be reached. Pure."""

import re

_EMAIL = re.compile(r"[a-z0-9_.+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)
#: With its country, or 9 to 12 digits: shorter ones may be order numbers or codes. A sign or a
#: letter just before makes it another kind of number.
_PHONE = re.compile(
    r"(?<![\w#№-])(?<![#№]\s)(?:\+\d(?:[\s().-]{0,2}\d){7,14}|\(?\d(?:[\s().-]{0,2}\d){8,11})(?!\d)"
)

#: As HTML's own e-mail field has it, with a dot in the domain: no quotes, no comments, no spaces.
_ADDRESS = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+"
    r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])",
    re.IGNORECASE,
)
#: Longest address that can be written to (RFC 5321, 4.5.3.1.3, less the angle brackets).
MOST_EMAIL_CHARS = 254

_DIGIT = re.compile(r"\d")
#: Of a phone number; local ones are no shorter.
LEAST_DIGITS = 5


def find_contact(text: str) -> str | None:
    """Return the first e-mail address of a text, else its first phone number, else None."""
    found = _EMAIL.search(text) or _PHONE.search(text)
    return found.group().strip() if found else None


def is_email(text: str) -> bool:
    """Whether a text is one e-mail address and nothing else."""
    return len(text) <= MOST_EMAIL_CHARS and _ADDRESS.fullmatch(text) is not None


def is_contact(text: str) -> bool:
    """Whether somebody can be reached by what was typed as contact: an address or a number."""
    return find_contact(text) is not None or (
        "@" not in text and len(_DIGIT.findall(text)) >= LEAST_DIGITS
    )


def email_of(contact: str) -> str | None:
    """Return the first e-mail address of a contact, if it holds one."""
    found = _EMAIL.search(contact)
    return found.group() if found and is_email(found.group()) else None


def asks_for_call(contact: str) -> bool:
    """Whether a contact that somebody left is a phone number: they want to be called back.

    In its own field a number may be short, or written as it is dialled at home.
    """
    return "@" not in contact and len(_DIGIT.findall(contact)) >= LEAST_DIGITS
