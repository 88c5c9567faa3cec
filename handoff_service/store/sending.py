"""Sends commands so that a task which is cancelled meanwhile really ends."""

import asyncio
from collections.abc import Iterable
from typing import Any

from redis.asyncio.connection import AbstractConnection
from redis.exceptions import (
    ConnectionError as RedisConnectionError,
    TimeoutError as RedisTimeoutError,
)


def ending_on_cancel(connection_class: type[Any]) -> type[Any]:  # redis-py has one per scheme
    """Return a class of connections like `connection_class` that never swallows a cancellation.

    redis-py sends under `asyncio.wait_for`, which up to Python 3.11 returns as if nothing had
    happened when a cancellation arrives together with the end of the write (python/cpython#86296,
    mended in 3.12): the task goes on, and a process that is told to stop waits for it for ever.
    """
    return type(f"Ending{connection_class.__name__}", (_EndingOnCancel, connection_class), {})


class _EndingOnCancel(AbstractConnection):
    async def send_packed_command(
        self, command: bytes | str | Iterable[bytes], check_health: bool = True
    ) -> None:
        if not self.is_connected:
            await self.connect_check_health(check_health=False)
        if check_health:
            await self.check_health()  # type: ignore[no-untyped-call]  # redis-py leaves it untyped
        raw = command.encode() if isinstance(command, str) else command
        sent = False
        try:
            async with asyncio.timeout(self.socket_timeout):
                await self._send_packed_command([raw] if isinstance(raw, bytes) else raw)
            sent = True
        except TimeoutError:
            raise RedisTimeoutError("Timeout writing to socket") from None
        except OSError as error:
            raise RedisConnectionError(f"Error while writing to socket: {error}") from error
        finally:
            if not sent:  # Half a command may have left: nothing else can follow on this socket.
                await self.disconnect(nowait=True)
