"""`baton privacy`: hand out or delete what is known of one customer, as the law has it."""

from __future__ import annotations

import asyncio
import json
import os
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zipfile import ZIP_DEFLATED, ZipFile

import aiohttp
import click

from baton.client.address import address_options, find_secret, find_url, wrong_use
from baton.client.errors import ClientError, Refused
from baton.client.web import delete_json, get_json, open_http
from baton.commands.history import existing_history, sql_option
from baton.commands.learning.running import ACTOR, project_option, with_tools
from baton.commands.mail import run_as_operator
from baton.privacy.look import look_through
from baton.privacy.proof import BadProof, as_text, check_proof, make_proof
from handoff_service.archive.errors import ArchiveError
from handoff_service.retention.times import Kind
from learning.errors import LearningError
from learning.forgetting.files import NotForgotten, find_theirs
from learning.jobs.here import run_here

#: How often it is looked whether a wish is carried out, in seconds.
LOOK_S = 0.5
#: How often it is tried to take somebody out of what was learned, the history being in use, and
#: the pause between, in seconds.
TRIES, PAUSE_S = 5, 2.0


@click.group("privacy")
def group() -> None:
    """Hand out or delete what is known of a customer; keep nothing longer than it may be."""


@group.command("erase")
@click.argument("customer_id", metavar="CUSTOMER")
@click.confirmation_option(prompt="Everything known of this customer will be gone. Delete it?")
@click.option(
    "--proof", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write the proof here."
)
@click.option(
    "--wait",
    "wait_s",
    type=click.IntRange(0, 3600),
    default=60,
    show_default=True,
    help="Seconds to wait for what is away; it is deleted later, too, when it is back.",
)
@click.option(
    "--look-for",
    "words",
    multiple=True,
    metavar="WORD",
    help="Look for this in files, too: an address or number of theirs; may be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="The proof as JSON on stdout.")
@project_option
@sql_option
@address_options
def erase(
    customer_id: str,
    *,
    file: Path | None,
    wait_s: int,
    words: tuple[str, ...],
    as_json: bool,
    root: Path,
    sql_url: str | None,
    url: str | None,
    folder: Path,
) -> None:
    """Delete a customer, as the console shows their id: the site's own, or u_….

    History, live conversations, dialogues, files, e-mails, and what the bot has learned from them.
    Prints a proof; exit 1: something is left, or not done yet. May be repeated.
    """
    key = _signing_key(folder)
    before, erasures = asyncio.run(
        _erase(
            customer_id, url=url, folder=folder.resolve(), wait_s=wait_s, root=root, sql_url=sql_url
        )
    )
    known = {name for wish in erasures for name in wish["conversation_ids"]}
    conversation_ids = sorted(known | set(before["conversation_ids"]))
    look = look_through(
        root,
        folder.resolve(),
        words=[*before["ids"], *words],
        conversation_ids=conversation_ids,
    )
    proof = make_proof(
        customer_id=customer_id,
        conversation_ids=conversation_ids,
        erasures=erasures,
        look=look,
        key=key,
        now_ms=int(time.time() * 1000),
    )
    text = json.dumps(proof, ensure_ascii=False, indent=1)
    if file is not None:
        file.write_text(text + "\n", encoding="utf-8")
    click.echo(text if as_json else as_text(proof))
    if not proof["complete"]:
        raise SystemExit(1)


@group.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@address_options
def verify(file: Path, *, url: str | None, folder: Path) -> None:  # noqa: ARG001 (one form for all)
    """Tell what a proof says, and whether it is as this system made it (exit 1: it is not)."""
    try:
        proof = check_proof(file.read_text(encoding="utf-8"), key=_signing_key(folder))
    except (BadProof, UnicodeDecodeError) as error:
        click.echo(f"Error: {file}: {error}", err=True)
        raise SystemExit(1) from None
    click.echo(as_text(proof))
    click.echo("\ngenuine")


@group.command("export")
@click.argument("customer_id", metavar="CUSTOMER")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to.  [default: CUSTOMER.zip]",
)
@project_option
@address_options
def export(
    customer_id: str, *, out: Path | None, root: Path, url: str | None, folder: Path
) -> None:
    """Write all that is known of a customer into a ZIP file, open conversations included."""
    file = out or Path(f"{customer_id}.zip")

    async def act(
        http: aiohttp.ClientSession, base: str, headers: dict[str, str]
    ) -> dict[str, Any]:
        timeout = aiohttp.ClientTimeout(total=None, sock_read=60)
        async with http.get(
            _address(base, customer_id), headers=headers, timeout=timeout
        ) as answer:
            if answer.status != 200:
                raise Refused("not_found", "the service does not hand it out", answer.status)
            with file.open("wb") as written:
                async for piece in answer.content.iter_chunked(1 << 16):
                    written.write(piece)
        return {}

    run_as_operator(act, url, folder)
    _add_learned(file, root, folder.resolve())
    click.echo(f"{file}: {file.stat().st_size} bytes", err=True)


