"""`baton notice`: tell customers of a known problem, take it back, measure how the bot knows it."""

import asyncio
import json
import time
from collections.abc import Coroutine
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
import click

from baton.client.address import address_options, find_secret, find_url, wrong_use
from baton.client.errors import ClientError
from baton.client.web import delete, get_json, open_http, post_json
from baton.commands.notice_evaluate import evaluate

T = TypeVar("T")

_json_option = click.option("--json", "as_json", is_flag=True, help="The answer as JSON on stdout.")
_HOUR_MS = 3_600_000


@click.group("notice")
def group() -> None:
    """Tell customers of a known problem before they ask; the service has to run."""


@group.command("publish")
@click.option(
    "--say",
    "texts",
    nargs=3,
    multiple=True,
    required=True,
    metavar="LOCALE TITLE TEXT",
    help="What it says in a language; repeat for others.",
)
@click.option(
    "--question",
    "questions",
    multiple=True,
    help="How customers ask about it, in any language: the bot knows it by them; repeat.",
)
@click.option("--link", default="", help="Where more stands: https://… or /help/….")
@click.option(
    "--hours", type=click.FloatRange(min=0, min_open=True), help="For so many hours only."
)
@_json_option
@address_options
def publish(
    *,
    texts: tuple[tuple[str, str, str], ...],
    questions: tuple[str, ...],
    link: str,
    hours: float | None,
    as_json: bool,
    url: str | None,
    folder: Path,
) -> None:
    """Publish a notice: every open widget shows it at once (exit 2: it cannot be published)."""
    wanted = {
        "texts": {locale: {"title": title, "text": text} for locale, title, text in texts},
        "questions": list(questions),
        "url": link,
        "until_ms": None if hours is None else int(_now_ms() + hours * _HOUR_MS),
    }

    async def send(http: aiohttp.ClientSession, base: str, headers: dict[str, str]) -> Any:
        return await post_json(http, base, wanted, headers=headers)

    _print(_run(send, url, folder), as_json=as_json)


@group.command("list")
@_json_option
@address_options
def list_(*, as_json: bool, url: str | None, folder: Path) -> None:
    """List the notices, the latest first, those that are over included."""

    async def send(http: aiohttp.ClientSession, base: str, headers: dict[str, str]) -> Any:
        return (await get_json(http, base, headers=headers))["notices"]

    notices = _run(send, url, folder)
    if as_json:
        click.echo(json.dumps(notices, ensure_ascii=False))
        return
    for notice in notices:
        click.echo(_line(notice))


@group.command("withdraw")
@click.argument("notice_id")
@address_options
def withdraw(*, notice_id: str, url: str | None, folder: Path) -> None:
    """Take a notice back: it leaves every open widget at once (exit 2: there is no such notice)."""

    async def send(http: aiohttp.ClientSession, base: str, headers: dict[str, str]) -> Any:
        await delete(http, f"{base}/{notice_id}", headers=headers)

    _run(send, url, folder)
    click.echo(f"{notice_id} is withdrawn")


group.add_command(evaluate)


def _run(send: Any, url: str | None, folder: Path) -> Any:
    """Ask the running service; print what it refuses and exit 2."""

    async def ask() -> Any:
        headers = {"Authorization": f"Bearer {find_secret(folder)}"}
        async with open_http() as http:
            return await send(http, f"{find_url(url, folder)}/internal/notices", headers)

    return _exit_2_on_error(ask())


def _exit_2_on_error(work: Coroutine[Any, Any, T]) -> T:
    try:
        return asyncio.run(work)
    except ClientError as error:
        raise wrong_use(error) from None


def _print(notice: dict[str, Any], *, as_json: bool) -> None:
    click.echo(json.dumps(notice, ensure_ascii=False) if as_json else _line(notice))


def _line(notice: dict[str, Any]) -> str:
    if notice["withdrawn_ms"] is not None:
        state = "withdrawn"
    elif notice["stands"]:
        state = "shown"
    else:
        state = "over" if notice["from_ms"] <= _now_ms() else "to come"
    title = next(iter(notice["texts"].values()))["title"]
    since = datetime.fromtimestamp(notice["from_ms"] / 1000).astimezone()
    return f"{notice['id']:12} {state:9} {since:%Y-%m-%d %H:%M}  {title}"


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
