"""`baton chaos`: break a private system at random while people use it, and compare everything."""

import asyncio
import json
import logging
import signal
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import uvloop

from baton.chaos.ledger import keep
from baton.chaos.plan import Plan
from baton.chaos.run import NeverRecovered, Outcome, run_chaos
from baton.chaos.timing import Timing, read_gaps
from baton.chaos.verdict import around
from baton.client.address import wrong_use
from baton.client.errors import ClientError
from baton.launcher.redis_server import NoRedisServer
from baton.launcher.system import CannotRun, NotReady

#: Findings that are shown with the events around them; all of them are in --json and --keep.
SHOWN = 20


@click.command("chaos")
@click.option("--minutes", type=click.FloatRange(0.2, 600), default=10, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="Of faults and people.")
@click.option("--agents", type=click.IntRange(1, 500), default=50, show_default=True)
@click.option("--customers", type=click.IntRange(1, 2000), default=200, show_default=True)
@click.option("--replicas", type=click.IntRange(1, 16), default=3, show_default=True)
@click.option(
    "--every",
    "every_s",
    type=click.FloatRange(0.5, 3600),
    default=12,
    show_default=True,
    help="Seconds between faults on average.",
)
@click.option(
    "--pace",
    type=click.FloatRange(0.1, 50),
    default=1,
    show_default=True,
    help="How many times quicker than people are.",
)
@click.option(
    "--timing",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Dialogues to take the times between messages from, JSON lines.",
)
@click.option("--without-bot", is_flag=True, help="No Rasa: customers ask for a person at once.")
@click.option(
    "--one-redis", is_flag=True, help="A single Redis instead of two servers with sentinels."
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    callback=lambda _context, _option, given: _pairs(given),
    help="A setting of the service for this run, for instance BATON_REDIS_WAIT_REPLICAS=0.",
)
@click.option(
    "--keep",
    "kept",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write ledgers, report and logs into this folder.",
)
@click.option("--json", "as_json", is_flag=True, help="The report as JSON on stdout.")
def command(
    minutes: float,
    seed: int,
    agents: int,
    customers: int,
    replicas: int,
    every_s: float,
    pace: float,
    timing: Path | None,
    settings: dict[str, str],
    kept: Path | None,
    *,
    without_bot: bool,
    one_redis: bool,
    as_json: bool,
) -> None:
    """Break a private system at random while people use it.

    Replicas of the service behind a TCP balancer, Redis with sentinels, Rasa and SQLite run in a
    folder of their own, on free ports of the loopback. Customers and agents with human timing use
    them while processes are killed and stopped and connections cut, by a schedule that the seed
    gives. Then all is left to settle, and what the clients saw, Redis and SQL are compared message
    by message. docs/chaos.md says what each figure means.

    Exit 0: nothing is wrong, and nobody waited beyond the grace while an agent was free. Exit 1:
    something is, or the system did not come back. Exit 2: it could not be run.
    """
    logging.basicConfig(level=logging.ERROR, format="%(levelname)s %(message)s")
    logging.getLogger("baton.chaos").setLevel(logging.INFO)
    try:
        plan = Plan(
            seconds=minutes * 60,
            seed=seed,
            agents=agents,
            customers=customers,
            replicas=replicas,
            timing=Timing(pace, read_gaps(timing) if timing else ()),
            every_s=every_s,
            with_bot=not without_bot,
            with_sentinels=not one_redis,
            more_settings=settings,
        )
        outcome = _run(plan, kept)
    except asyncio.CancelledError:
        raise SystemExit(128 + signal.SIGTERM) from None
    except NeverRecovered as error:
        click.echo(f"Error: {error}", err=True)
        raise SystemExit(1) from None
    except (ClientError, CannotRun, NotReady, NoRedisServer, ValueError, OSError) as error:
        raise wrong_use(error) from None
    report = to_json(plan, outcome)
    if kept:
        keep(outcome.ledgers, kept / "ledgers")
        (kept / "report.json").write_text(json.dumps(report, indent=1, ensure_ascii=False))
    if as_json:
        click.echo(json.dumps(report, indent=1, ensure_ascii=False))
    else:
        _print(report)
    if not outcome.verdict.passes(grace_s=plan.grace_s):
        raise SystemExit(1)


def _pairs(given: Sequence[str]) -> dict[str, str]:
    """Read NAME=VALUE."""
    pairs = [text.partition("=") for text in given]
    wrong = next((name for name, equals, _ in pairs if not name or not equals), None)
    if wrong is not None:
        raise click.BadParameter(f"{wrong!r} is not NAME=VALUE")
    return {name: value for name, _, value in pairs}


def _run(plan: Plan, kept: Path | None) -> Outcome:
    if kept:
        return uvloop.run(_stoppable(plan, kept / "system"))
    with tempfile.TemporaryDirectory(prefix="baton-chaos-") as folder:
        return uvloop.run(_stoppable(plan, Path(folder)))


async def _stoppable(plan: Plan, folder: Path) -> Outcome:
    """Run; told to end, end the system first, as after Ctrl-C."""
    this = asyncio.current_task()
    if this:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this.cancel)
    return await run_chaos(plan, folder, say=lambda line: click.echo(line, err=True))


def to_json(plan: Plan, outcome: Outcome) -> dict[str, Any]:
    """Return the report: the counts first, then faults and findings."""
    verdict = outcome.verdict
    told = {
        **verdict.counts(),
        "grace_s": plan.grace_s,
        "seed": plan.seed,
        "faults": outcome.faults,
        "findings": [
            finding.to_json()
            | {"around": around(outcome.stored.events(finding.conversation_id), finding.seq)}
            for finding in verdict.findings
        ],
    }
    if verdict.unserved:
        worst = verdict.unserved
        told["longest_unserved"] = {
            "conversation_id": worst.conversation_id,
            "agent_id": worst.agent_id,
            "from_ms": worst.from_ms,
            "until_ms": worst.until_ms,
        }
    return told


def _print(report: dict[str, Any]) -> None:
    for name, value in report.items():
        if name not in {"faults", "findings", "longest_unserved"}:
            click.echo(f"{name:18} {value}")
    click.echo(f"{'faults':18} {len(report['faults'])}")
    for finding in report["findings"][:SHOWN]:
        click.echo(f"\n{finding['flaw']} {finding['conversation_id']}: {finding['why']}")
        for line in finding["around"]:
            click.echo(f"    {line}")
    if len(report["findings"]) > SHOWN:
        click.echo(f"\n… and {len(report['findings']) - SHOWN} more: --json or --keep")
