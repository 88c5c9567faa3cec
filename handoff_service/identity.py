"""Reads who a customer is from what the site's own server signed: a JSON Web Token (RFC 7519)."""

import re
from collections.abc import Mapping
from typing import Any

import jwt

from handoff_service.domain import Identity
from handoff_service.refusals import IdentityExpired, IdentityInvalid, IdentityOff

#: The one algorithm (HMAC with SHA-256) that is accepted, whatever a token's header says.
ALGORITHM = "HS256"
#: What the claim `aud` must be: a token that the site made for something else opens nothing here.
AUDIENCE = "baton"
#: Longest life of an identity, and how far the clocks may differ, in seconds.
LONGEST_S = 86_400
SKEW_S = 60
MOST_FLAGS = 20

_SUBJECT = re.compile(r"[!-~]{1,64}")  # as the history has room for: visible ASCII
_FLAG = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


class IdentityReader:
    """Checks identities with the secret that the site's server shares with Baton."""

    def __init__(self, secret: str | None) -> None:
        """Without a secret every identity is refused."""
        self._secret = secret

    def read(self, text: str, *, now_ms: int) -> Identity:
        """Return who the customer is.

        Claims: `sub` (the site's own id of the customer), `aud` (`baton`), `exp` (24 hours ahead at
        most), and, as the site wishes, `name`, `email`, `flags` (an array of short slugs).

        Raises:
            IdentityOff: no secret is set.
            IdentityExpired: it was good once.
            IdentityInvalid: forged, for something else, or a claim has another form.
        """
        if self._secret is None:
            raise IdentityOff
        try:
            claims = jwt.decode(
                text,
                self._secret,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                # Times are compared below, with the clock of the service.
                options={
                    "require": ["exp", "sub", "aud"],
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except (jwt.InvalidTokenError, UnicodeError) as error:
            raise IdentityInvalid(str(error)) from error
        _check_times(claims, now_s=now_ms // 1000)
        return Identity(
            customer_id=_matching(_SUBJECT, claims["sub"], name="sub"),
            name=_line(claims, "name", limit=200),
            email=_line(claims, "email", limit=254),
            flags=_flags(claims.get("flags")),
        )


def _check_times(claims: Mapping[str, Any], *, now_s: int) -> None:
    expires, begins = claims["exp"], claims.get("nbf", now_s)
    if type(expires) is not int or type(begins) is not int:
        raise IdentityInvalid("exp and nbf must be whole seconds")
    if expires <= now_s:
        raise IdentityExpired
    if expires > now_s + LONGEST_S + SKEW_S:
        raise IdentityInvalid("exp is more than 24 hours ahead")
    if begins > now_s + SKEW_S:
        raise IdentityInvalid("nbf is not reached yet")


def _line(claims: Mapping[str, Any], name: str, *, limit: int) -> str | None:
    value = claims.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > limit or not value.isprintable():
        raise IdentityInvalid(f"{name} must be one line of at most {limit} characters")
    return value


def _flags(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MOST_FLAGS:
        raise IdentityInvalid(f"flags must be an array of at most {MOST_FLAGS} slugs")
    return tuple(sorted({_matching(_FLAG, flag, name="flags") for flag in value}))


def _matching(pattern: re.Pattern[str], value: Any, *, name: str) -> str:
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        raise IdentityInvalid(f"{name} holds what it cannot hold")
    return value
