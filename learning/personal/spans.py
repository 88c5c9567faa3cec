"""What can tell of a person: its kinds, the marks that stand in its place, texts made plain."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeAlias

#: Each kind, and what it covers. Order numbers, versions, serial numbers, error codes, MAC and
#: private IP addresses, prices, dates and the toll-free numbers of companies tell of nobody: they
#: stay, since questions are about them.
KINDS = {
    "email": "e-mail addresses",
    "phone": "telephone numbers of people",
    "card": "numbers of payment cards (Luhn)",
    "bank": "IBAN (mod 97) and account numbers",
    "id": "numbers that states give people: identity cards, passports, insurance, tax",
    "ip": "public IP addresses",
    "address": "where somebody lives or has things sent, postcodes of people",
    "name": "names that were given, signed or introduced",
    "link": "links that carry a secret or a person's address",
    "account": "accounts of messengers",
    "secret": "passwords and codes that were told",
}
#: Readable in each language, and not to be mistaken for anything that customers write.
OPEN, SHUT = "‹", "›"
PLACEHOLDER = re.compile(f"{OPEN}(?:{'|'.join(KINDS)}){SHUT}")


class Span(NamedTuple):
    """Something found in a text; offsets are of characters, `end` is behind the last one."""

    start: int
    end: int
    kind: str


Finder: TypeAlias = Callable[[str], Iterable[Span]]

#: Full-width letters, digits and signs, odd spaces and all kinds of dashes as ASCII: one for one,
#: so that offsets stay.
_PLAIN = str.maketrans(
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    | dict.fromkeys("\u3000\u00a0\u2007\u2009\u202f\u200b", " ")
    | dict.fromkeys("‐‑‒–—−ー", "-")
    | dict.fromkeys("“”„«»", '"')
)


def plain(text: str) -> str:
    """Return the text as patterns read it, of the same length."""
    return text.translate(_PLAIN)


def placeholder(kind: str) -> str:
    """Return what stands in the place of a kind."""
    return f"{OPEN}{kind}{SHUT}"


def without_placeholders(text: str) -> str:
    """Return a masked text without its marks, for whoever trains on it or shows it as an example.

    Empty when nothing is left that has a letter.
    """
    left = re.sub(r"\s+([,.!?;:，。！？；：])", r"\1", PLACEHOLDER.sub(" ", text))
    left = " ".join(left.split()).strip(" ,;:-，；：、")
    return left if any(char.isalpha() for char in left) else ""


def matches(pattern: re.Pattern[str], text: str, kind: str) -> Iterator[Span]:
    """Yield what a pattern finds: its group `it` where it has one, else all of it."""
    group: str | int = "it" if "it" in pattern.groupindex else 0
    for found in pattern.finditer(text):
        if found[group]:
            yield Span(*found.span(group), kind)
