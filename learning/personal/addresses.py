"""Finds postal addresses as far as patterns go: a street with a number, in five ways of writing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from learning.personal.spans import Span, matches

_EN_STREET = (
    r"(?:Street|Avenue|Road|Boulevard|Lane|Drive|Court|Square|Terrace|Parkway|Crescent|Gardens|"
    r"Grove|Mews|street|avenue|road|boulevard|lane|drive|terrace|crescent|"
    r"(?:St|Ave|Rd|Blvd|Ln|Dr|Ct|Sq|Pkwy|Hwy|st|ave|rd|blvd)\b\.?|Way|Place|Close|Row|Highway)"
)
_EN_FLAT = (
    r"(?:,?\s*(?i:apt|apartment|unit|suite|ste|flat|floor|fl|\#)\.?\s?\#?[A-Za-z]?\d+[A-Za-z]?\b)"
)
_EN_TOWN = r"(?:,\s*[A-Z][a-z][A-Za-z.'-]*(?:\s[A-Z][a-z][A-Za-z.'-]*){0,2})"
_EN_CODE = r"(?:,?\s*(?:[A-Z]{2}\s+\d{5}(?:-\d{4})?|[A-Z]{2}\b|\d{5}(?:-\d{4})?\b))"
_UK_CODE = r"(?:,?\s*[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b)"
_ENGLISH = (
    re.compile(
        rf"(?<![\w.#-])(?:(?i:apt|apartment|flat|unit)\.?\s\w{{1,4}},\s*)?\d{{1,5}}[A-Za-z]?\s"
        rf"(?:[NSEW]\.?\s|North\s|South\s|East\s|West\s)?"
        rf"(?:[A-Z][\w'.-]*\s|\d{{1,3}}(?:st|nd|rd|th)\s|(?!\d)[a-z][a-z'-]{{2,}}\s(?=[a-z'-]*\s?"
        rf"(?:street|avenue|road|boulevard|lane|drive|terrace|crescent|st\b|ave\b|rd\b|"
        rf"blvd\b))){{1,3}}"
        rf"{_EN_STREET}(?![\w])"
        rf"(?:{_EN_FLAT}|{_EN_TOWN}|{_EN_CODE}|{_UK_CODE}){{0,5}}"
    ),
    re.compile(rf"(?i:\bP\.?\s?O\.?\s?Box)\s\d+(?:{_EN_TOWN}|{_EN_CODE}|{_UK_CODE}){{0,3}}"),
    re.compile(r"\b[A-Z][a-z]+(?:\s[A-Z][a-z]+)?,\s[A-Z]{2}\s\d{5}(?:-\d{4})?\b"),
    re.compile(
        r"\b(?:GIR 0AA|(?:[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]?|"
        r"[A-PR-UWYZ]\d{1,2}) \d[ABD-HJLNP-UW-Z]{2})\b"
    ),
    re.compile(
        r"(?i)\b(?:zip(?: code)?|postcode|postal code)(?: is|:)?\s(?P<it>\d{5}(?:-\d{4})?)\b"
    ),
)

_RU_KIND = (
    r"(?:ул\.?|улиц[аеуы]|пр-т|пр-кт|просп\.?|проспект[еу]?|пер\.|переул(?:ок|ке)|б-р|бульвар[еу]?|"
    r"наб\.|набережн(?:ая|ой)|ш\.|шоссе|пл\.|площад[ьи]|проезд[еу]?|пр-д|мкр\.?|микрорайон[еу]?|"
    r"кв-л|аллея|тупик)"
)
_RU_NAME = (
    r"(?:(?:реки|канала|имени|им\.)\s|\d{1,2}(?:-?[а-я]{1,3})?\s(?=[А-ЯЁ]))?"
    r"[А-ЯЁ][А-Яа-яЁё.-]*(?:\s[А-ЯЁа-яё][А-Яа-яЁё.-]*){0,2}?"
)
_RU_HOUSE = r"(?:,?\s*(?:д\.?|дом[ае]?)?\s*\d{1,4}\s?[а-гА-Г]?(?:[/-]\d{1,3})?(?![\d.]*\d))"
_RU_REST = (
    r"(?:,?\s*(?:к\.|корп\.?|корпус[е]?|стр\.?|строение|кв\.?|квартир[аеу]|оф\.?|офис[е]?|под\.|"
    r"подъезд[е]?|этаж[е]?|домофон)\s*\d{1,5}[а-яА-Я]?(?![\d]))"
)
_RU_TOWN = (
    r"(?:(?:\d{6},?\s*)?(?:(?:[А-ЯЁ][а-яё-]+(?:ская|ской)\s(?:обл\.?|область|области)|"
    r"респ\.?\s[А-ЯЁ][а-яё]+),?\s*)?"
    r"(?:г\.\s?|гор\.\s?|город[е]?\s|пос\.\s?|с\.\s?|дер\.\s?)?[А-ЯЁ][а-яё]+(?:-[А-ЯЁа-яё]+){0,2}"
    r"(?:\s[А-ЯЁ][а-яё]+)?,\s*)?"
)
_RUSSIAN = (
    re.compile(rf"(?<![\w-]){_RU_TOWN}{_RU_KIND}\s?{_RU_NAME}{_RU_HOUSE}{_RU_REST}*"),
    re.compile(
        rf"(?<![\w-]){_RU_TOWN}[А-ЯЁ][а-яё-]+(?:ий|ый|ой|ая|ого|ой|ом|"
        rf"ий)?\s{_RU_KIND}{_RU_HOUSE}{_RU_REST}*"
    ),
    re.compile(
        rf"(?<![\w-]){_RU_TOWN}[А-ЯЁ][а-яё-]+,?\s(?:д\.|дом)\s*\d{{1,4}}[а-гА-Г]?{_RU_REST}*"
    ),
    re.compile(r"(?<!\w)(?:д\.|дом)\s?\d{1,4}[а-г]?,?\s*(?:кв\.?|квартира)\s?\d{1,4}(?!\d)"),
    re.compile(r"(?i)(?:почтовый\s)?индекс[^\d\n]{0,6}(?P<it>\d{6})(?!\d)"),
)

_HAN = r"[\u4e00-\u9fff]"
#: What stands before an address and is none of it.
_NOT_BEFORE = "是在到住寄送往至给給为為址发發我"
_PART = rf"(?:(?![{_NOT_BEFORE}]){_HAN})"
_CN_REGION = (
    rf"(?:{_PART}{{1,7}}?(?:省|自治区|特别行政区|市|自治州|地区|盟|區|区|县|縣|旗|"
    r"鎮|镇|乡|鄉|街道|新区|村|里(?=\d)))"
)
_CN_ROOM = (
    r"(?:\s*[A-Za-z]?\d{0,4}[A-Za-z]?(?:-\d+)?\s*(?:号楼|號樓|号院|栋|棟|幢|座|单元|單元|楼层|层|"
    r"層|樓|楼|室|房|户|號|号)"
    r"(?:之\d+)?)"
)
#: After a building: the number on the door, without a word.
_CN_DOOR = r"(?:(?<=[栋棟幢座元楼樓层層])-?\d{2,4}(?![\d:年月次]))"
_CHINESE = (
    re.compile(
        rf"{_CN_REGION}{{0,5}}{_PART}{{1,8}}?(?:路|街|大道|巷|胡同|大街|道)"
        rf"(?:[东南西北中東]?[一二三四五六七八九十\d]*段)?(?:\s*\d+巷)?(?:\s*\d+弄)?\s*\d+(?:-\d+)?\s*(?:号|號|"
        rf"弄)(?:之\d+)?"
        rf"(?:{_PART}{{2,10}}?(?:小区|社区|花园|花園|公寓|大厦|大廈|广场|廣場|中心|苑|府|村|城|"
        rf"庭|閣|阁))?{_CN_ROOM}*{_CN_DOOR}?"
    ),
    re.compile(
        rf"{_CN_REGION}{{0,5}}{_PART}{{2,8}}?(?:小区|社区|花园|花園|公寓|家园|新村|嘉园|雅苑|苑|"
        rf"佳苑|大厦|大廈|國宅|社區)"
        rf"{_CN_ROOM}{{1,5}}{_CN_DOOR}?"
    ),
    re.compile(r"(?:邮编|郵遞區號|邮政编码|郵編)[^\d\n]{0,4}(?P<it>\d{3,6})(?!\d)"),
)

_KO_TOP = (
    r"(?:서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충북|충남|전북|전남|경북|경남|제주|"
    r"충청북|충청남|전라북|전라남|경상북|경상남)(?:특별자치시|특별자치도|특별시|광역시|시|도)?"
)
_KO_ROOM = (
    r"(?:,?\s*(?:\([가-힣0-9,\s]+\)|[가-힣A-Za-z0-9]{1,12}(?:아파트|빌라|오피스텔|빌딩|타워|주택|"
    r"맨션|팰리스|자이|캐슬|푸르지오|래미안)|"
    r"(?:지하\s?)?[A-Za-z]?\d{1,4}(?:동|호|층)(?:\s?\d{1,4}호)?))"
)
_KOREAN = (
    re.compile(
        rf"(?:{_KO_TOP}\s*)?(?:[가-힣]{{1,5}}(?:시|군|구)\s+){{1,3}}(?:[가-힣0-9]{{1,8}}(?:읍|면|"
        rf"동|가|리)\s+)?"
        rf"(?:[가-힣0-9.]{{1,10}}(?:로|길)\s?\d{{1,4}}(?:번?길\s?\d{{1,4}})?(?:-\d{{1,3}})?|"
        rf"(?:산\s?)?\d{{1,5}}(?:-\d{{1,4}})?(?:번지)?(?=[\s,.]|$|입|에|로|이)){_KO_ROOM}*"
    ),
    re.compile(
        rf"{_KO_TOP}\s+[가-힣]{{1,5}}(?:시|군|구)\s+[가-힣0-9]{{1,8}}(?:읍|면|동|가|리)(?![가-힣])"
        rf"(?:\s\d{{1,5}}(?:-\d{{1,4}})?(?:번지)?)?{_KO_ROOM}*"
    ),
    re.compile(
        r"[가-힣0-9]{2,10}(?:대로|로|길)\s?\d{1,4}(?:번?길\s?\d{1,4})?(?:-\d{1,3})?"
        rf"{_KO_ROOM}{{1,4}}"
    ),
    re.compile(r"[가-힣A-Za-z0-9]{2,12}(?:아파트|빌라|오피스텔|맨션)\s*(?:\d{1,4}동\s*)?\d{1,4}호"),
    re.compile(r"우편번호[^\d\n]{0,6}(?P<it>\d{5})(?!\d)"),
)


_DIGIT = re.compile(r"\d")
#: Patterns are tried where their letters are.
_BY_SCRIPT = (
    (re.compile("[A-Za-z]"), _ENGLISH),
    (re.compile("[А-Яа-я]"), _RUSSIAN),
    (re.compile(_HAN), _CHINESE),
    (re.compile("[가-힣]"), _KOREAN),
)


def find_addresses(text: str) -> Iterator[Span]:
    """Yield addresses: towns alone tell of nobody and stay."""
    if not _DIGIT.search(text):
        return
    for script, patterns in _BY_SCRIPT:
        if script.search(text):
            for pattern in patterns:
                yield from matches(pattern, text, "address")
