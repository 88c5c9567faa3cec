"""Redis errors at the edge of the store: which mean "try again", which are our own faults."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from redis.exceptions import (
    AskError,
    AuthenticationError,
    BusyLoadingError,
    ClusterDownError,
    ConnectionError as RedisConnectionError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    TimeoutError as RedisTimeoutError,
    TryAgainError,
)

from handoff_service.errors import Fault, StoreUnavailable

#: A redis.asyncio client that decodes replies. redis-py types each reply as bytes or str, awaited
#: or not: the store's methods say instead what they return.
Client: TypeAlias = Any

#: Errors that pass by themselves or by the operator's hand, and their meaning; the first that fits.
_FAULTS: tuple[tuple[type[Exception], Fault], ...] = (
    (AuthenticationError, Fault.PASSWORD),
    (OutOfMemoryError, Fault.FULL),
    (ReadOnlyError, Fault.READ_ONLY),
    (ClusterDownError, Fault.CLUSTER),
    (TryAgainError, Fault.CLUSTER),
    (AskError, Fault.CLUSTER),
    (BusyLoadingError, Fault.AWAY),
    (RedisConnectionError, Fault.AWAY),
    (RedisTimeoutError, Fault.AWAY),
    (OSError, Fault.AWAY),
)
#: The same, said by Redis in words that redis-py has no class for.
_WORDS = {
    "OOM": Fault.FULL,
    "MISCONF": Fault.DISK,
    "NOREPLICAS": Fault.REPLICAS,
    "LOADING": Fault.AWAY,
    "UNBLOCKED": Fault.AWAY,
}


@contextmanager
def translated() -> Iterator[None]:
    """Raise StoreUnavailable for whatever passes by itself or by the operator's hand."""
    try:
        yield
    except (RedisError, OSError) as error:
        fault = fault_of(error)
        if fault is None:
            raise
        raise StoreUnavailable(str(error), fault) from error


def fault_of(error: Exception) -> Fault | None:
    """Return what kind of fault it is; None for a mistake of our own."""
    for kind, fault in _FAULTS:
        if isinstance(error, kind):
            return fault
    return next((fault for word, fault in _WORDS.items() if str(error).startswith(word)), None)
