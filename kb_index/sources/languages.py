"""Decides which locale a page is in: from what it says of itself, and from its script."""

from __future__ import annotations

from kb_index.locales import LOCALES, guess_locale
from kb_index.sources.page import Unusable

#: How much of a page is looked at.
_SAMPLE = 5_000
_TRADITIONAL = ("hant", "tw", "hk", "mo")


def locale_of_tag(tag: str) -> str | None:
    """Return the locale that a language tag (zh-TW, en_US, ru) stands for; None: not one of ours.

    A Chinese tag is Traditional only when its script or region says so.
    """
    parts = tag.strip().replace("_", "-").lower().split("-")
    if parts[0] == "zh":
        return "zh-Hant" if any(part in _TRADITIONAL for part in parts[1:]) else "zh-Hans"
    return parts[0] if parts[0] in LOCALES else None


def decide_locale(text: str, *, lang: str) -> str:
    """Return the locale of a page; `lang` is the language tag that it states, or "".

    What is stated counts, unless the page's script belongs to another language (pages often keep
    the language tag of their template), and except for a bare `zh`, which does not tell the script.

    Raises:
        Unusable: it says that it is in a language that Baton does not speak.
    """
    guessed = guess_locale(text[:_SAMPLE])
    if not lang.strip():
        return guessed
    stated = locale_of_tag(lang)
    if stated is None:
        if guessed == "en":
            spoken = ", ".join(LOCALES)
            raise Unusable(
                f"its language is {lang!r}, not one of {spoken}; state `locale` to take it as one"
            )
        return guessed
    other_script = guessed != "en" and guessed.split("-")[0] != stated.split("-")[0]
    bare_chinese = lang.strip().lower() == "zh" and guessed.startswith("zh")
    return guessed if other_script or bare_chinese else stated
