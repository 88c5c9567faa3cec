"""Tell which of the five languages a text is written in.

The script decides, and within a script the words that only one language has (`chinese`, `latin`).
What says nothing (a number, a name, "OK", a pasted log) leaves the conversation's language alone.
"""

from __future__ import annotations

import re

from bot.components.chinese import is_han, which_chinese
from bot.components.latin import OTHER, judge

LOCALES = ("en", "zh-Hans", "zh-Hant", "ru", "ko")
DEFAULT_LOCALE = "en"

#: Parts of a text that every language writes alike: addresses, numbers and codes, our names.
_NEUTRAL = re.compile(
    r"https?://\S+|[\w.+-]{1,64}@[\w.-]{1,255}|\b[\w-]{0,40}\d[\w.-]*|"
    r"\b(?:Havelo|Hub|Mini|Sense|Plug|Cam|Cloud|Plus|Family|Zigbee|Matter|Thread|Wi-?Fi|Ethernet|"
    r"Bluetooth|Alexa|Google|Amazon|Apple|Home|iPhone|iOS|Android|PayPal|Visa|OK|okay|app|USB)\b",
    re.IGNORECASE | re.ASCII,
)
#: A line, or the rest of one, that a machine wrote: its English is not the customer's.
_LOG = re.compile(
    r"(?:Traceback \(|\b\w{0,80}(?:Exception|Error):|\b(?:ERROR|WARN(?:ING)?|INFO|DEBUG|FATAL)\b|"
    r"^[ \t]{0,8}(?:at \w{1,80}[.(]|File \"|\[?\d{4}-\d\d-\d\d)|\berrno\b).*$",
    re.MULTILINE,
)
_QUOTED = re.compile(
    r"“[^”]{,200}”|«[^»]{,200}»|「[^」]{,200}」|『[^』]{,200}』|《[^》]{,200}》|\"[^\"\n]{,200}\""
)

#: Characters that are read: the language does not change much after them, the time taken would.
READ = 1000

#: A script counts once it has this many letters: one Han character quoted in an English sentence
#: does not make it Chinese, a pasted English log does not make a Korean complaint English.
_ENOUGH_LETTERS = 3
#: "OK" or "hello" alone keep the language of the conversation: English needs two words and this
#: many letters.
_ENOUGH_LATIN = 8
#: From two kana on it is Japanese; a single の is fashion on Chinese signs.
_ENOUGH_KANA = 2

#: Words of each language's grammar: with one of them the sentence is in it, and what stands in
#: another script is quoted.
_GRAMMAR = {
    "han": re.compile("[的了吗嗎我你您不是在有怎什这這那呢吧请請没沒要能会會给給被把就都还還]"),
    "hangul": re.compile(
        r"[가-힣](?:요|다|까|가|를|을|은|는|이|에|서|로|도|고|죠|네|데|면|지|해|줘)\b"
    ),
    "cyrillic": re.compile(
        r"\b(?:не|нет|да|и|а|в|на|с|у|к|по|из|за|от|до|я|мы|вы|мне|меня|мой|моя|моё|мое|мои|вас|"
        r"что|как|где|когда|почему|какой|это|если|или|но|уже|после|для|при|пишет|можно|есть)\b",
        re.IGNORECASE,
    ),
}
#: Cyrillic letters that Russian does not have (Ukrainian, Belarusian, Serbian, Kazakh …).
_NOT_RUSSIAN = re.compile("[іїєґўјљњћђџәғқңөұүһ]", re.IGNORECASE)
_ONLY_RUSSIAN = re.compile("[ыэъё]", re.IGNORECASE)


def identify(text: str, fallback: str | None = None) -> str:
    """Return the locale of `text`; `fallback` (or English) where the text does not tell.

    Args:
        text: What the customer wrote.
        fallback: The conversation's language so far, or the page's.
    """
    known = fallback if fallback in LOCALES else DEFAULT_LOCALE
    found = _identify(text)
    if found == "zh":
        return which_chinese(_customers_words(text), which_chinese(text[:READ], fallback))
    return known if found in {None, OTHER} else str(found)


def is_other_language(text: str) -> bool:
    """Tell whether `text` is surely in a language that is none of the five."""
    return _identify(text) == OTHER


def _identify(text: str) -> str | None:
    """Return `en`, `zh`, `ru`, `ko`, `OTHER`, or None where the text does not tell."""
    plain = _customers_words(text)
    counts = _count_scripts(plain)
    if counts["kana"] >= _ENOUGH_KANA:
        return OTHER
    script = max(("hangul", "cyrillic", "han"), key=lambda name: counts[name])
    letters, latin = counts[script], counts["latin"]
    if letters and (letters >= _ENOUGH_LETTERS or letters * 2 >= latin):
        if latin > letters and not _GRAMMAR[script].search(plain) and judge(plain) == "en":
            return "en"
        if script == "cyrillic" and _is_other_cyrillic(plain):
            return OTHER
        return {"hangul": "ko", "cyrillic": "ru", "han": "zh"}[script]
    if counts["other"] > max(latin, _ENOUGH_LETTERS):
        return OTHER
    found = judge(plain) if latin else None
    return None if found == "en" and latin < _ENOUGH_LATIN else found


def _customers_words(text: str) -> str:
    """Leave out what is the same in every language, what a machine wrote and what is quoted."""
    own = _LOG.sub(" ", text[:READ])
    unquoted = _QUOTED.sub(" ", own)
    # All of it in quotes: then that is what was said.
    kept = unquoted if any(char.isalpha() for char in unquoted) else own
    return _NEUTRAL.sub(" ", kept)


def _is_other_cyrillic(text: str) -> bool:
    return len(_NOT_RUSSIAN.findall(text)) >= 2 and not _ONLY_RUSSIAN.search(text)


def _count_scripts(text: str) -> dict[str, int]:
    counts = dict.fromkeys(("hangul", "cyrillic", "han", "kana", "latin", "other"), 0)
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
    if 0x3041 <= code <= 0x30FA:
        return "kana"
    if is_han(char):
        return "han"
    if not char.isalpha():
        return None
    return "latin" if code < 0x0250 or 0x1E00 <= code <= 0x1EFF else "other"
