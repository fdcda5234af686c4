"""Unix sockets, redis-benchmark, and several client programs at once."""

from __future__ import annotations

import socket
import subprocess
import threading

import pytest
import redis

from harness.server import Server, ServerCommand
from harness.wire import Wire

pytestmark = pytest.mark.since(1)


@pytest.mark.needs("redis-benchmark")
def test_redis_benchmark(server: Server) -> None:
    words = ["redis-benchmark", "-p", str(server.port), "-t", "ping", "-P", "64"]
    done = subprocess.run(
        [*words, "-n", "50000", "-c", "20", "-q"], capture_output=True, timeout=30, check=False
    )
    out = done.stdout.decode()
    assert done.returncode == 0, out + done.stderr.decode()
    assert "PING_INLINE" in out and "PING_MBULK" in out


@pytest.mark.more
def test_unix_socket(command: ServerCommand) -> None:
    flags = ["--unixsocket", "redis.sock", "--unixsocketperm", "700"]
    with Server(command, flags) as server:
        path = server.dir / "redis.sock"
        with Wire(server) as wire:  # it answers when all of its sockets are open
            assert wire.text("PING") == "PONG"
        assert path.stat().st_mode & 0o777 == 0o700
        with redis.Redis(unix_socket_path=str(path)) as client:
            assert client.ping() is True
            assert client.echo("x" * 100000) == b"x" * 100000
        server.terminate()
        assert not path.exists(), "the socket's file is left behind"


@pytest.mark.more
def test_socket_file_that_was_left_behind(command: ServerCommand) -> None:
    """The file of a server that was killed is no reason not to start."""
    server = Server(command, ["--unixsocket", "redis.sock"])
    try:
        stale = socket.socket(socket.AF_UNIX)
        stale.bind(str(server.dir / "redis.sock"))
        stale.close()
        server.start()
        with Wire(server, "redis.sock") as wire:
            assert wire.text("PING") == "PONG"
    finally:
        server.close()


def test_clients_at_once(server: Server) -> None:
    """Several redis-py clients in threads of their own."""
    wrong: list[str] = []

    def work(name: str) -> None:
        with redis.Redis(port=server.port) as client:
            for i in range(200):
                value = f"{name}-{i}".encode()
                if client.echo(value) != value:
                    wrong.append(name)

    threads = [threading.Thread(target=work, args=(f"client{i}",)) for i in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
