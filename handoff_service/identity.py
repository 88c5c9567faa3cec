"""Reads who a customer is from what the site's own server signed: a JSON Web Token (RFC 7519)."""

import re
from collections.abc import Mapping
from typing import Any

import jwt

from handoff_service.conversation import Identity
from handoff_service.identity_keys import IdentityKeys, Key
from handoff_service.refusals import IdentityExpired, IdentityInvalid, IdentityOff

#: The one algorithm (HMAC with SHA-256) that is accepted, whatever a token's header says.
ALGORITHM = "HS256"
#: What the claim `aud` must be: a token that the site made for something else opens nothing here.
AUDIENCE = "baton"
#: Longest life of an identity, and how far the clocks may differ, in seconds.
LONGEST_S = 86_400
SKEW_S = 60
MOST_FLAGS = 20
#: Longest token that is looked at, in characters.
MAX_CHARS = 4096

_SUBJECT = re.compile(r"[!-~]{1,64}")  # as the history has room for: visible ASCII
_FLAG = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_TIER = re.compile(r"[\w-]{1,32}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{3,38}")


class IdentityReader:
    """Checks identities with the secrets that the sites' servers share with Baton."""

    def __init__(self, secrets: str | None) -> None:
        """`secrets`: as IdentityKeys.parse reads them; without any every identity is refused."""
        self._keys = None if secrets is None else IdentityKeys.parse(secrets)

    def read(
        self, text: str, *, now_ms: int, site: str = "", keys: tuple[str, ...] = ()
    ) -> Identity:
        """Return who the customer is.

        Claims: `sub` (the site's own id of the customer), `aud` (`baton`), `exp` (24 hours ahead at
        most), and, as the site wishes, `site` (the one it is for), `name`, `email`, `phone`, `tier`
        (a word), `flags` (an array of short slugs). The header may name the secret (`kid`).

        Args:
            text: the token.
            now_ms: the time.
            site: which site the customer is on.
            keys: names of the secrets that may sign for it; none: each of them.

        Raises:
            IdentityOff: no secret is set.
            IdentityExpired: it was good once.
            IdentityInvalid: forged, for something else, or a claim has another form.
        """
        if self._keys is None:
            raise IdentityOff
        claims = _signed_by_one(self._keys.fitting(_kid(text), allowed=keys), text)
        _check_times(claims, now_s=now_ms // 1000)
        if claims.get("site", site) != site:
            raise IdentityInvalid("signed for another site")
        return Identity(
            customer_id=_matching(_SUBJECT, claims["sub"], name="sub"),
            name=_line(claims, "name", limit=200),
            email=_line(claims, "email", limit=254),
            phone=_matching(_PHONE, phone, name="phone")
            if (phone := claims.get("phone"))
            else None,
            tier=_matching(_TIER, tier, name="tier") if (tier := claims.get("tier")) else None,
            flags=_flags(claims.get("flags")),
        )


def _kid(text: str) -> str | None:
    """Return which secret a token says that signed it; nothing else of its header is believed."""
    if len(text) > MAX_CHARS:
        raise IdentityInvalid(f"longer than {MAX_CHARS} characters")
    try:
        kid = jwt.get_unverified_header(text).get("kid")
    except (jwt.InvalidTokenError, UnicodeError) as error:
        raise IdentityInvalid(str(error)) from error
    return kid if isinstance(kid, str) else None


def _signed_by_one(keys: tuple[Key, ...], text: str) -> Mapping[str, Any]:
    """Return the claims.

    Each secret is tried, whichever fits, so that the time taken says nothing of which one did;
    each signature is compared in constant time (PyJWT: hmac.compare_digest).
    """
    found: Mapping[str, Any] | None = None
    refused: Exception = IdentityInvalid("no secret of this name may sign for the site")
    for key in keys:
        try:
            found = _decode(text, key.secret)
        except (jwt.InvalidTokenError, UnicodeError) as error:  # noqa: PERF203 - each is tried
            refused = error
    if found is None:
        raise IdentityInvalid(str(refused)) from refused
    return found


def _decode(text: str, secret: str) -> Mapping[str, Any]:
    return jwt.decode(
        text,
        secret,
        algorithms=[ALGORITHM],
        audience=AUDIENCE,
        # Times are compared by the caller, with the clock of the service.
        options={
            "require": ["exp", "sub", "aud"],
            "verify_exp": False,
            "verify_iat": False,
            "verify_nbf": False,
        },
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
