"""Scripts that can be cut short, sent twice and listened to: what a crash does to a desk."""

import asyncio
from collections.abc import Callable

from handoff_service.store.scripts import Scripts

_FINGERPRINTS = """
local found = {}
for i, key in ipairs(KEYS) do found[i] = key .. ' ' .. redis.sha1hex(redis.call('DUMP', key)) end
return found
"""


class CallerCrashed(Exception):
    """The process that made the call is gone; what it had already done stays done."""


class WatchedScripts(Scripts):
    """The real scripts on the real server, with a listener on the line."""

    def __init__(self, redis, *, prefix, on_answer, **more):
        """`on_answer(name, args, words)` hears of every call that was carried out."""
        super().__init__(redis, **more)
        self._prefix = prefix
        self._on_answer: Callable = on_answer
        self.calls_left = None  #: until the caller crashes; None: it does not
        self.crash_answered = False  #: it crashes after the last call was carried out, not before
        self._one_by_one = asyncio.Lock()  #: a crash has a place in an order
        self.twice = False  #: every call is sent twice

    async def call(self, name, keys, *, args):
        async with self._one_by_one:
            return await self._call(name, keys, args=args)

    async def _call(self, name, keys, *, args):
        if self.calls_left == 0 and not self.crash_answered:
            raise CallerCrashed
        words = await super().call(name, keys, args=args)
        self._on_answer(name, args, words)
        if self.twice:
            before = await self._everything()
            again = await super().call(name, keys, args=args)
            assert await self._everything() == before, f"{name} sent twice changed something"
            self._on_answer(name, args, again)
        if self.calls_left is not None:
            if self.calls_left == 0:
                raise CallerCrashed
            self.calls_left -= 1
        return words

    async def call_many(self, name, calls):
        if name.startswith("look_at"):
            return await super().call_many(name, calls)
        return [await self.call(name, keys, args=args) for keys, args in calls]

    async def _everything(self):
        """Return all of the desk but the signals, which only wake readers up."""
        names = sorted([key async for key in self._redis.scan_iter(f"{self._prefix}*", count=1000)])
        names = [name for name in names if not name.endswith(":signals")]
        return await self._redis.eval(_FINGERPRINTS, len(names), *names)
