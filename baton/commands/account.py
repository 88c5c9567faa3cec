"""`baton account`: the people who may sign in to the console."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import click

from baton.commands.history import existing_history, sql_option
from baton.launcher.data_dir import DataDir
from handoff_service.archive.account_store import create_account, list_accounts, update_account
from handoff_service.archive.accounts import (
    Account,
    AccountChanges,
    NewAccount,
    Role,
    read_skill,
)
from handoff_service.archive.database import Database, open_database
from handoff_service.archive.errors import (
    AccountInvalid,
    ArchiveError,
    LastAdmin,
    LoginTaken,
    PasswordRefused,
)
from handoff_service.archive.invitations import Link, invite, make_link
from handoff_service.archive.passwords import generate_password

T = TypeVar("T")

data_option = click.option(
    "--data",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("var"),
    show_default=True,
    envvar="BATON_DATA_DIR",
    help="Data folder of the system.",
)
url_option = click.option(
    "--url",
    default="http://127.0.0.1:8080",
    show_default=True,
    envvar="BATON_PUBLIC_URL",
    help="Where browsers reach the console.",
)
skill_option = click.option(
    "--skill", "skills", multiple=True, help="NAME or NAME:LEVEL, 1 to 5; repeat, or use commas."
)
team_option = click.option("--team", "teams", multiple=True, help="Repeat, or use commas.")


@click.group("account")
def group() -> None:
    """Make, change and list the accounts of the console; the service need not run."""


@group.command("create")
@click.option("--login", required=True, help="What the person types to sign in.")
@click.option("--name", required=True, help="What customers see.")
@click.option(
    "--language", "languages", multiple=True, help="A locale they speak; repeat. Default: all."
)
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.AGENT.value)
@click.option("--capacity", type=int, default=4, show_default=True, help="Conversations at once.")
@skill_option
@team_option
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
    skills: tuple[str, ...],
    teams: tuple[str, ...],
    as_json: bool,
    folder: Path,
    sql_url: str | None,
) -> None:
    """Make an account and print its generated password, once (exit 2: cannot be made)."""
    password = generate_password()

    async def make(database: Database) -> Account:
        wanted = NewAccount(
            login=login,
            name=name,
            role=Role(role),
            languages=languages,
            capacity=capacity,
            skills=_skills(skills),
            teams=_names(teams),
        )
        return await create_account(database, wanted, password=password, now_ms=_now_ms())

    account = _on_database(sql_url or DataDir(folder).sql_url, make)
    if as_json:
        click.echo(json.dumps(_shown(account) | {"password": password}, ensure_ascii=False))
        return
    click.echo(f"login     {account.login}\npassword  {password}")
    click.echo("The password is shown this once; only its hash is kept.", err=True)


@group.command("update")
@click.option("--login", required=True, help="Whose account.")
@click.option("--name", help="What customers see.")
@click.option("--language", "languages", multiple=True, help="The locales they speak; repeat.")
@click.option("--role", type=click.Choice([role.value for role in Role]))
@click.option("--capacity", type=int, help="Conversations at once.")
@skill_option
@click.option("--no-skills", is_flag=True, help="Take every skill away.")
@team_option
@click.option("--no-teams", is_flag=True, help="Take the person out of every team.")
@click.option("--json", "as_json", is_flag=True, help="The account as JSON on stdout.")
@data_option
@sql_option
def update(
    *,
    login: str,
    name: str | None,
    languages: tuple[str, ...],
    role: str | None,
    capacity: int | None,
    skills: tuple[str, ...],
    no_skills: bool,
    teams: tuple[str, ...],
    no_teams: bool,
    as_json: bool,
    folder: Path,
    sql_url: str | None,
) -> None:
    """Change an account; what is not named stays, lists are replaced (exit 2: cannot be so).

    The desk hears of it when the person opens the console the next time.
    """
    if (skills and no_skills) or (teams and no_teams):
        raise click.UsageError("--skill and --no-skills, --team and --no-teams exclude each other")

    async def change(database: Database) -> Account | None:
        changes = AccountChanges(
            name=name,
            role=Role(role) if role else None,
            languages=languages or None,
            capacity=capacity,
            skills=_skills(skills) if skills or no_skills else None,
            teams=_names(teams) if teams or no_teams else None,
        )
        if not changes.values():
            raise click.UsageError("nothing to change: name at least one option besides --login")
        return await update_account(database, login, changes, now_ms=_now_ms())

    account = _on_database(existing_history(folder, sql_url), change)
    if account is None:
        raise click.UsageError(f"no account has the login {login!r}; see `baton account list`")
    if as_json:
        click.echo(json.dumps(_shown(account), ensure_ascii=False))
    else:
        click.echo(_line(account))


@group.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON list on stdout.")
@data_option
@sql_option
def list_(*, as_json: bool, folder: Path, sql_url: str | None) -> None:
    """List the accounts that may sign in."""
    accounts = _on_database(sql_url or DataDir(folder).sql_url, list_accounts)
    if as_json:
        click.echo(json.dumps([_shown(account) for account in accounts], ensure_ascii=False))
        return
    for account in accounts:
        click.echo(_line(account))


@group.command("invite")
@click.option("--login", required=True, help="What the person will type to sign in.")
@click.option("--name", required=True, help="What customers see; they may change it.")
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.AGENT.value)
@click.option("--email", default="", help="Where later links go.")
@skill_option
@team_option
@url_option
@data_option
@sql_option
def invite_(
    *,
    login: str,
    name: str,
    role: str,
    email: str,
    skills: tuple[str, ...],
    teams: tuple[str, ...],
    url: str,
    folder: Path,
    sql_url: str | None,
) -> None:
    """Make an account and print the link by which its owner joins (exit 2: cannot be made)."""

    async def make(database: Database) -> Link:
        wanted = NewAccount(
            login=login,
            name=name,
            role=Role(role),
            email=email,
            skills=_skills(skills),
            teams=_names(teams),
        )
        return await invite(database, wanted, now_ms=_now_ms(), actor="operator")

    _show_link(_on_database(sql_url or DataDir(folder).sql_url, make), url)


@group.command("reset")
@click.option("--login", required=True, help="Whose account.")
@url_option
@data_option
@sql_option
def reset(*, login: str, url: str, folder: Path, sql_url: str | None) -> None:
    """Print a link by which somebody chooses a new password (exit 2: no such account)."""

    async def make(database: Database) -> Link | None:
        found = [each for each in await list_accounts(database) if each.login == login]
        if not found:
            return None
        return await make_link(database, found[0].account_id, now_ms=_now_ms(), actor="operator")

    link = _on_database(existing_history(folder, sql_url), make)
    if link is None:
        raise click.UsageError(f"no account has the login {login!r}; see `baton account list`")
    _show_link(link, url)


def _show_link(link: Link, url: str) -> None:
    click.echo(f"{url.rstrip('/')}/console#/welcome/{link.token}")
    click.echo("The link serves once, for seven days, and is shown only now.", err=True)


def _on_database(sql_url: str, work: Callable[[Database], Awaitable[T]]) -> T:
    """Do `work` on the history database; say what is wrong as a command does."""

    async def run() -> T:
        database = await open_database(sql_url)
        try:
            return await work(database)
        finally:
            await database.close()

    try:
        return asyncio.run(run())
    except (AccountInvalid, LastAdmin, LoginTaken, PasswordRefused) as error:
        raise click.UsageError(str(error)) from None
    except ArchiveError as error:
        raise click.ClickException(f"the history database cannot be used: {error}") from None


def _skills(given: tuple[str, ...]) -> dict[str, int]:
    return dict(read_skill(item) for item in _names(given))


def _names(given: tuple[str, ...]) -> tuple[str, ...]:
    """Take `a,b` for `a` and `b`."""
    return tuple(item.strip() for text in given for item in text.split(",") if item.strip())


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _line(account: Account) -> str:
    skills = ",".join(f"{name}:{level}" for name, level in sorted(account.skills.items()))
    return (
        f"{account.login:20} {account.role.value:10} {account.name:20} "
        f"{' '.join(account.languages)}  "
        f"skills {skills or 'all'}  teams {','.join(account.teams) or 'none'}"
    )


def _shown(account: Account) -> dict[str, object]:
    return {
        "account_id": account.account_id,
        "login": account.login,
        "name": account.name,
        "role": account.role.value,
        "languages": list(account.languages),
        "capacity": account.capacity,
        "skills": dict(account.skills),
        "teams": list(account.teams),
    }
