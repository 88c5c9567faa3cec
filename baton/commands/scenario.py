"""`baton scenario`: conversations as a support manager writes them, tried on a running system."""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import click

from baton.client.address import address_options, find_secret, find_url, wrong_use
from baton.client.errors import ClientError
from baton.client.phrases import LOCALES
from baton.client.system import PrivateSystem
from baton.commands.folders import articles_option
from baton.launcher.system import ROOT, free_port
from baton.scenarios.errors import ScenarioError, ScenariosBroken
from baton.scenarios.model import Scenario
from baton.scenarios.names import project_names, unknown_names
from baton.scenarios.reader import read_scenarios
from baton.scenarios.report import to_json, to_junit, to_text
from baton.scenarios.run import AT_ONCE, Outcome, run_scenarios
from kb_index.errors import KbError

#: Where the project's own scenarios lie.
FOLDER = Path("tests/scenarios")
#: Longest start (s) of a private system that has to build its models first.
FIRST_START_S = 900.0

_paths = click.argument("paths", nargs=-1, type=click.Path(path_type=Path))


@click.group("scenario")
def group() -> None:
    """Try conversations written down in files."""


@group.command("run")
@_paths
@address_options
@click.option("--only", help="Only scenarios whose name contains this.")
@click.option("--lang", "locales", multiple=True, type=click.Choice(LOCALES), help="Only these.")
@click.option(
    "--at-once",
    type=click.IntRange(1, 40),
    default=AT_ONCE,
    show_default=True,
    help="Conversations at a time.",
)
@click.option("--start", is_flag=True, help="Run a private system for them, and stop it after.")
@click.option("--json", "as_json", is_flag=True, help="The report as JSON on stdout.")
@click.option("--junit", type=click.Path(path_type=Path, dir_okay=False), help="JUnit XML, too.")
def run(
    paths: tuple[Path, ...],
    url: str | None,
    folder: Path,
    only: str | None,
    locales: tuple[str, ...],
    at_once: int,
    *,
    start: bool,
    as_json: bool,
    junit: Path | None,
) -> None:
    """Run the scenarios of PATHS, files or folders, by default tests/scenarios.

    Exit 1: an expectation did not hold. Exit 2: files cannot be read, no system answers.
    """
    try:
        scenarios = read_scenarios(paths or (FOLDER,), name=only, languages=locales)
        outcomes = asyncio.run(_run(scenarios, url, folder, at_once=at_once, start=start))
    except (ClientError, ScenarioError) as error:
        raise wrong_use(error) from None
    if junit is not None:
        junit.write_bytes(to_junit(outcomes))
    result = to_json(outcomes)
    click.echo(json.dumps(result, ensure_ascii=False, indent=1) if as_json else to_text(outcomes))
    if result["failed"]:
        raise SystemExit(1)


@group.command("check")
@_paths
@articles_option
def check(paths: tuple[Path, ...], articles_dir: Path) -> None:
    """Check the files of PATHS without a system: form, and the names they use (exit 2)."""
    try:
        scenarios = read_scenarios(paths or (FOLDER,))
        problems = unknown_names(scenarios, project_names(ROOT, articles_dir))
        if problems:
            raise ScenariosBroken(problems)
    except (ScenarioError, KbError, OSError) as error:
        raise wrong_use(error) from None
    click.echo(f"{len(scenarios)} scenarios, nothing wrong")


async def _run(
    scenarios: Sequence[Scenario], url: str | None, folder: Path, *, at_once: int, start: bool
) -> list[Outcome]:
    async with _system(url, folder, start=start) as (address, secret):
        return await run_scenarios(address, scenarios, secret=secret, at_once=at_once, on_done=_say)


@asynccontextmanager
async def _system(url: str | None, folder: Path, *, start: bool) -> AsyncIterator[tuple[str, str]]:
    """Give address and secret of the running system, or of one for the length of the block."""
    if not start:
        yield find_url(url, folder), find_secret(folder)
        return
    click.echo("starting a private system …", err=True)
    with tempfile.TemporaryDirectory(prefix="baton-scenarios-") as place:
        system = PrivateSystem(Path(place) / "data", port=free_port())
        try:
            await system.start(deadline_s=FIRST_START_S)
            yield system.url, system.secret()
        finally:
            await system.stop()


def _say(outcome: Outcome) -> None:
    mark = click.style("ok  ", fg="green") if outcome.ok else click.style("FAIL", fg="red")
    scenario = outcome.scenario
    click.echo(f"{mark} {scenario.language:8} {outcome.seconds:6.1f} s  {scenario.name}", err=True)
