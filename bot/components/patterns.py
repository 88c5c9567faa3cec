"""What products, versions, error codes, order numbers and addresses look like, in any language."""

from __future__ import annotations

import re
from typing import NamedTuple


class Found(NamedTuple):
    """One entity in a text; `value` is its normal form, `start` and `end` are offsets."""

    entity: str
    value: str
    start: int
    end: int


#: Name in every article → how customers write it. "hub" alone names no model, so it stays "Hub".
_PRODUCTS = {
    "Hub Mini": r"(?:hub|хаб|허브|中[枢樞])[\s-]*(?:mini|мини|미니|迷你)|\bHV-?HM1\b|"
    r"\bmini[\s-]hub\b|미니\s?허브|мини[\s-]хаб\w*|迷你(?:版)?中[枢樞]",
    "Hub 2": r"(?:hub|хаб|허브|中[枢樞])[\s-]*2\b|\bHV-?H2\b|\bhub\s+two\b",
    "Havelo Sense": r"\bhavelo[\s-]*sense\b|\bHV-?S1\b|\bsensors?\b|датчик\w*|센서|传感器|感測器|"
    r"感应器|感應器",
    "Havelo Plug": r"\bhavelo[\s-]*plug\b|\bHV-?P1\b|\b(?:smart[\s-]*)?plugs?\b|розетк\w*|플러그|"
    r"插座",
    "Havelo Cam": r"\bhavelo[\s-]*cam\b|\bHV-?C1\b|\bcam(?:era)?s?\b|камер\w*|카메라|摄像头|攝影機|"
    r"摄像机|攝影鏡頭",
    "Hub": r"\bhub\b|\bхаб\w*|허브|中[枢樞]",
}
_PATTERNS: tuple[tuple[str, str], ...] = (
    ("email", r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    ("order_number", r"\bHV-\d{6}\b"),
    ("error_code", r"(?<![\w-])[EeЕе]-?\s?\d{3}(?!\d)"),
    # "4.99" alone is a price: two numbers make a version only behind a "v".
    ("version", r"(?<![\w.])(?:[vV]\d+\.\d+(?:\.\d+)?|\d+\.\d+\.\d+)(?![\w.]*\d)"),
)
_COMPILED = tuple((name, re.compile(pattern, re.ASCII)) for name, pattern in _PATTERNS)
_COMPILED_PRODUCTS = tuple(
    (name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _PRODUCTS.items()
)


def find(text: str) -> list[Found]:
    """Return the entities of `text` in reading order; a stretch of text is one entity only."""
    found: list[Found] = []
    for entity, pattern in _COMPILED:
        for match in pattern.finditer(text):
            _add(found, Found(entity, _normal(entity, match.group()), *match.span()))
    for product, pattern in _COMPILED_PRODUCTS:
        for match in pattern.finditer(text):
            _add(found, Found("product", product, *match.span()))
    return sorted(found, key=lambda item: item.start)


def _add(found: list[Found], new: Found) -> None:
    if all(new.end <= old.start or new.start >= old.end for old in found):
        found.append(new)


def _normal(entity: str, text: str) -> str:
    if entity == "error_code":
        return "E-" + text[-3:]
    if entity == "version":
        return "v" + text.lstrip("vV")
    return text
