"""`baton learn jobs`: what was asked for, and how far it is."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path

import click

from baton.commands.learning.running import data_option, json_option, run, sql_option
from handoff_service.archive.learning.jobs import Job, list_jobs
from learning.jobs.tools import Tools


@click.command("jobs")
@data_option
@sql_option
@json_option
def jobs(data_dir: Path, sql_url: str | None, *, as_json: bool) -> None:
    """List long work, the latest first: what waits, runs and has ended."""

    async def act(tools: Tools) -> list[Job]:
        return list(await list_jobs(tools.database))

    found: list[Job] = run(act, data_dir, sql_url)
    if as_json:
        click.echo(json.dumps([asdict(job) for job in found], ensure_ascii=False))
        return
    for job in found:
        asked = datetime.fromtimestamp(job.asked_ms / 1000, timezone.utc)
        share = "" if job.share is None else f" {job.share:.0%}"
        more = job.error or f"{job.step}{share}"
        click.echo(f"{asked:%Y-%m-%d %H:%M} {job.kind:<12} {job.state:<10} {more}")
