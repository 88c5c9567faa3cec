"""What can go wrong between a client and a running system.

ClientError
├── NotReachable     nothing answers at the address
├── Refused          the system answered with an error code
├── NotInTime        what was waited for did not come before the deadline
└── NotStarted       `baton up` ended, or was not ready in time
"""

from typing import Any


class ClientError(Exception):
    """A running system could not be used as asked; the message names the remedy."""


class NotReachable(ClientError):
    """Nothing answers at the address."""

    def __init__(self, url: str, why: str = "") -> None:
        """Name the address, and what the connection said."""
        self.url = url
        detail = f" ({why})" if why else ""
        super().__init__(
            f"nothing answers at {url}{detail}. Remedy: start it with make run, or give --url"
        )


class Refused(ClientError):
    """The system answered with an error; `code` is one of docs/protocol.md."""

    def __init__(
        self,
        code: str,
        message: str,
        status: int | None = None,
        answer: dict[str, Any] | None = None,
    ) -> None:
        """Keep the code, its words, the HTTP status if there was one, and the whole answer."""
        self.code, self.status, self.answer = code, status, answer or {}
        super().__init__(f"refused ({code}): {message}")


class NotInTime(ClientError):
    """What was waited for did not come before the deadline."""

    def __init__(self, what: str, seconds: float) -> None:
        """Name what was waited for, and how long."""
        self.what = what
        super().__init__(f"no {what} within {seconds:.0f} s")


class NotStarted(ClientError):
    """`baton up` ended early or was not ready in time."""
