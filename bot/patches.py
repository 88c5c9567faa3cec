"""Every change made to Rasa 3.6.21, its last open-source line: each with what it mends.

Applied once, before the server starts; `tests/bot` shows for each that it is needed and works.
"""

from __future__ import annotations

from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message

from bot.action_calls import call_action


def apply() -> None:
    """Put the patches in place; doing it twice changes nothing."""
    RemoteAction.run = _run_remote_action
    RegexMessageHandler.process = _leave_text_alone


async def _run_remote_action(
    self: RemoteAction,
    output_channel: OutputChannel,
    nlg: NaturalLanguageGenerator,
    tracker: DialogueStateTracker,
    domain: Domain,
) -> list[Event]:
    """Call an action without the schema re-check (20 ms) and without a new connection per call.

    A failure fails the turn. Rasa would log it, drop the action's events and answer with whatever
    is left, mostly an empty list under status 200.
    """
    body = self._action_call_format(tracker, domain)
    result = await call_action(self.action_endpoint.url, body)
    said = await self._utter_responses(result["responses"], output_channel, nlg, tracker)
    return [*said, *deserialise_events(result["events"])]


def _leave_text_alone(
    self: RegexMessageHandler,  # noqa: ARG001 (it becomes a method)
    messages: list[Message],
    *_: Any,
    **__: Any,
) -> list[Message]:
    """Read "/restart" or '/greet{"name": "x"}' as the text it is.

    Rasa takes any text with a leading slash for an intent with entities, so that a customer could
    name any intent. Clicks come as payloads, checked against a list, by the channel.
    """
    return messages
