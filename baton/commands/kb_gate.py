"""`baton kb check`, `rollback` and `versions`: which index is live, and whether it should be."""

from __future__ import annotations

import json
import sys
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from baton.commands import releasing
from baton.commands.folders import data_option, eval_option, model_dir
from kb_index.errors import KbError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb_index.history import Event
    from kb_index.manifest import Manifest


@click.command("check")
@click.argument("version", required=False)
@eval_option
@data_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def check(version: str | None, eval_dir: Path, data_dir: Path, *, as_json: bool) -> None:
    """Ask a VERSION and the live one the golden questions, and say whether it is worse.

    VERSION is the last one built unless it is named; the live one is compared with the one that
    was live before it. Ends with 0 when it is not worse, 1 when it is, 2 when that cannot be told.
    """
    from kb_index import versions
    from kb_index.gate import compare
    from kb_index.model_settings import read_settings

    started = time.monotonic()
    kb_dir = data_dir / "kb"
    try:
        questions = releasing.find_questions(eval_dir, eval_dir)
        live = versions.live_version(kb_dir)
        chosen = (
            version or max(versions.list_versions(kb_dir), key=lambda one: one.built_ms).version
        )
        versions.require_version(kb_dir, chosen)
        other = versions.version_before(kb_dir) if chosen == live else live
        verdict = compare(
            kb_dir,
            chosen,
            other,
            questions,
            model=read_settings(model_dir(data_dir)),
            load_embedder=releasing.embedder_loader(data_dir),
        )
    except KbError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(2)
    if as_json:
        seconds = round(time.monotonic() - started, 2)
        click.echo(json.dumps(verdict.as_json() | {"seconds": seconds}, ensure_ascii=False))
    else:
        for line in releasing.describe(verdict):
            click.echo(line)
        for reason in verdict.reasons:
            click.echo(f"worse: {reason}")
    sys.exit(1 if verdict.reasons else 0)


@click.command("rollback")
@click.argument("version", required=False)
@data_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def rollback(version: str | None, data_dir: Path, *, as_json: bool) -> None:
    """Make VERSION live again, or the one that was live before the live one.

    What is taken back does not go live again until the articles change. A running Baton answers
    from the version at once; `baton kb versions` lists what there is.
    """
    from kb_index import versions
    from kb_index.model_settings import read_settings
    from kb_index.searching import IndexVersion

    kb_dir = data_dir / "kb"
    try:
        with versions.one_build_at_a_time(kb_dir):
            before = versions.live_version(kb_dir)
            chosen = version or versions.version_before(kb_dir)
            versions.require_version(kb_dir, chosen)
            if chosen == before:
                raise click.ClickException(f"{chosen} is live already")
            IndexVersion.open(kb_dir, chosen, model=read_settings(model_dir(data_dir)))
            versions.go_back(kb_dir, chosen, now_ms=releasing.now_ms())
    except KbError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps({"version": chosen, "taken_back": before}))
    else:
        click.echo(f"index {chosen} is live again, {before} is taken back")


@click.command("versions")
@data_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def list_versions(data_dir: Path, *, as_json: bool) -> None:
    """List the versions on disk, and what became of each, the last touched first."""
    from kb_index import versions
    from kb_index.history import read_history

    kb_dir = data_dir / "kb"
    try:
        live = versions.live_version(kb_dir)
        on_disk = versions.list_versions(kb_dir)
    except KbError as error:
        raise click.ClickException(str(error)) from error
    events = read_history(kb_dir)
    rows = [_row(one, events, is_live=one.version == live) for one in on_disk]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        mark = "live" if row["live"] else ""
        counts = f"{row['articles']:>6} articles {row['chunks']:>8} chunks"
        click.echo(f"{row['version']}  {mark:4}  built {row['built']}  {counts}")
        for event in row["history"]:
            why = f": {'; '.join(event['reasons'])}" if event["reasons"] else ""
            click.echo(f"    {event['at']}  {event['what']}{why}")


def _row(manifest: Manifest, events: Sequence[Event], *, is_live: bool) -> dict[str, Any]:
    own = [one for one in events if manifest.version in (one.version, one.before)]
    return {
        "version": manifest.version,
        "live": is_live,
        "built": _time(manifest.built_ms),
        "articles": len(manifest.articles),
        "chunks": manifest.n_chunks,
        "history": [said for event in own if (said := _say(event, manifest.version))],
    }


def _say(event: Event, version: str) -> dict[str, Any] | None:
    """Return what an event was to a version; None: to another one only."""
    from kb_index.history import Kind

    if event.version == version:
        what = "live again" if event.kind is Kind.ROLLED_BACK else event.kind.value
        return {"at": _time(event.at_ms), "what": what, "reasons": list(event.reasons)}
    if event.kind is Kind.REFUSED:
        return None
    what = "taken back" if event.kind is Kind.ROLLED_BACK else "replaced"
    return {"at": _time(event.at_ms), "what": what, "reasons": []}


def _time(at_ms: int) -> str:
    return f"{datetime.fromtimestamp(at_ms / 1000, tz=timezone.utc):%Y-%m-%d %H:%M:%S} UTC"
