"""The sentences customers read from the service itself, in every language."""

import json
from collections.abc import Container, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Self

from handoff_service.domain import DEFAULT_LOCALE, LOCALES

#: Each sentence and the placeholders it must hold; every locale file holds exactly these.
SENTENCES: Mapping[str, frozenset[str]] = {
    "handoff.queued": frozenset({"place"}),
    "handoff.nobody": frozenset(),
    "handoff.away": frozenset({"when"}),
    "handoff.leave": frozenset(),
    "handoff.cancelled": frozenset(),
    "handoff.abandoned": frozenset(),
    "handoff.consent_asked": frozenset({"language", "languages"}),
    "handoff.assigned": frozenset({"agent"}),
    "handoff.returned": frozenset(),
    "agent.lost": frozenset({"place"}),
    "handoff.transferred_to_agent": frozenset({"agent", "place"}),
    "handoff.transferred": frozenset({"place"}),
    "handoff.transferred_to_anyone": frozenset({"place"}),
    "handoff.taken_over": frozenset({"agent"}),
    "conversation.parked": frozenset(),
    "message.left": frozenset(),
    "conversation.wrapped_up": frozenset(),
    "bot.delayed": frozenset(),
    "bot.apology": frozenset(),
    "bot.only_files": frozenset(),
    "survey.csat_person": frozenset(),
    "survey.csat_answer": frozenset(),
    "survey.csat_low": frozenset(),
    "survey.csat_high": frozenset(),
    "survey.ces": frozenset(),
    "survey.ces_low": frozenset(),
    "survey.ces_high": frozenset(),
    "survey.nps": frozenset(),
    "survey.nps_low": frozenset(),
    "survey.nps_high": frozenset(),
    "button.request_person": frozenset(),
    "button.any_language": frozenset(),
    "button.own_language": frozenset(),
    "button.helped": frozenset(),
    "button.other_problem": frozenset(),
    "notice.found": frozenset({"title"}),
    "notice.since": frozenset({"when"}),
    "mail.answered": frozenset(),
    "mail.link": frozenset(),
    "mail.sign_in": frozenset(),
    "mail.transcript": frozenset(),
    "mail.not_you": frozenset(),
    "mail.invited": frozenset({"login"}),
    "mail.new_password": frozenset({"login"}),
    "mail.link_once": frozenset(),
    "label.invited": frozenset(),
    "label.new_password": frozenset(),
    "label.mail_answer": frozenset(),
    "label.transcript": frozenset(),
    "label.go_on": frozenset(),
    "label.customer": frozenset(),
    "label.bot": frozenset(),
    "label.agent": frozenset(),
}


@dataclass(frozen=True, slots=True)
class Wording:
    """Sentences by locale and name, placeholders in braces still to be filled."""

    sentences: Mapping[str, Mapping[str, str]]

    @classmethod
    def load(cls, *, casual: Container[str] = frozenset()) -> Self:
        """Read every locale's file of this package.

        In the locales of `casual`, its folder `casual` holds what is said differently there.
        """
        folder = files(__name__)

        def read(*path: str) -> dict[str, str]:
            return json.loads(folder.joinpath(*path).read_text("utf-8"))  # type: ignore[no-any-return]  # a test checks the files

        return cls(
            {
                name: read(f"{name}.json")
                | (read("casual", f"{name}.json") if name in casual else {})
                for name in LOCALES
            }
        )

    def sentence(self, name: str, locale: str) -> str:
        """Return a sentence; English for a locale nobody has written."""
        return self.sentences.get(locale, self.sentences[DEFAULT_LOCALE])[name]
