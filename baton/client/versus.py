"""Two or more bots measured by turns in one run, so that what else the machine does hits all."""

import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from baton.client.load import Asking, Crowd, Tally, measure


@dataclass(frozen=True, slots=True)
class Side:
    """One bot: how to open its customers, and the questions they ask."""

    crowd: Crowd
    asking: Asking


async def versus(
    sides: Mapping[str, Side],
    *,
    rival: str,
    customers: int,
    turns: int,
    rounds: int,
    on_turn: Callable[[], None] = lambda: None,
) -> dict[str, Any]:
    """Measure all sides in each round, forwards and backwards by turns (ABBA).

    Args:
        sides: bots by name.
        rival: the name of the one the others are compared with.
        customers: at the same time.
        turns: counted turns of each customer a round.
        rounds: each side is measured once in each.
        on_turn: called after each turn.

    Returns:
        {name: figures over all rounds} and for each name but the rival's "times_faster":
        {name: {"p50","p95","turns_per_s": {"median","least","most"}}} over the rounds.
    """
    names = list(sides)
    tallies: dict[str, list[Tally]] = {name: [] for name in names}
    for number in range(rounds):
        for name in names if number % 2 == 0 else reversed(names):
            side = sides[name]
            tally = await measure(
                side.crowd, side.asking, customers=customers, turns=turns, on_turn=on_turn
            )
            tallies[name].append(tally)
    figures: dict[str, Any] = {
        name: _together(of_side).figures() for name, of_side in tallies.items()
    }
    figures["times_faster"] = {
        name: times_faster(
            [tally.figures() for tally in tallies[rival]], [t.figures() for t in tallies[name]]
        )
        for name in sides
        if name != rival
    }
    return figures


def times_faster(
    slow: list[dict[str, Any]], fast: list[dict[str, Any]]
) -> dict[str, dict[str, float]]:
    """Return the ratios round by round of two lists of figures: above 1 where `fast` is faster."""
    pairs = list(zip(slow, fast, strict=True))
    ratios = {
        "p50": [a["p50_ms"] / b["p50_ms"] for a, b in pairs if a["p50_ms"] and b["p50_ms"]],
        "p95": [a["p95_ms"] / b["p95_ms"] for a, b in pairs if a["p95_ms"] and b["p95_ms"]],
        "turns_per_s": [
            b["turns_per_s"] / a["turns_per_s"]
            for a, b in pairs
            if a["turns_per_s"] and b["turns_per_s"]
        ],
    }
    return {
        name: {
            "median": round(statistics.median(values), 2),
            "least": round(min(values), 2),
            "most": round(max(values), 2),
        }
        for name, values in ratios.items()
        if values
    }


def _together(tallies: list[Tally]) -> Tally:
    whole = Tally()
    for tally in tallies:
        whole.times += tally.times
        whole.kinds += tally.kinds
        whole.errors += tally.errors
        whole.wall_s += tally.wall_s
    return whole
