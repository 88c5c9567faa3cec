"""A temporary agent account on a running system, made and removed by the operator's secret."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from baton.client.web import delete, open_http, post_json


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an agent signs in with."""

    login: str
    password: str = field(repr=False)


async def create_account(url: str, secret: str, **wanted: Any) -> Credentials:
    """Make an account and return what it signs in with.

    Args:
        url: address of the system.
        secret: the operator's secret.
        wanted: login, name, languages, role, capacity.

    Raises:
        NotReachable: nothing answers.
        Refused: wrong secret, login taken, bad field.
    """
    async with open_http() as http:
        answer = await post_json(
            http, f"{url}/internal/accounts", wanted, headers=_operator(secret)
        )
    return Credentials(wanted["login"], answer["password"])


async def remove_account(url: str, secret: str, *, login: str) -> None:
    """Disable an account and end its sessions; an unknown one is `Refused`."""
    async with open_http() as http:
        await delete(http, f"{url}/internal/accounts/{login}", headers=_operator(secret))


@asynccontextmanager
async def temporary_account(url: str, secret: str, **wanted: Any) -> AsyncIterator[Credentials]:
    """Make an account for the length of a block."""
    login = f"{wanted.pop('login', 'visitor')}-{secrets.token_hex(4)}"
    credentials = await create_account(url, secret, login=login, **wanted)
    try:
        yield credentials
    finally:
        await remove_account(url, secret, login=login)


def _operator(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}
