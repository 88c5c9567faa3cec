"""Finds quantities in texts of five languages, in units that can be compared: times, prices, sizes.

A number without a unit says nothing that could be compared, so it is none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86400.0
#: Two that differ by less are the same: a month is 30 or 31 days, a year 365 or 12 months.
TOLERANCE = 0.04


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number or a range with its unit; `kind` tells what can be compared with what."""

    kind: str
    low: float
    high: float
    text: str

    def agrees(self, other: Quantity) -> bool:
        """Whether both can be true of the same thing: the ranges meet."""
        slack = TOLERANCE * max(abs(self.high), abs(other.high))
        return self.low <= other.high + slack and other.low <= self.high + slack


#: Unit → kind, factor, how it is written behind a number. Times in seconds, lengths in metres,
#: data in bytes. Working days are no days: how many of these they are depends on the calendar.
_UNITS: tuple[tuple[str, float, str], ...] = (
    (
        "working_days", 1.0,
        r"(?:working|business)[ -]days?|(?:个|個)?工作(?:日|天)|раб(?:оч\w+|\.)\s+дн\w*|영업일",
    ),
    ("time", 1.0, r"seconds?\b|secs?\b|s\b|秒|секунд\w*|сек\b|초"),
    ("time", _MINUTE, r"minutes?\b|mins?\b|分钟|分鐘|минут\w*|мин\b|분"),
    ("time", _HOUR, r"hours?\b|hrs?\b|h\b|(?:个|個)?(?:小时|小時|钟头|鐘頭)|час(?:а|ов|у)?\b|시간"),
    ("time", 7 * _DAY, r"weeks?\b|(?:个|個)?(?:周|週|星期|礼拜|禮拜)|недел\w*|주(?:일|간)?"),
    ("time", 30.44 * _DAY, r"months?\b|(?:个|個)月|месяц\w*|мес\b|개월|달"),
    ("time", 365.25 * _DAY, r"years?\b|年|год(?:а|у)?\b|лет\b|년"),
    ("time", _DAY, r"(?:calendar )?days?\b|天|日(?![期常])|(?:дн(?:я|ей|и)|день)\b|일"),
    ("percent", 1.0, r"%|percent\b|процент\w*|퍼센트"),
    ("euro", 1.0, r"€|euros?\b|EUR\b|евро\b|欧元|歐元|유로"),
    ("dollar", 1.0, r"dollars?\b|USD\b|доллар\w*|美元|달러"),
    ("yuan", 1.0, r"元|块钱|塊錢|yuan\b|RMB\b|CNY\b|юан\w*"),
    ("ruble", 1.0, r"₽|руб\w*|р\.|rubles?\b|RUB\b|卢布|盧布|루블"),
    ("won", 1.0, r"₩|원(?!격|래|인)|won\b|KRW\b|韩元|韓元"),
    ("hertz", 1e9, r"GHz\b|ГГц\b"),
    ("hertz", 1e6, r"MHz\b|МГц\b"),
    ("bytes", 1e12, r"TB\b|ТБ\b"),
    ("bytes", 1e9, r"GB\b|ГБ\b"),
    ("bytes", 1e6, r"MB\b|МБ\b"),
    ("length", 0.001, r"mm\b|мм\b|毫米"),
    ("length", 0.01, r"cm\b|см\b|厘米|公分|센티미터"),
    ("length", 1000.0, r"km\b|км\b|公里|千米|킬로미터"),
    ("length", 1.0, r"m\b|met(?:er|re)s?\b|м\b|метр\w*|米|公尺|미터"),
    ("weight", 1000.0, r"kg\b|кг\b|公斤|千克|킬로그램"),
    ("degrees", 1.0, r"°\s?C|℃|degrees?\b|градус\w*|摄氏度|攝氏度"),
    ("watts", 1.0, r"W\b|watts?\b|Вт\b|瓦|와트"),
    ("volts", 1.0, r"V\b|volts?\b|В\b|伏|볼트"),
    ("times", 1.0, r"times\b|раза?\b|次|번|회"),
    ("people", 1.0, r"(?:family )?(?:people|persons?|members?|users?)\b|человек\w*|участник\w*"),
    ("people", 1.0, r"(?:个|個|位|名)?(?:人|成员|成員|用户|使用者)|명"),
    ("cameras", 1.0, r"cameras?\b|камер\w*|(?:个|個|台|部)?(?:摄像头|攝影機)|(?:개|대)의 카메라"),
    ("devices", 1.0, r"devices?\b|устройств\w*|(?:个|個|台|部)?(?:设备|裝置)|개|대(?:의 기기)?"),
)  # fmt: skip
#: Signs that stand before the number.
_SIGNS = {"€": "euro", "NT$": "yuan", "US$": "dollar", "$": "dollar", "¥": "yuan", "₩": "won"}

