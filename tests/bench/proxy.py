"""A line of our own between device and server: counts every byte, and can be slow and long. Developer tools are not asked."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Way:
    """One direction, shared by all connections: `rate` in bytes a second (0 = endless), `delay` in seconds."""

    rate: float
    delay: float
    sent: int = 0
    free_at: float = 0.0

    def arrival(self, size: int, now: float) -> float:
        """When bytes handed over now have come through."""
        self.sent += size
        self.free_at = max(self.free_at, now) + (size / self.rate if self.rate else 0)
        return self.free_at + self.delay


@dataclass
class Line:
    """The running proxy."""

    target: int
    up: Way
    down: Way
    port: int = 0
    connections: int = 0
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    is_down: bool = False
    loop: asyncio.AbstractEventLoop | None = None

    def down_now(self) -> None:
        """An outage: what is open is cut, and nothing new gets through."""
        self.is_down = True
        if self.loop:
            self.loop.call_soon_threadsafe(lambda: [task.cancel() for task in self.tasks])

    def up_again(self) -> None:
        self.is_down = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def count(self) -> int:
        """Bytes both ways so far: heads, bodies, everything above TCP."""
        return self.up.sent + self.down.sent

    async def serve(self, ready: threading.Event, done: asyncio.Event) -> None:
        server = await asyncio.start_server(self.connect, "127.0.0.1", 0)
        self.loop = asyncio.get_running_loop()
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await done.wait()
        server.close()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.is_down:
            writer.close()
            return
        self.connections += 1
        await asyncio.sleep(self.up.delay + self.down.delay)  # a new connection costs a round trip before its first byte
        there, back = await asyncio.open_connection("127.0.0.1", self.target)
        for source, sink, way in ((reader, back, self.up), (there, writer, self.down)):
            task = asyncio.get_running_loop().create_task(carry(source, sink, way))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)


async def carry(source: asyncio.StreamReader, sink: asyncio.StreamWriter, way: Way) -> None:
    """Read without waiting for what is on its way; write when it arrives."""
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def deliver() -> None:
        while True:
            at, data = await queue.get()
            await asyncio.sleep(max(0, at - loop.time()))
            if not data:
                sink.close()
                return
            sink.write(data)
            await sink.drain()

    delivery = loop.create_task(deliver())
    try:
        while True:
            data = await source.read(1460 if way.rate else 65536)
            queue.put_nowait((way.arrival(len(data), loop.time()), data))
            if not data:
                break
        await delivery
    except (ConnectionError, asyncio.CancelledError):
        pass
    finally:
        delivery.cancel()
        await asyncio.gather(delivery, return_exceptions=True)
        sink.close()


@contextmanager
def line(target: int, rate: float = 0, delay: float = 0) -> Iterator[Line]:
    """A proxy in a thread of its own. `delay` is one way."""
    made = Line(target, Way(rate, delay), Way(rate, delay))
    ready, loop = threading.Event(), asyncio.new_event_loop()
    done = asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(made.serve(ready, done)), daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield made
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join(10)
