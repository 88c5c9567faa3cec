"""What can go wrong with a provider of identities; people read words for the code.

OidcError
├── ProviderAway      does not answer, or not as OpenID Connect says
├── ProviderRefused   sent the person back with an error, or does not take what it is shown
├── AnswerInvalid     not for us, not from there, too old or not signed as it should be
├── AnswerStale       this browser did not ask, or asked too long ago, or the answer was used
└── NotInvited        the person is known there, but has no account here
"""

from typing import ClassVar

from handoff_service.errors import BatonError


class OidcError(BatonError):
    """Nobody could be signed in."""

    code: ClassVar[str] = "oidc_invalid"


class ProviderAway(OidcError):
    """The provider does not answer, or not as OpenID Connect says."""

    code = "oidc_away"


class ProviderRefused(OidcError):
    """The provider sent the person back with an error, or does not take what it is shown."""

    code = "oidc_refused"


class AnswerInvalid(OidcError):
    """The answer is not for us, not from there, too old, or not signed as it should be."""

    code = "oidc_invalid"


class AnswerStale(OidcError):
    """This browser did not ask, or asked too long ago, or the answer was used before."""

    code = "oidc_stale"


class NotInvited(OidcError):
    """The person is known there, but has no account here."""

    code = "oidc_unknown"
