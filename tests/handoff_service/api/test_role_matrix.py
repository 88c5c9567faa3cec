"""Every operation, called by everybody: who is let in is what the table of operations says."""

import json
import re

import pytest

from handoff_service.access import Access
from handoff_service.api.routes import OPERATIONS
from handoff_service.archive.accounts import Role

#: Everybody there is: nobody, a customer, each role, the operator.
CALLERS = ("nobody", "customer", *(role.value for role in Role), "operator")
SIGNED_IN = {Access.SIGNED_IN, Access.SIGNED_IN_CSRF}
#: Names that are in no store, so that who is let in changes nothing but hears "no such thing".
NOBODYS = "x-none"
#: What ends what the caller has shown: called last.
ENDING = ("/api/customer/erase", "/api/customer/sign_out", "/api/logout")


def expected(operation, caller):
    """Return the refusal that the table means, None for being let in."""
    role = Role(caller) if caller in set(Role) else None
    match operation.access:
        case Access.OPERATOR:
            return None if caller == "operator" else (404, "not_found")
        case Access.CUSTOMER:
            return None if caller == "customer" else (401, None)
        case Access.SIGNED_IN | Access.SIGNED_IN_CSRF:
            if role is None:
                return 401, "not_signed_in"
            allowed = operation.roles is None or role in operation.roles
            return None if allowed else (403, "not_allowed")
        case Access.MEMBER:
            return None if caller == "customer" or role else (401, None)
    return None


@pytest.fixture
async def callers(service):
    """A browser of each, with the headers it sends."""
    page = await service.customer()
    found = {"nobody": (await service.http(), {})}
    token = page.session["session_token"]
    found["customer"] = (await service.http(), {"Authorization": f"Bearer {token}"})
    secret = service.settings.internal_secret
    found["operator"] = (await service.http(), {"Authorization": f"Bearer {secret}"})
    for role in Role:
        http = await service.signed_in(await service.account(role.value, role=role.value))
        found[role.value] = (http, {"X-CSRF-Token": http.csrf})
    return found


async def call(http, operation, headers):
    """Call an operation with things that do not exist and an empty body; return status and code."""
    path = re.sub(r"{\w+}", NOBODYS, operation.path)
    body = {"json": {}} if operation.body is not None else {}
    async with http.request(
        operation.method, path, headers=headers, allow_redirects=False, **body
    ) as answer:
        text = await answer.text()
    try:
        code = json.loads(text)["error"]["code"]
    except (ValueError, KeyError, TypeError):
        code = None
    return answer.status, code


async def test_each_operation_lets_in_whom_its_table_names_and_nobody_else(callers):
    wrong = []
    for operation in sorted(OPERATIONS, key=lambda each: each.path in ENDING):
        for caller in CALLERS:
            http, headers = callers[caller]
            meant = expected(operation, caller)
            status, code = await call(http, operation, headers)
            told = f"{caller}: {operation.method} {operation.path} → {status} {code}, not {meant}"
            if meant is None:
                # Let in: what it hears then is about the thing, never about who it is.
                refused = status == 401 and operation.access is not Access.PUBLIC
                broken = status >= 500 and operation.path != "/readyz"  # which says 503 itself
                if broken or refused or code in {"csrf_refused", "not_allowed"}:
                    wrong.append(told)
            elif status != meant[0] or meant[1] not in {None, code}:
                wrong.append(told)

    assert not wrong, "\n" + "\n".join(wrong)


async def test_nothing_is_changed_without_the_token_of_the_session(callers):
    http, _ = callers["admin"]
    wrong = []
    for operation in OPERATIONS:
        if operation.access is Access.SIGNED_IN_CSRF:
            for headers in ({}, {"X-CSRF-Token": "of-another-session"}):
                answered = await call(http, operation, headers)
                if answered != (403, "csrf_refused"):
                    wrong.append(f"{operation.method} {operation.path} → {answered}")

    assert not wrong, "\n" + "\n".join(wrong)


def test_what_changes_something_asks_for_the_token():
    unguarded = [
        f"{operation.method} {operation.path}"
        for operation in OPERATIONS
        if operation.access is Access.SIGNED_IN and operation.method not in {"GET", "HEAD"}
    ]

    assert not unguarded, unguarded
