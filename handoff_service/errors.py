"""Every error this package raises on purpose.

BatonError
├── SettingsError            the environment does not describe a runnable service
├── HoursError               the file of business hours cannot be used
├── RoutingError             the file of routing rules cannot be used
├── ProactiveError          the file of rules by which the site speaks first cannot be used
├── RepliesError             the file of canned replies and macros cannot be used
├── RetentionError           the file of how long data is kept cannot be used
├── BundleError              the modules of a page cannot be joined into one script
├── SitesError               the file of the widget's sites cannot be used
├── StoreUnsafe              Redis would forget what it has acknowledged, and nobody accepted that
├── StoreUnavailable         Redis cannot be reached, or is not ready, for now
├── NoSuchConversation       the id is unknown to the live store (closed long ago, or never was)
├── NoSuchAgent              the agent never registered with the live store
├── IllegalMove              a state change that the table of legal moves does not hold
└── BotError                 the dialogue engine did not give a usable answer
    ├── BotUnavailable       try again: down, loading, overloaded, its action server is down
    ├── BotFaulty            it stumbled over this very turn: a few tries more, no endless ones
    └── BotRefused           trying again is useless: it will refuse this turn every time

`code` is stable, for programs. Words for people are made from it at the edge, not from the error.
"""

from enum import StrEnum
from typing import ClassVar


class BatonError(Exception):
    """Something went wrong that Baton knows by name."""

    code: ClassVar[str] = "server_error"


class SettingsError(BatonError):
    """The environment is missing names or holds values that cannot be used; lists all of them."""

    code = "bad_settings"

    def __init__(self, problems: list[str]) -> None:
        """Keep every problem, one line each: name, value given, form expected."""
        self.problems = problems
        super().__init__("\n".join(["Settings cannot be used:", *(f"  {p}" for p in problems)]))


class HoursError(BatonError):
    """The file of business hours cannot be read or holds lines that cannot be used; lists all."""

    code = "bad_hours"

    def __init__(self, problems: list[str]) -> None:
        """Keep every problem: file, line, what is wrong and what is expected."""
        self.problems = problems
        super().__init__(
            "\n".join(["Business hours cannot be used:", *(f"  {p}" for p in problems)])
        )


class RoutingError(BatonError):
    """The file of routing rules cannot be read or holds lines that cannot be used; lists all."""

    code = "bad_routing"

    def __init__(self, problems: list[str]) -> None:
        """Keep every problem: file, line, what is wrong and what is expected."""
        self.problems = problems
        super().__init__(
            "\n".join(["Routing rules cannot be used:", *(f"  {p}" for p in problems)])
        )


class ProactiveError(BatonError):
    """The file of what sites say first cannot be read or holds lines that cannot be used; all."""

    code = "bad_proactive"

    def __init__(self, problems: list[str]) -> None:
        """Keep every problem: file, line, what is wrong and what is expected."""
        self.problems = problems
        super().__init__(
            "\n".join(["What sites say first cannot be used:", *(f"  {p}" for p in problems)])
        )


class RepliesError(BatonError):
    """The file of canned replies cannot be read or holds lines that cannot be used; lists all."""

    code = "bad_replies"

    def __init__(self, problems: list[str]) -> None:
        """Keep every problem: file, line, what is wrong and what is expected."""
        self.problems = problems
        super().__init__(
            "\n".join(["Canned replies cannot be used:", *(f"  {p}" for p in problems)])
        )


class RetentionError(BatonError):
    """The file of how long data is kept cannot be read or used; lists all problems."""

    code = "bad_retention"

    def __init__(self, problems: list[str]) -> None:
        """Keep every problem: file, line, what is wrong and what is expected."""
        self.problems = problems
        super().__init__(
            "\n".join(["How long data is kept cannot be used:", *(f"  {p}" for p in problems)])
        )


class BundleError(BatonError):
    """The modules of a page cannot be joined into one script; says which, and what to change."""


class SitesError(BatonError):
    """The file of the widget's sites cannot be read, or lines of it cannot be used; lists all."""

    code = "bad_sites"

    def __init__(self, problems: list[str]) -> None:
        """Keep every problem: file, line, what is wrong and what is expected."""
        self.problems = problems
        super().__init__(
            "\n".join(["The widget's sites cannot be used:", *(f"  {p}" for p in problems)])
        )


class StoreUnsafe(BatonError):
    """Redis is set up so that acknowledged messages can be lost; lists every remedy."""

    code = "bad_settings"

    def __init__(self, remedies: list[str]) -> None:
        """Keep what to do, one line each."""
        self.remedies = remedies
        super().__init__("\n".join(["Redis is not safe to use:", *(f"  {r}" for r in remedies)]))


class Fault(StrEnum):
    """Why the live store cannot be used."""

    AWAY = "away"  #: no answer, or it is still loading
    #: it refuses the user or the password
    PASSWORD = "password"  # noqa: S105 (the word alone)
    FULL = "full"  #: its memory is full
    DISK = "disk"  #: it cannot write to disk
    READ_ONLY = "read_only"  #: a replica
    CLUSTER = "cluster"  #: the cluster has no owner of the slot, or two
    REPLICAS = "replicas"  #: too few replicas have what was written


class StoreUnavailable(BatonError):
    """Redis is away, restarting or refusing writes; nothing was acknowledged."""

    code = "unavailable"

    def __init__(self, reason: str, fault: Fault = Fault.AWAY) -> None:
        """Keep the reason for the log, and the kind of fault for the operator."""
        self.fault = fault
        super().__init__(reason)


class NoSuchConversation(BatonError):
    """The live store holds no conversation of this id."""

    code = "gone"

    def __init__(self, conversation_id: str) -> None:
        """Name the conversation."""
        self.conversation_id = conversation_id
        super().__init__(f"no live conversation {conversation_id}")


class NoSuchAgent(BatonError):
    """The live store holds no agent of this id."""

    code = "not_allowed"

    def __init__(self, agent_id: str) -> None:
        """Name the agent."""
        self.agent_id = agent_id
        super().__init__(f"no agent {agent_id} has registered")


class IllegalMove(BatonError):
    """A conversation cannot go from one state to the other."""

    code = "not_allowed"

    def __init__(self, source: str, target: str) -> None:
        """Name both sides."""
        self.source, self.target = source, target
        super().__init__(f"a conversation cannot go from {source} to {target}")


class BotError(BatonError):
    """The dialogue engine gave no usable answer."""

    code = "unavailable"

    def __init__(self, reason: str) -> None:
        """Keep the reason for the log; it is never shown to a customer."""
        self.reason = reason
        super().__init__(reason)


class BotUnavailable(BotError):
    """The dialogue engine cannot answer now; the same turn may succeed later."""


class BotFaulty(BotError):
    """The dialogue engine failed on this turn, or answered something that is no answer."""


class BotRefused(BotError):
    """The dialogue engine refuses this turn for good."""
