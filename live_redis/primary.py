"""Find out which server takes the writes now."""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from typing import Any

from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel
from redis.backoff import NoBackoff
from redis.exceptions import (
    AskError,
    ConnectionError as RedisConnectionError,
    MovedError,
    RedisError,
    ResponseError,
)

from live_redis.address import Address, Node

#: A server, a sentinel or a node that says nothing for so long (seconds) is passed over.
TIMEOUT_S = 1.0
_OPTIONS = {
    "socket_timeout": TIMEOUT_S,
    "socket_connect_timeout": TIMEOUT_S,
    "retry": Retry(NoBackoff(), 0),  # whoever asked asks again
}
#: Connections that open at the same time share one answer, this long (seconds).
_SHARED_S = 0.1
#: A cluster at rest sends an asker on once; more often than this it does not know itself.
_HOPS = 5


class Primary(ABC):
    """The server that takes the writes: asked for once, and again after `forget`."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self.known: Node | None = None
        self._found_at = 0.0
        self._lock = asyncio.Lock()

    async def address(self) -> Node:
        """Ask. Raises redis.exceptions.ConnectionError when nobody knows."""
        async with self._lock:
            if self.known is None or time.monotonic() - self._found_at > _SHARED_S:
                self.known = await self._find()
                self._found_at = time.monotonic()
            return self.known

    def forget(self) -> None:
        """Ask again next time: the one that was named is none any more."""
        self._found_at = 0.0

    @abstractmethod
    async def _find(self) -> Node: ...


class SentinelPrimary(Primary):
    """The one that the first sentinel to answer names, if it does not take it for down."""

    def __init__(self, address: Address) -> None:
        """Ask the sentinels of `address`."""
        super().__init__()
        self._address = address

    async def _find(self) -> Node:
        sentinel = Sentinel(  # type: ignore[no-untyped-call]  # redis-py leaves it untyped
            list(self._address.nodes), sentinel_kwargs=_OPTIONS | self._address.sentinel_options
        )
        try:
            host, port = await sentinel.discover_master(self._address.service)
        finally:
            for client in sentinel.sentinels:
                await close(client)
        return str(host), int(port)


class SlotPrimary(Primary):
    """The node of a cluster that has the slot of one key: any node sends an asker there."""

    def __init__(self, address: Address, *, key: str) -> None:
        """Ask the nodes of `address` for `key`, and those they name."""
        super().__init__()
        self._key = key
        self._nodes = list(address.nodes)
        self._options = address.options | _OPTIONS

    async def _find(self) -> Node:
        faults: list[str] = []
        for start in tuple(self._nodes):
            try:
                found = await self._follow(start)
            except RedisError as error:
                faults.append(f"{start[0]}:{start[1]}: {error}")
                continue
            if found not in self._nodes:  # it may be the only one left one day
                self._nodes.append(found)
            return found
        raise RedisConnectionError(f"no node of the cluster has the slot: {'; '.join(faults)}")

    async def _follow(self, node: Node) -> Node:
        for _ in range(_HOPS):
            client = Redis(
                connection_pool=ConnectionPool(
                    **(self._options | {"host": node[0], "port": node[1]})
                )
            )
            try:
                await client.exists(self._key)
                return node
            except ResponseError as error:
                onward = moved_to(error)
                if onward is None:
                    raise
                node = (onward[0] or node[0], onward[1])
            finally:
                await close(client)
                await client.connection_pool.disconnect()
        raise RedisConnectionError("its nodes send each other's clients round in circles")


def moved_to(error: Exception) -> Node | None:
    """Return where a cluster's node sends the client; None for any other error.

    The host is "" when it is the same as the node's. Redis-py 4 knows these errors by their text
    alone.
    """
    if isinstance(error, MovedError | AskError):
        return str(error.host), int(error.port)
    code, *words = str(error).split(" ")
    if code not in {"MOVED", "ASK"} or len(words) != 2:
        return None
    host, _, port = words[1].rpartition(":")
    return host, int(port)


async def close(client: Any) -> None:
    """Close a client of redis-py 4 or later."""
    await (client.aclose if hasattr(client, "aclose") else client.close)()
