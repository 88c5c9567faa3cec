"""`baton bench redis`: a row for each way, all with every message taken."""

import json

from click.testing import CliRunner

from baton.cli import main


def test_each_way_is_measured():
    result = CliRunner().invoke(
        main, ["bench", "redis", "--messages", "48", "--senders", "4", "--json"]
    )

    assert result.exit_code == 0, result.output
    ways = json.loads(result.stdout)["ways"]
    assert [(way["appendfsync"], way["wait_replicas"]) for way in ways] == [
        ("everysec", 0),
        ("everysec", 1),
        ("always", 0),
        ("always", 1),
    ]
    assert {way["messages"] for way in ways} == {48}
    assert all(0 < way["p50_ms"] <= way["p99_ms"] for way in ways)


def test_too_few_messages_are_refused():
    result = CliRunner().invoke(main, ["bench", "redis", "--messages", "30", "--senders", "20"])

    assert result.exit_code == 2
    assert "too few" in result.output
