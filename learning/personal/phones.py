"""Finds telephone numbers of people, as Google's library knows them, and says which are none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from phonenumbers import Leniency, PhoneNumberMatcher, PhoneNumberType, number_type

from learning.personal.spans import Span, matches

#: How numbers without a country are read: first as in the country of the language.
REGIONS = {
    "en": ("US", "GB"),
    "zh-Hans": ("CN",),
    "zh-Hant": ("TW", "HK"),
    "ru": ("RU",),
    "ko": ("KR",),
}
#: Of companies, for everybody to call.
_OPEN_TO_ALL = frozenset(
    {
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.UAN,
        PhoneNumberType.VOICEMAIL,
    }
)
#: So many digits a number has at least, with its context.
_FEWEST = re.compile(r"(?:\d[^\w\n]{0,3}){6}\d")
#: What is numbered otherwise, in the words just before.
_OTHER_NUMBER = re.compile(
    r"(?i)(?:\border|\binvoice|\bticket|\bcase|\bserial|\bs/?n\b|\bsku|\bmodel|\bimei|\bref|"
    r"\btracking|\bparcel|\bpart|\bversion|\bbuild|\bbarcode|\bean\b|\bmac\b|\bid\b|\berror|\bcode|"
    r"\buid|заказ\w*|счет\w*|счёт\w*|накладн\w*|трек\w*|серийн\w*|артикул\w*|обращени\w*|"
    r"модел\w*|верси\w*|код\w*|订单|單號|单号|訂單|序列|序號|型号|型號|版本|货号|貨號|工单|發票|"
    r"发票|"
    r"条码|條碼|错误|錯誤|주문|송장|운송장|일련|시리얼|모델|버전|코드|접수|문의\s?번호|#|№)"
    r"[^\d\n]{0,14}$"
)
_PHONE_WORD = re.compile(
    r"(?i)(?:phone|mobile|\bcell|\bcall|\btel\b|\bnumber is|\btext me|whatsapp|\breach|\bring|"
    r"тел|звон|номер\w* (?:телефон|мобил)|моб|сотов|вотсап|ватсап|电话|電話|手机|手機|打给|打給|"
    r"来电|"
    r"致电|致電|联系方式|聯絡|聯繫|联系我|전화|휴대폰|핸드폰|연락처|번호는|폰)[^\d\n]{0,20}$"
)
#: After a word that means telephone: numbers of a town, without what comes before them.
_LOCAL = re.compile(
    r"(?i)(?:phone|mobile|cell|call me (?:on|at)|\btel\b|тел(?:ефон)?|моб|сотов\w+|"
    r"звонит\w* (?:на|по)|"
    r"电话|電話|手机|手機|전화(?:번호)?|휴대폰|연락처)(?:[^\d\n+]{0,12})"
    r"(?P<it>\+?\(?\d[\d\s().-]{5,18}\d)(?!\d)"
)


#: How numbers of companies begin in our countries, of those that are not called by any name.
_COMPANY = re.compile(r"1?8(?:00|88|77|66|55|44|33)|8?800|0?80\d|400\d{7}$|0800|1[568]\d{6}$")


def find_phones(text: str, language: str) -> Iterator[Span]:
    """Yield telephone numbers, of all the countries that our languages are spoken in."""
    if not _FEWEST.search(text):
        return
    own = REGIONS.get(language, REGIONS["en"])
    for region in (*own, *(r for regions in REGIONS.values() for r in regions if r not in own)):
        for found in PhoneNumberMatcher(text, region, Leniency.VALID):
            foreign = region not in own
            words = text[max(0, found.start - 40) : found.start]
            if number_type(found.number) in _OPEN_TO_ALL:
                continue
            if _is_phone(found.raw_string, words, region=region, foreign=foreign):
                yield Span(found.start, found.end, "phone")
    for span in matches(_LOCAL, text, "phone"):
        digits = re.sub(r"\D", "", text[span.start : span.end])
        if 7 <= len(digits) <= 15 and not _COMPANY.match(digits):
            yield span


def _is_phone(raw: str, words: str, *, region: str, foreign: bool) -> bool:
    if raw.startswith(("+", "00")):
        return True
    if _COMPANY.match(re.sub(r"\D", "", raw)):
        return False
    if _OTHER_NUMBER.search(words):
        return bool(_PHONE_WORD.search(words))
    if _PHONE_WORD.search(words):
        return True
    digits = re.sub(r"\D", "", raw)
    if foreign and not _is_mobile(digits, region):
        return False
    # Ten digits in a row may be anything where all numbers have ten.
    return raw != digits or _is_mobile(digits, region)


def _is_mobile(digits: str, region: str) -> bool:
    forms = {
        "CN": r"(?:86)?1[3-9]\d{9}",
        "KR": r"(?:82)?0?1[016789]\d{7,8}",
        "TW": r"(?:886)?0?9\d{8}",
        "HK": r"852[5-9]\d{7}",
        "RU": r"[78]9\d{9}",
        "GB": r"07\d{9}",
        "US": r"1[2-9]\d{9}",
    }
    return re.fullmatch(forms[region], digits) is not None
