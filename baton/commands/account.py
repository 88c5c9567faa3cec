"""`baton account`: the people who may sign in to the console."""

import asyncio
import json
import time
from pathlib import Path

import click

from baton.commands.history import sql_option
from baton.launcher.data_dir import DataDir
from handoff_service.archive.accounts import (
    Account,
    NewAccount,
    Role,
    create_account,
    generate_password,
    list_accounts,
)
from handoff_service.archive.database import open_database
from handoff_service.archive.errors import AccountInvalid, ArchiveError, LoginTaken

data_option = click.option(
    "--data",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("var"),
    show_default=True,
    envvar="BATON_DATA_DIR",
    help="Data folder of the system.",
)


@click.group("account")
def group() -> None:
    """Make and list the accounts of the console; the service need not run."""


@group.command("create")
@click.option("--login", required=True, help="What the person types to sign in.")
@click.option("--name", required=True, help="What customers see.")
@click.option(
    "--language", "languages", multiple=True, help="A locale they speak; repeat. Default: all."
)
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.AGENT.value)
@click.option("--capacity", type=int, default=4, show_default=True, help="Conversations at once.")
@click.option("--json", "as_json", is_flag=True, help="The account as JSON on stdout.")
@data_option
@sql_option
def create(
    *,
    login: str,
    name: str,
    languages: tuple[str, ...],
    role: str,
    capacity: int,
    as_json: bool,
    folder: Path,
    sql_url: str | None,
) -> None:
    """Make an account and print its generated password, once (exit 2: cannot be made)."""
    password = generate_password()
    try:
        wanted = NewAccount(
            login=login, name=name, role=Role(role), languages=languages, capacity=capacity
        )
        account = asyncio.run(_create(sql_url or DataDir(folder).sql_url, wanted, password))
    except (AccountInvalid, LoginTaken) as error:
        raise click.UsageError(str(error)) from None
    except ArchiveError as error:
        raise click.ClickException(f"the history database cannot be used: {error}") from None
    if as_json:
        click.echo(json.dumps(_shown(account) | {"password": password}, ensure_ascii=False))
        return
    click.echo(f"login     {account.login}\npassword  {password}")
    click.echo("The password is shown this once; only its hash is kept.", err=True)


@group.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON list on stdout.")
@data_option
@sql_option
def list_(*, as_json: bool, folder: Path, sql_url: str | None) -> None:
    """List the accounts that may sign in."""
    try:
        accounts = asyncio.run(_list(sql_url or DataDir(folder).sql_url))
    except ArchiveError as error:
        raise click.ClickException(f"the history database cannot be used: {error}") from None
    if as_json:
        click.echo(json.dumps([_shown(account) for account in accounts], ensure_ascii=False))
        return
    for account in accounts:
        languages = " ".join(account.languages)
        click.echo(f"{account.login:20} {account.role.value:10} {account.name:20} {languages}")


async def _create(sql_url: str, wanted: NewAccount, password: str) -> Account:
    database = await open_database(sql_url)
    try:
        now_ms = time.time_ns() // 1_000_000
        return await create_account(database, wanted, password=password, now_ms=now_ms)
    finally:
        await database.close()


async def _list(sql_url: str) -> list[Account]:
    database = await open_database(sql_url)
    try:
        return await list_accounts(database)
    finally:
        await database.close()


def _shown(account: Account) -> dict[str, object]:
    return {
        "account_id": account.account_id,
        "login": account.login,
        "name": account.name,
        "role": account.role.value,
        "languages": list(account.languages),
        "capacity": account.capacity,
    }
