"""Open a pool of connections that lead to the server that takes the writes, whichever it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from redis.asyncio import BlockingConnectionPool
from redis.asyncio.connection import AbstractConnection, Connection
from redis.exceptions import (
    ConnectionError as RedisConnectionError,
    ReadOnlyError,
    ResponseError,
)

from live_redis.address import Address, Kind
from live_redis.primary import Primary, SentinelPrimary, SlotPrimary, moved_to

ConnectionClass = type[Any]  # redis-py has one per scheme, without a common constructor


def open_pool(
    address: Address,
    *,
    key: str,
    finish: Callable[[ConnectionClass], ConnectionClass] = lambda cls: cls,
    **options: Any,
) -> BlockingConnectionPool:
    """Return a pool for `address`; nothing is sent yet.

    Args:
        address: where to look.
        key: of a cluster, a key in the slot where all keys of this client are.
        finish: makes the final class of the plain connections.
        options: of redis-py's BlockingConnectionPool and connections.
    """
    given = address.options | options
    plain = finish(given.pop("connection_class", Connection))
    if address.kind is Kind.SERVER:
        return BlockingConnectionPool(connection_class=plain, **given)
    primary: Primary = (
        SentinelPrimary(address) if address.kind is Kind.SENTINEL else SlotPrimary(address, key=key)
    )
    return BlockingConnectionPool(connection_class=_leading_to(primary, plain), **given)


def _leading_to(primary: Primary, plain: ConnectionClass) -> ConnectionClass:
    return type(f"Led{plain.__name__}", (_Led, plain), {"primary": primary})


class _Led(AbstractConnection):
    """A connection that asks where to go each time it opens, and leaves who is primary no more."""

    primary: Primary
    host: str
    port: int

    async def _connect(self) -> None:
        self.host, self.port = await self.primary.address()
        await super()._connect()  # type: ignore[safe-super, no-untyped-call]  # redis-py's

    async def send_packed_command(self, *args: Any, **kwargs: Any) -> None:
        if self.is_connected and self.primary.known not in {None, (self.host, self.port)}:
            await self.disconnect(nowait=True)  # it opens again, at the new one
        await super().send_packed_command(*args, **kwargs)

    async def read_response(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return await super().read_response(*args, **kwargs)
        except ResponseError as error:
            if not isinstance(error, ReadOnlyError) and moved_to(error) is None:
                raise
            self.primary.forget()
            await self.disconnect(nowait=True)
            raise RedisConnectionError(f"it is no primary any more: {error}") from error
