"""`baton settings`: hours, routing, sites … as YAML, with their history, for who likes files."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

import aiohttp
import click

from baton.client.address import address_options, find_secret, find_url, wrong_use
from baton.client.errors import ClientError, Refused
from baton.client.web import get_json, open_http, post_json, put_json

#: Asks the running service: session, address of the area, headers.
Ask = Callable[[aiohttp.ClientSession, str, dict[str, str]], Awaitable[Any]]

_json_option = click.option("--json", "as_json", is_flag=True, help="The answer as JSON on stdout.")
_note_option = click.option("--note", default="", help="Why; others read it in the history.")


@click.group("settings")
def group() -> None:
    """Show and change what the console's section Settings does; the service has to run.

    Areas: hours, routing, sites, proactive, desk, replies.
    """


@group.command("show")
@click.argument("area")
@click.option("--version", "number", type=click.IntRange(0), help="An old one; 0 is the file.")
@_json_option
@address_options
def show(*, area: str, number: int | None, as_json: bool, url: str | None, folder: Path) -> None:
    """Print what holds in an area, as YAML (exit 2: there is no such area or version)."""

    async def ask(http: aiohttp.ClientSession, base: str, headers: dict[str, str]) -> Any:
        path = base if number is None else f"{base}/versions/{number}"
        return await get_json(http, path, headers=headers)

    found = _run(ask, area, url, folder)
    click.echo(json.dumps(found, ensure_ascii=False) if as_json else found["text"].rstrip("\n"))
    if found.get("problem"):
        click.echo(f"version {found['standing']} holds: {found['problem']}", err=True)


@group.command("save")
@click.argument("area")
@click.argument("file", type=click.File("r", encoding="utf-8"), default="-")
@click.option("--base", type=click.IntRange(0), help="The version that FILE was made from.")
@click.option("--check", "only_check", is_flag=True, help="Say what it would change; save nothing.")
@_note_option
@_json_option
@address_options
def save(
    *,
    area: str,
    file: TextIO,
    base: int | None,
    only_check: bool,
    note: str,
    as_json: bool,
    url: str | None,
    folder: Path,
) -> None:
    """Let FILE (YAML; - is standard input) hold in an area, in every process at once.

    Exit 2: it cannot be used, each problem with its line; or somebody has saved since --base.
    """
    text = file.read()

    async def ask(http: aiohttp.ClientSession, path: str, headers: dict[str, str]) -> Any:
        if only_check:
            return await post_json(http, f"{path}/check", {"text": text}, headers=headers)
        seen = base
        if seen is None:
            seen = (await get_json(http, path, headers=headers))["version"]
        body = {"text": text, "base_version": seen, "note": note}
        return await put_json(http, path, body, headers=headers)

    found = _run(ask, area, url, folder)
    if only_check and found["problems"]:
        raise click.ClickException(_problems(found["problems"]))
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    elif only_check:
        click.echo(_changes(found) or "nothing would change")
    else:
        click.echo(f"{area}: version {found['version']} holds")


@group.command("history")
@click.argument("area")
@click.option("--limit", type=click.IntRange(1, 200), default=20, show_default=True)
@_json_option
@address_options
def list_versions(*, area: str, limit: int, as_json: bool, url: str | None, folder: Path) -> None:
    """List the versions of an area, the latest first."""

    async def ask(http: aiohttp.ClientSession, base: str, headers: dict[str, str]) -> Any:
        return (await get_json(http, f"{base}/history?limit={limit}", headers=headers))["versions"]

    versions = _run(ask, area, url, folder)
    if as_json:
        click.echo(json.dumps(versions, ensure_ascii=False))
        return
    for each in versions:
        when = datetime.fromtimestamp(each["at_ms"] / 1000).astimezone()
        restored = "" if each["restored"] is None else f"(brings back {each['restored']}) "
        who = each["author_name"] or each["author"]
        click.echo(
            f"{each['version']:4}  {when:%Y-%m-%d %H:%M}  {who:20}  {restored}{each['note']}"
        )


@group.command("restore")
@click.argument("area")
@click.argument("version", type=click.IntRange(0))
@_note_option
@address_options
def restore(*, area: str, version: int, note: str, url: str | None, folder: Path) -> None:
    """Let an old version hold again, as a new one; 0 is the file (exit 2: there is none)."""

    async def ask(http: aiohttp.ClientSession, base: str, headers: dict[str, str]) -> Any:
        body = {"version": version, "note": note}
        return await post_json(http, f"{base}/restore", body, headers=headers)

    click.echo(f"{area}: version {_run(ask, area, url, folder)['version']} holds")


def _run(ask: Ask, area: str, url: str | None, folder: Path) -> Any:
    """Ask the running service; print what it refuses and exit 2."""

    async def work() -> Any:
        headers = {"Authorization": f"Bearer {find_secret(folder)}"}
        async with open_http() as http:
            base = f"{find_url(url, folder)}/internal/settings/{area}"
            return await ask(http, base, headers)

    try:
        return asyncio.run(work())
    except Refused as error:
        raise wrong_use(_told(error, area)) from None
    except ClientError as error:
        raise wrong_use(error) from None


def _told(error: Refused, area: str) -> ClientError:
    """Say with the refusal what the service says beside it."""
    if error.answer.get("problems"):
        return ClientError(_problems(error.answer["problems"]))
    if error.code == "stale_version":
        now = error.answer["current"]["version"]
        told = f"{area}: version {now} holds now; it changed:\n{_changes(error.answer)}"
        return ClientError(f"{told}\nRemedy: put your change in there, save with --base {now}")
    if error.code == "not_found":
        return ClientError(f"{area}: there is no such area or version; see `baton settings --help`")
    return error


def _problems(problems: list[dict[str, Any]]) -> str:
    lines = (f"  line {each['line']}: {each['field']}: {each['message']}" for each in problems)
    return "\n".join(["this cannot be used:", *lines])


def _changes(found: dict[str, Any]) -> str:
    def written(value: Any) -> str:
        return "–" if value is None else json.dumps(value, ensure_ascii=False)

    lines = [
        f"  {each['where']}: {written(each['before'])} → {written(each['after'])}"
        for each in found["changes"]
    ]
    lines += [
        f"  {effect['code']} {effect['name']} {effect['count'] or ''}".rstrip()
        for effect in found.get("effects", ())
        if effect["name"] or effect["count"]
    ]
    return "\n".join(lines)
