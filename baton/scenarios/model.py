"""What a scenario is: a customer's situation, the steps, what is expected after each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from handoff_service.bot.rasa import Kind

#: What the bot's message can be; "handoff" is the sentence that puts the customer in the queue.
KINDS: tuple[str, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation: its name in the file, what is wanted, where it stands."""

    name: str
    wanted: Any  #: of the form that the name has in reader.CHECKS
    line: int


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that the customer or the agent does ("" when it only expects), then checks."""

    line: int
    action: str
    value: Any  #: of the form that the action has in reader.ACTIONS
    checks: tuple[Check, ...] = ()

    def expects(self, name: str) -> bool:
        return any(check.name == name for check in self.checks)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One conversation."""

    name: str
    file: Path
    line: int
    language: str  #: of the page that the chat is on
    steps: tuple[Step, ...]
    on_duty: bool = True  #: whether an agent is online
    page: tuple[tuple[str, str], ...] = ()  #: url and title of that page
    flags: tuple[str, ...] = ()  #: of the customer's account, as the site signs them


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a file."""

    file: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"
