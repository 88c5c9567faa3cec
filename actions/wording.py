"""The triage questions in their formal wording, for the agent who gets the answers."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_RESPONSES = Path(__file__).resolve().parent.parent / "bot" / "domain" / "responses" / "triage.yml"
_PREFIX = "utter_ask_triage_form_"


def question(field: str, locale: str) -> str:
    """Return the question about a triage field in a locale (English if it lacks one)."""
    by_locale = _questions()[field]
    return by_locale.get(locale) or by_locale["en"]


@cache
def _questions() -> dict[str, dict[str, str]]:
    content: dict[str, Any] = yaml.safe_load(_RESPONSES.read_text(encoding="utf-8"))
    return {
        name.removeprefix(_PREFIX): {
            variant["condition"][0]["value"]: variant["text"]
            for variant in variants
            if len(variant["condition"]) == 1  # no tone, no moment
        }
        for name, variants in content["responses"].items()
        if name.startswith(_PREFIX)
    }
