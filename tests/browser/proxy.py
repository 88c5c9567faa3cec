"""A proxy between browser and service that can do what bad networks do."""

import asyncio
import contextlib
import threading
from enum import Enum


class Road(Enum):
    """How the network is."""

    OPEN = "open"
    #: Takes everything and hands on nothing, without a word: no reset, no end.
    BLACK_HOLE = "black hole"
    #: Answers every upgrade to a WebSocket with 403, as some companies' proxies do.
    NO_SOCKETS = "no sockets"


REFUSED = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Proxy:
    """One port on loopback that leads to another; works in a thread of its own."""

    def __init__(self):
        """Listen at once; nothing is handed on until it is known where to."""
        self.road, self._port, self._writers = Road.OPEN, 0, set()
        self._lost = set()  # connections that are in the black hole for good
        self._loop, ready = asyncio.new_event_loop(), threading.Event()

        async def serve():
            self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
            self.port = self._server.sockets[0].getsockname()[1]
            ready.set()

        def run():
            asyncio.set_event_loop(self._loop)
            self._loop.run_until_complete(serve())
            self._loop.run_forever()
            self._loop.run_until_complete(self._end())
            self._loop.close()

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        assert ready.wait(10)

    def lead_to(self, port):
        """Hand everything on to that port; return our own address."""
        self._port = port
        return f"http://127.0.0.1:{self.port}"

    def become(self, road):
        """Be another kind of network from now on."""
        self._call(self._become, road)

    def close(self):
        """Stop."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    async def _end(self):
        self._server.close()
        carried = asyncio.all_tasks() - {asyncio.current_task()}
        for task in carried:
            task.cancel()
        await asyncio.gather(*carried, return_exceptions=True)

    def _call(self, action, *args):
        done = threading.Event()

        def act():
            action(*args)
            done.set()

        self._loop.call_soon_threadsafe(act)
        assert done.wait(10)

    def _become(self, road):
        self.road = road
        if road is Road.BLACK_HOLE:
            self._lost |= self._writers
        elif road is Road.NO_SOCKETS:
            self._cut()

    def _cut(self):
        for writer in tuple(self._writers):
            writer.transport.abort()

    async def _carry(self, reader, writer):
        if self.road is Road.BLACK_HOLE:
            self._lost.add(writer)
        self._writers.add(writer)
        onward = None
        try:
            head = await reader.read(65536)
            if self.road is Road.NO_SOCKETS and b"upgrade: websocket" in head.lower():
                writer.write(REFUSED)
                return
            if writer in self._lost:
                await self._swallow(reader)
                return
            back, onward = await asyncio.open_connection("127.0.0.1", self._port)
            self._writers.add(onward)
            onward.write(head)
            ways = self._pass(reader, onward, writer), self._pass(back, writer, writer)
            tasks = [asyncio.ensure_future(way) for way in ways]
            _, others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for other in others:
                other.cancel()
        except OSError:
            pass  # the other side is gone: so are we
        finally:
            for each in (writer, onward):
                if each is not None:
                    self._writers.discard(each)
                    self._lost.discard(each)
                    each.close()

    async def _pass(self, reader, writer, front):
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                if front not in self._lost:
                    writer.write(data)
                    await writer.drain()
            if front in self._lost:
                await asyncio.Event().wait()  # not even the end gets out of a black hole

    async def _swallow(self, reader):
        while await reader.read(65536):
            pass
