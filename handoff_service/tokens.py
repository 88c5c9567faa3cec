"""Signs and reads the tokens of customers; a token says who, of which conversation, until when."""

from dataclasses import dataclass
from enum import StrEnum

import jwt

from handoff_service.refusals import TokenExpired, TokenInvalid

ALGORITHM = "HS256"


class Purpose(StrEnum):
    """What a token is for; one never serves for the other."""

    #: Kept by the browser for weeks, exchanged for a session token over HTTPS.
    VISITOR = "visitor"
    #: Opens the socket, for an hour.
    SESSION = "session"
    #: Stands in an e-mail's link for two weeks, exchanged for the other two by a click.
    RESUME = "resume"


@dataclass(frozen=True, slots=True)
class CustomerToken:
    """What a token says."""

    customer_id: str
    conversation_id: str
    #: Made for the operator's own measurements: not held to the rate limits.
    unlimited: bool = False
    #: `customer_id` is the site's own, as it signed it; only who brings that again may use it.
    identified: bool = False
    #: The browser's visit: ends with the sign-out, and all its tokens with it.
    visit: str = ""


class TokenSigner:
    """Makes and checks tokens with one key."""

    def __init__(self, key: str) -> None:
        """Use `key` for both; every replica has the same."""
        self._key = key.encode()

    def sign(self, token: CustomerToken, purpose: Purpose, *, now_ms: int, lifetime_s: int) -> str:
        """Write a token that is good for `lifetime_s` seconds from now."""
        claims: dict[str, str | int | bool] = {
            "aud": purpose.value,
            "sub": token.customer_id,
            "cid": token.conversation_id,
            "iat": now_ms // 1000,
            "exp": now_ms // 1000 + lifetime_s,
        }
        if token.unlimited:
            claims["free"] = True
        if token.identified:
            claims["known"] = True
        if token.visit:
            claims["vid"] = token.visit
        return jwt.encode(claims, self._key, algorithm=ALGORITHM)

    def read(self, text: str, purpose: Purpose, *, now_ms: int) -> CustomerToken:
        """Check a token and return what it says.

        Raises:
            TokenExpired: it was ours and is over.
            TokenInvalid: it was never ours, or is for something else.
        """
        try:
            claims = jwt.decode(
                text,
                self._key,
                algorithms=[ALGORITHM],
                audience=purpose.value,
                # The time is compared below, with the clock of the service.
                options={
                    "require": ["exp", "sub", "aud"],
                    "verify_exp": False,
                    "verify_iat": False,
                },
            )
        except (jwt.InvalidTokenError, UnicodeError) as error:
            raise TokenInvalid from error
        expires, conversation_id = claims["exp"], claims.get("cid")
        if not isinstance(expires, int) or not isinstance(conversation_id, str):
            raise TokenInvalid
        # Tokens from before there were visits go by their conversation.
        visit = claims.get("vid") or conversation_id
        if expires * 1000 <= now_ms:
            raise TokenExpired
        return CustomerToken(
            claims["sub"],
            conversation_id,
            unlimited=bool(claims.get("free")),
            identified=bool(claims.get("known")),
            visit=visit,
        )
