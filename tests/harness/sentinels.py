"""Three real Sentinels that watch a primary. The program is redis-server itself, which is a Sentinel with --sentinel."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager

from .dataset import plain
from .replicas import wait_until
from .server import HOST, REAL, Server, ServerCommand
from .wire import Wire

NAME = "mymaster"
COUNT = 3
QUORUM = 2
COMMAND = ServerCommand("redis-sentinel", (REAL, "{args}", "--sentinel", "--port", "{port}", "--dir", "{dir}"), spec="redis-sentinel")
# As a test can't wait for what happens every ten seconds, or after eight: INFO, and twice four hellos.
FAST = ("INFO-PERIOD", 1000, "PUBLISH-PERIOD", 400)


class Sentinel:
    """One of them, and a client of it."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.wire = Wire(server)

    @property
    def port(self) -> int:
        return self.server.port

    def master(self) -> int:
        """The port of the primary, as it believes."""
        found = plain(self.wire.ask("SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME))
        assert isinstance(found, list), found
        return int(found[1])

    def facts(self) -> dict[str, str]:
        """What it knows of the primary."""
        found = plain(self.wire.ask("SENTINEL", "MASTER", NAME))
        assert isinstance(found, list), found
        words = [word.decode() for word in found]
        return dict(zip(words[::2], words[1::2], strict=True))

    def replicas(self) -> list[dict[str, str]]:
        found = []
        for item in self.wire.ask("SENTINEL", "REPLICAS", NAME).items:
            words = [word.text.decode() for word in item.items]
            found.append(dict(zip(words[::2], words[1::2], strict=True)))
        return found


def configuration(port: int, down_after_ms: int, password: str) -> list[str]:
    return [
        f"bind {HOST}",
        f"sentinel monitor {NAME} {HOST} {port} {QUORUM}",
        f"sentinel down-after-milliseconds {NAME} {down_after_ms}",
        f"sentinel failover-timeout {NAME} 10000",
        *([f"sentinel auth-pass {NAME} {password}"] if password else []),
    ]


@contextmanager
def watching(port: int, replicas: int, down_after_ms: int = 1000, fast: bool = False, password: str = "") -> Iterator[list[Sentinel]]:
    """Three Sentinels that know the primary on this port, its replicas, and each other."""
    with contextlib.ExitStack() as stack:
        lines = configuration(port, down_after_ms, password)
        servers = [stack.enter_context(Server(COMMAND, config=lines)) for _ in range(COUNT)]
        sentinels = [Sentinel(server) for server in servers]
        for sentinel in sentinels:
            stack.callback(sentinel.wire.close)
            if fast:
                assert sentinel.wire.text("SENTINEL", "DEBUG", *FAST) == "OK"

        def all_known() -> bool:
            known = [(s.facts()["num-slaves"], s.facts()["num-other-sentinels"]) for s in sentinels]
            return known == [(str(replicas), str(COUNT - 1))] * COUNT

        wait_until(all_known, "the Sentinels have not found each other and all replicas", 20)
        yield sentinels
