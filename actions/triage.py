"""What the customer's messages answer of the questions that an agent would ask."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from actions.questions import CONTACT, is_open, unspecific_products

#: Longest answer (characters) kept.
LONGEST = 200

Answers = dict[str, str]

_UNITS = r"(?:minutes?|hours?|days?|weeks?|months?)"
_WEEKDAYS = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_NO_STEP = r"(?!factory|hard|soft|re-?set|re-?start|re-?boot)"
_SINCE = re.compile(
    rf"\b(?:since\s+(?!then)\w|(?:right\s+)?after\s+(?:the|an?|my|this|last)\s+{_NO_STEP}\w+|yesterday|"
    rf"(?:last|this)\s+(?:night|week|month|morning|{_WEEKDAYS})|for\s+(?:\w+\s+)?{_UNITS}|"
    rf"(?:\w+\s+)?{_UNITS}\s+ago)"
    r"|(?:自从|自從|从|從).{1,12}?(?:开始|開始|起|以来|以來|后|後)|(?:更新|升级|升級|搬家|换|換).{0,6}?(?:之)?(?:后|後)"
    r"|昨天|前天|上(?:周|週|个月|個月|星期)|今天早上|[一二两兩三四五六七八九十\d几幾]+\s*(?:天|周|週|个月|個月|小时|小時)(?:前|了)"
    r"|после\s+(?!сброс|переза|переуст)\w+|\b(?:со?|с)\s+(?:вчера|прошл\w+|понедельник\w*|вторник\w*|сред\w+|четверг\w*|пятниц\w+|"
    r"суббот\w+|воскресень\w+|утра)|\bвчера\b|\w+\s+(?:час\w*|дн\w+|недел\w+|месяц\w*)\s+назад|"
    r"уже\s+(?:\w+\s+)?(?:час\w*|день|дн\w+|недел\w+|месяц\w*)"
    r"|(?:업데이트|교체|이사|설치)\S*\s*(?:한?\s*)?(?:후|뒤|이후)|어제|그저께|지난\s*(?:주|달|밤)|오늘\s*아침|"
    r"\S+\s*(?:일|주|주일|달|개월|시간)\s*(?:전|째)\S*|\S+부터",
    re.IGNORECASE,
)
_STEP_EN = (
    r"(?:re-?set|re-?start|re-?boot|unplug|plugg|re-?install|re-?pair|updat|power|turn|switch|"
    r"chang|remov)\w*"
)
_TRIED = re.compile(
    rf"\b(?:already|i(?:'ve| have)?|we(?:'ve| have)?)\s+(?:\w+\s+){{0,3}}?(?:tried|{_STEP_EN})|"
    rf"\b(?:tried|after|even\s+after)\s+(?:(?:a|the|two|several|to|many)\s+)*(?:factory\s+)?{_STEP_EN}|"
    rf"\b{_STEP_EN}\s+(?:(?:it|them|the\s+\w+)\s+)?(?:twice|(?:\w+\s+)?times)\b|"
    r"\btried\s+(?:everything|all)\b|\bno\s+matter\s+what\b|\bwhatever\s+i\s+do\b"
    r"|(?:已经|已經|都|也).{0,8}?(?:重置|重设|重設|重启|重啟|重新启动|重新啟動|恢复出厂|恢復原廠|重装|重裝|试|試)"
    r"|(?:重置|重设|重設|重启|重啟|恢复出厂设置|恢復原廠設定).{0,4}?(?:了|过|過|后|後)|试过|試過"
    r"|(?:уже|дважды|несколько\s+раз)\s+(?:\w+\s+){0,3}?(?:сбр[ао]с\w+л\w*|перезагру\w+л\w*|"
    r"перезапус\w+л\w*|переустан\w+л\w*|переподключ\w+л\w*|(?:по)?пробовал\w*)|"
    r"после\s+(?:\w+\s+){0,2}?(?:сброса|перезагрузки|перезапуска|переустановки)|"
    r"\b(?:по)?пробовал\w*\s+вс[её]"
    r"|(?:이미|벌써|여러\s*번|두\s*번).{0,12}?(?:초기화|리셋|재시작|재부팅|다시\s*시작|껐다|재설치|해\s*봤)|"
    r"(?:초기화|리셋|재시작|재부팅|다시\s*시작)\S*\s*(?:해도|했는데|했지만|해\s*봤)|다\s*해\s*봤",
    re.IGNORECASE,
)
#: Whole messages that leave a question open; the intent `skip` knows more of them.
_SKIPS = re.compile(
    r"skip(?: (?:it|this|that))?|pass|next|(?:i )?(?:do ?n[o']?t|do not) (?:know|remember)|"
    r"(?:i have )?no idea|(?:i'?m )?not sure|dunno|idk|rather not(?: say)?"
    r"|跳[过過]|略[过過]|(?:我)?(?:不知道|不清楚|不記得|不记得|不確定|不确定|忘了)(?:了|啊|耶|呢)?|下一[个個题題]"
    r"|пропусти(?:ть|те)?|пропускаю|(?:я )?не (?:знаю|помню|уверена?)|без понятия|дальше"
    r"|건너뛰기|건너뛸게요|패스|넘어갈게요|(?:잘 )?(?:모르겠(?:어요|습니다|네요)|몰라요)|"
    r"기억\s?(?:이\s)?안\s?나요|다음",
    re.IGNORECASE,
)
#: Entity → what it answers; what the page is about counts only where the customer said nothing.
_SAID = {
    "product": "product", "error_code": "error_text", "version": "version",
    "order_number": "order_number", "email": "email",
}  # fmt: skip
_PHONE = {"phone": CONTACT}
_PAGE = {"page_product": "product", "page_version": "version"}
_CLAUSE = re.compile(r"[^,;.!?\n，。；！？、]+(?:\.\d[^,;.!?\n，。；！？、]*)*")


def find_since_when(text: str) -> str | None:
    """Return the part of `text` that says since when, None if none does."""
    return _clause(text, _SINCE)


def find_tried_steps(text: str) -> str | None:
    """Return the part of `text` that says what was tried, None if none does."""
    return _clause(text, _TRIED)


def prefill(messages: Iterable[Mapping[str, Any]], *, earlier: Answers | None = None) -> Answers:
    """Read the answers that the customer's messages, newest first, already hold.

    Args:
        messages: Each with `text` and `entities` ({"entity", "value"}).
        earlier: Answers that were given before these messages, and still hold.
    """
    from_page: Answers = {}
    messages = list(messages)
    for message in messages:
        from_page = _values(message, _PAGE) | from_page
    answers = dict(earlier or {})
    for field, value in said(messages).items():
        if field not in answers or value not in unspecific_products():
            answers[field] = value
    return from_page | answers


def signed(known: Mapping[str, str]) -> Answers:
    """Read the answers that the customer's own site has signed: what nobody needs to ask for."""
    return {"email": known["email"]} if known.get("email") else {}


