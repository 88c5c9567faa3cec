"""Reads the secrets with which sites sign who a customer is: one, or several with a name each."""

import re
from dataclasses import dataclass, field
from typing import Self

#: What RFC 7518 (3.2) asks of a key for HS256: as many bytes as the hash has.
KEY_MIN_CHARS = 32

_NAMED = re.compile(r"(?P<kid>[A-Za-z0-9_-]{1,32}):(?P<secret>\S+)")


@dataclass(frozen=True, slots=True)
class Key:
    """One secret; `kid` is what a token's header calls it, "" for one without a name."""

    kid: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class IdentityKeys:
    """Every secret that may sign."""

    all: tuple[Key, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read one secret, or several as `kid:secret kid:secret`.

        A single secret that happens to look like `kid:secret` is both: it signs as a whole, too.

        Raises:
            ValueError: a secret is too short, two have the same name, or of several items some
                have a name and some have none.
        """
        items = text.split()
        named = [match for item in items if (match := _NAMED.fullmatch(item))]
        if not named or (len(items) == 1 and len(named[0]["secret"]) < KEY_MIN_CHARS):
            return cls((_long_enough(Key("", text)),))
        if len(named) != len(items) or len({match["kid"] for match in named}) != len(named):
            raise ValueError("each secret as kid:secret, each kid once")
        keys = [_long_enough(Key(match["kid"], match["secret"])) for match in named]
        return cls((*keys, Key("", text)) if len(keys) == 1 else tuple(keys))

    def fitting(self, kid: str | None, *, allowed: tuple[str, ...] = ()) -> tuple[Key, ...]:
        """Return the secrets that may have signed a token.

        Args:
            kid: what its header names; None: it names none, so that each may have.
            allowed: names of those that may sign for a site; none: all of them.
        """
        keys = [key for key in self.all if not allowed or key.kid in allowed]
        # A token of before the secrets had names may name anything: one without a name fits it.
        return tuple(key for key in keys if kid is None or key.kid in {kid, ""})


def _long_enough(key: Key) -> Key:
    if len(key.secret) < KEY_MIN_CHARS:
        raise ValueError(f"a secret has fewer than {KEY_MIN_CHARS} characters")
    return key
