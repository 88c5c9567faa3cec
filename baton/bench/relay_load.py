"""The load generator of `baton bench relay`: a process of its own, plan in, figures out."""

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import uvloop

from baton.bench.roads import ROADS, Crowd, Road
from baton.client.percentile import percentile

#: Seconds of load that are not counted: connections and caches warm up.
WARM_UP_S = 2.0
#: Longest silence (s) after the last message before those that are missing count as lost.
PATIENCE_S = 5.0


@dataclass(slots=True)
class Post:
    """Which messages left, came and were acknowledged, and when (time.perf_counter)."""

    sent: dict[str, float] = field(default_factory=dict)
    came: Counter[str] = field(default_factory=Counter)
    delays_s: list[float] = field(default_factory=list)
    ack_delays_s: list[float] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def arrived(self, message_id: str) -> None:
        self.came[message_id] += 1
        if message_id in self.sent:
            self.delays_s.append(time.perf_counter() - self.sent[message_id])
        self.news.set()

    def acked(self, message_id: str) -> None:
        if message_id in self.sent:
            self.ack_delays_s.append(time.perf_counter() - self.sent[message_id])
        self.news.set()

    def complete(self, *, with_acks: bool) -> bool:
        """Tell whether all that was sent has come, and was acknowledged if it ever is."""
        acked = len(self.ack_delays_s) if with_acks else len(self.sent)
        return min(len(self.came), acked) >= len(self.sent)

    def figures(self) -> dict[str, Any]:
        """Return the figures of the counted messages; times in ms, nearest rank."""
        received = sum(1 for name in self.sent if name in self.came)
        return {
            **_times(self.delays_s, "", (50, 95, 99, 100)),
            **_times(self.ack_delays_s, "ack_", (50, 95)),
            "sent": len(self.sent),
            "received": received,
            "lost": len(self.sent) - received,
            "duplicated": sum(self.came[name] - 1 for name in self.sent if name in self.came),
            "acked": len(self.ack_delays_s) or None,
        }


async def run(plan: Mapping[str, Any]) -> dict[str, Any]:
    """Send `rate` messages a second for `seconds`, evenly, each customer in turn.

    `plan`: road, urls, secret, customers, agents, rate, seconds. A message that the generator sends
    late, because it had no processor, counts from when it left; `rate_kept` tells how many a
    second did leave.
    """
    crowd = Crowd(plan["urls"], plan["customers"], plan["agents"], plan["secret"])
    road = ROADS[plan["road"]](crowd)
    warm_up, post = Post(), Post()

    def arrived(message_id: str) -> None:
        (warm_up if message_id.startswith("w") else post).arrived(message_id)

    def acked(message_id: str) -> None:
        (warm_up if message_id.startswith("w") else post).acked(message_id)

    try:
        await road.open(arrived=arrived, acked=acked)
        await _pour(road, warm_up, "w", rate=plan["rate"], seconds=WARM_UP_S, crowd=crowd)
        _say("counting")  # whoever measures processor time begins now
        begun = time.perf_counter()
        await _pour(road, post, "m", rate=plan["rate"], seconds=plan["seconds"], crowd=crowd)
        took = time.perf_counter() - begun
        await _until_complete(post, with_acks=road.acknowledges)
    finally:
        await road.close()
    return {**post.figures(), "rate_kept": round(len(post.sent) / took)}


async def _pour(
    road: Road, post: Post, prefix: str, *, rate: float, seconds: float, crowd: Crowd
) -> None:
    begun = time.perf_counter()
    for number in range(int(rate * seconds)):
        wait = begun + number / rate - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        name = f"{prefix}{number}"
        post.sent[name] = time.perf_counter()
        await road.send(number % crowd.customers, name)


async def _until_complete(post: Post, *, with_acks: bool) -> None:
    while not post.complete(with_acks=with_acks):
        post.news.clear()
        try:
            async with asyncio.timeout(PATIENCE_S):
                await post.news.wait()
        except TimeoutError:
            return


def _times(values: list[float], prefix: str, ranks: tuple[int, ...]) -> dict[str, float | None]:
    return {
        f"{prefix}{'max' if rank == 100 else f'p{rank}'}_ms": round(
            1000 * percentile(values, rank), 2
        )
        if values
        else None
        for rank in ranks
    }


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    _say(json.dumps(uvloop.run(run(json.load(sys.stdin)))))
