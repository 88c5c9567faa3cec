"""Fixtures of a running service, and of people who use it."""

import pytest

from tests.handoff_service.gateway.harness import (  # noqa: F401
    bot,
    redis_program,
    service,
    start_service,
)
from tests.handoff_service.people.people import Person


@pytest.fixture
def person():
    """A function that makes an account and signs its owner in."""

    async def make(running, login="jo", **more):
        account = await running.account(login=login, **more)
        return Person(running, await running.signed_in(account), account)

    return make


@pytest.fixture
async def admin(service, person):  # noqa: F811
    """An admin who is signed in."""
    return await person(service, "root", role="admin")
