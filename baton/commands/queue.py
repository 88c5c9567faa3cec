"""`baton queue`: who waits, who has whom, and whether every conversation is where it should be."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import click

from baton.client.address import wrong_use
from baton.client.errors import ClientError
from baton.client.live_store import find_settings, store_options
from handoff_service.audit.auditor import Auditor
from handoff_service.audit.findings import Finding
from handoff_service.audit.places import WIDEST
from handoff_service.clock import SystemClock
from handoff_service.conversation import Conversation
from handoff_service.errors import BatonError
from handoff_service.settings import Settings
from handoff_service.store import open_store

T = TypeVar("T")

#: Seconds between two lines of progress.
_PROGRESS_S = 2.0
#: Where conversations stand in line or aside, in the order shown.
_SHOWN = ("queue", "offers", "left", "parked")


@click.group("queue")
def group() -> None:
    """Look at the live queue, and mend it; the service may run or not."""


@group.command("audit")
@click.option("--repair", is_flag=True, help="Mend what can be mended without inventing anything.")
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON on stdout.")
@store_options
def audit(*, repair: bool, as_json: bool, redis_url: str | None, folder: Path, desk: str) -> None:
    """Check every conversation and agent (exit 0: clean or mended, 1: findings, 2: cannot run)."""
    report = _run(_audit(_settings(redis_url, folder, desk), repair=repair))
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        click.echo(_readable(report))
    if any(not finding["mended"] for finding in report["findings"]):
        raise SystemExit(1)


@group.command("show")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=50,
    show_default=True,
    help="Rows of each kind at most.",
)
@click.option("--json", "as_json", is_flag=True, help="The rows as JSON on stdout.")
@store_options
def show(*, limit: int, as_json: bool, redis_url: str | None, folder: Path, desk: str) -> None:
    """Show who waits, is offered, left a message or is parked, and whom agents hold."""
    rows = _run(_rows(_settings(redis_url, folder, desk), limit=limit))
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    layout = (
        "{state:12} {place:>5} {waited:>8} {language:8} {topic:16} {agent:20} {conversation_id}"
    )
    titles = {name: name for name in ("place", "waited", "language", "topic", "agent")}
    click.echo(layout.format(state="state", conversation_id="conversation", **titles))
    for row in rows:
        click.echo(layout.format(**{name: _cell(value) for name, value in row.items()}))
    click.echo(f"{len(rows)} conversations", err=True)


async def _audit(settings: Settings, *, repair: bool) -> dict[str, Any]:
    """Return what was seen and found: {"agents","conversations","findings":[…]}."""
    seen: Counter[str] = Counter()
    found: dict[Finding, bool] = {}
    said = time.monotonic()
    async with await open_store(settings) as store:
        auditor = Auditor(store, clock=SystemClock(), limits=WIDEST)
        async for page in auditor.pages():
            seen.update(agents=page.agents, conversations=page.conversations)
            for finding in page.findings:
                if finding not in found:
                    found[finding] = repair and await auditor.mend(finding)
            if time.monotonic() - said > _PROGRESS_S:
                said = time.monotonic()
                click.echo(f"{seen['conversations']} conversations seen", err=True)
    findings = [finding.to_json() | {"mended": mended} for finding, mended in found.items()]
    return {"agents": seen["agents"], "conversations": seen["conversations"], "findings": findings}


async def _rows(settings: Settings, *, limit: int) -> list[dict[str, str | int | None]]:
    """Return one row a conversation: those in line and aside, then those whom agents hold."""
    async with await open_store(settings) as store:
        names: list[str] = []
        for index in _SHOWN:
            names += await store.audit.in_index(index, count=limit)
        for agent in await store.agents.everyone():
            names += (await store.agents.held(agent.agent_id))[:limit]
        talks = await store.conversations.get_many(list(dict.fromkeys(names)))
        places = [await store.queue.place(talk.conversation_id) for talk in talks]
    now_ms = SystemClock().now_ms()
    return [_row(talk, place, now_ms) for talk, place in zip(talks, places, strict=True)]


def _row(talk: Conversation, place: int | None, now_ms: int) -> dict[str, str | int | None]:
    since = talk.waiting_since_ms
    return {
        "state": talk.state.value,
        "place": place,
        "waited": None if since is None else (now_ms - since) // 1000,
        "language": talk.language,
        "topic": talk.handoff.topic if talk.handoff else None,
        "agent": talk.agent_name,
        "conversation_id": talk.conversation_id,
    }


def _cell(value: str | int | None) -> str:
    return "-" if value in {None, ""} else str(value)


def _readable(report: dict[str, Any]) -> str:
    lines = [
        f"{finding['code']:18} {finding['conversation_id'] or '-'} {finding['agent_id'] or '-'}\n"
        f"{'':18} {finding['wrong']}\n"
        f"{'':18} {'mended' if finding['mended'] else 'remedy: ' + finding['remedy']}"
        for finding in report["findings"]
    ]
    found = len(report["findings"])
    seen = f"{report['conversations']} conversations, {report['agents']} agents"
    return "\n".join([*lines, f"{seen}: {f'{found} findings' if found else 'all in order'}"])


def _settings(redis_url: str | None, folder: Path, desk: str) -> Settings:
    try:
        return find_settings(redis_url, folder, desk)
    except (BatonError, ClientError) as error:
        raise wrong_use(error) from None


def _run(work: Coroutine[Any, Any, T]) -> T:
    try:
        return asyncio.run(work)
    except BatonError as error:
        raise wrong_use(
            BatonError(f"Redis cannot be used: {error}. Remedy: see that it runs; check its URL")
        ) from None
