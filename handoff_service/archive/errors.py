"""What can go wrong with the history database.

ArchiveError
├── ArchiveMisconfigured   the URL cannot be used
├── ArchiveUnavailable     nothing answers, or the file is locked; try again
├── AccountInvalid         a field of a new account has no acceptable value
├── PasswordRefused        a new password that would be guessed
├── LastAdmin              nobody could manage accounts any more
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


class PasswordRefused(ArchiveError):
    """A new password that would be guessed, or cannot be kept."""

    code: ClassVar[str] = "password_refused"

    def __init__(self, reason: str, chars: int) -> None:
        """Say why: too_short, too_long, repeats, like_login, breached; `chars`: the limit."""
        self.reason, self.chars = reason, chars
        super().__init__(f"password: {_PASSWORD_WORDS[reason].format(chars=chars)}")


_PASSWORD_WORDS = {
    "too_short": "it is too short; take {chars} characters or more, several words are fine",
    "too_long": "it is too long; at most {chars} characters",
    "repeats": "it repeats the same few characters; take several words",
    "like_login": "it is the login or the name; take something that nobody connects with you",
    "breached": "it is on a list of passwords that were stolen elsewhere; take another one",
}


class LastAdmin(ArchiveError):
    """The last admin cannot be disabled or get another role."""

    code: ClassVar[str] = "last_admin"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("this is the last admin; make somebody else an admin first")
