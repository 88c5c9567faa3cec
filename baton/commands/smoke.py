"""`baton smoke`: the whole journey against a running system, in five languages."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import click

from baton.client.accounts import Credentials, temporary_account
from baton.client.address import address_options, find_secret, find_url, wrong_use
from baton.client.agent import Agent
from baton.client.errors import ClientError
from baton.client.journey import ask_for_a_person, be_helped, leave_a_message
from baton.client.phrases import LOCALES
from baton.client.report import Failed, Report, Step


@click.command("smoke")
@address_options
@click.option("--login", help="Agent account to use; default: a temporary one, removed after.")
@click.option("--password", envvar="BATON_SMOKE_PASSWORD", help="Its password.")
@click.option("--lang", "locales", multiple=True, type=click.Choice(LOCALES), help="Only these.")
@click.option("--json", "as_json", is_flag=True, help="The report as JSON on stdout.")
def command(
    url: str | None,
    folder: Path,
    login: str | None,
    password: str | None,
    locales: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    """Walk customer → bot → triage → handoff → talk → rating (exit 1: a step fails)."""
    if (login is None) != (password is None):
        raise click.UsageError("--login and --password go together")
    given = Credentials(login, password) if login and password else None
    report = Report(_say)
    try:
        asyncio.run(run(find_url(url, folder), report, folder=folder, given=given, locales=locales))
    except ClientError as error:
        raise wrong_use(error) from None
    result = report.to_json()
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False, indent=1))
    else:
        click.echo(f"{result['passed']} passed, {result['failed']} failed")
    if result["failed"]:
        raise SystemExit(1)


async def run(
    url: str,
    report: Report,
    *,
    folder: Path,
    given: Credentials | None = None,
    locales: tuple[str, ...] = (),
) -> None:
    """Walk every journey in every locale; what failed stands in the report.

    Args:
        url: address of the system.
        report: takes the steps.
        folder: data folder whose secret makes the temporary account.
        given: an agent account to use instead.
        locales: only these; all five when empty.

    Raises:
        ClientError: the system cannot be reached, or the account not be used.
    """
    locales = locales or LOCALES
    # With an account of the caller's the data folder may be on another machine: limits apply.
    secret = find_secret(folder) if given is None else None
    async with (
        _credentials(url, secret, given) as credentials,
        Agent(url, login=credentials.login, password=credentials.password) as agent,
    ):
        for locale in locales:
            with suppress(Failed):
                await leave_a_message(url, report, locale=locale, secret=secret)
        await agent.set_presence("online")
        for locale in locales:
            for journey in (be_helped, ask_for_a_person):
                with suppress(Failed):
                    await journey(url, report, locale=locale, secret=secret, agent=agent)
        await _tidy(agent)


async def _tidy(agent: Agent) -> None:
    """Leave nothing behind of journeys that broke off."""
    await agent.set_presence("away")
    for conversation_id in list(agent.conversations):
        with suppress(ClientError):
            await agent.close_conversation(conversation_id)
    await agent.set_presence("offline")


@asynccontextmanager
async def _credentials(
    url: str, secret: str | None, given: Credentials | None
) -> AsyncIterator[Credentials]:
    if given is not None:
        yield given
        return
    assert secret is not None  # noqa: S101 (one of the two is always there)
    async with temporary_account(
        url,
        secret,
        login="smoke",
        name="Smoke",
        languages=list(LOCALES),
        capacity=10,
    ) as credentials:
        yield credentials


def _say(step: Step) -> None:
    mark = click.style("ok  ", fg="green") if step.ok else click.style("FAIL", fg="red")
    click.echo(f"{mark} {step.locale:8} {step.name:18} {step.ms:6} ms  {step.detail}", err=True)
