"""Redis hashes and lists to domain values, and messages to event data."""

import json
from collections.abc import Mapping, Sequence

from handoff_service.conversation import Conversation, Handoff, Identity, Needs
from handoff_service.domain import Agent, Json, Presence, State
from handoff_service.turn import Origin, Reply, Turn, Understood


def to_json(value: object) -> str:
    """Write compact JSON, other scripts left as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def without_none(data: Json) -> Json:
    """Drop the fields that have no value."""
    return {name: value for name, value in data.items() if value is not None}


def _int(fields: Mapping[str, str], name: str) -> int | None:
    raw = fields.get(name)
    return int(raw) if raw else None


def read_conversation(conversation_id: str, fields: Mapping[str, str]) -> Conversation:
    """Read conv:<id>."""
    handoff, page, device, back, identity, needs = (
        fields.get(name)
        for name in ("handoff", "page", "device", "handed_back", "identity", "needs")
    )
    return Conversation(
        conversation_id=conversation_id,
        customer_id=fields["customer_id"],
        identity=Identity.from_json(json.loads(identity)) if identity else None,
        site=fields.get("site", ""),
        utc_offset_min=_int(fields, "utc_offset_min"),
        state=State.read(fields["state"]),
        epoch=int(fields["epoch"]),
        last_seq=int(fields["seq"]),
        language=fields["language"],
        started_ms=int(fields["started_ms"]),
        page=json.loads(page) if page else None,
        device=json.loads(device) if device else None,
        agent_id=fields.get("agent_id"),
        agent_name=fields.get("agent_name"),
        handoff=Handoff.from_json(json.loads(handoff)) if handoff else None,
        waiting_since_ms=_int(fields, "waiting_since_ms"),
        assigned_ms=_int(fields, "assigned_ms"),
        deadline_ms=_int(fields, "deadline_ms"),
        closed_ms=_int(fields, "closed_ms"),
        stars=_int(fields, "stars"),
        passed_by=tuple(fields.get("passed_by", "").split()),
        passed_ms=_int(fields, "passed_ms"),
        turns=int(fields.get("turn", 0)),
        answered="answers_from" in fields,
        disliked=int(fields.get("disliked", 0)) >= int(fields.get("answers_from", 1)),
        handed_back=json.loads(back) if back else None,
        needs=Needs.from_json(json.loads(needs)) if needs else Needs(),
        met_agent="met_agent" in fields,
        any_language="any_language" in fields,
        wanted_agent=fields.get("wanted_agent"),
        known_agent=fields.get("known_agent"),
        parked_until_ms=_int(fields, "parked_until_ms"),
        draft=fields.get("draft"),
        read_seq=_int(fields, "read_seq") or 0,
        seen_seq=int(fields.get("seen_seq", 0)),
        tags=tuple(json.loads(fields.get("tags", "[]"))),
        unanswered_ms=_int(fields, "unanswered_ms"),
    )


def read_agent(agent_id: str, fields: Mapping[str, str], *, last_seen_ms: float | None) -> Agent:
    """Read agent:<id> and the agent's place in `seen`."""
    return Agent(
        agent_id=agent_id,
        name=fields["name"],
        languages=tuple(json.loads(fields["languages"])),
        capacity=int(fields.get("capacity_now") or fields["capacity"]),
        usual_capacity=int(fields["capacity"]),
        presence=Presence.read(fields["presence"]),
        load=int(fields.get("load", 0)),
        last_assigned_ms=int(fields.get("last_assigned_ms", 0)),
        last_seen_ms=int(last_seen_ms or 0),
        skills=json.loads(fields.get("skills", "{}")),
        teams=tuple(json.loads(fields.get("teams", "[]"))),
        presence_reason=fields.get("presence_reason"),
        presence_since_ms=_int(fields, "presence_since_ms") or 0,
    )


def read_turn(conversation_id: str, raw: str) -> Turn:
    """Read an entry of conv:<id>:turns."""
    fields: Json = json.loads(raw)
    return Turn(
        conversation_id=conversation_id,
        turn=fields["turn"],
        seq=fields["seq"],
        epoch=fields["epoch"],
        message_id=fields["message_id"],
        text=fields["text"],
        payload=fields.get("payload"),
        locale=fields["locale"],
        at_ms=fields["at_ms"],
        files=fields.get("files", 0),
    )


def bot_messages(
    turn: Turn,
    replies: Sequence[Reply],
    *,
    intent: str | None,
    origin: Origin,
    understood: Understood | None,
) -> list[str]:
    """Return kind and data of one message.posted for each reply that has words, in turn.

    The first one carries what was `understood`.
    """
    words: list[str] = []
    for number, reply in enumerate((reply for reply in replies if reply.text), start=1):
        data = {
            "message_id": f"bot-{turn.turn}-{number}",
            "author": "bot",
            "text": reply.text,
            "kind": reply.kind,
            "buttons": list(reply.buttons) or None,
            "sources": list(reply.sources) or None,
            "confidence": reply.confidence,
            "query": reply.query,
            "notice": reply.notice,
            "intent": intent,
            "turn": turn.turn,
            "understood": understood.to_json() if understood and number == 1 else None,
            **origin.to_json(),
        }
        if reply.index_version:  # it was searched; another may be live by now
            data["index_version"] = reply.index_version
        words += [reply.kind, to_json(without_none(data))]
    return words
