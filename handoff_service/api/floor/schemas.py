"""What supervisors send to act on the floor, and what comes back."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Note = Annotated[str, StringConstraints(max_length=1000)]


@dataclass(frozen=True, slots=True)
class WhisperRequest:
    """Words that the customer never sees, once per message_id."""

    message_id: Id
    text: Annotated[str, StringConstraints(min_length=1, max_length=8000)]


@dataclass(frozen=True, slots=True)
class MoveRequest:
    """To whom a conversation goes; `epoch`: as it was when the supervisor decided."""

    epoch: Annotated[int, Field(ge=1, le=2**53)]
    kind: Literal["agent", "team", "skill"]
    to: Id
    note: Note = ""


@dataclass(frozen=True, slots=True)
class ForceRequest:
    """An agent takes no conversations from now on."""

    status: Literal["away", "offline"]
    #: What they hold goes back to the head of the line as well.
    give_back: bool = False
    #: What the agent is told.
    note: Note = ""


@dataclass(frozen=True, slots=True)
class CapacityRequest:
    """How much an agent may hold until they go offline; null: as usual. For none there is away."""

    capacity: Annotated[int, Field(ge=1, le=1000)] | None = None


@dataclass(frozen=True, slots=True)
class ActAnswer:
    """It is done; `seq`: of the conversation's event that says so."""

    seq: int | None = None


@dataclass(frozen=True, slots=True)
class ForceAnswer:
    """It is done; so many conversations went back to the line."""

    given_back: int
