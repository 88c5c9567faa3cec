"""`baton doctor`: what is missing or broken on this machine, and how to mend it."""

import json
from pathlib import Path

import click

from baton.launcher.checks import examine
from baton.launcher.data_dir import DataDir


@click.command("doctor")
@click.option(
    "--data",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("var"),
    show_default=True,
    envvar="BATON_DATA_DIR",
)
@click.option("--port", type=int, default=8080, show_default=True, envvar="BATON_PORT")
@click.option(
    "--redis-url", envvar="BATON_REDIS_URL", help="A Redis of your own instead of the embedded one."
)
@click.option("--json", "as_json", is_flag=True, help="Findings as JSON on stdout.")
def command(folder: Path, port: int, redis_url: str | None, *, as_json: bool) -> None:
    """Check Python, Redis, port, disk, models, index, rules and what runs (exit 1: one is bad)."""
    findings = []
    for finding in examine(DataDir(folder), port=port, redis_url=redis_url):
        findings.append(finding)
        if not as_json:
            mark = click.style("ok  ", fg="green") if finding.ok else click.style("BAD ", fg="red")
            click.echo(f"{mark} {finding.name:18} {finding.found}")
            if finding.remedy:
                click.echo(f"     {'':18} remedy: {finding.remedy}")
    if as_json:
        click.echo(json.dumps([f.as_dict() for f in findings], indent=1))
    if not all(finding.ok for finding in findings):
        raise SystemExit(1)
