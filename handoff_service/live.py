"""A value that may be another one a moment later: who needs it asks each time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

T = TypeVar("T")


class Live(Generic[T]):
    """Holds what is so now, and tells when it is something else."""

    def __init__(self, now: T) -> None:
        """Begin with `now`."""
        self._now = now
        self._listeners: set[Callable[[], None]] = set()

    @property
    def now(self) -> T:
        """Return what is so at this moment; do not keep it."""
        return self._now

    def become(self, value: T) -> None:
        """Be something else from now on."""
        if value == self._now:
            return
        self._now = value
        for listener in tuple(self._listeners):
            listener()

    @contextmanager
    def hears(self, listener: Callable[[], None]) -> Iterator[None]:
        """Call `listener` after each change."""
        self._listeners.add(listener)
        try:
            yield
        finally:
            self._listeners.discard(listener)
