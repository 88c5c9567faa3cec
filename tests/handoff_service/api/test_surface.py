"""The whole surface: headers, errors, OpenAPI, static files."""

import re

import aiohttp
import pytest
from openapi_spec_validator import validate

from handoff_service.api.openapi import PATH, openapi
from handoff_service.api.routes import OPERATIONS

#: Every kind of answer: page, frame, file, JSON, error, redirect.
PATHS = [
    "/demo", "/console", "/widget/frame", "/widget/loader.js", "/shared/protocol.js", "/healthz",
    "/api/me", "/nowhere", "/help/en/", "/help/en/nothing", "/help-assets/help.css", "/help",
    "/api/openapi.json", "/ws/customer", "/widget/plain",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
async def test_every_answer_carries_the_security_headers(service, path):
    answer = await (await service.http()).get(path, allow_redirects=False)

    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "base-uri 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"]
    assert answer.headers["Server"] == "Baton"


@pytest.mark.parametrize("path", PATHS)
async def test_only_the_widget_frame_may_be_shown_elsewhere_and_only_where_allowed(
    start_service, path
):
    shops = ("https://shop.example", "https://www.shop.example")
    service = await start_service(allowed_origins=shops)

    answer = await (await service.http()).get(path, allow_redirects=False)

    ancestors = re.search(r"frame-ancestors ([^;]+)", answer.headers["Content-Security-Policy"])[1]
    if path == "/widget/frame":
        assert ancestors == "'self' https://shop.example https://www.shop.example"
        assert "X-Frame-Options" not in answer.headers
    else:
        assert ancestors == "'none'"
        assert answer.headers["X-Frame-Options"] == "DENY"


async def test_the_policy_lets_the_page_open_our_socket_and_no_other(service):
    answer = await (await service.http()).get("/widget/frame")

    connect = re.search(r"connect-src ([^;]+)", answer.headers["Content-Security-Policy"])[1]
    assert f"ws://127.0.0.1:{service.settings.port}" in connect
    assert "*" not in connect
    assert "[" not in connect, "a policy cannot name an IPv6 address"


@pytest.mark.parametrize("path", ["/demo", "/console", "/widget/frame"])
async def test_our_pages_have_nothing_that_the_policy_forbids(service, path):
    page = await (await (await service.http()).get(path)).text()

    assert not re.search(r"<script(?![^>]*\b(src=|type=.?application/json))", page)
    assert not re.search(r"\son\w+=|\sstyle=|<style", page)


async def test_files_are_revalidated_not_sent_again(service):
    http = await service.http()
    first = await http.get("/widget/loader.js")

    again = await http.get("/widget/loader.js", headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert (again.status, await again.read()) == (304, b"")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("PUT", "/api/login", 405, "method_not_allowed"),
        ("GET", "/api/me", 401, "not_signed_in"),
        ("GET", "/ws/agent", 403, "origin_refused"),
    ],
)
async def test_errors_have_one_shape(service, method, path, status, code):
    answer = await (await service.http()).request(method, path)

    body = await answer.json()
    assert (answer.status, body["error"]["code"]) == (status, code)
    assert set(body["error"]) <= {"code", "message", "fields"}
    assert body["error"]["message"]


@pytest.mark.parametrize("path", ["/api/login", "/api/customer/session"])
@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "bad_json"),
        (b"[]", 400, "bad_json"),
        (b"\xff\xfe", 400, "bad_json"),
        (b'{"login": 3, "locale": {}}', 400, "bad_frame"),
        (b"x" * 100_000, 413, "too_large"),
    ],
)
async def test_bodies_that_cannot_be_read_are_refused_by_code(service, path, body, status, code):
    http = await service.http()

    answer = await http.post(path, data=body, headers={"Content-Type": "application/json"})

    assert (answer.status, (await answer.json())["error"]["code"]) == (status, code)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda _: "nonsense", "token_invalid"),
        (lambda session: session["session_token"], "token_invalid"),
    ],
)
async def test_a_visitor_token_that_is_none_is_refused(service, make, code):
    session = await service.session()
    http = await service.http()

    answer = await http.post("/api/customer/session", json={"visitor_token": make(session)})

    assert (answer.status, (await answer.json())["error"]["code"]) == (401, code)


async def test_a_session_for_a_foreign_page_is_refused(service):
    http = await service.http()

    answer = await http.post(
        "/api/customer/session", json={}, headers={"Origin": "https://evil.example"}
    )

    assert answer.status == 403


async def test_the_page_an_agent_sees_is_a_web_address_or_nothing(service):
    session = await service.session(page={"url": "javascript:alert(1)", "title": "x\x00y"})

    talk = await service.parts.store.conversations.get(session["conversation_id"])

    assert talk.page == {"title": "xy"}


async def test_a_conversation_that_is_gone_begins_anew_for_the_same_customer(service):
    session = await service.session()
    keys = service.parts.store.keys
    await service.parts.store.redis.delete(keys.conversation(session["conversation_id"]))

    again = await service.session(visitor_token=session["visitor_token"])

    assert again["customer_id"] == session["customer_id"]
    assert again["conversation_id"] != session["conversation_id"]


async def test_the_description_is_valid_openapi(service):
    served = await (await (await service.http()).get(PATH)).json()

    validate(served)
    assert served == openapi()


async def test_every_api_route_is_described_and_every_description_is_a_route(service):
    described = {
        (method.upper(), path) for path, methods in openapi()["paths"].items() for method in methods
    }
    ours = re.compile(r"/(api|internal|healthz|readyz|metrics)\b")
    routed = {
        (route.method, route.resource.canonical)
        for route in service.app.router.routes()
        if ours.match(route.resource.canonical) and route.method != "HEAD"
    }

    assert described == routed
    assert len(OPERATIONS) == len(described) - 1


async def test_answers_have_the_shape_that_is_described(service):
    import jsonschema
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT202012

    document = openapi()
    root = Resource.from_contents(document, default_specification=DRAFT202012)
    registry = Registry().with_resource("urn:baton", root)
    http = await service.signed_in(await service.account(role="supervisor"))
    session = await service.session()

    for path in ("/api/me", "/api/conversations", "/api/conversations/{conversation_id}",
                 "/api/conversations/{conversation_id}/events", "/healthz", "/readyz"):  # fmt: skip
        answer = await http.get(path.format(conversation_id=session["conversation_id"]))
        content = document["paths"][path]["get"]["responses"][str(answer.status)]["content"]
        schema = {"$ref": "urn:baton" + content["application/json"]["schema"]["$ref"]}
        jsonschema.Draft202012Validator(schema, registry=registry).validate(await answer.json())


async def test_sockets_refuse_a_plain_request(service):
    http = await service.http()

    answer = await http.get("/ws/customer", headers={"Origin": service.url})

    assert answer.status == 400


async def test_http_errors_of_sockets_are_json(service):
    http = await service.http()
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await http.ws_connect("/ws/agent", origin=service.url)

    assert refused.value.status == 401
