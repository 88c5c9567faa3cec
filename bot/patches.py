"""Every change made to Rasa 3.6.21, its last open-source line: each with what it mends.

Applied once, before the server starts; `tests/bot` shows for each that it is needed and works.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from rasa.core import processor
from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, UserUttered, deserialise_events
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message

from bot.action_calls import call_action, question_vectors
from bot.channels.requests import CLICK
from bot.turn import current_turn

#: Rasa's own functions, which two patches call.
_find_event_class = Event.resolve_by_type
_find_action = RulePolicy._find_action_from_rules


def apply_for_training() -> None:
    """Put in place what concerns the content of a model file."""
    DomainProvider._persist = _persist_domain


def apply() -> None:
    """Put the patches of a serving process in place; doing it twice changes nothing."""
    RemoteAction.run = _run_remote_action
    RegexMessageHandler.process = _leave_text_alone
    Event.resolve_by_type = staticmethod(_event_class)
    RulePolicy._find_action_from_rules = _find_action_by_intent
    DaskGraphRunner.run = _run_graph
    DomainProvider.load = classmethod(_load_domain)
    processor.copy = _NoCopies
    Slot.__copy__ = _copy_slot


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
    body["vectors"] = question_vectors(_texts_to_search(tracker))
    turn = current_turn.get()
    body["notices"] = turn.notices if turn else []
    result = await call_action(self.action_endpoint.url, body)
    said = await self._utter_responses(result["responses"], output_channel, nlg, tracker)
    return [*said, *deserialise_events(result["events"])]


def _texts_to_search(tracker: DialogueStateTracker) -> list[str]:
    """Return the message in hand and its parts; after a click, which is no text, those before it.

    The action server remembers what it got in earlier turns.
    """
    latest = tracker.latest_message
    if latest is None:
        return []
    if any(entity.get("extractor") == CLICK for entity in latest.entities):
        return [event.text for event in tracker.events if isinstance(event, UserUttered)]
    return [latest.text, *(part["text"] for part in latest.parse_data.get("requests") or ())]


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


@cache
def _event_class(type_name: str, default: Any = None) -> Any:
    """Look an event's class up once, not through all subclasses for each stored event (1.5 ms)."""
    return _find_event_class(type_name, default)


def _find_action_by_intent(
    self: RulePolicy,
    tracker: DialogueStateTracker,
    domain: Domain,
    use_text_for_last_user_input: bool,
) -> tuple[str | None, str | None, bool]:
    """Leave out the search for rules over literal texts: there are none, and it costs as much."""
    if use_text_for_last_user_input:
        return None, None, False
    return _find_action(self, tracker, domain, use_text_for_last_user_input)


def _run_graph(
    self: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
) -> dict[str, Any]:
    """Run the graph's few nodes in order, worked out once; dask schedules anew, 2 ms a turn."""
    names = tuple(targets or self._graph_schema.target_names)
    orders = self.__dict__.setdefault("_orders", {})
    if names not in orders:
        orders[names] = _order_nodes(self._graph_schema.minimal_graph_schema(list(names)))
    values = {name: (name, value) for name, value in (inputs or {}).items()}
    for name, needs in orders[names]:
        values[name] = self._instantiated_nodes[name](*(values[need] for need in needs))
    return {name: values[name][1] for name in names}


def _order_nodes(schema: GraphSchema) -> list[tuple[str, list[str]]]:
    """Return each node with the nodes and inputs it needs, none before what it needs."""
    waiting = {name: list(node.needs.values()) for name, node in schema.nodes.items()}
    order: list[tuple[str, list[str]]] = []
    while waiting:
        ready = [name for name, needs in waiting.items() if not waiting.keys() & set(needs)]
        order += [(name, waiting.pop(name)) for name in ready]
    return order


def _copy_slot(self: Slot) -> Slot:
    """Copy a slot ten times as fast: all are copied for each action and each prediction (4 %)."""
    twin = object.__new__(type(self))
    twin.__dict__.update(self.__dict__)
    return twin


class _NoCopies:
    """Stands for the module `copy` in Rasa's processor, which copies what it might log (3 %).

    All five calls are arguments of debug records, made whether or not these are written.
    """

    @staticmethod
    def deepcopy(value: Any) -> Any:
        return value


def _persist_domain(self: DomainProvider, domain: Domain) -> None:
    """Put the domain into the model as JSON, too: Rasa reads its YAML in a second, twice."""
    with self._model_storage.write_to(self._resource) as folder:
        domain.persist(folder / "domain.yml")
        text = json.dumps(domain.as_dict(), ensure_ascii=False)
        (folder / "domain.json").write_text(text, encoding="utf-8")


def _load_domain(
    cls: type[DomainProvider],
    config: dict[str, Any],  # noqa: ARG001 (Rasa's signature)
    model_storage: ModelStorage,
    resource: Resource,
    execution_context: ExecutionContext,  # noqa: ARG001 (Rasa's signature)
    **_: Any,
) -> DomainProvider:
    """Read the domain from JSON where the model has it: loading blocks every turn meanwhile."""
    with model_storage.read_from(resource) as folder:
        fast = folder / "domain.json"
        if fast.exists():
            domain = Domain.from_dict(json.loads(fast.read_text(encoding="utf-8")))
        else:
            domain = Domain.from_path(folder)
    return cls(model_storage, resource, domain)
