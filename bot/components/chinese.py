"""Tell Simplified from Traditional Chinese by the characters, then the words, only one side writes.

Python's own `gb2312` codec covers the Simplified set and `big5` the Traditional one, so no table
of thousands is shipped; the few dozen characters that both codecs know but only one side still
uses are listed here.
"""

from __future__ import annotations

import re
from functools import lru_cache

SIMPLIFIED, TRADITIONAL = "zh-Hans", "zh-Hant"

#: In both codecs, but written by one side: at least 25 times as often there, counted over help
#: pages and encyclopaedia articles of both (后: 48 times; 里, 台 and 面 tell nothing).
_MOSTLY_SIMPLIFIED = frozenset(
    "与体复种确机据网构价离适万气几么并儿极优听于筑异党厂胜宁虫丰触柜挂坏云荐扰岭洁吨愿怀扑惊后"
    "范采余划叶咨"
)
#: The same for the other side; those after 爲 are Cantonese, written in Traditional characters.
_MOSTLY_TRADITIONAL = frozenset("後於徵藉裏爲嘅咗啲喺嘢嚟哋佢冇唔")
#: Words of characters that both sides have, said by one of them.
_SIMPLIFIED_WORDS = re.compile(
    "[哪那]里|里面|家里|屏幕|激活|添加|信息|固件|短信|微信|早上好|人工客服"
)
_TRADITIONAL_WORDS = re.compile("早安|午安|安安|登[入出]|字型|程式|真人客服")


def which_chinese(text: str, known: str | None) -> str:
    """Return `zh-Hans` or `zh-Hant`; `known` (the conversation's locale) settles a tie."""
    simplified = sum(map(_is_simplified, text)) + len(_SIMPLIFIED_WORDS.findall(text))
    traditional = sum(map(_is_traditional, text)) + len(_TRADITIONAL_WORDS.findall(text))
    if simplified != traditional:
        return SIMPLIFIED if simplified > traditional else TRADITIONAL
    return TRADITIONAL if known == TRADITIONAL else SIMPLIFIED


def is_han(char: str) -> bool:
    """Tell whether `char` is a Chinese character."""
    code = ord(char)
    return 0x4E00 <= code <= 0x9FFF or 0x3400 <= code <= 0x4DBF or 0x20000 <= code <= 0x3FFFF


@lru_cache(maxsize=8192)
def _is_simplified(char: str) -> bool:
    return char in _MOSTLY_SIMPLIFIED or _only_in(char, "gb2312", "big5")


@lru_cache(maxsize=8192)
def _is_traditional(char: str) -> bool:
    return char in _MOSTLY_TRADITIONAL or _only_in(char, "big5", "gb2312")


def _only_in(char: str, charset: str, other: str) -> bool:
    return is_han(char) and _encodes(char, charset) and not _encodes(char, other)


def _encodes(char: str, charset: str) -> bool:
    try:
        char.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
