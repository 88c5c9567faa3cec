"""Whatever happens in whatever order: every conversation stays where somebody looks after it."""

import os
import shutil
from asyncio import CancelledError
from contextlib import ExitStack, closing

import pytest
from hypothesis import HealthCheck, Phase, settings as hypothesis_settings
from hypothesis.errors import FlakyFailure, FlakyStrategyDefinition
from hypothesis.stateful import run_state_machine_as_test
from redis.exceptions import ResponseError

from handoff_service.store.scripts import LUA
from tests.handoff_service.machine.desk_machine import machine_on
from tests.handoff_service.machine.world import Server

#: Examples to try: about a minute of them by default; BATON_MACHINE_EXAMPLES=20000 for a night.
EXAMPLES = int(os.environ.get("BATON_MACHINE_EXAMPLES", "60"))


#: A failure is printed with its steps; set BATON_MACHINE_SHRINK=1 to have them made fewer first.
SHRINK = [Phase.shrink] if os.environ.get("BATON_MACHINE_SHRINK") else []
SETTINGS = hypothesis_settings(
    max_examples=EXAMPLES,
    stateful_step_count=40,
    deadline=None,
    derandomize=bool(os.environ.get("CI")) and "BATON_MACHINE_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, *SHRINK],
    database=None,
    print_blob=False,
)

#: Faults that the machine must find: the script, what stands there, what stands there instead.
FAULTS = {
    "an agent writes under an old epoch": (
        "conversation/post_agent_message",
        "if conv.epoch ~= epoch then return reply('STALE') end",
        "",
    ),
    "a customer's message is stored whenever it comes": (
        "conversation/post_customer_message",
        "if before then return reply('REPEATED', before) end",
        "",
    ),
    "the bot answers whoever has the conversation": (
        "conversation/complete_turn",
        "if silent or conv.epoch ~= epoch or head_turn() ~= turn then",
        "if false then",
    ),
    "an agent is not let go of": ("_prelude", "redis.call('ZREM', held or HELD, ID)", ""),
    "who asked is not in the queue": (
        "_prelude",
        "redis.call('ZADD', QUEUE, turn_in_line(), ID)",
        "",
    ),
    "an owed answer is forgotten": (
        "_prelude",
        "if redis.call('LLEN', TURNS) > 0 then",
        "if false then",
    ),
}


@pytest.fixture
def open_server(own_redis_server, make_settings):
    """Return a function that opens a server which the machine may empty."""
    with ExitStack() as stack:

        def open_it(**more):
            settings = make_settings(redis_url=own_redis_server.url)
            return stack.enter_context(closing(Server(own_redis_server.url, settings, **more)))

        yield open_it


def run(machine, tries, *, again=4):
    """Run the machine; begin anew where steps that raced each other ended in another order.

    Hypothesis takes that for a mistake in how examples are made, and stops; on a busy machine a
    step may be given up as well. Neither says anything about the desk.
    """
    try:
        run_state_machine_as_test(machine, settings=tries)
    except (FlakyStrategyDefinition, CancelledError):
        if not again:
            raise
        run(machine, hypothesis_settings(tries, derandomize=False), again=again - 1)


@pytest.mark.timeout(0 if EXAMPLES > 60 else 600)
def test_no_order_of_events_loses_anybody(open_server):
    run(machine_on(open_server()), SETTINGS)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("redis_program", ["valkey"], indirect=True)  # the machine is tried, not it
@pytest.mark.parametrize("fault", FAULTS)
def test_the_machine_finds_a_fault(open_server, tmp_path, fault):
    script, stands_there, instead = FAULTS[fault]
    folder = tmp_path / "lua"
    shutil.copytree(LUA, folder)
    file = folder / f"{script}.lua"
    assert stands_there in file.read_text("utf-8")
    file.write_text(file.read_text("utf-8").replace(stands_there, instead), "utf-8")
    machine = machine_on(open_server(scripts_folder=folder))
    tries = hypothesis_settings(SETTINGS, max_examples=400, derandomize=True)

    # Found is found, also where steps that raced each other end otherwise when they are repeated.
    with pytest.raises((AssertionError, ResponseError, FlakyFailure)):
        run(machine, tries)
