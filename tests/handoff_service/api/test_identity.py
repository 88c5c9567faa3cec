"""Who a customer is, as the site's own server signs it: believed when signed, refused otherwise."""

import base64
import hmac
import json
import time

import jwt
import pytest

from handoff_service.archive.transcripts import find_record
from handoff_service.identity import IdentityReader
from handoff_service.refusals import IdentityExpired, IdentityInvalid, IdentityOff

SECRET = "the site and Baton share this one secret"
HOUR_S = 3600


def sign(secret=SECRET, algorithm="HS256", **claims):
    """Return an identity; a claim of None is left out."""
    whole = {"sub": "42", "aud": "baton", "exp": int(time.time()) + HOUR_S} | claims
    return jwt.encode({k: v for k, v in whole.items() if v is not None}, secret, algorithm)


def unsigned(**claims):
    parts = ({"alg": "none", "typ": "JWT"}, {"sub": "42", "aud": "baton"} | claims)
    texts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts]
    return b".".join([*texts, b""]).decode()


def soon():
    return int(time.time()) + HOUR_S


def read(text, *, secret=SECRET, **where):
    return IdentityReader(secret).read(text, now_ms=int(time.time() * 1000), **where)


@pytest.fixture
async def site(start_service):
    """The service, with a secret that the site shares."""
    return await start_service(identity_secret=SECRET)


async def refusal(service, **body):
    http = await service.http()
    async with http.post("/api/customer/session", json=body) as answer:
        return answer.status, (await answer.json())["error"]["code"]


async def talk_of(service, session):
    return await service.parts.store.conversations.get(session["conversation_id"])


def test_all_that_is_signed_is_read():
    text = sign(
        name="Kim Min-ji", email="kim@shop.example", flags=["vip", "at_risk", "vip"],
        phone="+82 2-312-3456", tier="gold", site="shop",
    )  # fmt: skip

    who = read(text, site="shop")

    assert (who.phone, who.tier) == ("+82 2-312-3456", "gold")
    assert (who.customer_id, who.name, who.email) == ("42", "Kim Min-ji", "kim@shop.example")
    assert who.flags == ("at_risk", "vip")


@pytest.mark.parametrize(
    "make",
    [
        lambda: sign("another secret, as long as the first one"),
        lambda: unsigned(exp=soon()),
        lambda: sign(aud="billing"),
        lambda: sign(aud=None),
        lambda: sign(exp=None),
        lambda: sign(exp=str(soon())),
        lambda: sign(exp=soon() + 25 * HOUR_S),
        lambda: sign(nbf=soon()),
        lambda: sign(sub=None),
        lambda: sign(sub=""),
        lambda: sign(sub="x" * 65),
        lambda: sign(sub="a b"),
        lambda: sign(name=["Kim"]),
        lambda: sign(name="Kim\nadmin"),
        lambda: sign(email="a" * 255),
        lambda: sign(flags="vip"),
        lambda: sign(flags=["VIP!"]),
        lambda: sign(flags=[{"vip": True}]),
        lambda: sign(flags=[f"f{number}" for number in range(21)]),
        lambda: sign(tier="two words"),
        lambda: sign(tier=1),
        lambda: sign(phone="call me"),
        lambda: sign(site="another-shop"),
        lambda: sign(padding="x" * 4096),
        lambda: sign()[:-2],
        lambda: "no token at all",
        lambda: "a.b.ü",
    ],
)
def test_what_was_not_signed_or_says_what_it_cannot_say_is_refused(make):
    with pytest.raises(IdentityInvalid):
        read(make())


def test_the_payload_of_one_under_the_signature_of_another_is_refused():
    (head, _, signature), (_, other, _) = (
        sign().split("."),
        sign(sub="43", flags=["vip"]).split("."),
    )

    with pytest.raises(IdentityInvalid):
        read(f"{head}.{other}.{signature}")


def test_a_public_key_as_secret_is_no_way_in():
    """Algorithm confusion: RS256 named, HMAC computed with what everybody may know."""
    public = (
        "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----"
    )
    head = base64.urlsafe_b64encode(b'{"alg":"RS256","typ":"JWT"}').rstrip(b"=")
    body = sign().split(".")[1].encode()
    mac = hmac.new(public.encode(), head + b"." + body, "sha256").digest()
    forged = b".".join([head, body, base64.urlsafe_b64encode(mac).rstrip(b"=")]).decode()

    for secret in (public, SECRET):
        with pytest.raises(IdentityInvalid):
            read(forged, secret=secret)


OLD, NEW = "o" * 40, "n" * 40


@pytest.mark.parametrize("secret", [OLD, NEW])
@pytest.mark.parametrize("named", [True, False])
def test_while_a_secret_is_replaced_both_open(secret, named):
    header = {"kid": "2026" if secret is NEW else "2025"} if named else None
    claims = {"sub": "42", "aud": "baton", "exp": soon()}

    who = read(jwt.encode(claims, secret, headers=header), secret=f"2025:{OLD} 2026:{NEW}")

    assert who.customer_id == "42"


@pytest.mark.parametrize(
    ("secret", "kid", "keys"),
    [
        (OLD, "2026", ()),  # signed by another than it names
        (NEW, "2027", ()),  # nobody knows that name
        (OLD, "2025", ("2026",)),  # not one of this site's
        (OLD, None, ("2026",)),
        (NEW, "2026", ("none",)),
    ],
)
def test_a_secret_opens_under_its_own_name_and_for_its_own_sites_only(secret, kid, keys):
    claims = {"sub": "42", "aud": "baton", "exp": soon()}
    text = jwt.encode(claims, secret, headers={"kid": kid} if kid else None)

    with pytest.raises(IdentityInvalid):
        read(text, secret=f"2025:{OLD} 2026:{NEW}", keys=keys)


