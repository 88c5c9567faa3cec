"""What a measurement asks, counts and compares; the bots here answer in as many seconds as told."""

import os
from contextlib import asynccontextmanager
from itertools import cycle

from click.testing import CliRunner

from baton.cli import main
from baton.client.errors import NotInTime, Refused
from baton.client.load import WARM_UP_TURNS, Asking, Tally, measure
from baton.client.machine import cpu_ms, cpu_ms_per_turn, machine
from baton.client.questions import Question
from baton.client.versus import Side, times_faster, versus

QUESTIONS = [Question("a", "en"), Question("b", "en"), Question("в", "ru")]


class Bot:
    """Answers each turn in the next of `seconds`; an exception among them is raised."""

    locale = "en"

    def __init__(self, *seconds):
        self.seconds, self.asked, self.opened = cycle(seconds), [], []

    @asynccontextmanager
    async def crowd(self, customers):
        self.opened.append(customers)
        yield [self] * customers

    async def ask(self, text):
        self.asked.append(text)
        seconds = next(self.seconds)
        if isinstance(seconds, Exception):
            raise seconds
        return seconds, "answer"


def test_a_question_comes_again_only_when_all_of_its_language_were_asked():
    asking = Asking(QUESTIONS)

    assert [asking.next("en") for _ in range(3)] == ["a", "b", "a"]
    assert asking.next("ru") == "в"


async def test_turns_to_warm_up_are_asked_but_not_counted():
    bot, calls = Bot(0.5), []

    tally = await measure(
        bot.crowd, Asking(QUESTIONS), customers=2, turns=3, on_turn=lambda: calls.append(1)
    )

    assert len(bot.asked) == len(calls) == 2 * (WARM_UP_TURNS + 3)
    assert [number for number, _ in tally.times] == [3, 4, 5] * 2
    assert tally.kinds == {"answer": 6}


async def test_failed_turns_are_counted_by_code_and_have_no_time():
    bot = Bot(0.1, 0.1, 0.2, Refused("busy", ""), NotInTime("answer", 1))

    figures = (await measure(bot.crowd, Asking(QUESTIONS), customers=1, turns=3)).figures()

    assert (figures["errors"], figures["turns"]) == (2, 3)
    assert figures["error_codes"] == {"busy": 1, "NotInTime": 1}
    assert figures["max_ms"] == 200.0


def test_early_and_late_turns_are_told_apart():
    times = [(number, 0.01 if number < 50 else 0.03) for number in range(3, 121)]

    figures = Tally(times=times, wall_s=2.0).figures()

    assert (figures["early_p50_ms"], figures["late_p50_ms"]) == (10.0, 30.0)
    assert figures["turns_per_s"] == 59.0
    assert Tally(times=times[:20], wall_s=1.0).figures()["late_p50_ms"] is None
    assert Tally().figures()["p50_ms"] is None


async def test_sides_are_measured_forwards_and_backwards_by_turns():
    order = []
    bots = {name: Bot(seconds) for name, seconds in {"fast": 0.1, "stock": 0.4}.items()}

    def side(name):
        @asynccontextmanager
        async def crowd(customers):
            order.append(name)
            async with bots[name].crowd(customers) as talks:
                yield talks

        return Side(crowd, Asking(QUESTIONS))

    figures = await versus(
        {name: side(name) for name in bots}, rival="stock", customers=1, turns=2, rounds=3
    )

    assert order == ["fast", "stock", "stock", "fast", "fast", "stock"]
    assert figures["fast"]["turns"] == figures["stock"]["turns"] == 6
    assert figures["times_faster"].keys() == {"fast"}
    assert figures["times_faster"]["fast"]["p50"] == {"median": 4.0, "least": 4.0, "most": 4.0}


def test_ratios_are_of_the_same_round():
    slow = [{"p50_ms": 100, "p95_ms": 200, "turns_per_s": 10}, {"p50_ms": 300, "p95_ms": None, "turns_per_s": 5}]  # fmt: skip # noqa: E501
    fast = [{"p50_ms": 20, "p95_ms": 50, "turns_per_s": 40}, {"p50_ms": 100, "p95_ms": 9, "turns_per_s": 5}]  # fmt: skip # noqa: E501

    ratios = times_faster(slow, fast)

    assert ratios["p50"] == {"median": 4.0, "least": 3.0, "most": 5.0}
    assert ratios["p95"] == {"median": 4.0, "least": 4.0, "most": 4.0}
    assert ratios["turns_per_s"] == {"median": 2.5, "least": 1.0, "most": 4.0}


def test_processor_time_is_of_the_named_process():
    before = cpu_ms({"me": os.getpid()})
    while cpu_ms({"me": os.getpid()})["me"] < before["me"] + 40:
        sum(range(10_000))

    spent = cpu_ms_per_turn(before, cpu_ms({"me": os.getpid()}), 2)

    assert spent["me"] >= 20
    assert cpu_ms({"gone": 2**22 + 1}) == {}
    assert cpu_ms_per_turn({"restarted": 500.0}, {"restarted": 3.0}, 1) == {}
    assert machine()["cores"] == os.cpu_count()


def test_without_a_running_system_there_is_nothing_to_measure_against(tmp_path):
    result = CliRunner().invoke(
        main, ["bench", "turn", "--against", "stock", "--data", str(tmp_path)]
    )

    assert result.exit_code == 2
    assert f"no system runs from {tmp_path}. Remedy: start it with make run" in result.stderr
