"""Choose the words of a reply: by language, tone and moment, from the responses of the domain.

A response has variants, each under conditions. `language` and `tone` pick among them first (a
missing casual variant is the formal one); of the rest the variant whose conditions all hold and
are the most is taken (bot/moment.py says which there are). Variants under equal conditions are
said in turn: which one hangs on the message's id, so that a repeated turn says the same again.
"""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot import moment
from bot.components.languages import DEFAULT_LOCALE, LOCALES
from bot.tone import read_tones
from bot.turn import TurnFailed

_PLACEHOLDER = re.compile(r"{(\w+)}")
#: A placeholder that begins so stands for a whole response, chosen by the same rules.
_RESPONSE = "utter_"


@dataclass(frozen=True)
class Choice:
    """Variants under the same conditions; `moment` holds those besides language and tone."""

    moment: frozenset[tuple[str, str]]
    variants: tuple[dict[str, Any], ...]


class Wording(TemplatedNaturalLanguageGenerator):
    """Rasa's generator in shape, so that a newly loaded model's responses reach it.

    Rasa's own filters all variants of a response by all slots and copies the chosen one deeply; it
    picks at random, so that a repeated turn says something else.
    """

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        """Read the tone from endpoints.yml (`tone`); raises ValueError if it is none."""
        self._tones = read_tones(str(endpoint_config.kwargs.get("tone") or ""))
        super().__init__(domain.responses)

    @property
    def responses(self) -> dict[str, list[dict[str, Any]]]:
        return self._responses

    @responses.setter
    def responses(self, responses: dict[str, list[dict[str, Any]]]) -> None:
        self._responses = responses
        self._choices = {
            (name, locale): _arrange(variants, locale, self._tones[locale])
            for name, variants in responses.items()
            for locale in LOCALES
        }

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,  # noqa: ARG002 (Rasa's; there is one channel)
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Return the reply: `text`, `buttons` and what else the variant holds.

        Raises:
            TurnFailed: 500, the response does not exist or one of its placeholders has no value.
        """
        variant = self._pick(utter_action, tracker)
        reply = {key: value for key, value in variant.items() if key != "condition"}
        reply["text"] = self._fill(utter_action, str(variant.get("text") or ""), tracker, kwargs)
        if "buttons" in reply:
            reply["buttons"] = [dict(button) for button in reply["buttons"]]
        return reply

    def _pick(self, name: str, tracker: DialogueStateTracker) -> dict[str, Any]:
        language = tracker.get_slot("language")
        known = language if language in LOCALES else DEFAULT_LOCALE
        choices = self._choices.get((name, known))
        if not choices:
            raise _broken(f"there is no response {name!r} in {known}")
        choice = choices[0]
        if len(choices) > 1:
            now = moment.conditions(tracker).items()
            choice = next((c for c in choices if c.moment <= now), choices[-1])
        return _in_turn(choice.variants, tracker)

    def _fill(
        self, name: str, text: str, tracker: DialogueStateTracker, given: Mapping[str, Any]
    ) -> str:
        def value(match: re.Match[str]) -> str:
            placeholder = match[1]
            if placeholder in given:
                return str(given[placeholder])
            if placeholder.startswith(_RESPONSE):
                chosen = self._pick(placeholder, tracker)
                return self._fill(placeholder, str(chosen["text"]), tracker, given)
            if placeholder == "problem":
                return moment.problem(tracker)
            raise _broken(f"nothing fills {{{placeholder}}} of {name}")

        return _PLACEHOLDER.sub(value, text)


def _arrange(variants: list[dict[str, Any]], locale: str, tone: str) -> list[Choice]:
    """Return the choices of a locale, those with the most conditions first."""
    by_moment: dict[frozenset[tuple[str, str]], dict[str, list[dict[str, Any]]]] = defaultdict(
        lambda: {"formal": [], "casual": []}
    )
    for variant in variants:
        holds = {c["name"]: c["value"] for c in variant.get("condition") or []}
        if holds.pop("language", locale) == locale:
            manner = holds.pop("tone", "formal")
            for when in _moments(holds):
                by_moment[when][manner].append(variant)
    choices = [
        Choice(when, tuple(by_tone[tone] or by_tone["formal"]))
        for when, by_tone in by_moment.items()
    ]
    return sorted((c for c in choices if c.variants), key=lambda c: len(c.moment), reverse=True)


def _moments(holds: dict[str, Any]) -> Iterator[frozenset[tuple[str, str]]]:
    """Yield each moment that the conditions allow: a value may be a list of values."""
    either = [
        [(name, one) for one in (value if isinstance(value, list) else [value])]
        for name, value in holds.items()
    ]
    return (frozenset(chosen) for chosen in product(*either))


def _in_turn(variants: tuple[dict[str, Any], ...], tracker: DialogueStateTracker) -> dict[str, Any]:
    """Return the message's variant, but not what the bot said last."""
    if len(variants) == 1:
        return variants[0]
    said = next((e.text for e in reversed(tracker.events) if isinstance(e, BotUttered)), None)
    fresh = [variant for variant in variants if variant["text"] != said]
    message_id = getattr(tracker.latest_message, "message_id", None) or ""
    return fresh[zlib.crc32(message_id.encode()) % len(fresh)]


def _broken(why: str) -> TurnFailed:
    return TurnFailed(500, "wording_broken", f"{why}. Remedy: mend bot/domain/responses")
