"""`baton learn group`, `queue`, `decide`: what is to be reviewed, and a reviewer's word on it."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import click

from baton.commands.learning.running import ACTOR, data_option, do, json_option, run, sql_option
from handoff_service.archive.learning import review_queue, reviews
from handoff_service.archive.learning.review_codes import LANGUAGE_BITS, Reason, score_at
from handoff_service.archive.learning.review_queue import Group, Page
from handoff_service.archive.learning.reviews import Word
from handoff_service.archive.learning.verdicts import Verdict
from learning.jobs.tools import Tools

#: Of a turn, in this order.
EXAMPLE = (
    "conversation_id", "seq", "at_ms", "text", "language", "intent", "intent_confidence",
    "scope_confidence", "runner_up", "did", "answer_confidence", "article_id", "vote", "mark",
    "handoff_reason", "agent_answer",
)  # fmt: skip


@click.command("group")
@click.option("--again", is_flag=True, help="Score every group anew, not those that changed.")
@data_option
@sql_option
@json_option
def group(data_dir: Path, sql_url: str | None, *, again: bool, as_json: bool) -> None:
    """Put near-duplicates together, and the groups in order of what a decision changes.

    A running system does it by itself, after collecting.
    """
    do(
        "group",
        {"again": True} if again else {},
        data_dir=data_dir,
        sql_url=sql_url,
        as_json=as_json,
        show=lambda found: click.echo(
            f"{found['phrases']} phrases grouped, {found['groups']} new groups, "
            f"{found['scored']} scored"
        ),
    )


@click.command("queue")
@click.option("--limit", type=click.IntRange(1, 200), default=50, show_default=True)
@click.option("--language", type=click.Choice(list(LANGUAGE_BITS)), help="Only of this language.")
@click.option("--reason", type=click.Choice([each.value for each in Reason]), help="Only for it.")
@click.option("--after", default="", help="The page after: what the one before printed as `after`.")
@data_option
@sql_option
@json_option
def queue(
    limit: int,
    language: str | None,
    reason: str | None,
    after: str,
    data_dir: Path,
    sql_url: str | None,
    *,
    as_json: bool,
) -> None:
    """List what to review, what a decision would change most first."""
    wanted = review_queue.Wanted(language=language, reason=reason)

    async def act(tools: Tools) -> tuple[Page, int]:
        page = await review_queue.read_queue(tools.database, wanted, after=after, limit=limit)
        return page, tools.now_ms()

    try:
        page, now_ms = run(act, data_dir, sql_url)
    except review_queue.CursorInvalid as error:
        raise click.UsageError(f"--after {error}: take what a page before printed") from error
    if as_json:
        groups = [_line(each, now_ms) for each in page.groups]
        told = {"groups": groups, "open": page.open, "after": page.after}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for each in page.groups:
        said = each.example.text if each.example else ""
        reasons = ", ".join(each.reasons[:2])
        click.echo(
            f"{each.group_id:>8} {score_at(each.score, now_ms):8.2f} {each.turns:>6} turns  "
            f"{reasons:<36} {said[:80]}"
        )
    click.echo(f"{page.open} to review", err=True)


@click.command("decide")
@click.argument("group_id", type=int, metavar="GROUP")
@click.argument("verdict", type=click.Choice([each.value for each in Verdict]))
@click.option("--intent", help="Which, with `intent`; its name, with `new_intent`.")
@click.option("--article", "article_id", help="Which, with `article`.")
@click.option("--locale", type=click.Choice(list(LANGUAGE_BITS)), help="Of the article.")
@click.option("--without", multiple=True, type=int, help="A phrase it does not hold for; several.")
@click.option("--note", default="", help="For other reviewers.")
@click.option("--reviewer", default=ACTOR, show_default=True, help="Who says so.")
@data_option
@sql_option
@json_option
def decide(
    group_id: int,
    verdict: str,
    intent: str | None,
    article_id: str | None,
    locale: str | None,
    without: tuple[int, ...],
    note: str,
    reviewer: str,
    data_dir: Path,
    sql_url: str | None,
    *,
    as_json: bool,
) -> None:
    """Say what a GROUP of the queue means; what the same reviewer said before is taken back."""
    word = Word(
        verdict=Verdict(verdict),
        intent=intent,
        article_id=article_id,
        locale=locale,
        without=frozenset(without),
        note=note,
    )

    async def act(tools: Tools) -> Any:  # a decision and a state
        now_ms = tools.now_ms()
        return await reviews.decide(
            tools.database, group_id, word, reviewer=reviewer[:100], now_ms=now_ms
        )

    try:
        decision, state = run(act, data_dir, sql_url)
    except reviews.NoSuchGroup as error:
        raise click.ClickException(
            f"there is no group {group_id}: `baton learn queue` lists them"
        ) from error
    except reviews.DecisionInvalid as error:
        raise click.UsageError(NEEDED[error.field]) from error
    if as_json:
        told = {"decision_id": decision.decision_id, "group_id": group_id, "state": state.value}
        click.echo(json.dumps(told))
    else:
        click.echo(f"{decision.decision_id}: group {group_id} is {state.value}")


#: What a verdict lacks, by field.
NEEDED = {
    "intent": "`intent` needs --intent NAME",
    "article_id": "`article` needs --article ID",
    "without": "--without names phrases of the group, and not all of them",
}


def _line(group: Group, now_ms: int) -> dict[str, Any]:
    example = group.example
    return {
        "group_id": group.group_id,
        "score": round(score_at(group.score, now_ms), 3),
        "state": group.state.value,
        "reasons": group.reasons,
        "phrases": group.phrases,
        "turns": group.turns,
        "conversations": group.conversations,
        "languages": group.languages,
        "last": datetime.fromtimestamp(group.last_ms / 1000, timezone.utc).isoformat(),
        "near": group.near,
        "example": {name: getattr(example, name) for name in EXAMPLE} if example else None,
        "others": [asdict(phrase) for phrase in group.others],
    }
