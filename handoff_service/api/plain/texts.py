"""What the plain form says: the widget's own strings, and a few that only it needs."""

import json
from collections.abc import Callable, Container, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from handoff_service.web.assets import WEB_ROOT

Translate: TypeAlias = Callable[..., str]

#: The widget's strings, and what is said differently in the casual tone.
STRINGS = WEB_ROOT / "shared" / "locales" / "widget"
OWN = Path(__file__).parent / "texts.json"
#: What stands for a refusal that has no words of its own.
OTHER = "error_other"


def translator(
    locale: str, *, casual: Container[str], own: Mapping[str, str] | None = None
) -> Translate:
    """Return the function that looks a string up and fills it: `t("place", place=3)`.

    `own`: what the site says differently.
    """
    strings = _strings(locale, locale in casual) | dict(own or {})

    def translate(key: str, **values: object) -> str:
        text = strings.get(key)
        if text is None:
            text = strings[OTHER] if key.startswith("error_") else key
        return str(text).format(**values) if values else str(text)

    return translate


@cache
def _strings(locale: str, casual: bool) -> dict[str, Any]:
    files = [STRINGS / f"{locale}.json", *([STRINGS / "casual" / f"{locale}.json"] * casual)]
    strings: dict[str, Any] = {}
    for file in files:
        if file.is_file():
            strings |= json.loads(file.read_text("utf-8"))
    own: dict[str, str] = json.loads(OWN.read_text("utf-8"))[locale]
    return strings | own
