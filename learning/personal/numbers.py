"""Finds numbers of cards, accounts and people: by their check digits, else by the words before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from stdnum import iban, luhn
from stdnum.cn import ric
from stdnum.kr import rrn
from stdnum.ru import inn
from stdnum.us import ssn

from learning.personal.spans import Span, matches

#: No letter or digit of ours before, after: Han, Hangul and Cyrillic may stand right beside.
_B, _E = r"(?<![A-Za-z0-9_.\-/#])", r"(?![A-Za-z0-9_]|[-/.]\d)"

_CARD = re.compile(rf"{_B}\d(?:[ -]?\d){{12,18}}{_E}")
#: Networks of cards by their first digits and lengths (ISO/IEC 7812; Mir, Visa, Mastercard, Amex,
#: JCB, Discover, Maestro, UnionPay). A serial number or IMEI begins otherwise, mostly.
_NETWORKS = re.compile(
    r"(?:220[0-4]\d{12}(?:\d{3})?|4\d{15}|4\d{12}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|"
    r"35\d{14}|6(?:011|5\d\d)\d{12}|62\d{14,17}|(?:50|5[6-9]|6\d)\d{14,17})"
)
_IBAN_START = re.compile(rf"{_B}[A-Za-z]{{2}}\d{{2}}(?=[ A-Za-z0-9])")
_IBAN_LENGTHS = range(15, 35)
#: Accounts have no check digit that can be seen: by the words before them, and by the balance
#: account of private people in Russia (40817, Bank of Russia No. 809-P).
_BANK = (
    re.compile(rf"{_B}(?P<it>40817\d{{15}}){_E}"),
    re.compile(
        r"(?i)(?:\baccount (?:number|no\.?)|\bbank account|\brouting(?: number)?|"
        r"(?:р/с|расч[её]тн\w+ сч[её]т\w*|номер сч[её]та|лицев\w+ сч[её]т\w*)|银行账[号户]|"
        r"银行卡号?|"
        r"收款账号|匯款帳號|銀行帳[號戶]|帳戶號碼|계좌(?:번호)?)[^\d\n]{0,16}"
        rf"(?P<it>\d(?:[ -]?\d){{7,19}}){_E}"
    ),
)

_RIC = re.compile(rf"{_B}[1-9]\d{{5}}(?:18|19|20)\d{{9}}[\dXx]{_E}")
_RRN = re.compile(rf"{_B}\d{{6}}\s?-?\s?[1-8]\d{{6}}{_E}")
_SNILS = re.compile(rf"{_B}\d{{3}}[ -]?\d{{3}}[ -]?\d{{3}}[ -]?\d{{2}}{_E}")
_SNILS_WORD = re.compile(r"(?i)снилс[^\d\n]{0,20}$")
_INN = re.compile(rf"(?i)(?:инн)[^\d\n]{{0,16}}(?P<it>\d{{12}}){_E}")
_TAIWAN = re.compile(rf"{_B}[A-Za-z][1289]\d{{8}}{_E}")
_HONG_KONG = re.compile(rf"{_B}[A-Za-z]{{1,2}}\d{{6}}\s?\([0-9Aa]\)")
_SSN = re.compile(rf"{_B}\d{{3}}-\d{{2}}-\d{{4}}{_E}")
_NINO = re.compile(
    rf"{_B}(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z]{{2}}(?: ?\d{{2}}){{3}} ?[A-D]{_E}"
)
_PASSPORT = (
    re.compile(
        r"(?i)(?:паспорт\w*|сери[яюи])[^\d\n]{0,24}"
        r"(?P<it>\d{2}\s?\d{2}[\s,]*(?:№|номер|n|#)?\s*\d{3}\s?\d{3})(?!\d)"
    ),
    re.compile(rf"{_B}(?P<it>\d{{2}} \d{{2}} \d{{6}}){_E}"),
    re.compile(
        r"(?i)(?:passport|护照|護照|통행증|通行证|台胞证|台胞證|여권|загранпаспорт\w*)"
        r"[^\dA-Za-z\n]{0,12}(?:(?:number|no\.?|is|номер)[^\dA-Za-z\n]{0,4}){0,3}"
        r"(?P<it>[A-Z]{0,2}\d{2,3}[A-Z]?\s?\d{4,7})(?![A-Za-z0-9])"
    ),
    re.compile(
        r"(?i)(?:driver'?s?'? licen[cs]e|driving licen[cs]e|водительск\w+ \w+|驾照号?|駕照|"
        r"운전면허(?:증|번호)*)"
        r"[^\dA-Za-z\n]{0,12}(?:(?:number|no\.?|is|номер)[^\dA-Za-z\n]{0,4}){0,2}"
        r"(?P<it>[A-Z]{0,5}\d[A-Z0-9 -]{5,18}\d)(?![A-Za-z0-9])"
    ),
    re.compile(
        r"(?i)(?:身份证|身分證|身份證|주민(?:등록)?번호|\bssn\b|social security|"
        r"national insurance|снилс)"
        r"[^\dA-Za-z\n]{0,16}(?:(?:number|no\.?|is)[^\dA-Za-z\n]{0,4}){0,2}"
        r"(?P<it>[A-Z]{0,2}\d(?:[ -]?\d){6,16}[ -]?[\dXx])(?![A-Za-z0-9])"
    ),
)


#: The shortest of these numbers has so many digits, however they are parted.
_DIGITS = re.compile(r"(?:\d[^\d\n]{0,6}){6}")


def find_cards(text: str) -> Iterator[Span]:
    """Yield numbers of payment cards: of a network, with Luhn's check digit."""
    if not _DIGITS.search(text):
        return
    for found in _CARD.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        if _NETWORKS.fullmatch(digits) and luhn.is_valid(digits) and len(set(digits)) > 1:
            yield Span(*found.span(), "card")


