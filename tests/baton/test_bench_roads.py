"""The measurements of the message road run on real processes, small."""

import json

from click.testing import CliRunner

from baton.commands.bench import group


def _figures(*words):
    done = CliRunner().invoke(group, [*words, "--only", "baton", "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)["baton"]


def test_the_relay_loses_nothing_and_doubles_nothing():
    figures = _figures(
        "relay", "--rate", "50", "--seconds", "2", "--customers", "6", "--agents", "2"
    )

    assert (figures["sent"], figures["received"], figures["acked"]) == (100, 100, 100)
    assert (figures["lost"], figures["duplicated"]) == (0, 0)
    assert 0 < figures["p50_ms"] <= figures["p95_ms"] <= figures["max_ms"]
    assert {"redis", "service-1", "service-2"} < figures["cpu_percent"].keys()


def test_silent_sockets_are_held_and_weighed():
    figures = _figures("sockets", "--idle", "50", "--seconds", "1")

    assert figures["still_open"] == 50
    assert figures["full_mb"] > figures["empty_mb"] > 10