@group.command("retention")
@click.option("--dry-run", is_flag=True, help="Tell what would go now.")
@click.option("--json", "as_json", is_flag=True, help="All of it as JSON on stdout.")
@address_options
def retention(*, dry_run: bool, as_json: bool, url: str | None, folder: Path) -> None:
    """Tell how long each kind of data is kept (data/retention.yml), and what went at night."""

    async def act(
        http: aiohttp.ClientSession, base: str, headers: dict[str, str]
    ) -> dict[str, Any]:
        return await get_json(http, f"{base}/internal/retention", headers=headers)

    told = run_as_operator(act, url, folder)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    elif not told["problems"]:
        _show_retention(told, dry_run=dry_run)
    if told["problems"]:
        click.echo("\n".join(["Error: nothing goes:", *told["problems"]]), err=True)
        raise SystemExit(1)


def _show_retention(told: dict[str, Any], *, dry_run: bool) -> None:
    click.echo(f"every night at {told['at']} ({told['zone']})")
    for kind in Kind:
        days = told["days"].get(kind)
        kept = f"{days} days" if days else "for ever"
        due = f"  {told['due'].get(kind, 0)} would go now" if dry_run and days else ""
        click.echo(f"{kind:18} {kept:12}{due}".rstrip())
    for night in told["nights"]:
        gone = ", ".join(f"{n} {kind}" for kind, n in night["removed"].items())
        state = "" if night["ended_ms"] else " (not ended)"
        click.echo(f"{night['day']}{state}  {gone or 'nothing was old'}")


def _add_learned(file: Path, root: Path, data_dir: Path) -> None:
    """Add the lines of the project's files that came of the customer."""
    with ZipFile(file, "a", ZIP_DEFLATED) as bundle:
        ids = json.loads(bundle.read("profile.json"))["conversations"]
        try:
            entries = find_theirs(root, data_dir, ids).entries
        except NotForgotten as error:
            raise click.ClickException(str(error)) from error
        if entries:
            lines = "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries)
            bundle.writestr("records/project.jsonl", lines)


async def _erase(
    customer_id: str,
    *,
    url: str | None,
    folder: Path,
    wait_s: int,
    root: Path,
    sql_url: str | None,
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Delete; return what they were found by before, and what became of their wishes."""
    try:
        headers = {"Authorization": f"Bearer {find_secret(folder)}"}
        base = _address(find_url(url, folder), customer_id)
        async with open_http() as http:
            before = await get_json(http, f"{base}/traces", headers=headers)
            await delete_json(http, base, headers=headers)
            until_s = time.monotonic() + wait_s
            while True:
                told = await get_json(http, f"{base}/erasures", headers=headers)
                if all(wish["done_ms"] for wish in told["erasures"]):
                    break
                if time.monotonic() > until_s:
                    return before, told["erasures"]
                await asyncio.sleep(LOOK_S)
            await _unlearn(folder, root, sql_url)
            told = await get_json(http, f"{base}/erasures", headers=headers)
            return before, told["erasures"]
    except ClientError as error:
        raise wrong_use(error) from None


async def _unlearn(folder: Path, root: Path, sql_url: str | None) -> None:
    """Take them out of what the bot has learned, where the history can be reached from here."""
    try:
        history = existing_history(folder, sql_url)
    except click.UsageError:
        return  # the process that learns does it; the proof says that it is not done
    why = ""
    for _ in range(TRIES):
        try:
            async with with_tools(folder, history, root) as tools:
                job = await run_here("unlearn", {}, tools=tools, asked_by=ACTOR)
        except (ArchiveError, LearningError) as error:
            why = str(error)
        else:
            if job.state == "done":
                return
            why = job.error
        await asyncio.sleep(PAUSE_S)
    click.echo(f"what the bot has learned is not done: {why}", err=True)


def _signing_key(folder: Path) -> str:
    """Return the key that seals proofs (exit 2: there is none)."""
    if key := os.environ.get("BATON_SIGNING_KEY"):
        return key
    file = folder / "secrets.json"
    if not file.exists():
        raise click.UsageError(
            f"{file} is missing. Remedy: --data DIR of the system, or BATON_SIGNING_KEY"
        )
    return str(json.loads(file.read_text())["signing_key"])


def _address(base: str, customer_id: str) -> str:
    return f"{base}/internal/customers/{quote(customer_id, safe='')}"
