"""Redis errors at the edge of the store: which mean "try again", which are our own faults."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from redis.exceptions import (
    BusyLoadingError,
    ConnectionError as RedisConnectionError,
    OutOfMemoryError,
    ReadOnlyError,
    ResponseError,
    TimeoutError as RedisTimeoutError,
)

from handoff_service.errors import StoreUnavailable

#: A redis.asyncio client that decodes replies. redis-py types each reply as bytes or str, awaited
#: or not: the store's methods say instead what they return.
Client: TypeAlias = Any

#: Redis is away, starting, full, a replica, or cannot write its append-only file.
_AWAY = (
    RedisConnectionError,
    RedisTimeoutError,
    BusyLoadingError,
    OutOfMemoryError,
    ReadOnlyError,
    OSError,
)
#: The same, said by Redis in words that redis-py has no class for.
_AWAY_WORDS = ("MISCONF", "LOADING", "CLUSTERDOWN", "TRYAGAIN", "NOREPLICAS", "MASTERDOWN", "OOM")


@contextmanager
def translated() -> Iterator[None]:
    """Raise StoreUnavailable for whatever passes by itself or by the operator's hand."""
    try:
        yield
    except _AWAY as error:
        raise StoreUnavailable(str(error)) from error
    except ResponseError as error:
        if str(error).startswith(_AWAY_WORDS):
            raise StoreUnavailable(str(error)) from error
        raise