def find_banks(text: str) -> Iterator[Span]:
    """Yield IBANs (ISO 13616: mod 97) and account numbers that are called so."""
    if not _DIGITS.search(text):
        return
    for found in _IBAN_START.finditer(text):
        end = _iban_end(text, found.start())
        if end:
            yield Span(found.start(), end, "bank")
    for pattern in _BANK:
        yield from matches(pattern, text, "bank")


def find_ids(text: str) -> Iterator[Span]:
    """Yield numbers by which states know people."""
    if not _DIGITS.search(text):
        return
    yield from _checked(text, _RIC, _is_ric)
    yield from _checked(text, _RRN, _is_rrn)
    for found in _SNILS.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        named = found[0] != digits or _SNILS_WORD.search(text[: found.start()])
        if named and is_snils(digits):
            yield Span(*found.span(), "id")
    for span in matches(_INN, text, "id"):
        if inn.is_valid(text[span.start : span.end]):
            yield span
    yield from _checked(text, _TAIWAN, is_taiwanese)
    yield from matches(_HONG_KONG, text, "id")
    yield from _checked(text, _SSN, ssn.is_valid)
    yield from matches(_NINO, text, "id")
    for pattern in _PASSPORT:
        yield from matches(pattern, text, "id")


def is_snils(digits: str) -> bool:
    """Whether eleven digits are a SNILS: the first nine by 9…1, mod 101, 100 reads as 00.

    Pension Fund of Russia, resolution No. 192p of 2006, annex.
    """
    if len(digits) != 11 or int(digits[:9]) <= 1_001_998:
        return False
    weighed = sum(int(digit) * (9 - place) for place, digit in enumerate(digits[:9]))
    return weighed % 101 % 100 == int(digits[9:])


def is_taiwanese(number: str) -> bool:
    """Whether a letter and nine digits are an identity number of Taiwan (its letter counts 10…35).

    The letter's two digits weigh 1 and 9, the others 8…1 and 1; the sum is a multiple of ten.
    """
    letter = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(number[0].upper()) + 10
    weights = (8, 7, 6, 5, 4, 3, 2, 1, 1)
    digits = sum(int(digit) * weight for digit, weight in zip(number[1:], weights, strict=True))
    return (letter // 10 + letter % 10 * 9 + digits) % 10 == 0


def _is_ric(word: str) -> bool:
    """Whatever the place: counties are renamed, numbers stay."""
    number = word.upper()
    try:
        ric.get_birth_date(number)
    except ric.InvalidComponent:
        return False
    return ric.calc_check_digit(number) == number[-1]


def _is_rrn(word: str) -> bool:
    """Since October 2020 there is no check digit: a birth date that there was is enough."""
    digits = re.sub(r"\D", "", word)
    return rrn.is_valid(digits) or ("-" in word and _is_birth_date(digits))


def _is_birth_date(digits: str) -> bool:
    try:
        rrn.get_birth_date(digits)
    except rrn.InvalidComponent:
        return False
    return True


def _checked(text: str, pattern: re.Pattern[str], check: Callable[[str], bool]) -> Iterator[Span]:
    return (Span(*found.span(), "id") for found in pattern.finditer(text) if check(found[0]))


def _iban_end(text: str, start: int) -> int:
    """Return where an IBAN that begins at `start` ends, 0 where none does."""
    raw = ""
    for place in range(start, min(len(text), start + 50)):
        char = text[place]
        if char in " -":
            continue
        if not (char.isascii() and char.isalnum()):
            break
        raw += char
        following = text[place + 1 : place + 2]
        done = not (following.isascii() and following.isalnum())
        if done and len(raw) in _IBAN_LENGTHS and iban.is_valid(raw):
            return place + 1
    return 0
