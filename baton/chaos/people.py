"""What customers and agents of a run have in common: their hurry, their words, their patience."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from baton.chaos.ledger import Ledger
from baton.chaos.timing import Timing
from baton.chaos.words import Words
from baton.client.agent import Agent
from baton.client.errors import ClientError, NotInTime, NotReachable, Refused
from baton.client.link import PASSING

#: Seconds before somebody who finds nothing tries again, as a browser does.
RETRY_S = 0.5
#: Longest wait (s) for an acknowledgement, whatever is broken meanwhile.
ACK_S = 60.0


@dataclass(slots=True)
class Scene:
    """What everybody in a run shares.

    Attributes:
        url: the site.
        timing: how long people take.
        words: what they say.
        with_bot: there is one to ask.
        settling: set when the faults are over: no new beginnings, all is brought to an end.
        ledgers: one a client.
        agents: consoles, for those who pass conversations on or step in.
    """

    url: str
    timing: Timing
    words: Words
    with_bot: bool
    settling: asyncio.Event = field(default_factory=asyncio.Event)
    ledgers: list[Ledger] = field(default_factory=list)
    agents: list[Agent] = field(default_factory=list)

    def new_ledger(self, who: str, side: str) -> Ledger:
        """Open a ledger for a client."""
        ledger = Ledger(who, side)
        self.ledgers.append(ledger)
        return ledger


class Person:
    """Somebody with own dice; `rng` is seeded by the run's seed and who it is."""

    def __init__(self, scene: Scene, *, who: str, seed: int) -> None:
        self.scene, self.who = scene, who
        self.rng = random.Random(f"{seed} {who}")  # noqa: S311 (to be repeated, not secret)

    def odds(self, chance: float) -> bool:
        """Throw the dice."""
        return self.rng.random() < chance

    async def think(self) -> None:
        """Take the time of writing a message."""
        await asyncio.sleep(self.scene.timing.gap_s(self.rng))

    async def pause(self, seconds: float) -> None:
        """Take about so long."""
        await asyncio.sleep(self.scene.timing.about_s(seconds, self.rng))


async def insist(act: Callable[[], Awaitable[object]]) -> None:
    """Do something again and again until the system is there for it. Raises Refused: never will."""
    while True:
        if await _worked(act):
            return
        await asyncio.sleep(RETRY_S)


async def _worked(act: Callable[[], Awaitable[object]]) -> bool:
    """Do something; False: not now, but perhaps later. Raises Refused."""
    try:
        await act()
    except (NotReachable, NotInTime, OSError):
        return False
    except Refused as error:
        if error.code not in PASSING:
            raise
        return False
    return True


async def attempt(act: Awaitable[object]) -> bool:
    """Do something that may be refused or too late; tell whether it worked.

    What was sent stays in the ledger, so that nothing is hidden by this.
    """
    try:
        await act
    except (ClientError, OSError, KeyError):  # KeyError: the conversation went meanwhile
        return False
    return True
