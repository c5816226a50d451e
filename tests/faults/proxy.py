"""A line between browser and server that breaks on order: it understands HTTP just enough to lose, cut, repeat or forge."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from tests.faults import answers, handshakes
from tests.faults.handshakes import ADDRESS, Handshakes

RATE, DELAY = 1_600_000 / 8, 0.075  # bytes a second; seconds one way
LATE = 0.4  # a request that arrives after those sent later
PATIENCE = 90.0


@dataclass
class Fault:
    """Armed: what happens to the next `left` requests whose path, or method and path, begins with `path`."""

    kind: str
    left: int
    path: str


@dataclass
class Request:
    """One request as it came."""

    head: bytes
    path: str
    body: bytes


@dataclass
class Line:
    """The running proxy. `hits` counts what really happened, `log` tells it in order."""

    target: int
    tls: Handshakes | None = None
    port: int = 0
    faults: list[Fault] = field(default_factory=list)
    hits: Counter[str] = field(default_factory=Counter)
    log: list[str] = field(default_factory=list)
    greetings: list[Fault] = field(default_factory=list)
    accepted: int = 0  # handshakes a browser should not have gone on with

    def __post_init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.writers: set[asyncio.StreamWriter] = set()
        self.later: set[asyncio.Task[Any]] = set()
        self.server: asyncio.Server | None = None
        self.healed = asyncio.Event()
        self.call(self.listen())

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://{ADDRESS}:{self.port}"

    @property
    def proto(self) -> str:
        """What whoever ends the TLS says to the server behind it."""
        return "X-Forwarded-Proto: https\r\n" if self.tls else ""

    def call(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def arm(self, kind: str, times: int = 1, path: str = "/sync/envelopes") -> None:
        """From now on, until it has happened `times` times or `heal`."""
        if kind == "closed":
            self.call(self.close())
        elif kind in handshakes.KINDS:
            self.greetings.append(Fault(kind, times, ""))
            self.call(self.cut())
        else:
            self.faults.append(Fault(kind, times, path))

    def heal(self) -> None:
        """Everything gets through again; whoever was left hanging is cut off, as a line that came back does."""
        self.faults.clear()
        self.greetings.clear()
        self.call(self.open())

    def stop(self) -> None:
        self.call(self.end())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()

    async def end(self) -> None:
        """Nothing is left open: what is under way is stopped, and its connections have heard of it."""
        await self.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for _ in range(5):
            await asyncio.sleep(0)

    async def listen(self) -> None:
        self.server = await asyncio.start_server(self.connected, "127.0.0.1", self.port)
        self.port = self.server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Nobody answers at this port, and nobody who was talking goes on."""
        self.hits["closed"] += 1
        if self.server:
            self.server.close()
            self.server = None
        await self.cut()

    async def cut(self) -> None:
        """Whoever is talking must connect again."""
        for writer in list(self.writers):
            writer.transport.abort()

    async def open(self) -> None:
        self.healed.set()
        self.healed = asyncio.Event()
        if self.server is None:
            await self.listen()

    def take(self, request: Request) -> str:
        """The fault for this request, if one is armed."""
        for one in self.faults:
            if request.path.startswith(one.path) or request.head.decode("latin-1").startswith(one.path):
                one.left -= 1
                if one.left <= 0:
                    self.faults.remove(one)
                self.hits[one.kind] += 1
                return one.kind
        return ""

    def greeting(self) -> str:
        """The fault for this handshake, if one is armed."""
        if not self.greetings:
            return ""
        first = self.greetings[0]
        first.left -= 1
        if first.left <= 0:
            self.greetings.pop(0)
        self.hits[first.kind] += 1
        return first.kind

    async def greeted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        kind = self.greeting() if self.tls else ""
        shaken = self.tls is None or await self.tls.shake(kind, reader, writer)
        if kind:
            self.log.append(kind)
            self.accepted += shaken
        return shaken

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.add(writer)
        try:
            if not await self.greeted(reader, writer):
                return
            while request := await read_request(reader, self.proto):
                kind = self.take(request)
                self.log.append(f"{request.path} {kind}".strip())
                if not await self.serve(kind, request, writer):
                    break
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError, TimeoutError):
            pass
        finally:
            self.writers.discard(writer)
            writer.transport.abort()

    async def serve(self, kind: str, request: Request, writer: asyncio.StreamWriter) -> bool:
        """True: the connection goes on."""
        healed = self.healed  # of the line as it is now: an answer that comes after the healing is not held up
        ready = answers.made_up(kind, request.path, request.body)
        if ready is not None:
            return await say(writer, ready)
        if kind in ("drop", "stall"):
            if kind == "stall":
                await asyncio.wait_for(healed.wait(), PATIENCE)
            return False
        if kind == "mid_body":
            await ask(self.target, request.head + request.body[: len(request.body) // 2], whole=False)
            return False
        if kind == "reorder":
            self.afterwards(request)
            return False
        if kind == "slow":
            await asyncio.sleep(2 * DELAY + (len(request.head) + len(request.body)) / RATE)
        if kind == "duplicate":
            self.afterwards(request, 0)
        answer = await ask(self.target, request.head + request.body)
        return await self.bring(kind, answer, writer, healed)

    async def bring(self, kind: str, answer: bytes, writer: asyncio.StreamWriter, healed: asyncio.Event) -> bool:
        """The server has done its work; what of its answer comes through."""
        if kind in ("lost_answer", "stall_answer") or not answer:
            if kind == "stall_answer":
                await asyncio.wait_for(healed.wait(), PATIENCE)
            return False
        if kind == "cut_answer":
            head = answer.index(b"\r\n\r\n") + 4
            await say(writer, answer[: head + (len(answer) - head) // 2])
            return False
        if kind == "slow":
            await asyncio.sleep(len(answer) / RATE + DELAY)
        return await say(writer, answer)

    def afterwards(self, request: Request, delay: float = LATE) -> None:
        """The same request once more, on its own way."""

        async def send() -> None:
            await asyncio.sleep(delay)
            with suppress(OSError):
                await ask(self.target, request.head + request.body)

        task = self.loop.create_task(send())
        self.later.add(task)
        task.add_done_callback(self.later.discard)

    async def drained(self) -> None:
        """Everything that was on its way has arrived."""
        while self.later:
            await asyncio.gather(*self.later, return_exceptions=True)


async def say(writer: asyncio.StreamWriter, data: bytes) -> bool:
    writer.write(data)
    await writer.drain()
    return True


async def read_request(reader: asyncio.StreamReader, more: str) -> Request | None:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    length = next((int(line.split(":")[1]) for line in lines if line.lower().startswith("content-length:")), 0)
    body = await reader.readexactly(length) if length else b""
    asked = [line for line in lines if line and not line.lower().startswith("connection:")]
    return Request(("\r\n".join(asked) + f"\r\n{more}Connection: close\r\n\r\n").encode("latin-1"), lines[0].split(" ")[1], body)


async def ask(port: int, data: bytes, *, whole: bool = True) -> bytes:
    """The server's answer, ready for a connection that goes on; empty when it gave none."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return b""
    try:
        writer.write(data)
        await writer.drain()
        if not whole:
            return b""
        return answers.keep_alive(await asyncio.wait_for(reader.read(-1), PATIENCE))
    except (ConnectionError, TimeoutError):
        return b""
    finally:
        writer.transport.abort()
