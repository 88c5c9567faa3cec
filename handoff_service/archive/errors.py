"""What can go wrong with the history database.

ArchiveError
├── ArchiveMisconfigured   the URL cannot be used
├── ArchiveUnavailable     nothing answers, or the file is locked; try again
├── AccountInvalid         a field of a new account has no acceptable value
└── LoginTaken             another account has this login
"""

from typing import ClassVar

from handoff_service.errors import BatonError


class ArchiveError(BatonError):
    """The history database did not do what it was asked."""


class ArchiveMisconfigured(ArchiveError):
    """The URL names no database that can be used."""

    def __init__(self, problem: str) -> None:
        """Say what is wrong with it; never the URL itself, which holds a password."""
        super().__init__(
            f"the history database's URL cannot be used ({problem}); "
            "expected sqlite+aiosqlite:///FILE or postgresql+asyncpg://USER:PASSWORD@HOST/NAME"
        )


class ArchiveUnavailable(ArchiveError):
    """Nothing answers, or the database is locked or full; a later try may succeed."""

    code = "unavailable"


class AccountInvalid(ArchiveError):
    """A field of a new account has no acceptable value."""

    code: ClassVar[str] = "account_invalid"

    def __init__(self, field: str, expected: str) -> None:
        """Name the field and what it may hold."""
        self.field, self.expected = field, expected
        super().__init__(f"{field}: {expected}")


class LoginTaken(ArchiveError):
    """Another account has this login."""

    code: ClassVar[str] = "login_taken"

    def __init__(self, login: str) -> None:
        """Name it."""
        self.login = login
        super().__init__(f"another account has the login {login!r}; choose another")
