"""Signing in by a provider: a real one on loopback, and one that says what it should not."""

import time
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import jwt
import oidc_provider_mock
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from handoff_service.archive.accounts import Role
from tests.handoff_service.gateway.harness import free_port

# The provider runs in a thread of ours, and the library below it warns of its own next release.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
CLIENT = {"oidc_client_id": "baton", "oidc_client_secret": "a secret of 16 or more"}


@pytest.fixture(scope="module")
def real():
    """A real provider; whoever is named at its form is signed in."""
    users = [
        oidc_provider_mock.User(
            sub="olga",
            claims={
                "email": "olga@shop.example", "email_verified": True, "name": "Olga",
                "groups": ["night", "leads"],
            },
        )
    ]  # fmt: skip
    with oidc_provider_mock.run_server_in_thread(user_claims=users) as server:
        yield f"http://localhost:{server.server_port}"


async def go_there(http):
    """Press the button; return where the browser is sent."""
    async with http.get("/api/oidc/start", allow_redirects=False) as answer:
        assert answer.status == 302, await answer.text()
        return answer.headers["Location"]


async def come_back(http, url):
    """Follow the provider back; return where the browser ends."""
    parts = urlsplit(url)
    async with http.get(f"{parts.path}?{parts.query}", allow_redirects=False) as answer:
        assert answer.status == 302, await answer.text()
        return answer.headers["Location"]


async def at_provider(http, url, subject="olga"):
    """Sign in at the provider's form; return where it sends the browser."""
    async with http.post(url, data={"sub": subject}, allow_redirects=False) as answer:
        assert answer.status == 302, await answer.text()
        return answer.headers["Location"]


async def test_a_real_provider_signs_somebody_in_with_role_and_teams(start_service, real):
    service = await start_service(
        oidc_issuer=real, **CLIENT, oidc_join=True, oidc_domains=("shop.example",),
        oidc_roles={"leads": Role.SUPERVISOR}, oidc_teams={"night": "night", "day": "day"},
    )  # fmt: skip
    http = await service.http()
    there = await go_there(http)
    asked = parse_qs(urlsplit(there).query)
    assert asked["code_challenge_method"] == ["S256"]
    back = await at_provider(http, there)

    assert await come_back(http, back) == "/console"

    me = (await (await http.get("/api/me")).json())["agent"]
    assert (me["login"], me["name"], me["role"], me["teams"]) == (
        "olga@shop.example", "Olga", "supervisor", ["night"],
    )  # fmt: skip
    # The same answer once more, and in another browser: used, and not theirs.
    assert await come_back(http, back) == "/console#/signin/oidc_stale"
    fresh = await at_provider(http, await go_there(http))
    assert await come_back(await service.http(), fresh) == "/console#/signin/oidc_stale"
    # She is the same person the next time.
    again = await service.http()
    assert await come_back(again, await at_provider(again, await go_there(again))) == "/console"
    assert (await (await again.get("/api/me")).json())["agent"]["agent_id"] == me["agent_id"]


@pytest.mark.parametrize(
    ("settings", "made", "ends"),
    [
        ({}, None, "oidc_unknown"),
        ({"oidc_join": True, "oidc_domains": ("other.example",)}, None, "oidc_unknown"),
        ({}, "olga@shop.example", "oidc_unknown"),
        ({"oidc_link": True}, "olga@shop.example", ""),
        ({"oidc_link": True}, "somebody@shop.example", "oidc_unknown"),
    ],
)
async def test_who_may_come_in_is_a_setting(start_service, real, settings, made, ends):
    service = await start_service(oidc_issuer=real, **CLIENT, **settings)
    if made:
        await service.account(login=made)
    http = await service.http()

    end = await come_back(http, await at_provider(http, await go_there(http)))

    assert end == (f"/console#/signin/{ends}" if ends else "/console")


async def test_a_token_that_is_over_opens_nothing(start_service):
    over = oidc_provider_mock.run_server_in_thread(access_token_max_age=timedelta(seconds=-300))
    with over as server:
        issuer = f"http://localhost:{server.server_port}"
        service = await start_service(oidc_issuer=issuer, **CLIENT, oidc_join=True)
        http = await service.http()
        there = await go_there(http)
        end = await come_back(http, await at_provider(http, there))

    assert end == "/console#/signin/oidc_invalid"


