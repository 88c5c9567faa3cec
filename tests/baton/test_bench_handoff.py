"""`baton bench handoff`: a small floor, played for real."""

import pytest
from click.testing import CliRunner

from baton.bench.handoff import measure_burst, measure_offers, measure_pop_and_assign
from baton.commands.bench_handoff import command


async def test_requests_and_freed_slots_are_timed_though_the_line_is_long():
    figures = await measure_offers(10, 30, replicas=1)

    assert 0 < figures["offer_p50_ms"] <= figures["offer_p99_ms"]
    assert 0 < figures["freed_p50_ms"] <= figures["freed_p99_ms"]
    assert {"redis", "service-1", "load"} <= set(figures["offers_busy"])


async def test_a_burst_is_assigned_to_its_last_chat():
    figures = await measure_burst()

    assert figures["chats"] == 20
    assert 0 < figures["assigned_p50_ms"] <= figures["assigned_max_ms"]


async def test_the_bare_script_is_timed():
    figures = await measure_pop_and_assign(count=200)

    assert figures["ms_per_call"] > 0


@pytest.mark.parametrize("only", ["offers,nothing", " , "])
def test_a_section_that_does_not_exist_is_named_with_those_that_do(only):
    result = CliRunner().invoke(command, ["--only", only])

    assert result.exit_code == 2
    assert "expected offers, growth, burst, starts, replicas" in result.output
