"""`baton scenario`: conversations as a support manager writes them, tried on a running system."""

import asyncio
import json
import secrets
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import click

from baton.client.address import address_options, find_secret, find_url, wrong_use
from baton.client.errors import ClientError
from baton.client.phrases import LOCALES
from baton.client.system import PrivateSystem
from baton.commands.folders import articles_option
from baton.launcher.system import ROOT, free_port
from baton.scenarios.errors import NoScenarios, ScenarioError, ScenariosBroken
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
@click.option(
    "--identity-secret",
    envvar="BATON_IDENTITY_SECRET",
    help="That of the system; signs the flags of customers.",
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
    identity_secret: str | None,
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
        if start:
            identity_secret = secrets.token_hex(32)
        elif identity_secret is None:
            scenarios = _without_flags(scenarios)
        system = _system(url, folder, private_identity=identity_secret if start else None)
        outcomes = asyncio.run(
            _run(scenarios, system, at_once=at_once, identity_secret=identity_secret)
        )
        if junit is not None:
            junit.write_bytes(to_junit(outcomes))
    except (ClientError, ScenarioError, OSError) as error:
        raise wrong_use(error) from None
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


def _without_flags(scenarios: Sequence[Scenario]) -> list[Scenario]:
    """Leave out, aloud, the scenarios whose customers have flags: nobody could sign them."""
    for scenario in scenarios:
        if scenario.flags:
            click.echo(
                f"not run: {scenario.name}: flags are signed. Remedy: BATON_IDENTITY_SECRET as the "
                "system has it, or --start",
                err=True,
            )
    left = [scenario for scenario in scenarios if not scenario.flags]
    if not left:
        raise NoScenarios("none of these scenarios can be run without BATON_IDENTITY_SECRET")
    return left


async def _run(
    scenarios: Sequence[Scenario],
    system: AbstractAsyncContextManager[tuple[str, str]],
    *,
    at_once: int,
    identity_secret: str | None,
) -> list[Outcome]:
    async with system as (url, secret):
        return await run_scenarios(
            url,
            scenarios,
            secret=secret,
            identity_secret=identity_secret,
            at_once=at_once,
            on_done=_say,
        )


@asynccontextmanager
async def _system(
    url: str | None, folder: Path, *, private_identity: str | None
) -> AsyncIterator[tuple[str, str]]:
    """Give address and operator's secret of the running system, or of a private one.

    Args:
        url: address asked for.
        folder: data folder of the running system.
        private_identity: start a private system with this identity secret, for the block's length.
    """
    if private_identity is None:
        yield find_url(url, folder), find_secret(folder)
        return
    click.echo("starting a private system …", err=True)
    settings = {"BATON_IDENTITY_SECRET": private_identity}
    with tempfile.TemporaryDirectory(prefix="baton-scenarios-") as place:
        system = PrivateSystem(Path(place) / "data", port=free_port(), settings=settings)
        try:
            await system.start(deadline_s=FIRST_START_S)
            yield system.url, system.secret()
        finally:
            await system.stop()


def _say(outcome: Outcome) -> None:
    mark = click.style("ok  ", fg="green") if outcome.ok else click.style("FAIL", fg="red")
    scenario = outcome.scenario
    click.echo(f"{mark} {scenario.language:8} {outcome.seconds:6.1f} s  {scenario.name}", err=True)
