"""`baton settings` against a running service: out as YAML, in as YAML, and back again."""

import asyncio
import json

import pytest
from click.testing import CliRunner

from baton.cli import main
from tests.handoff_service.gateway.harness import (  # noqa: F401
    bot,
    redis_program,
    service,
    start_service,
)

ROUTING = "default: {sla_s: 300}  # five minutes\n"


@pytest.fixture
def run(service, tmp_path):  # noqa: F811
    """A function that runs the command on the service of this test."""
    (tmp_path / "secrets.json").write_text(
        json.dumps({"internal_secret": service.settings.internal_secret})
    )

    async def call(*words, text=None, code=0):
        where = ("--url", service.url, "--data", str(tmp_path))
        done = await asyncio.to_thread(
            CliRunner().invoke, main, ["settings", *words, *where], input=text
        )
        assert done.exit_code == code, done.output
        return done

    return call


async def test_settings_go_out_and_come_in_as_yaml(run, service):  # noqa: F811
    before = (await run("show", "routing")).stdout

    told = (await run("save", "routing", "--check", text=ROUTING)).stdout
    saved = await run("save", "routing", "--note", "faster", text=ROUTING)

    assert "default.sla_s: 600 → 300" in told
    assert saved.stdout == "routing: version 2 holds\n"
    assert (await run("show", "routing")).stdout == ROUTING, "with its comment"
    assert service.parts.settings_keeper.routing.now.default.sla_ms == 300_000
    listed = (await run("history", "routing")).stdout.splitlines()
    assert listed[0].endswith("faster")
    assert "file" in listed[1]

    await run("restore", "routing", "1")
    assert (await run("show", "routing")).stdout == before


async def test_what_cannot_be_saved_is_told_with_its_place_and_the_remedy(run):
    bad = await run("save", "routing", text="default: {sla_s: soon}\n", code=2)
    await run("save", "routing", text=ROUTING)
    late = await run("save", "routing", "--base", "1", text="{}", code=2)
    nothing = await run("show", "nothing", code=2)

    assert "line 1: default.sla_s: 'soon' is not a whole number" in bad.stderr
    assert "version 2 holds now" in late.stderr
    assert "save with --base 2" in late.stderr
    assert "no such area" in nothing.stderr
