"""Every way a client is refused, with the code it reads and the HTTP status it gets.

Refusal
├── BadJson, BadFrame, TooLarge           cannot be read
├── EmptyMessage, TooLong                 can be read, cannot be posted
├── AttachmentKind, AttachmentTooLarge, AttachmentsFull, AttachmentGone, AttachmentsOff   a file
├── BadContact, MailOff                   nobody can be reached so
├── RateLimited, TooManyAttempts          too much at once
├── TokenInvalid, TokenExpired            a customer's token
├── IdentityInvalid, IdentityExpired, IdentityOff, IdentityRequired   what a site signed
├── NotSignedIn, WrongPassword, CsrfRefused   an agent's session
├── WrongCode, TicketGone, FactorSet      a second factor
├── LinkGone, PasswordOff                 a way in that is closed
├── OriginRefused, NotAllowed, NotYours   may not
├── Gone, NotFound                        is no longer, never was (or is not yours to know)
├── SettingsInvalid, SettingsFromFiles     cannot be set
├── TooMany, TooManyTags, SuggestionsAway   no room; no help for now
└── Stale, OfferExpired, OfferTaken, EditTooLate   came too late
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar

from handoff_service.errors import BatonError
from handoff_service.yaml_nodes import Problem


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


class AttachmentKind(Refusal):
    """A file of a kind that is not taken, or not what it seems to be."""

    code, status = "attachment_kind", 415


class AttachmentTooLarge(Refusal):
    """A file of more bytes than are taken."""

    code, status = "attachment_too_large", 413


class AttachmentsFull(Refusal):
    """The files of this conversation have as many bytes as they may have together."""

    code, status = "attachments_full", 403


class AttachmentGone(Refusal):
    """A file that a message names is not there, not from its writer, or part of another message."""

    code, status = "attachment_gone", 409


class AttachmentsOff(Refusal):
    """This site takes no files."""

    code, status = "attachments_off", 403


class BadContact(Refusal):
    """Neither an e-mail address nor a phone number, or not the one that was asked for."""

    code, status = "bad_contact", 400


class MailOff(Refusal):
    """No mail server is set (BATON_SMTP_URL)."""

    code, status = "mail_off", 403


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
    """No secret is set (BATON_IDENTITY_SECRET), or the site takes no identities."""

    code, status = "identity_off", 403


class IdentityRequired(Refusal):
    """The site serves only customers who are signed in there."""

    code, status = "identity_required", 401


class NotSignedIn(Refusal):
    """No session, or one that has ended."""

    code, status = "not_signed_in", 401


class WrongPassword(Refusal):
    """No such login, or not its password: one answer for both."""

    code, status = "wrong_password", 401


class NotYourPassword(WrongPassword):
    """Somebody who is signed in does not know the account's password."""

    status = 403


class WrongCode(Refusal):
    """Not a code of the second factor, or one that was used before."""

    code, status = "wrong_code", 403


class TicketGone(Refusal):
    """The first step of this sign-in is too long ago, or too many codes were wrong."""

    code, status = "ticket_gone", 401


class FactorSet(Refusal):
    """A second factor is set up already; or it must be, and cannot be taken away."""

    code, status = "factor_set", 409


class LinkGone(Refusal):
    """An invitation or a link to a new password that was used, replaced or is over."""

    code, status = "link_gone", 404


class PasswordOff(Refusal):
    """People sign in by the provider only (BATON_PASSWORD_SIGN_IN)."""

    code, status = "password_off", 403


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


class SettingsInvalid(Refusal):
    """Settings that their reader cannot use."""

    code, status = "settings_invalid", 400

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep what is wrong, place by place."""
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{each.where}: {each.what}" for each in self.problems))


class SettingsFromFiles(Refusal):
    """Settings are kept in files (BATON_SETTINGS_FROM=files)."""

    code, status = "settings_from_files", 403


class TooMany(Refusal):
    """As many of these as one may have are there already."""

    code, status = "too_many", 409


class SuggestionsAway(Refusal):
    """The action server gives no passages for now."""

    code, status = "suggestions_away", 503


class OfferExpired(Refusal):
    """The offer's deadline has passed."""

    code, status = "offer_expired", 409


class OfferTaken(Refusal):
    """Somebody else holds the conversation."""

    code, status = "offer_taken", 409


class EditTooLate(Refusal):
    """The message was written too long ago to be changed."""

    code, status = "edit_too_late", 409


class TooManyTags(Refusal):
    """The conversation would have more tags than one may have."""

    code, status = "too_many_tags", 409


#: What people read, by code; pages have their own wording in five languages and use this one last.
WORDS: Mapping[str, str] = MappingProxyType(
    {
        "bad_json": "This is not a JSON object.",
        "bad_frame": "A field is missing or has a value it cannot have.",
        "too_large": "This is too large.",
        "empty_message": "There is nothing to read in this message.",
        "too_long": "This message is too long.",
        "attachment_kind": "Files of this kind cannot be sent.",
        "attachment_too_large": "This file is too large.",
        "attachments_full": "No more files can be sent in this conversation.",
        "attachment_gone": "A file of this message is not there any more. Please attach it again.",
        "attachments_off": "Files cannot be sent here.",
        "bad_contact": "This is neither an e-mail address nor a phone number.",
        "mail_off": "This service sends no e-mail: BATON_SMTP_URL is not set.",
        "bad_search": "This cannot be searched for.",
        "rate_limited": "Too many at once. Please wait a moment.",
        "token_invalid": "This token is not valid.",
        "token_expired": "This token has expired.",
        "identity_invalid": "The identity of the customer was not signed for this service.",
        "identity_expired": "The identity of the customer has expired.",
        "identity_off": "No identities are taken here (BATON_IDENTITY_SECRET, data/widget.yml).",
        "identity_required": "Please sign in.",
        "not_signed_in": "Please sign in.",
        "wrong_password": "Login or password is wrong.",
        "wrong_code": "This code is not right, or it was used before.",
        "ticket_gone": "This took too long, or too many codes were wrong. Please begin again.",
        "factor_set": "A second factor is set up already, or the role asks for one.",
        "link_gone": "This link was used already, or it is over. Please ask for a new one.",
        "password_off": "Passwords are not used here; please sign in by the provider.",
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
        "edit_too_late": "This message was written too long ago to be changed.",
        "too_many_tags": "This conversation has as many tags as it may have.",
        "unavailable": "The service is not available at the moment. Please try again.",
        "login_taken": "Another account has this login.",
        "account_invalid": "A field of the account has a value it cannot have.",
        "password_refused": "This password would be guessed; please take another one.",
        "last_admin": "This is the last admin. Please make somebody else an admin first.",
        "notice_invalid": "A field of the notice has a value it cannot have.",
        "settings_invalid": "These settings cannot be used; each problem is named.",
        "settings_from_files": "Settings are kept in files here (BATON_SETTINGS_FROM=files).",
        "stale_version": "Somebody else has saved meanwhile; nothing of yours is lost.",
        "too_many": "There are too many of these already.",
        "suggestions_away": "There are no suggestions at the moment.",
        "server_error": "Something went wrong on our side.",
    }
)


def words_for(code: str) -> str:
    """What people read for a code; the general sentence for one that has none."""
    return WORDS.get(code, WORDS["server_error"])
