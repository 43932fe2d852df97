"""Clients that never finish what they send. ``python -m tests.faults.dripping PORT NUMBER SECONDS INTERVAL``.

Each comes from one of 250 addresses of loopback. A quarter of them go on with the head of a request by a few bytes every
INTERVAL seconds, a quarter with the body, a quarter say nothing at all, a quarter nothing after an answer. SECONDS after
the last one came, or when all are cut off, it prints what became of them as a line of JSON.
"""

import asyncio
import json
import resource
import sys
import time
from collections import Counter
from typing import Final, cast

import uvloop

_POST: Final = b"POST /admission/v1/examinations HTTP/1.1\r\nHost: crossing\r\n"
#: What each kind of client begins with, and what it goes on with.
KINDS: Final = {
    "heads": (_POST, b"X-a: b\r\n"),
    "bodies": (_POST + b"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{", b" "),
    "silent": (b"", b""),
    "idle": (b"GET /nowhere HTTP/1.1\r\nHost: crossing\r\n\r\n", b""),
}
_AT_ONCE: Final = 500


class _Slow(asyncio.Protocol):
    """One client."""

    def __init__(self, kind: str, interval: float, ended: dict[str, list[float]], opened: Counter[str]) -> None:
        self._kind = kind
        self._interval = interval
        self._ended = ended
        self._opened = opened

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport, self._since = cast(asyncio.Transport, transport), time.monotonic()
        self._opened[self._kind] += 1
        beginning, more = KINDS[self._kind]
        transport.write(beginning)
        if more:
            self._drip(more)

    def _drip(self, more: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(more)
            asyncio.get_running_loop().call_later(self._interval, self._drip, more)

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended[self._kind].append(time.monotonic() - self._since)


async def _attack(port: int, number: int, seconds: float, interval: float) -> dict[str, object]:
    ended: dict[str, list[float]] = {kind: [] for kind in KINDS}
    opened: Counter[str] = Counter()
    loop, gate = asyncio.get_running_loop(), asyncio.Semaphore(_AT_ONCE)
    peak = refused = 0

    async def come(place: int) -> None:
        nonlocal peak, refused
        kind = tuple(KINDS)[place % len(KINDS)]
        async with gate:
            try:
                source = (f"127.9.{place % 250}.1", 0)
                await loop.create_connection(
                    lambda: _Slow(kind, interval, ended, opened), "127.0.0.1", port, local_addr=source
                )
            except OSError:
                refused += 1
        peak = max(peak, opened.total() - sum(map(len, ended.values())))

    await asyncio.gather(*(come(place) for place in range(number)))
    until = loop.time() + seconds
    while opened.total() > sum(map(len, ended.values())) and loop.time() < until:
        await asyncio.sleep(0.05)
    return {
        "opened": opened.total(),
        "refused": refused,
        "peak": peak,
        "left": {kind: opened[kind] - len(times) for kind, times in ended.items()},
        "slowest": {kind: max(times, default=0.0) for kind, times in ended.items()},
    }


def main() -> None:
    """Attack as the command line says."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    port, number, seconds, interval = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])
    print(json.dumps(uvloop.run(_attack(port, number, seconds, interval))))


if __name__ == "__main__":
    main()