@pytest.mark.parametrize("secret", [OLD, f"one:{OLD}", "words with spaces, as many as one wishes"])
def test_a_single_secret_signs_as_it_is_whatever_it_looks_like(secret):
    assert read(sign(secret), secret=secret).customer_id == "42"


@pytest.mark.parametrize("text", ["short", f"a:{OLD} a:{NEW}", f"a:{OLD} {NEW}", f"a:{OLD} b:x"])
def test_secrets_that_nobody_should_use_are_told_at_the_start(text):
    with pytest.raises(ValueError, match="secret"):
        IdentityReader(text)


def test_no_other_algorithm_is_believed():
    with pytest.raises(IdentityInvalid):
        read(sign(SECRET * 2, algorithm="HS512"), secret=SECRET * 2)


def test_what_is_over_is_told_apart():
    with pytest.raises(IdentityExpired):
        read(sign(exp=int(time.time()) - 1))


def test_without_a_secret_every_identity_is_refused():
    with pytest.raises(IdentityOff):
        read(sign(), secret=None)


async def test_a_refused_identity_is_named_and_begins_nothing(site, service):
    assert await refusal(site, identity=sign("x" * 40)) == (401, "identity_invalid")
    assert await refusal(site, identity=sign(exp=1)) == (401, "identity_expired")
    assert await refusal(service, identity=sign()) == (403, "identity_off")


async def test_agents_see_who_it_is_and_the_bot_hears_the_flags(site):
    session = await site.session(
        identity=sign(name="Kim", email="kim@shop.example", flags=["vip"]), utc_offset_min=540
    )

    talk = await talk_of(site, session)

    assert session["customer_id"] == talk.customer_id == "42"
    assert talk.identity.flags == ("vip",)
    assert talk.utc_offset_min == 540
    customer = await site.customer(session)
    await customer.send("message", message_id="m1", text="hello")
    await customer.event("message.posted", author="bot")
    metadata = site.bot.seen[-1]["metadata"]
    assert metadata["flags"] == ["vip"]
    assert isinstance(metadata["local_hour"], int)
    assert not [e for e in customer.events() if e["type"] == "customer.identified"]
    agent = await site.agent(await site.account())
    await customer.send("request_person", message_id="m2")
    offer = (await agent.until("offer"))["offer"]
    assert offer["customer"] == {
        "customer_id": "42", "name": "Kim", "email": "kim@shop.example", "flags": ["vip"],
        "device": {"browser": "Python aiohttp", "os": None, "mobile": False}, "utc_offset_min": 540,
    }  # fmt: skip


async def test_who_signs_in_keeps_the_conversation_and_the_history_knows(site):
    anonymous = await site.session()

    signed_in = await site.session(visitor_token=anonymous["visitor_token"], identity=sign())

    assert signed_in["conversation_id"] == anonymous["conversation_id"]
    assert signed_in["customer_id"] == "42"
    seq = (await talk_of(site, signed_in)).last_seq
    events = await site.in_history(signed_in["conversation_id"], seq)
    assert events[-1].type.value == "customer.identified"
    record = await find_record(site.parts.database, signed_in["conversation_id"])
    assert record.customer_id == "42"


async def test_the_same_customer_goes_on_and_new_flags_count(site):
    first = await site.session(identity=sign())

    again = await site.session(visitor_token=first["visitor_token"], identity=sign(flags=["vip"]))
    same = await site.session(visitor_token=again["visitor_token"], identity=sign(flags=["vip"]))

    assert first["conversation_id"] == again["conversation_id"] == same["conversation_id"]
    talk = await talk_of(site, same)
    assert (talk.identity.flags, talk.last_seq) == (("vip",), 3), "told once each"


@pytest.mark.parametrize("identity", [None, "43"])
async def test_nobody_else_on_the_same_browser_sees_the_conversation(site, identity):
    first = await site.session(identity=sign())
    body = {"identity": sign(sub=identity)} if identity else {}

    other = await site.session(visitor_token=first["visitor_token"], **body)

    assert other["conversation_id"] != first["conversation_id"]
    assert other["customer_id"] != "42"
    assert (await talk_of(site, first)).customer_id == "42"


async def test_a_token_from_before_the_sign_in_opens_the_conversation_no_more(site):
    before = await site.session()
    await site.session(visitor_token=before["visitor_token"], identity=sign())

    after = await site.session(visitor_token=before["visitor_token"])
    page = await site.connect("/ws/customer")
    await page.send("hello", v=1, token=before["session_token"], last_seq=0)

    assert after["conversation_id"] != before["conversation_id"]
    assert (await page.until("error"))["code"] == "token_invalid"


async def test_who_signs_out_is_nobody_even_when_the_conversation_is_gone(site):
    first = await site.session(identity=sign())
    keys = site.parts.store.keys
    await site.parts.store.redis.delete(keys.conversation(first["conversation_id"]))

    other = await site.session(visitor_token=first["visitor_token"])

    assert other["customer_id"] != "42"


async def test_the_page_and_the_clock_are_those_of_the_latest_visit(site):
    first = await site.session(page={"url": "https://shop.example/a", "title": "A"})

    again = await site.session(
        visitor_token=first["visitor_token"],
        page={"url": "https://shop.example/b", "title": "B"},
        utc_offset_min=-300,
    )

    talk = await talk_of(site, again)
    assert talk.page == {"url": "https://shop.example/b", "title": "B"}
    assert talk.utc_offset_min == -300
