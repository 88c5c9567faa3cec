"""The company's products, found in a text by every name customers have for them."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: "my hub 2 days ago" speaks of days, "Hub 2.3.1" of a version.
_NO_COUNT = (
    r"(?![\d.]*\d)(?!\s*(?:minutes?|hours?|days?|weeks?|months?|years?|times?|天|周|週|个|個|次|"
    r"小时|小時|дн|час|недел|меся|раз|일|시간|주|달|개|번))"
)
_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
_CYRILLIC_ENDING = re.compile("[аяоеыийь]$")


@dataclass(frozen=True)
class Product:
    """`forms` are all ways to write it; an unspecific one names a family of products."""

    name: str
    forms: tuple[str, ...]
    unspecific: bool = False

    def pattern(self) -> re.Pattern[str]:
        """Return what finds the product in a text, the longest way to write it first."""
        forms = sorted(set(self.forms), key=len, reverse=True)
        return re.compile("|".join(map(_pattern_of, forms)), re.IGNORECASE)


def _pattern_of(form: str) -> str:
    """Find `form` with any spaces or hyphens between its words, and with its endings.

    Han and Hangul are found inside longer words: that is where particles and verbs follow.
    """
    *words, last = map(re.escape, re.split(r"[\s-]+", form.strip()))
    if _CYRILLIC.search(last):
        last = _CYRILLIC_ENDING.sub("", last) + "[а-яё]{0,3}(?![а-яё])"
    elif last[-1].isdigit():
        last += _NO_COUNT
    elif last[-1].isascii():
        last += "s?(?![a-z0-9])"
    pattern = r"[\s-]{0,3}".join([*words, last])
    if _CYRILLIC.match(form):
        return "(?<![а-яё])" + pattern
    return ("(?<![a-z0-9])" if form[0].isascii() else "") + pattern
