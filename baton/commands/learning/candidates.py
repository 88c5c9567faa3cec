"""`baton learn candidate` and `candidates`: train a model beside the live one, and judge it."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import click

from baton.commands.kb_report import Since
from baton.commands.learning.running import (
    data_option,
    do,
    json_option,
    project_option,
    run,
    sql_option,
)
from handoff_service.archive.learning import candidates as kept
from handoff_service.archive.learning.candidates import Candidate
from learning.jobs.tools import Tools


@click.command("candidate")
@click.option("--branch", help="Train what this branch holds.  [default: the folder as it is]")
@click.option("--promote", is_flag=True, help="Let it go live at once if it is not worse.")
@click.option(
    "--page",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the report to this file, as a page.",
)
@click.option(
    "--since",
    "since_ms",
    type=Since(),
    help="Ask conversations since then again: 12h, 7d, or a date (UTC).  [default: 24h]",
)
@click.option(
    "--conversations",
    type=click.IntRange(min=0),
    help="Ask so many conversations again at most, the latest.  [default: 200]",
)
@project_option
@data_option
@sql_option
@json_option
def candidate(
    branch: str | None,
    page: Path | None,
    since_ms: int | None,
    conversations: int | None,
    root: Path,
    data_dir: Path,
    sql_url: str | None,
    *,
    promote: bool,
    as_json: bool,
) -> None:
    """Train a model beside the live one and judge it; ends with 1 when it is worse.

    The live bot is not touched. Stopped half-way, the same command goes on where it was. The rules
    are in data/gate.yml; `baton learn promote` lets it go live.
    """
    asked = {"branch": branch, "since_ms": since_ms, "conversations": conversations}
    result = do(
        "candidate",
        {name: value for name, value in asked.items() if value is not None},
        data_dir=data_dir,
        sql_url=sql_url,
        root=root,
        as_json=as_json and not promote,
        show=_show,
    )
    if page is not None:

        async def read(tools: Tools) -> str:
            return await kept.read_page(tools.database, result["candidate_id"])

        page.write_text(run(read, data_dir, sql_url, root), encoding="utf-8")
        click.echo(f"report: {page}", err=True)
    if result["state"] != "passed":
        if as_json and promote:
            click.echo(json.dumps(result, ensure_ascii=False))
        sys.exit(1)
    if promote:
        from baton.commands.learning.releases import go_live

        go_live(
            result["candidate_id"],
            data_dir=data_dir,
            sql_url=sql_url,
            root=root,
            as_json=as_json,
        )


@click.command("candidates")
@data_option
@sql_option
@json_option
def candidates(data_dir: Path, sql_url: str | None, *, as_json: bool) -> None:
    """List candidates, the latest first: which passed, which were refused and why."""

    async def read(tools: Tools) -> list[Candidate]:
        return list(await kept.list_candidates(tools.database))

    found: list[Candidate] = run(read, data_dir, sql_url)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        at = datetime.fromtimestamp(one.created_ms / 1000, timezone.utc)
        where = f"{one.model.split('.')[0]}  {one.branch or ''}"
        click.echo(f"{at:%Y-%m-%d %H:%M}  {one.candidate_id}  {one.state:8}  {where}")
        for reason in one.reasons:
            click.echo(f"    {reason['text']}")


def _show(result: dict[str, Any]) -> None:
    name = f"candidate {result['candidate_id']} (model {result['model'].split('.')[0]})"
    if result["state"] == "passed":
        click.echo(f"{name} passed: it may go live with")
        click.echo(f"  baton learn promote {result['candidate_id']}")
        return
    click.echo(f"{name} is refused:")
    for reason in result["reasons"]:
        click.echo(f"  {reason['text']}")