def said(messages: Iterable[Mapping[str, Any]]) -> Answers:
    """Read the answers that the customer's own words, newest first, hold."""
    answers: Answers = {}
    for message in messages:
        for field, value in _read(message).items():
            if is_open(answers, field):
                answers[field] = value
    return answers


def read_answer(field: str, message: Mapping[str, Any]) -> Answers:
    """Read what a message answers to the question about `field`, and to others by the way."""
    answers, text = _read(message), str(message["text"]).strip()[:LONGEST]
    reached = answers.get("email") or _values(message, _PHONE).get(CONTACT)
    if reached:
        answers[CONTACT] = reached
    if field == "history":  # the whole message is the answer, its parts are no news
        parts = {"since_when", "tried_steps"}
        return {f: value for f, value in answers.items() if f not in parts} | {field: text}
    if field == CONTACT:
        return {CONTACT: text} | answers
    if not reached and (field not in answers or field in {"since_when", "tried_steps"}):
        answers[field] = text
    return answers


def skips(text: str) -> bool:
    """Tell whether the whole message says that the customer has no answer."""
    return _SKIPS.fullmatch(text.strip().rstrip(".!。！…~")) is not None


def _read(message: Mapping[str, Any]) -> Answers:
    answers, text = _values(message, _SAID), str(message["text"])
    for field, value in (
        ("since_when", find_since_when(text)),
        ("tried_steps", find_tried_steps(text)),
    ):
        if value:
            answers[field] = value
    return answers


def _values(message: Mapping[str, Any], fields: Mapping[str, str]) -> Answers:
    values: Answers = {}
    for found in message["entities"]:
        field = fields.get(found["entity"])
        if field and (field not in values or values[field] in unspecific_products()):
            values[field] = str(found["value"])
    return values


def _clause(text: str, pattern: re.Pattern[str]) -> str | None:
    match = pattern.search(text)
    if match is None:
        return None
    around = (c for c in _CLAUSE.finditer(text) if c.start() <= match.start() < c.end())
    clause = next(around, None)
    return (clause.group() if clause else match.group()).strip()[:LONGEST]
