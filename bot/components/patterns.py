"""What versions, error codes, order numbers, addresses and phone numbers look like."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from bot.components.products import Product


class Found(NamedTuple):
    """One entity in a text; `value` is its normal form, `start` and `end` are offsets."""

    entity: str
    value: str
    start: int
    end: int


#: Full-width letters, digits and signs, and all kinds of dashes, as ASCII: one for one, so that
#: offsets stay.
_PLAIN = str.maketrans(
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    | {0x3000: " "}
    | dict.fromkeys("‐‑‒–—−", "-")
)

#: Characters that are read: enough for a message with a pasted log.
READ = 3000

#: What the error codes of the company begin with.
OWN_ERRORS = "E-"

#: No letter or digit of ours before, after: Han, Hangul and Cyrillic may stand right beside a code.
_B, _E = r"(?<![a-z0-9_])", r"(?![a-z0-9_])"
#: "error 2 times", "error 5 minutes ago" name no code.
_NO_COUNT = (
    r"(?![\d.]*\d)(?!\s*(?:times|min|hour|day|week|раз|минут|час|дн|"
    r"次|分|小时|小時|天|번|분|시간|일))"
)
_ERROR = (
    r"(?:\berror(?:\s+(?:code|number|no\.?))?|\berr|\bfault(?:\s+code)?|ошибк[а-яё]*|код\s+ошибки|"
    r"错误(?:代码|码)?|报错|故障码|錯誤(?:代碼|碼)?|報錯|故障碼|오류(?:\s*(?:코드|번호))?|에러(?:\s*코드)?)"
)
_ERROR_CODE = r"[a-z]{1,3}-?\d{2,6}|\d{2,6}"
_CODE = r"(?:\bcode|\bкод|代码|代碼|코드)"
_OWN = r"[eе]-?\s?(?P<value>\d{3})"  # the second is Cyrillic
_HTTP = r"(?:https?|status|server|gateway)\s+(?:(?:error|status|code)\s+)*"
_NAMED_ERRORS = (
    r"ERR(?:OR)?_[A-Z0-9_]{3,}",
    r"E(?:CONN(?:REFUSED|RESET|ABORTED)|TIMEDOUT|NOTFOUND|HOSTUNREACH|ACCES)",
    r"[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)*_(?:ERROR|FAILED|TIMEOUT|DENIED|REFUSED)",
)
_VERSION = (
    rf"(?:{_B}v(?:er(?:sion)?)?\.?|firmware|прошивк[а-яё]*|верси[а-яё]*|固件|版本|韌體|버전|펌웨어)"
)
_ORDER = (
    r"(?:\border|\bpurchase|заказ[а-яё]*|订单(?:编号|号码?)?|訂單(?:編號|號碼?)?|单号|單號|"
    r"주문(?:\s*번호)?)(?:\s+(?:number|no\.?|id|номер|под\s+номером))?\s*"
    r"(?:is\b|[:=]|是|는|은)?\s*(?:no\.?|№|nr\.?|#)?\s*"
)
_PHONES = (
    r"\+\d[\d\s().-]{6,18}\d",
    r"[87][\s(-]*9\d\d[\s)-]*\d{3}[\s-]?\d\d[\s-]?\d\d",  # Russia
    r"01\d[\s-]?\d{3,4}[\s-]?\d{4}",  # Korea
    r"1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}",  # mainland China
    r"09\d\d[\s-]?\d{3}[\s-]?\d{3}",  # Taiwan
    r"\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}",  # North America
    r"0\d{1,3}-\d{3,4}-?\d{4}",  # a land line
)
#: Entity, what its normal form begins with, and the pattern; the group `value` is what is kept.
#: The first that finds a stretch of text has it.
_PATTERNS: tuple[tuple[str, str, str], ...] = (
    ("email", "", rf"{_B}[a-z0-9_.+-]{{1,64}}@[a-z0-9-]{{1,63}}(?:\.[a-z0-9-]{{1,63}}){{1,5}}"),
    ("order_number", "HV-", rf"{_B}HV[-\s]?(?P<value>\d{{6}})(?!\d)"),
    ("order_number", "", rf"{_ORDER}(?P<value>\d{{5,12}})(?!\d)"),
    ("order_number", "", r"(?<![a-z0-9_#&])[#№]\s?(?P<value>\d{5,12})(?!\d)"),
    ("error_code", "", rf"{_B}(?P<value>0x[0-9a-f]{{4,16}}){_E}"),
    ("error_code", "", rf"{_B}(?-i:(?P<value>{'|'.join(_NAMED_ERRORS)})){_E}"),
    ("error_code", "HTTP ", rf"{_B}{_HTTP}(?P<value>[45]\d\d)(?!\d)"),
    # The company's own family, also as "error 417".
    ("error_code", OWN_ERRORS, rf"(?<![\w-]){_OWN}(?![\d.]|\s*(?:€|eur|usd|руб))"),
    ("error_code", OWN_ERRORS, rf"(?<=[\u3400-\u9fff\uac00-\ud7a3]){_OWN}(?![\d.])"),
    ("error_code", OWN_ERRORS, rf"{_ERROR}\s*[:#№=]?\s*(?P<value>\d{{3}}){_E}{_NO_COUNT}"),
    ("error_code", "", rf"{_ERROR}\s*[:#№=]?\s*(?P<value>{_ERROR_CODE}){_E}{_NO_COUNT}"),
    ("error_code", "", rf"(?P<value>{_CODE}\s*[:#№=]?\s*\d{{1,3}}){_E}{_NO_COUNT}"),
    # "4.99" alone is a price: two numbers make a version only behind a word for it.
    ("version", "v", rf"{_VERSION}\s*(?P<value>\d+\.\d+(?:\.\d+)?)(?!\.?\d)"),
    ("version", "v", r"(?<![a-z0-9_.])(?P<value>\d+\.\d+\.\d+)(?!\.?\d)"),
    ("phone", "", rf"(?<![a-z0-9_.+-])(?P<value>{'|'.join(_PHONES)})(?![a-z0-9])"),
)  # fmt: skip
_COMPILED = tuple(
    (entity, prefix, re.compile(pattern, re.IGNORECASE)) for entity, prefix, pattern in _PATTERNS
)


class Patterns:
    """Finds entities in texts; compiled once."""

    def __init__(self, products: Iterable[Product]) -> None:
        self._products = tuple((p.name, p.pattern(), p.unspecific) for p in products)

    def find(self, text: str) -> list[Found]:
        """Return the entities of `text` in reading order; a stretch of text is one entity only."""
        plain = text[:READ].translate(_PLAIN)
        found: list[Found] = []
        for entity, prefix, pattern in _COMPILED:
            for match in pattern.finditer(plain):
                _add(found, Found(entity, prefix + _value(entity, match), *match.span()))
        for name, pattern, _ in self._products:
            for match in pattern.finditer(plain):
                _add(found, Found("product", name, *match.span()))
        return sorted(_own_codes_first(found), key=lambda item: item.start)

    def find_on_page(self, *texts: str) -> list[Found]:
        """Return `page_product` and `page_version` of a page, told from its title or address.

        A named model wins over a family ("Hub"), then the text that comes first.
        """
        found = [item for text in texts for item in self.find(text)]
        vague = {name for name, _, unspecific in self._products if unspecific}
        products = sorted(
            (item.value for item in found if item.entity == "product"),
            key=lambda name: name in vague,
        )
        versions = [item.value for item in found if item.entity == "version"]
        best = [("page_product", products[:1]), ("page_version", versions[:1])]
        return [Found(entity, value, 0, 0) for entity, values in best for value in values]


def _add(found: list[Found], new: Found) -> None:
    if all(new.end <= old.start or new.start >= old.end for old in found):
        found.append(new)


def _own_codes_first(found: list[Found]) -> list[Found]:
    """In a pasted log the company's own code says more than the network's: leave those out."""
    own = {i for i in found if i.entity == "error_code" and i.value.startswith(OWN_ERRORS)}
    return [item for item in found if item.entity != "error_code" or not own or item in own]


def _value(entity: str, match: re.Match[str]) -> str:
    value: str = match.groupdict().get("value") or match.group()
    if entity == "phone":
        return ("+" if value.startswith("+") else "") + re.sub(r"\D", "", value)
    return value