async def test_a_provider_that_is_away_is_told_in_words(start_service):
    service = await start_service(oidc_issuer=f"http://127.0.0.1:{free_port()}", **CLIENT)

    assert await go_there(await service.http()) == "/console#/signin/oidc_away"


async def test_without_a_provider_there_is_no_such_way_and_passwords_can_be_off(
    start_service, real
):
    plain = await (await start_service()).http()
    assert (await plain.get("/api/oidc/start")).status == 404
    service = await start_service(oidc_issuer=real, **CLIENT, password_sign_in=False)
    account, http = await service.account(), await service.http()

    ways = await (await http.get("/api/sign-in")).json()
    refused = await http.post("/api/login", json={"login": "jo", "password": account["password"]})

    assert (ways["password"], ways["oidc"]) == (False, "SSO")
    assert (await refused.json())["error"]["code"] == "password_off"


class Forger:
    """A provider whose tokens a test changes."""

    def __init__(self):
        self.rsa = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.ec = ec.generate_private_key(ec.SECP256R1())
        self.other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.forge = lambda claims: jwt.encode(claims, self.rsa, "RS256", headers={"kid": "r"})

    async def discovery(self, _request):
        return web.json_response(
            {
                "issuer": self.url, "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token", "jwks_uri": f"{self.url}/keys",
            }
        )  # fmt: skip

    async def keys(self, _request):
        made = {"r": (jwt.algorithms.RSAAlgorithm, self.rsa),
                "e": (jwt.algorithms.ECAlgorithm, self.ec)}  # fmt: skip
        keys = [
            kind.to_jwk(key.public_key(), as_dict=True) | {"kid": kid, "use": "sig"}
            for kid, (kind, key) in made.items()
        ]
        return web.json_response({"keys": keys})

    async def token(self, request):
        form = await request.post()
        assert form["code_verifier"]
        now = int(time.time())
        claims = {
            "iss": self.url, "aud": "baton", "sub": "eve", "iat": now, "exp": now + 60,
            "nonce": form["code"], "email": "eve@shop.example", "email_verified": True,
        }  # fmt: skip
        return web.json_response({"id_token": self.forge(claims)})


@pytest.fixture
async def forger():
    forger, app = Forger(), web.Application()
    app.add_routes(
        [
            web.get("/.well-known/openid-configuration", forger.discovery),
            web.get("/keys", forger.keys),
            web.post("/token", forger.token),
        ]
    )
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    forger.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield forger
    await runner.cleanup()


async def test_only_a_token_that_is_for_us_and_from_there_opens(start_service, forger):
    service = await start_service(
        oidc_issuer=forger.url, **CLIENT, oidc_join=True, logins_per_minute=100
    )
    http, now = await service.http(), int(time.time())

    async def end_with(forge):
        forger.forge = forge
        asked = parse_qs(urlsplit(await go_there(http)).query)
        # The code stands for the nonce, which a real provider would remember.
        back = f"/api/oidc/callback?state={asked['state'][0]}&code={asked['nonce'][0]}"
        return (await come_back(http, back)).rpartition("/")[2]

    def by(key=forger.rsa, algorithm="RS256", kid="r", **changes):
        return lambda claims: jwt.encode(claims | changes, key, algorithm, headers={"kid": kid})

    wrong = {
        "another issuer": by(iss="https://evil.example"),
        "another audience": by(aud="somebody-else"),
        "several audiences, not for us": by(aud=["baton", "x"]),
        "another client's": by(azp="somebody-else"),
        "over": by(exp=now - 120),
        "of another sign-in": by(nonce="another"),
        "another key": by(key=forger.other),
        "an unknown key": by(key=forger.other, kid="new"),
        "no key": by(key=None, algorithm="none"),
        "a shared secret": by(key="s" * 32, algorithm="HS256"),
        "no token": lambda _claims: "x",
    }
    for what, forge in wrong.items():
        assert await end_with(forge) == "oidc_invalid", what
    assert (await http.get("/api/me")).status == 401
    # A minute's difference of clocks is forgiven; both kinds of keys serve.
    assert await end_with(by(exp=now - 30)) == "console"
    assert await end_with(by(key=forger.ec, algorithm="ES256", kid="e")) == "console"
    refused = parse_qs(urlsplit(await go_there(http)).query)["state"][0]
    end = await come_back(http, f"/api/oidc/callback?state={refused}&error=access_denied")
    assert end == "/console#/signin/oidc_refused"
