"""Which passwords people may choose, and how they are kept.

The rules follow NIST SP 800-63B (section 3.1.1.2 of revision 4): a least length, no rules about
kinds of characters, a list of those that are known to be guessed, nothing that repeats the account.
"""

import asyncio
import hashlib
import re
import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import BinaryIO

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from handoff_service.archive.errors import PasswordRefused
from handoff_service.errors import SettingsError

#: Argon2id with the library's defaults, which follow RFC 9106 (second recommended option).
HASHER = PasswordHasher()
#: Argon2 takes 64 MiB and a core each time: two at once, the others wait.
_HASHING = ThreadPoolExecutor(max_workers=2, thread_name_prefix="password")

#: Shortest password unless the setting says otherwise; generated ones carry about 119 bits.
MIN_CHARS = 12
MAX_CHARS = 200
#: With fewer different characters it is one that repeats itself.
MIN_DISTINCT = 4
#: A plain list is held in memory, so it may have so many bytes at most.
MAX_LIST_BYTES = 64 * 1024 * 1024
#: The most common passwords of known breaches, shipped: those that are long enough to be chosen.
COMMON = Path(__file__).parent / "common_passwords.txt"

_HASH_LINE = re.compile(rb"[0-9A-Fa-f]{40}(:\d+)?\s*")
#: A line of the Pwned Passwords file is shorter.
_LONGEST_LINE = 80


@dataclass(frozen=True, slots=True)
class PlainList:
    """Breached passwords, one a line, in any order; case does not matter."""

    words: frozenset[str] = field(repr=False)

    def holds(self, password: str) -> bool:
        """Whether a password is in it."""
        return password.casefold() in self.words


@dataclass(frozen=True, slots=True)
class HashList:
    """The SHA-1 file of Pwned Passwords, ordered by hash: searched on the disk, never read whole.

    Lines are `HASH:COUNT` or `HASH`, in ascending order (haveibeenpwned.com/Passwords).
    """

    path: Path

    def holds(self, password: str) -> bool:
        """Whether a password is in it; some 30 reads of the file."""
        # SHA-1 because the list is made of it; nothing is kept so.
        wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
        try:
            with self.path.open("rb") as file:
                return _search(file, wanted)
        except OSError as error:
            raise SettingsError([f"BATON_BREACHED_PASSWORDS_FILE: {error.strerror}"]) from error


def read_breach_list(path: Path) -> PlainList | HashList:
    """Open a list of breached passwords.

    Raises:
        SettingsError: it cannot be read, or a plain list is too large to hold.
    """
    try:
        with path.open("rb") as file:
            if _HASH_LINE.fullmatch(file.readline(_LONGEST_LINE)):
                return HashList(path)
        if path.stat().st_size > MAX_LIST_BYTES:
            problem = (
                "BATON_BREACHED_PASSWORDS_FILE: a plain list may have 64 MB; "
                "take the SHA-1 file of Pwned Passwords, ordered by hash"
            )
            raise SettingsError([problem])
        lines = path.read_text("utf-8", errors="replace").splitlines()
    except OSError as error:
        raise SettingsError([f"BATON_BREACHED_PASSWORDS_FILE: {error.strerror}"]) from error
    return PlainList(frozenset(line.strip().casefold() for line in lines if line.strip()))


@cache
def common_passwords() -> PlainList:
    """Return the list that is shipped."""
    found = read_breach_list(COMMON)
    assert isinstance(found, PlainList)  # noqa: S101 - our own file
    return found


@dataclass(frozen=True, slots=True)
class PasswordRules:
    """What a password must be like."""

    min_chars: int = MIN_CHARS
    breached: PlainList | HashList | None = None

    def check(self, password: str, *, about: Sequence[str] = ()) -> None:
        """Refuse a password that would be guessed; `about`: login, name and address of its owner.

        Raises:
            PasswordRefused: says why.
        """
        if len(password) < self.min_chars:
            raise PasswordRefused("too_short", self.min_chars)
        if len(password) > MAX_CHARS:
            raise PasswordRefused("too_long", MAX_CHARS)
        if len(set(password)) < MIN_DISTINCT:
            raise PasswordRefused("repeats", self.min_chars)
        if _is_about(password, about):
            raise PasswordRefused("like_login", self.min_chars)
        lists = (common_passwords(), self.breached)
        if any(known is not None and known.holds(password) for known in lists):
            raise PasswordRefused("breached", self.min_chars)


async def hash_password(password: str, rules: PasswordRules, *, about: Sequence[str] = ()) -> str:
    """Check a new password and return the hash that is kept.

    Raises:
        PasswordRefused: the rules do not allow it.
    """
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(_HASHING, lambda: rules.check(password, about=about))
    return await loop.run_in_executor(_HASHING, HASHER.hash, password)


async def is_password(password: str, password_hash: str | None) -> bool:
    """Whether a password is the one of a hash; without a hash it takes as long to say no."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_HASHING, _matches, password_hash, password)


def generate_password() -> str:
    """Make a password that people can type: 24 letters and digits in groups of four."""
    alphabet = "abcdefghijkmnpqrstuvwxyz23456789"  # without 0/o, 1/l, which look alike
    groups = ("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(6))
    return "-".join(groups)


@cache
def _decoy() -> str:
    """Stand in for a login that does not exist, so that its refusal takes as long."""
    return HASHER.hash(secrets.token_urlsafe(16))


def _matches(password_hash: str | None, password: str) -> bool:
    try:
        return HASHER.verify(password_hash or _decoy(), password[: MAX_CHARS + 1])
    except (VerifyMismatchError, InvalidHashError):
        return False


def _is_about(password: str, about: Sequence[str]) -> bool:
    """Whether it is one of these words, once or again and again, with digits or signs around."""
    letters = re.sub(r"[\W\d_]", "", password.casefold())
    words = {re.sub(r"[\W\d_]", "", word.casefold()) for word in about}
    words |= {re.sub(r"[\W\d_]", "", word.casefold().partition("@")[0]) for word in about}
    if password.casefold() in {word.casefold() for word in about}:
        return True
    return any(len(word) > 1 and letters and not letters.replace(word, "") for word in words)


def _search(file: BinaryIO, wanted: bytes) -> bool:
    """Find the line of a hash by halving the file: lines are in order."""
    low, high = 0, file.seek(0, 2)
    while low < high:
        middle = (low + high) // 2
        file.seek(middle)
        if middle > 0:
            file.seek(middle - 1)
            file.readline(_LONGEST_LINE)  # the rest of a line, or just its end
        start = file.tell()
        line = file.readline(_LONGEST_LINE)
        if not line or start >= high:
            high = middle
            continue
        found = line[:40].upper()
        if found == wanted:
            return True
        if found < wanted:
            low = start + len(line)
        else:
            high = middle
    return False
