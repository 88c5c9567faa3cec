"""Finds e-mail addresses, links with secrets, accounts of messengers and public IP addresses."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

from learning.personal.spans import Span, matches

_WORD = r"[a-z0-9._%+'-]"
_EMAIL = re.compile(
    rf"(?:mailto:)?(?:{_WORD}*[a-z0-9_+]\s?@\s?(?:[a-z0-9-]+\s?\.\s?)+[a-z]{{2,24}}(?![a-z0-9])"
    r"|[а-яё0-9._-]+@[а-яё0-9.-]+\.рф"
    # written so that machines do not read it
    rf"|{_WORD}*[a-z0-9_]\s*(?:\(at\)|\[at\]|\bat\b|собака|골뱅이)\s*[a-z0-9-]{{2,}}"
    r"\s*(?:\(dot\)|\[dot\]|\bdot\b|точка|닷|점|\.)\s*(?:com|net|org|ru|cn|tw|kr|io|example)\b)",
    re.IGNORECASE,
)
_MAYBE_EMAIL = re.compile(r"@|\bat\b|собака|골뱅이|\(at\)|\[at\]", re.IGNORECASE)

_LINK = re.compile(
    r"(?:https?|ftp)://[^\s<>\"'，。！？、；（）】」』]+|www\.[^\s<>\"'，。！？、]+", re.IGNORECASE
)
_SECRET_KEYS = re.compile(
    r"(?i)token|^key$|api_?key|secret|^sig|signature|session|^sid$|auth|passw|^pwd$|^code$|otp|jwt|"
    r"e-?mail|phone|user|^name$|invite|reset|magic"
)
#: A part of a path or a value that nobody thinks up: long, letters and digits mixed.
_RANDOM = re.compile(r"(?=[^/]*\d)(?=[^/]*[A-Za-z])[A-Za-z0-9_~.-]{20,}=*")

_ACCOUNT = re.compile(
    r"(?:(?<![a-z])(?:telegram|tg|instagram|insta|whatsapp|skype|twitter|discord|kakao(?:talk)?)(?![a-z])"
    r"(?:\s*(?:id|account|handle|is|:|-))*\s*(?P<a>@?[a-z][a-z0-9_.]{3,31}(?:\#\d{4})?)(?![\w.])"
    r"|(?:телеграмм?|тг|скайп|инстаграм)(?:\s*[:-])?\s*(?P<b>@?[a-z][a-z0-9_.]{3,31})"
    r"|(?:微信号?|wechat(?:\s*id)?|weixin|vx|v信|微訊)\s*(?:是|为|為|:|id|号|號|\s)*\s*"
    r"(?P<c>[a-z][a-z0-9_-]{5,19})(?![a-z0-9])"
    r"|(?<![a-z])qq\s*(?:号|號|is|是|:|\s)*\s*(?P<d>[1-9]\d{4,10})(?!\d)"
    r"|(?<![a-z])line\s*(?:id|帳號|アカウント)\s*(?:是|:|is|\s)*\s*(?P<e>@?[a-z0-9][a-z0-9._-]{3,19})"
    r"|(?:카톡|카카오톡|라인|텔레그램)\s*(?:아이디|id)\s*(?:는|은|:|"
    r"\s)*\s*(?P<f>@?[a-z0-9][a-z0-9._-]{3,19})"
    r"|(?<![\w./@])(?P<g>(?:https?://)?(?:t\.me|wa\.me|vk\.com|instagram\.com|facebook\.com|"
    r"fb\.com)/[\w.+-]{3,64}))",
    re.IGNORECASE,
)
#: What an account has that other words behind the name of a messenger do not have.
_LIKE_ACCOUNT = re.compile(r"[@\d_.#]")
_SAID_TO_BE = re.compile(r"(?i)(?:\bid|handle|account|nickname|:)\s*$")

#: After a word that means password or code, and the word that gives it.
_SECRET = re.compile(
    r"(?:(?<![a-z])(?:password|passcode|pwd|pin(?: code)?|otp|one-time code|verification code|"
    r"security code|cvv|cvc)\s*(?:is|was|:|=)\s*"
    r"|(?:пароль|пин-?код|код из смс|код подтверждения|cvv)\s*(?:—|-|:|=|это)?\s*"
    r"|(?:密码|密碼|验证码|驗證碼|安全码|安全碼)\s*(?:是|为|為|:|=)\s*"
    r"|(?:비밀번호|비번|인증번호|보안코드)\s*(?:는|은|:|=)\s*)"
    r"(?P<it>(?=[^\s]*\d)[A-Za-z0-9!@#$%^&*_+=?.-]{3,40})(?![A-Za-z0-9])",
    re.IGNORECASE,
)

_IPV4 = re.compile(r"(?<![A-Za-z0-9_.-])(?:\d{1,3}\.){3}\d{1,3}(?![A-Za-z0-9_-]|\.\d)")
_IPV6 = re.compile(
    r"(?<![a-z0-9_:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![a-z0-9_:])", re.IGNORECASE
)
_VERSION_BEFORE = re.compile(
    r"(?i)(?:version|ver\.?|\bv\.?|firmware|build|release|update|верси\w*|прошивк\w*|сборк\w*|"
    r"обновлени\w*|版本|固件|韌體|更新|버전|펌웨어|업데이트)[^\d\n]{0,12}$"
)


def find_emails(text: str) -> Iterator[Span]:
    """Yield e-mail addresses, also such as are spelt out."""
    if _MAYBE_EMAIL.search(text):
        yield from matches(_EMAIL, text, "email")


def find_links(text: str) -> Iterator[Span]:
    """Yield links that would open something for whoever holds them, or that name somebody."""
    for found in _LINK.finditer(text):
        link = found[0].rstrip(".,;:!?)\"'")
        if _is_secret(link):
            yield Span(found.start(), found.start() + len(link), "link")


def find_accounts(text: str) -> Iterator[Span]:
    """Yield accounts of messengers: a name of one of them and what was said of it."""
    for found in _ACCOUNT.finditer(text):
        which = found.lastgroup or 0
        before = text[found.start() : found.start(which)]
        if _LIKE_ACCOUNT.search(found[which]) or _SAID_TO_BE.search(before):
            yield Span(*found.span(which), "account")


def find_secrets(text: str) -> Iterator[Span]:
    """Yield passwords and codes that somebody told, those with a digit in them."""
    return matches(_SECRET, text, "secret")


def find_ips(text: str) -> Iterator[Span]:
    """Yield public addresses; a router's own 192.168.0.1 tells of nobody."""
    for pattern in (_IPV4, _IPV6):
        for found in pattern.finditer(text):
            if not _VERSION_BEFORE.search(text[: found.start()]) and _is_public(found[0]):
                yield Span(*found.span(), "ip")


def _is_public(word: str) -> bool:
    try:
        return ipaddress.ip_address(word).is_global
    except ValueError:
        return False


def _is_secret(link: str) -> bool:
    try:
        parts = urlsplit(link if "://" in link else f"https://{link}")
    except ValueError:
        return True  # nobody can say what it holds
    told = [*parse_qsl(parts.query), *parse_qsl(parts.fragment)]
    return (
        "@" in unquote(parts.netloc + parts.path + parts.query)
        or any(_SECRET_KEYS.search(key) and value for key, value in told)
        or any(_RANDOM.search(value) for _, value in told)
        or any(_RANDOM.fullmatch(step) for step in parts.path.split("/"))
    )
