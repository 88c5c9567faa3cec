"""What the customers and agents of the checks say, in five languages."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LOCALES = ("en", "zh-Hans", "zh-Hant", "ru", "ko")


@dataclass(frozen=True, slots=True)
class Phrases:
    """One locale's words; `question` is answered by the article reset-password of the demo."""

    question: str
    trouble: str  #: an error that no article knows, several things tried
    triage: str  #: fits whatever the triage asks
    person: str  #: asks for a person
    agent: str
    customer: str  #: to the agent
    comment: str  #: with the rating
    left: str  #: left while nobody is on duty


@cache
def phrases(locale: str) -> Phrases:
    """Return the words of a locale."""
    everything = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    return Phrases(**everything[locale])
