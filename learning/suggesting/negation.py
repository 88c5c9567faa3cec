"""Tells sentences that affirm from sentences that deny, in five languages."""

from __future__ import annotations

import re

#: Words that turn a sentence round. "Without", "нет подписки" and the like belong to what is
#: talked about, so they are counted like all others: only a different count tells anything.
_NOT = {
    "en": re.compile(
        r"\b(?:not|never|cannot|unable|impossible|unavailable|without|no)\b|n['’]t\b", re.IGNORECASE
    ),
    "ru": re.compile(r"\b(?:не|нет|нельзя|невозможно|никогда|без|недоступ\w+)\b", re.IGNORECASE),
    "zh": re.compile(
        "不(?!但|仅|僅|过|過|同|妨|久|客气|客氣|好意思)|没|沒|无法|無法|未|无需|無需|勿"
    ),
    "ko": re.compile(r"않|없|못하|못 |아니|아닙|불가|안 (?=되|돼|됩|하|해|합)|지 마"),
}
_YES = re.compile(
    r"(?:yes|sure|of course|certainly|да|конечно|是的|可以的?|能的?|没问题|沒問題|當然|当然"
    r"|네|예|그럼요|물론)"
    r"(?=[\s,.!，。！、]|$)",
    re.IGNORECASE,
)
_NO = re.compile(
    r"(?:no|sorry, no|unfortunately not|нет|к сожалению, нет|不是的?|不可以|不能|不行|抱歉，不"
    r"|아니요|아니오)"
    r"(?=[\s,.!，。！、]|$)",
    re.IGNORECASE,
)


def denies(sentence: str, *, language: str) -> bool:
    """Whether a sentence denies: an odd number of words that turn it round."""
    pattern = _NOT.get(language.partition("-")[0], _NOT["en"])
    return len(pattern.findall(sentence)) % 2 == 1


def yes_or_no(answer: str) -> bool | None:
    """Return what an answer begins with: True a yes, False a no, None neither."""
    start = answer.lstrip(" \"'«“")
    if _YES.match(start):
        return True
    return False if _NO.match(start) else None
