"""`baton learn suggest`: articles and canned replies that agents' answers suggest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from baton.commands.folders import model_dir
from baton.commands.learning.running import (
    data_option,
    do,
    json_option,
    project_option,
    run,
    sql_option,
)
from handoff_service.archive.learning.suggestions import Suggestion, list_suggestions
from kb_index.errors import KbError
from learning.errors import LearningError
from learning.jobs.tools import Tools


@click.command("suggest")
@data_option
@sql_option
@project_option
@click.option(
    "--evaluate",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Measure contradictions on labelled pairs: data/eval/contradictions.jsonl.",
)
@json_option
def suggest(
    data_dir: Path, sql_url: str | None, root: Path, evaluate: Path | None, *, as_json: bool
) -> None:
    """Suggest articles and canned replies from what agents keep writing; name contradictions."""
    if evaluate is not None:
        _evaluate(evaluate, data_dir, as_json=as_json)
        return

    def show(_result: dict[str, Any]) -> None:
        found: list[Suggestion] = run(_open, data_dir, sql_url, root)
        for suggestion in found:
            _show(suggestion)

    do("suggest", {}, data_dir=data_dir, sql_url=sql_url, root=root, as_json=as_json, show=show)


async def _open(tools: Tools) -> list[Suggestion]:
    return await list_suggestions(tools.database, states=("open",))


def _show(suggestion: Suggestion) -> None:
    near, turns = suggestion.near, suggestion.turns
    by = f"{turns} conversations, {suggestion.agents} agents"
    click.echo(f"{suggestion.kind} ({suggestion.language}, {by}): {suggestion.title}")
    if suggestion.kind == "contradiction":
        click.echo(f"  {near['locale']}/{near['article_id']}: {near['text']}")
        click.echo(f"  agents: {suggestion.body}")
    elif name := near.get("article_id") or near.get("reply_id"):
        click.echo(f"  nearest: {name} ({near['similarity']:.2f})")


def _evaluate(file: Path, data_dir: Path, *, as_json: bool) -> None:
    from learning.suggesting.evaluation import evaluate_contradictions
    from learning.suggesting.vectors import Vectors

    try:
        result: dict[str, Any] = evaluate_contradictions(file, Vectors(model_dir(data_dir)).of)
    except (LearningError, KbError) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False))
        return
    for group, rates in result["groups"].items():
        told = ", ".join(f"{name} {rate}" for name, rate in rates.items())
        click.echo(f"{group}: {told}")
    for mistake in result["mistakes"]:
        click.echo(f"  {mistake['id']} ({mistake['kind']}): {mistake['outcome']}")
