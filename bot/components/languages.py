"""Tell which of the five languages a text is written in, from its script alone.

Traditional and Simplified Chinese are told apart by the characters only one of them writes:
Python's own `gb2312` codec covers the Simplified set and `big5` the Traditional one, so no table
is shipped.
"""

from __future__ import annotations

import re
from functools import lru_cache

LOCALES = ("en", "zh-Hans", "zh-Hant", "ru", "ko")
DEFAULT_LOCALE = "en"

#: Parts of a text that every language writes alike: addresses, numbers and codes, our names.
_NEUTRAL = re.compile(
    r"https?://\S+|\S+@\S+|\b[\w-]*\d[\w.-]*|"
    r"\b(?:Havelo|Hub|Mini|Sense|Plug|Cam|Cloud|Plus|Family|Zigbee|Matter|Thread|Wi-?Fi|Ethernet|"
    r"Bluetooth|Alexa|Google|Amazon|Apple|Home|iPhone|iOS|Android|PayPal|Visa|OK|okay|app|USB)\b",
    re.IGNORECASE | re.ASCII,
)
_WORD = re.compile(r"[A-Za-z']+")

#: A foreign script counts once it has this many letters: one Han character quoted in an English
#: sentence does not make it Chinese, a pasted English log does not make a Korean complaint English.
_ENOUGH_LETTERS = 3
#: Latin text is taken for English from two words of this many letters together; "OK" or "hello"
#: alone keep the language of the conversation.
_ENOUGH_LATIN = 8


def identify(text: str, fallback: str | None = None) -> str:
    """Return the locale of `text`; `fallback` (or English) where the text does not tell.

    Args:
        text: What the customer wrote.
        fallback: The conversation's language so far, or the page's.
    """
    known = fallback if fallback in LOCALES else DEFAULT_LOCALE
    plain = _NEUTRAL.sub(" ", text)
    counts = _count_scripts(plain)
    script, letters = max(
        ((name, counts[name]) for name in ("hangul", "cyrillic", "han")), key=lambda item: item[1]
    )
    if counts["kana"]:  # Japanese, which nobody here speaks
        return known
    if letters and (letters >= _ENOUGH_LETTERS or letters * 2 >= counts["latin"]):
        return {"hangul": "ko", "cyrillic": "ru"}.get(script) or _chinese(plain, known)
    words = _WORD.findall(plain)
    if len(words) > 1 and counts["latin"] >= _ENOUGH_LATIN:
        return "en"
    return known


def _count_scripts(text: str) -> dict[str, int]:
    counts = dict.fromkeys(("hangul", "cyrillic", "han", "kana", "latin"), 0)
    for char in text:
        script = _script(char)
        if script:
            counts[script] += 1
    return counts


def _script(char: str) -> str | None:
    code = ord(char)
    if char.isascii():
        return "latin" if char.isalpha() else None
    if 0xAC00 <= code <= 0xD7A3 or 0x1100 <= code <= 0x11FF or 0x3130 <= code <= 0x318F:
        return "hangul"
    if 0x0400 <= code <= 0x052F:
        return "cyrillic"
    if 0x3040 <= code <= 0x30FF:
        return "kana"
    if is_han(char):
        return "han"
    return "latin" if char.isalpha() else None


def is_han(char: str) -> bool:
    """Tell whether `char` is a Chinese character."""
    code = ord(char)
    return 0x4E00 <= code <= 0x9FFF or 0x3400 <= code <= 0x4DBF or 0x20000 <= code <= 0x3FFFF


def _chinese(text: str, known: str) -> str:
    simplified = sum(1 for char in text if is_han(char) and _only_in(char, "gb2312", "big5"))
    traditional = sum(1 for char in text if is_han(char) and _only_in(char, "big5", "gb2312"))
    if simplified != traditional:
        return "zh-Hans" if simplified > traditional else "zh-Hant"
    return known if known.startswith("zh-") else "zh-Hans"


@lru_cache(maxsize=8192)
def _only_in(char: str, charset: str, other: str) -> bool:
    return _encodes(char, charset) and not _encodes(char, other)


def _encodes(char: str, charset: str) -> bool:
    try:
        char.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
