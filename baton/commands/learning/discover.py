"""`baton learn discover`: what many ask, found without anybody naming it beforehand."""

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
from handoff_service.archive.learning.topics import Topic, examples_of, list_topics
from kb_index.errors import KbError
from learning.errors import LearningError
from learning.jobs.tools import Tools


@click.command("discover")
@click.option(
    "--utterances",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help='Instead of the history, a file: {"id", "text"} a line.',
)
@data_option
@sql_option
@project_option
@json_option
def discover(
    utterances: Path | None, data_dir: Path, sql_url: str | None, root: Path, *, as_json: bool
) -> None:
    """Find the topics of what the bot had no good answer to in the last 90 days.

    With --utterances those of any file of any domain, languages mixed: every line is in exactly one
    topic. There is nothing to compare with, so a kind is new_intent, or noise where nothing is
    asked.
    """
    if utterances is not None:
        _tell(_of_file(utterances, data_dir), as_json=as_json)
        return

    def show(_result: dict[str, Any]) -> None:
        for line in run(_lines, data_dir, sql_url, root):
            click.echo(line)

    do("discover", {}, data_dir=data_dir, sql_url=sql_url, root=root, as_json=as_json, show=show)


async def _lines(tools: Tools) -> list[str]:
    topics = [topic for topic in await list_topics(tools.database) if topic.state == "open"]
    shown = await examples_of(tools.database, topics)
    return [_line(topic, shown[topic.medoid].text) for topic in topics if topic.medoid in shown]


def _line(topic: Topic, medoid: str) -> str:
    names = [topic.near[name] for name in ("intent", "article_id") if name in topic.near]
    near = f", near {' and '.join(names)}" if names else ""
    return f"{topic.size:>6} {topic.label} ({topic.kind}{near}): {medoid}"


def _tell(found: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"clusters": found}, ensure_ascii=False))
        return
    for cluster in found:
        named = f"{cluster['label']} ({cluster['kind']})"
        click.echo(f"{len(cluster['members']):>6} {named}: {cluster['medoid']}")


def _of_file(file: Path, data_dir: Path) -> list[dict[str, Any]]:
    from kb_index.embedding import Embedder
    from learning.discovery.topics import clusters_of
    from learning.discovery.utterances import read_utterances

    def said(share: float) -> None:
        click.echo(f"embedding {share:.0%}", err=True)

    try:
        read = read_utterances(file)
        return clusters_of(read, Embedder.load(model_dir(data_dir)), said=said) if read else []
    except (LearningError, KbError) as error:
        raise click.ClickException(str(error)) from error
