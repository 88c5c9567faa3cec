"""Action calls as Rasa sends them, and their results as it reads them."""

import json


def call(
    action, *, text="hi", intent="greet", slots=None, events=(), loop=None, entities=(),
    metadata=None,
):  # fmt: skip
    """Return an action call, without the domain; `metadata`: the facts of the turn."""
    message = {"text": text, "intent": {"name": intent, "confidence": 0.9}, "entities": entities}
    said = {"event": "user", "text": text, "parse_data": message}
    said["metadata"] = metadata or {}
    return {
        "next_action": action,
        "sender_id": "c1",
        "tracker": {
            "sender_id": "c1",
            "slots": {"language": "en"} | (slots or {}),
            "latest_message": message,
            "events": [*events, said],
            "paused": False,
            "active_loop": {"name": loop} if loop else {},
            "latest_action_name": "action_listen",
        },
    }


async def run(client, body):
    """Return (status, body) of a call."""
    async with client.post("/webhook", json=body) as answer:
        return answer.status, json.loads(await answer.text())


def slots_of(body):
    """Return the slots that a result sets."""
    return {e["name"]: e["value"] for e in body["events"] if e["event"] == "slot"}
