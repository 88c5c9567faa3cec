"""`baton kb report`: how often answers helped, as customers say."""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

import click

from baton.commands.folders import data_option
from baton.commands.history import existing_history, sql_option

if TYPE_CHECKING:
    from handoff_service.reports.helpfulness import Helpfulness, Tally

#: Longest question that is printed, in characters.
QUESTION_CHARS = 120
_UNITS_MS = {"h": 3_600_000, "d": 86_400_000, "w": 7 * 86_400_000}


class Since(click.ParamType[int]):
    """`30d`, `12h`, `4w` before now, or a date (UTC); becomes milliseconds since the epoch."""

    name = "time"

    def convert(
        self,
        value: str | int,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> int:
        """Read it; refuse anything else by what is expected."""
        if isinstance(value, int):
            return value
        if ago := re.fullmatch(r"(\d{1,4})([hdw])", value):
            return int(time.time() * 1000) - int(ago[1]) * _UNITS_MS[ago[2]]
        try:
            day = datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=timezone.utc)
        except ValueError:
            self.fail(f"{value!r}: write 30d, 12h, 4w or a date like 2026-01-31", param, ctx)
        return int(day.timestamp() * 1000)


@click.command("report")
@click.option(
    "--since",
    "since_ms",
    type=Since(),
    default="30d",
    show_default=True,
    help="Answers given since then: 30d, 12h, 4w, or a date (UTC).",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@data_option
@sql_option
def command(since_ms: int, data_dir: Path, sql_url: str | None, *, as_json: bool) -> None:
    """Show how often answers helped, by article and by language; the service need not run.

    Counted is the last vote on each answer. Behind each rate stand the votes it was counted from
    and its 95 % interval (Wilson); first comes what is surely bad: the lowest upper end.
    """
    from handoff_service.archive.errors import ArchiveError

    url = existing_history(data_dir, sql_url)
    if sys.stderr.isatty():  # a scan of all messages since then
        click.echo("reading the history …", err=True)
    try:
        report = asyncio.run(_measure(url, since_ms))
    except ArchiveError as error:
        raise click.ClickException(f"the history database cannot be used: {error}") from None
    if as_json:
        click.echo(json.dumps(report.to_json(), ensure_ascii=False))
    else:
        for line in _lines(report):
            click.echo(line)


async def _measure(sql_url: str, since_ms: int) -> Helpfulness:
    from handoff_service.archive.database import open_database
    from handoff_service.reports.helpfulness import measure_helpfulness

    database = await open_database(sql_url)
    try:
        return await measure_helpfulness(database, since_ms=since_ms)
    finally:
        await database.close()


def _lines(report: Helpfulness) -> Iterable[str]:
    whole, since = report.whole, datetime.fromtimestamp(report.since_ms / 1000, timezone.utc)
    answers = _number(whole.answers, "answer")
    yield f"Since {since:%Y-%m-%d %H:%M} UTC: {answers}, {whole.votes} voted on."
    if not whole.votes:
        return
    yield f"{_rate(whole)} of them helped."
    voted = {f"{name} [{locale}]": tally for (name, locale), tally in report.by_article.items()}
    yield from _table("by article, the surely bad first", _with_votes(voted), questions=True)
    if report.unvoted:
        answers = _number(sum(report.by_article[it].answers for it in report.unvoted), "answer")
        yield f"  without any vote: {len(report.unvoted)} more, with {answers}"
    yield from _table("by language of the customer", _with_votes(report.by_language))
    buckets = {
        f"{low:.0%} to {high:.0%}, on average {tally.mean_confidence:.0%}": tally
        for (low, high), tally in report.by_confidence.items()
    }
    yield from _table("by the confidence it was given with; near its average is well", buckets)
    versions = {name or "(unknown)": tally for name, tally in report.by_index_version.items()}
    yield from _table("by version of the index, in order", _with_votes(versions))


def _with_votes(tallies: Mapping[str, Tally]) -> Mapping[str, Tally]:
    return {name: tally for name, tally in tallies.items() if tally.votes}


def _table(title: str, tallies: Mapping[str, Tally], *, questions: bool = False) -> Iterable[str]:
    if not tallies:
        return
    yield f"\n{title}"
    for name, tally in tallies.items():
        answers = f" of {_number(tally.answers, 'answer')}" if tally.answers else ""
        yield f"  {_rate(tally)}{answers}  {name}"
        if questions:
            yield from (f"      did not help: {_plain(q)}" for q in tally.unhelpful_questions)


def _plain(question: str) -> str:
    """One line that does nothing to a terminal, whatever a customer wrote."""
    line = "".join(char if char.isprintable() else " " for char in question)
    return shorten(line, QUESTION_CHARS, placeholder=" …")


def _rate(tally: Tally) -> str:
    """`40 % (2 of 5 votes, 12–77 %)`: no rate without its number."""
    share, (low, high) = tally.rate.share or 0.0, tally.rate.interval or (0.0, 1.0)
    votes = _number(tally.votes, "vote")
    return f"{share:4.0%} ({tally.helpful} of {votes}, {low:.0%} to {high:.0%})"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
