"""Every way a client is refused, with the code it reads and the HTTP status it gets.

Refusal
├── BadJson, BadFrame, TooLarge           cannot be read
├── EmptyMessage, TooLong                 can be read, cannot be posted
├── RateLimited, TooManyAttempts          too much at once
├── TokenInvalid, TokenExpired            a customer's token
├── IdentityInvalid, IdentityExpired, IdentityOff   what a site signed of a customer
├── NotSignedIn, WrongPassword, CsrfRefused   an agent's session
├── OriginRefused, NotAllowed, NotYours   may not
├── Gone, NotFound                        is no longer, never was (or is not yours to know)
└── Stale, OfferExpired, OfferTaken       came too late
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar

from handoff_service.errors import BatonError


class Refusal(BatonError):
    """The service understood and will not do it."""

    code: ClassVar[str] = "not_allowed"
    #: HTTP status of the refusal; on a socket only the code counts.
    status: ClassVar[int] = 403


class BadJson(Refusal):
    """Not a JSON object."""

    code, status = "bad_json", 400


class BadFrame(Refusal):
    """JSON, but a field is missing or holds what it cannot hold."""

    code, status = "bad_frame", 400

    def __init__(self, names: Sequence[str]) -> None:
        """Name the fields."""
        self.names = tuple(names)
        super().__init__(", ".join(self.names))


class TooLarge(Refusal):
    """More bytes than are read at all."""

    code, status = "too_large", 413


class EmptyMessage(Refusal):
    """Nothing but white space and characters that cannot be seen."""

    code, status = "empty_message", 400


class TooLong(Refusal):
    """More characters than a message may have."""

    code, status = "too_long", 400

    def __init__(self, limit: int) -> None:
        """Keep the limit, in characters."""
        self.limit = limit
        super().__init__(f"more than {limit} characters")


class RateLimited(Refusal):
    """Too much in too short a time; the next try may pass after `retry_after_s`."""

    code, status = "rate_limited", 429

    def __init__(self, *, retry_after_s: int = 1) -> None:
        """Keep the wait, in seconds."""
        self.retry_after_s = retry_after_s
        super().__init__(f"again after {retry_after_s} s")


class TooManyAttempts(RateLimited):
    """Too many failures to sign in."""


class TokenInvalid(Refusal):
    """A customer's token that we did not make, or not for this."""

    code, status = "token_invalid", 401


class TokenExpired(Refusal):
    """A customer's token that was good once."""

    code, status = "token_expired", 401


class IdentityInvalid(Refusal):
    """What should say who a customer is was not signed by the site, or says what it cannot say."""

    code, status = "identity_invalid", 401


class IdentityExpired(Refusal):
    """The site signed it, and it is over."""

    code, status = "identity_expired", 401


class IdentityOff(Refusal):
    """No secret is set (BATON_IDENTITY_SECRET) with which an identity could be checked."""

    code, status = "identity_off", 403


class NotSignedIn(Refusal):
    """No session, or one that has ended."""

    code, status = "not_signed_in", 401


class WrongPassword(Refusal):
    """No such login, or not its password: one answer for both."""

    code, status = "wrong_password", 401


class CsrfRefused(Refusal):
    """A state-changing request without the token that only our own page knows."""

    code, status = "csrf_refused", 403


class OriginRefused(Refusal):
    """A socket or a request from a page that is not ours."""

    code, status = "origin_refused", 403


class NotAllowed(Refusal):
    """The role or the state of the conversation does not permit it."""


class NotYours(Refusal):
    """The conversation is held by, or offered to, someone else."""

    code, status = "not_yours", 403


class Gone(Refusal):
    """The conversation or offer does not exist any more."""

    code, status = "gone", 410


class NotFound(Refusal):
    """No such thing, or none that you may know of."""

    code, status = "not_found", 404


class Stale(Refusal):
    """Decided under an epoch that has passed."""

    code, status = "stale", 409


class OfferExpired(Refusal):
    """The offer's deadline has passed."""

    code, status = "offer_expired", 409


class OfferTaken(Refusal):
    """Somebody else holds the conversation."""

    code, status = "offer_taken", 409


#: What people read, by code; pages have their own wording in five languages and use this one last.
WORDS: Mapping[str, str] = MappingProxyType(
    {
        "bad_json": "This is not a JSON object.",
        "bad_frame": "A field is missing or has a value it cannot have.",
        "too_large": "This is too large.",
        "empty_message": "There is nothing to read in this message.",
        "too_long": "This message is too long.",
        "rate_limited": "Too many at once. Please wait a moment.",
        "token_invalid": "This token is not valid.",
        "token_expired": "This token has expired.",
        "identity_invalid": "The identity of the customer was not signed for this service.",
        "identity_expired": "The identity of the customer has expired.",
        "identity_off": "This service does not check identities: BATON_IDENTITY_SECRET is not set.",
        "not_signed_in": "Please sign in.",
        "wrong_password": "Login or password is wrong.",
        "csrf_refused": "The request does not carry the token of this session.",
        "origin_refused": "Requests from this page are not accepted.",
        "not_allowed": "This is not possible now.",
        "not_yours": "Somebody else looks after this conversation.",
        "gone": "This conversation does not exist any more.",
        "not_found": "There is nothing here.",
        "method_not_allowed": "This address does not take that kind of request.",
        "stale": "The conversation has changed meanwhile.",
        "offer_expired": "This offer has expired.",
        "offer_taken": "Somebody else has taken this conversation.",
        "unavailable": "The service is not available at the moment. Please try again.",
        "login_taken": "Another account has this login.",
        "account_invalid": "A field of the account has a value it cannot have.",
        "server_error": "Something went wrong on our side.",
    }
)


def words_for(code: str) -> str:
    """What people read for a code; the general sentence for one that has none."""
    return WORDS.get(code, WORDS["server_error"])