_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "twelve": 12, "fourteen": 14, "fifteen": 15, "twenty": 20, "thirty": 30,
    "sixty": 60, "ninety": 90,
    "один": 1, "одна": 1, "одного": 1, "одной": 1, "одну": 1, "два": 2, "две": 2, "двух": 2,
    "три": 3, "трёх": 3, "трех": 3, "четыре": 4, "четырёх": 4, "четырех": 4, "пять": 5, "пяти": 5,
    "шесть": 6, "шести": 6, "семь": 7, "семи": 7, "восемь": 8, "восьми": 8, "девять": 9,
    "девяти": 9, "десять": 10, "десяти": 10, "двенадцать": 12, "четырнадцать": 14,
    "четырнадцати": 14, "двадцать": 20, "двадцати": 20, "тридцать": 30, "тридцати": 30,
    "한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9,
    "열": 10,
}  # fmt: skip
_HAN = {
    "一": 1,
    "两": 2,
    "兩": 2,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}

_NUMBER = r"\d{1,3}(?:[,\u00a0 ]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d+)?"
_WRITTEN = "|".join(sorted(_WORDS, key=len, reverse=True))
_LATIN = rf"(?<![\w.,])(?:{_NUMBER})|(?<!\w)(?:{_WRITTEN})(?=[\s-])"
_CHINESE = "(?<![第一两兩二三四五六七八九十])[一两兩二三四五六七八九十]{1,3}"
_ANY = rf"(?:{_LATIN}|{_CHINESE})"
_TO = r"\s*(?:[-–—~～]|to|and|or|до|или|到|至|或|에서|또는)\s*"
_UNNAMED = "|".join(unit for *_, unit in _UNITS)
_UNIT = "|".join(f"(?P<u{place}>{unit})" for place, (_, _, unit) in enumerate(_UNITS))
_SIGN = "|".join(re.escape(sign) for sign in _SIGNS)
_QUANTITY = re.compile(
    rf"(?P<sign>{_SIGN})?\s?(?P<low>{_ANY})"
    rf"(?:{_TO}(?:{_SIGN})?(?P<high>{_ANY})|[ -]?(?:{_UNNAMED}){_TO}(?P<high2>{_ANY}))?"
    rf"(?:[ \u00a0-]?(?:{_UNIT}))?",
    re.IGNORECASE,
)
#: 23 November is no duration.
_DATE = re.compile(
    r"\d{4}\s?(?:年|년)|\d{1,2}\s?(?:月|월)\s?\d{1,2}\s?(?:日|号|號|일)|\d{1,2}\s?(?:月|월)(?!\w)"
    r"|\b(?:19|20)\d\d\s?(?:год\w*|г\.)|\d{4}-\d\d-\d\d"
)
_ONE_IN_A_HUNDRED = re.compile(rf"百分之\s?({_NUMBER})")


def quantities(text: str, *, language: str) -> list[Quantity]:
    """Return the quantities of a text in their order; `language` tells what a comma means."""
    return list(_quantities(_plain(text), language))


def without_numbers(text: str) -> str:
    """Return a text with a sign in the place of each quantity, to compare what it is about."""
    return _QUANTITY.sub(_hidden, _plain(text))


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text)
    return _ONE_IN_A_HUNDRED.sub(r"\1%", _DATE.sub(" ", folded))


def _quantities(text: str, language: str) -> Iterator[Quantity]:
    for found in _QUANTITY.finditer(text):
        place = next((n for n in range(len(_UNITS)) if found[f"u{n}"]), None)
        if place is not None:
            kind, factor, _ = _UNITS[place]
        elif found["sign"]:
            kind, factor = _SIGNS[found["sign"].upper()], 1.0
        else:
            continue
        low = _value(found["low"], language)
        high_text = found["high"] or found["high2"]
        high = _value(high_text, language) if high_text else low
        low, high = sorted((low * factor, high * factor))
        yield Quantity(kind, low, high, found[0].strip())


def _hidden(found: re.Match[str]) -> str:
    place = next((n for n in range(len(_UNITS)) if found[f"u{n}"]), None)
    if place is None and not found["sign"]:
        return found[0]
    return " # "


def _value(text: str, language: str) -> float:
    word = _WORDS.get(text.casefold())
    if word is not None:
        return float(word)
    if text[0] in _HAN or text[0] == "十":
        tens, ten, ones = text.rpartition("十")
        return float((_HAN.get(tens, 1) * 10 if ten else 0) + _HAN.get(ones, 0))
    digits = text.replace("\u00a0", "").replace(" ", "")
    if language == "ru":
        return float(digits.replace(",", "."))
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", digits):
        return float(digits.replace(",", ""))
    return float(digits.replace(",", "."))
