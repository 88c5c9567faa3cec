"""The provider of identities: its addresses, its keys, what it says of a person.

OpenID Connect Core 1.0, section 3.1 (authorization code flow), with PKCE (RFC 7636, S256).
"""

import asyncio
import base64
import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Self
from urllib.parse import quote_plus, urlencode

import jwt
from aiohttp import ClientError, ClientSession, ClientTimeout

from handoff_service.oidc.errors import AnswerInvalid, ProviderAway, ProviderRefused
from handoff_service.settings import Settings

logger = logging.getLogger(__name__)

TIMEOUT = ClientTimeout(10)
#: Difference between its clock and ours that is forgiven, in seconds.
SKEW_S = 60
#: What signs: never `none`, nor a secret that both sides have.
ALGORITHMS = ("RS256", "ES256")
SCOPE = "openid email profile"
CALLBACK = "/api/oidc/callback"
NO_HEADERS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Addresses:
    """What its discovery document says."""

    issuer: str
    authorize: str
    token: str
    keys: str
    #: Whether the secret goes into the body of the request instead of its header.
    secret_in_body: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Who signed in there."""

    issuer: str
    subject: str
    #: "" unless the provider vouches for it.
    email: str
    name: str
    groups: tuple[str, ...]


class OidcProvider:
    """One provider; what it publishes is read once and kept, keys until one is missing."""

    def __init__(self, settings: Settings, http: ClientSession) -> None:
        """Use the provider of the settings."""
        self._issuer = settings.oidc_issuer or ""
        self._client_id = settings.oidc_client_id or ""
        self._secret = settings.oidc_client_secret
        self._groups_claim = settings.oidc_groups_claim
        self._callback = settings.public_url + CALLBACK
        self._http = http
        self._addresses: Addresses | None = None
        self._keys: Mapping[str, jwt.PyJWK] = {}
        self._reading = asyncio.Lock()

    @classmethod
    def of(cls, settings: Settings, http: ClientSession) -> Self | None:
        """Return the provider of the settings, None without one."""
        return cls(settings, http) if settings.oidc_issuer else None

    async def sign_in_url(self, *, state: str, nonce: str, verifier: str) -> str:
        """Return where a browser is sent.

        Raises:
            ProviderAway: it does not answer, or not as it should.
        """
        addresses = await self._find()
        query = urlencode(
            {
                "response_type": "code",
                "client_id": self._client_id,
                "redirect_uri": self._callback,
                "scope": SCOPE,
                "state": state,
                "nonce": nonce,
                "code_challenge": challenge(verifier),
                "code_challenge_method": "S256",
            }
        )
        return f"{addresses.authorize}{'&' if '?' in addresses.authorize else '?'}{query}"

    async def person(self, code: str, *, nonce: str, verifier: str) -> Person:
        """Ask who the code stands for.

        Raises:
            ProviderAway: it does not answer, or not as it should.
            ProviderRefused: it does not take the code, or our id and secret.
            AnswerInvalid: what it answers is not signed by it, not for us, over, or another's.
        """
        addresses = await self._find()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._callback,
            "code_verifier": verifier,
        }
        headers = {}
        if self._secret is None or addresses.secret_in_body:
            form["client_id"] = self._client_id
        if self._secret is not None and addresses.secret_in_body:
            form["client_secret"] = self._secret
        elif self._secret is not None:
            # Each quoted first, as RFC 6749 has it (2.3.1).
            pair = f"{quote_plus(self._client_id)}:{quote_plus(self._secret)}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        status, answer = await self._ask("POST", addresses.token, data=form, headers=headers)
        if status >= 500:
            raise ProviderAway(f"its token endpoint answers {status}")
        if status >= 400:
            raise ProviderRefused(f"its token endpoint answers {status} {answer.get('error')!r}")
        return self._person(await self._claims(str(answer.get("id_token", "")), nonce=nonce))

    async def _claims(self, token: str, *, nonce: str) -> Mapping[str, Any]:
        addresses = await self._find()
        try:
            key = await self._key(jwt.get_unverified_header(token).get("kid", ""))
            claims: Mapping[str, Any] = jwt.decode(
                token,
                key.key,
                algorithms=[name for name in ALGORITHMS if name == key.algorithm_name],
                audience=self._client_id,
                issuer=addresses.issuer,
                leeway=SKEW_S,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except jwt.PyJWTError as error:
            raise AnswerInvalid(type(error).__name__) from error
        if claims.get("nonce") != nonce:
            raise AnswerInvalid("another nonce")
        others = claims["aud"] if isinstance(claims["aud"], list) else []
        if claims.get("azp", self._client_id) != self._client_id or (
            len(others) > 1 and "azp" not in claims
        ):
            raise AnswerInvalid("meant for another client")
        return claims

    def _person(self, claims: Mapping[str, Any]) -> Person:
        groups = claims.get(self._groups_claim)
        listed = groups if isinstance(groups, list) else [groups] if groups else []
        email = claims.get("email") if claims.get("email_verified") is True else ""
        name = claims.get("name") or claims.get("preferred_username") or ""
        return Person(
            issuer=str(claims["iss"]),
            subject=str(claims["sub"]),
            email=str(email or "").lower(),
            name=str(name),
            groups=tuple(str(group) for group in listed),
        )

    async def _find(self) -> Addresses:
        async with self._reading:
            if self._addresses is None:
                self._addresses = await self._discover()
            return self._addresses

    async def _discover(self) -> Addresses:
        url = f"{self._issuer}/.well-known/openid-configuration"
        status, said = await self._ask("GET", url)
        if status != 200:
            raise ProviderAway(f"{url} answers {status}")
        if str(said.get("issuer", "")).rstrip("/") != self._issuer:
            raise ProviderAway(f"{url} is of another issuer; look at BATON_OIDC_ISSUER")
        try:
            methods = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
            return Addresses(
                issuer=str(said["issuer"]),
                authorize=str(said["authorization_endpoint"]),
                token=str(said["token_endpoint"]),
                keys=str(said["jwks_uri"]),
                secret_in_body="client_secret_basic" not in methods,
            )
        except (KeyError, TypeError) as error:
            raise ProviderAway(f"{url} lacks {error}") from error

    async def _key(self, kid: str) -> jwt.PyJWK:
        """Return a key; one that is not known is looked for anew: providers change them."""
        if kid not in self._keys:
            self._keys = await self._read_keys()
        if not kid and len(self._keys) == 1:  # who has one key need not name it
            return next(iter(self._keys.values()))
        if kid not in self._keys:
            raise AnswerInvalid("signed with an unknown key")
        return self._keys[kid]

    async def _read_keys(self) -> Mapping[str, jwt.PyJWK]:
        addresses = await self._find()
        status, said = await self._ask("GET", addresses.keys)
        try:
            keys = jwt.PyJWKSet.from_dict(dict(said)).keys if status == 200 else []
        except jwt.PyJWTError as error:
            raise ProviderAway(f"its keys cannot be read: {error}") from error
        return {
            key.key_id or "": key
            for key in keys
            if key.public_key_use in {None, "sig"} and key.algorithm_name in ALGORITHMS
        }

    async def _ask(
        self, method: str, url: str, *, headers: Mapping[str, str] = NO_HEADERS, **more: Any
    ) -> tuple[int, Mapping[str, Any]]:
        # Sign-ins are rare: a connection kept from the last one would be dead as often as not, and
        # what is posted on a dead one is not tried again by itself.
        sent = {**headers, "Connection": "close"}
        try:
            async with self._http.request(
                method, url, headers=sent, timeout=TIMEOUT, allow_redirects=False, **more
            ) as response:
                return response.status, _read(await response.read())
        except (ClientError, TimeoutError, OSError) as error:
            logger.warning("the OpenID Connect provider: %s", type(error).__name__)
            raise ProviderAway(f"{url}: {type(error).__name__}") from error


def _read(body: bytes) -> Mapping[str, Any]:
    """Return a JSON object; {} for anything else, which lacks what is looked for."""
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def challenge(verifier: str) -> str:
    """Return what goes ahead of the verifier (RFC 7636, S256)."""
    made = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()
