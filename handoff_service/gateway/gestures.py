"""Typing and read marks: told to the other side at once; how far an agent read is kept."""

from typing import Literal

from handoff_service.agent_frames import AgentRead, AgentTyping
from handoff_service.frames import CustomerRead, CustomerTyping, ReadFrame, TypingFrame
from handoff_service.store import Store
from handoff_service.store.signals import Signal

#: Kinds of the signals that carry them through the desk, to whichever process has the other side.
TYPING, READ = "typing", "read"

Gesture = CustomerTyping | CustomerRead | AgentTyping | AgentRead


async def tell_gesture(
    store: Store,
    gesture: Gesture,
    *,
    conversation_id: str,
    author: Literal["customer", "agent"],
    agent_id: str,
) -> None:
    """Tell the other side of a conversation that an agent holds. Raises StoreUnavailable."""
    about = {"conversation_id": conversation_id, "author": author, "agent_id": agent_id}
    if isinstance(gesture, CustomerTyping | AgentTyping):
        await store.signals.send(TYPING, about | {"on": gesture.on})
    else:
        await store.signals.send(READ, about | {"seq": gesture.seq})


def gesture_frame(signal: Signal) -> TypingFrame | ReadFrame | None:
    """Return the frame for a signal, None for one of another kind."""
    data = signal.data
    if signal.kind == TYPING:
        return TypingFrame(
            conversation_id=data["conversation_id"], author=data["author"], on=data["on"]
        )
    if signal.kind == READ:
        return ReadFrame(
            conversation_id=data["conversation_id"], author=data["author"], seq=data["seq"]
        )
    return None
