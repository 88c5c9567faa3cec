"""The whole HTTP API, called with what its own description allows, and with what it does not.

Requests are made by schemathesis from the OpenAPI document, each signed in as the operation asks;
answers must be those that the document names, and never a 5xx of ours.
"""

import asyncio

import pytest
import requests
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.core.failures import FailureGroup
from schemathesis.openapi import from_dict

from handoff_service.access import CSRF_HEADER, Access
from handoff_service.api.openapi import openapi
from handoff_service.api.routes import OPERATIONS
from tests.handoff_service.gateway.harness import handoff

#: Requests made up of each operation, for each kind of data: a minute for all of them together.
EXAMPLES = 4
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
#: Says 503 as its answer: nothing is published in a test.
SAYS_503 = {"/readyz"}
#: Longer first lines of a request are refused by the HTTP server itself, characters.
LONGEST_LINE = 8000
WAYS = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


class Callers:
    """Who calls: customers anew for each operation, people whenever a call has signed them out."""

    def __init__(self, service, account):
        self._url, self._account = service.url, account
        self._secret = service.settings.internal_secret
        self._session = requests.Session()
        self._csrf = ""

    def headers(self, access):
        if access is Access.OPERATOR:
            return {"Authorization": f"Bearer {self._secret}"}
        if access is Access.CUSTOMER:
            return {"Authorization": f"Bearer {self._customer()}"}
        if access in {Access.SIGNED_IN, Access.SIGNED_IN_CSRF, Access.MEMBER}:
            self._sign_in()
            return {CSRF_HEADER: self._csrf, "Cookie": f"baton_session={self._cookie}"}
        return {}

    @property
    def _cookie(self):
        return self._session.cookies.get("baton_session", "")

    def _customer(self):
        made = requests.post(self._url + "/api/customer/session", json={}, timeout=20)
        return made.json()["session_token"]

    def _sign_in(self):
        if self._session.get(self._url + "/api/me", timeout=20).status_code == 200:
            return
        known = {name: self._account[name] for name in ("login", "password")}
        answer = self._session.post(self._url + "/api/login", json=known, timeout=20)
        assert answer.status_code == 200, answer.text
        self._csrf = answer.json()["csrf_token"]


@pytest.fixture
async def world(start_service):
    """A service with something to find: who calls, and names of things that exist."""
    service = await start_service(
        messages_per_minute=6000, messages_burst=1000, sessions_per_minute=6000,
        logins_per_minute=600, ip_messages_per_minute=60_000,
    )  # fmt: skip
    service.bot.answers["refund"] = handoff(topic="refund")
    page = await service.customer()
    await page.send("message", message_id="m", text="refund")
    asked = await page.event("handoff.requested")
    await service.in_history(page.id, asked["seq"])
    other = await service.account("other", role="agent")
    admin = await service.account("admin", role="admin")
    names = {
        "conversation_id": page.id,
        "account_id": other["agent_id"],
        "agent_id": other["agent_id"],
        "area": "hours",
        "version": "0",
    }
    return service, Callers(service, admin), names


@pytest.mark.timeout(600)  # a minute on a quiet machine
# The service runs in this process, too: where it draws a lot, no strategy does.
@pytest.mark.filterwarnings("ignore:Do not use the `random` module inside strategies")
async def test_every_answer_is_one_that_the_description_names(world):
    service, callers, names = world
    document = from_dict(openapi())
    wrong = []
    for operation in OPERATIONS:
        described = document[operation.path][operation.method]
        known = {name: names[name] for name in names if f"{{{name}}}" in operation.path}
        for given_names in [known, {}] if known else [{}]:
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                told = await asyncio.to_thread(
                    _fuzz, service.url, described, operation, callers, mode, given_names
                )
                wrong += [line for line in told if line not in wrong]

    assert not wrong, f"{len(wrong)} wrong answers:\n" + "\n\n".join(wrong)


def _fuzz(url, described, operation, callers, mode, names):
    """Call one operation in one way; return what was wrong with its answers."""
    headers, wrong, answered = callers.headers(operation.access), {}, set()
    name = f"{mode.value} {operation.method} {operation.path}"
    checks = [
        check
        for check in CHECKS
        if check is not not_a_server_error or operation.path not in SAYS_503
    ]

    @WAYS
    @given(case=described.as_strategy(mode, path_parameters=names or None))
    def call(case):
        if isinstance(case.body, dict) and "hold_ms" in case.body:
            case.body["hold_ms"] = 0  # else it is held as long as it asks for
        case.headers = {**(case.headers or {}), **headers}
        case.cookies = {}
        response = case.call(base_url=url, timeout=20, allow_redirects=False)
        if len(response.request.url) > LONGEST_LINE:
            return  # refused before it is read
        answered.add(response.status_code)
        try:
            case.validate_response(response, checks=checks)
        except FailureGroup as failures:
            for failure in failures.exceptions:
                told = " ".join(str(failure).split())
                sent = case.body if isinstance(case.body, dict | list) else ""
                wrong[f"{name}: {response.status_code} {told}"[:400]] = (
                    f"{case.path_parameters} {sent}"[:300]
                )

    try:
        call()
    except Exception as error:  # noqa: BLE001 (nothing can be made up: told like the rest)
        if type(error).__name__ not in {"Unsatisfiable", "SkipTest"}:
            told = [repr(cause) for cause in getattr(error, "exceptions", [])]
            wrong[f"{name}: {type(error).__name__} {error} {told}"] = ""
    if answered == {401} and operation.access is not Access.PUBLIC:
        wrong[f"{name}: never let in"] = ""
    return [f"{what}\n    {sent}" for what, sent in wrong.items()]
