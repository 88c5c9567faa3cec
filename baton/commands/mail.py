"""`baton mail`: what became of the e-mails to customers, and another try."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import aiohttp
import click

from baton.client.address import address_options, find_secret, find_url, wrong_use
from baton.client.errors import ClientError
from baton.client.web import get_json, open_http, post_json

#: Does one thing with the operator's routes below an address.
Act = Callable[[aiohttp.ClientSession, str, dict[str, str]], Awaitable[dict[str, Any]]]


@click.group("mail")
def group() -> None:
    """Look at the e-mails to customers; the service has to run."""


@group.command("show")
@click.option(
    "--state",
    type=click.Choice(["settling", "queued", "sent", "dropped", "dead"]),
    help="Only these.",
)
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The e-mails as JSON on stdout.")
@address_options
def show(*, state: str | None, limit: int, as_json: bool, url: str | None, folder: Path) -> None:
    """List e-mails, the latest first: to whom, how far, what the mail server said.

    settling: an answer that may yet be read in the chat; dropped: it was; dead: given up.
    """

    async def act(
        http: aiohttp.ClientSession, base: str, headers: dict[str, str]
    ) -> dict[str, Any]:
        only = f"&state={state}" if state else ""
        return await get_json(http, f"{base}/internal/mails?limit={limit}{only}", headers=headers)

    mails = run_as_operator(act, url, folder)["mails"]
    if as_json:
        click.echo(json.dumps(mails, ensure_ascii=False, indent=1))
        return
    for mail in mails:
        made = datetime.fromtimestamp(mail["created_ms"] / 1000, timezone.utc)
        click.echo(
            f"{made:%Y-%m-%d %H:%M}  {mail['state']:8}  {mail['kind']:10}  "
            f"tries {mail['tries']:2}  {mail['recipient']}  {mail['problem']}".rstrip()
        )
    click.echo(f"{len(mails)} e-mails", err=True)


@group.command("retry")
@address_options
def retry(*, url: str | None, folder: Path) -> None:
    """Try again all that was given up, once its cause is mended."""

    async def act(
        http: aiohttp.ClientSession, base: str, headers: dict[str, str]
    ) -> dict[str, Any]:
        return await post_json(http, f"{base}/internal/mails/retry", {}, headers=headers)

    click.echo(f"{run_as_operator(act, url, folder)['count']} e-mails are tried again")


def run_as_operator(act: Act, url: str | None, folder: Path) -> dict[str, Any]:
    """Do one thing with the running service (exit 2: it cannot be reached or refuses)."""

    async def run() -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {find_secret(folder)}"}
        async with open_http() as http:
            return await act(http, find_url(url, folder), headers)

    try:
        return asyncio.run(run())
    except ClientError as error:
        raise wrong_use(error) from None
