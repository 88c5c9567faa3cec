"""The locales of the product, and which one a text without a label is written in."""

from __future__ import annotations

import re

#: Locales in which articles may be written, in the order of the help pages.
LOCALES = ("en", "zh-Hans", "zh-Hant", "ru", "ko")

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LATIN = re.compile(r"[A-Za-z]")


def guess_locale(text: str) -> str:
    """Guess the locale of a text, or of many joined, from its script; English when nothing tells.

    Han text is Traditional when folding to Simplified changes more than one in ten of its
    characters.
    """
    from kb_index.analyzers import fold_han

    letters = _LATIN.findall(text)
    counts = {
        "en": len(letters) / 3,  # brand names and paths stand in Latin in every language
        "ko": len(_HANGUL.findall(text)),
        "ru": len(_CYRILLIC.findall(text)),
    }
    han = "".join(_HAN.findall(text))
    best = max(counts, key=lambda name: counts[name])
    if len(han) <= counts[best]:
        return best
    folded = fold_han(han)
    changed = sum(1 for old, new in zip(han, folded, strict=False) if old != new)
    return "zh-Hant" if changed > len(han) / 10 else "zh-Hans"
