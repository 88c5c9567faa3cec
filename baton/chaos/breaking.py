"""Carries a schedule of faults out on a running system, and undoes each in its time."""

import asyncio
import logging
import signal
from collections.abc import Sequence
from typing import Any

from baton.chaos.faults import SERVICE, Fault, Kind
from baton.chaos.system import BrokenSystem
from baton.launcher.system import CannotRun, NotReady

logger = logging.getLogger(__name__)

#: A replica that is told to end has this long (s) until it answers again, before the next one is.
ROLL_S = 30.0


class Breaking:
    """Breaks a system by a schedule; `done` is what really happened, and when."""

    def __init__(self, system: BrokenSystem) -> None:
        self._system = system
        self.done: list[dict[str, Any]] = []

    async def run(self, faults: Sequence[Fault]) -> None:
        """Do each fault at its time, and return once all are undone."""
        begun = asyncio.get_running_loop().time()
        async with asyncio.TaskGroup() as tasks:
            for fault in faults:
                wait_s = begun + fault.at_s - asyncio.get_running_loop().time()
                await asyncio.sleep(max(0.0, wait_s))
                tasks.create_task(self._do(fault))

    async def _do(self, fault: Fault) -> None:
        try:
            process = await self._system.process_of(fault.part)
        except CannotRun as error:  # no sentinel answers just now: this fault is left out
            logger.info("%s of %s left out: %s", fault.kind, fault.part, error)
            return
        logger.info("%s of %s for %s s", fault.kind, process, fault.for_s)
        self.done.append(fault.to_json() | {"process": process})
        match fault.kind:
            case Kind.KILL:
                self._system.send(process, signal.SIGKILL)
            case Kind.PAUSE:
                await self._pause(process, fault.for_s)
            case Kind.FAILOVER:
                if self._system.fleet:
                    await self._system.fleet.fail_over()
            case Kind.ROLL:
                await self._roll()
            case _:
                await self._disturb(fault)

    async def _pause(self, process: str, seconds: float) -> None:
        self._system.send(process, signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            self._system.send(process, signal.SIGCONT)

    async def _roll(self) -> None:
        for number in range(self._system.replicas):
            self._system.send(f"{SERVICE}-{number + 1}", signal.SIGTERM)
            await asyncio.sleep(1.0)  # it ends its sockets before it ends
            try:
                await self._system.wait_until_answering(number, deadline_s=ROLL_S)
            except NotReady as error:
                logger.warning("rolling restart goes on: %s", error)

    async def _disturb(self, fault: Fault) -> None:
        balancer = self._system.balancer
        replica = int(fault.part.removeprefix(f"{SERVICE}-")) - 1
        pipes = balancer.some(replica, fault.share)
        if fault.kind is Kind.CUT:
            balancer.cut(pipes)
        elif fault.kind is Kind.STALL:
            await balancer.stall(pipes, fault.for_s)
        else:
            await balancer.swallow(pipes, fault.for_s)
