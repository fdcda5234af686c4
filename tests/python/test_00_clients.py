"""Programs that people really use talk to the server."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import Any

import pytest
import redis

from harness.server import Server


def run(*words: str, stdin: bytes = b"") -> str:
    """Runs a program that must succeed."""
    done = subprocess.run(words, input=stdin, capture_output=True, timeout=20, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def cli(server: Server, *words: str, stdin: bytes = b"") -> str:
    return run("redis-cli", "-p", str(server.port), *words, stdin=stdin)


def test_redis_py(server: Server) -> None:
    """The newest redis-py begins with HELLO 3; Debian's says nothing at first."""
    with redis.Redis(port=server.port, socket_timeout=5) as client:
        assert client.ping() is True
        assert client.echo("hello") == b"hello"
        assert client.echo(b"\x00\xff\r\n") == b"\x00\xff\r\n"
        with pytest.raises(redis.ResponseError, match="unknown command"):
            client.execute_command("NOSUCH", "a")


@pytest.mark.parametrize("protocol", [2, 3])
def test_redis_py_protocols(server: Server, protocol: int) -> None:
    knows_both = int(redis.__version__.split(".")[0]) >= 5
    options: dict[str, Any] = {"protocol": protocol} if knows_both else {}
    with redis.Redis(port=server.port, socket_timeout=5, **options) as client:
        assert client.ping() is True
        assert [client.echo(str(i)) for i in range(100)] == [b"%d" % i for i in range(100)]


def test_redis_py_pipeline(server: Server) -> None:
    with redis.Redis(port=server.port, socket_timeout=5) as client:
        pipeline = client.pipeline(transaction=False)
        for i in range(1000):
            pipeline.execute_command("ECHO", i)
        assert pipeline.execute() == [b"%d" % i for i in range(1000)]


@pytest.mark.needs("redis-cli")
def test_redis_cli_one_shot(server: Server) -> None:
    assert cli(server, "PING") == "PONG\n"
    assert cli(server, "ECHO", "two words") == "two words\n"
    assert "unknown command 'NOSUCH'" in cli(server, "NOSUCH")


@pytest.mark.needs("redis-cli")
def test_redis_cli_resp3(server: Server) -> None:
    assert "proto 3" in cli(server, "-3", "HELLO")
    assert cli(server, "-3", "PING", "hello") == "hello\n"


@pytest.mark.needs("redis-cli")
def test_redis_cli_reads_commands(server: Server) -> None:
    """With commands on its input redis-cli first asks for COMMAND DOCS, as it does at a terminal."""
    out = cli(server, stdin=b"PING\nECHO hello\nNOSUCH\nPING again\n")
    assert out.splitlines()[:2] == ["PONG", "hello"]
    assert out.splitlines()[-1] == "again"


@pytest.mark.needs("redis-cli")
def test_redis_cli_pipe(server: Server) -> None:
    """--pipe ends with an empty line, which must not be answered, and an ECHO."""
    out = cli(server, "--pipe", stdin=b"PING\r\n" * 1000)
    assert "errors: 0, replies: 1000" in out


NETCAT = """
import socket, sys
with socket.create_connection((sys.argv[1], int(sys.argv[2])), 5) as sock:
    sock.sendall(sys.stdin.buffer.read())
    while data := sock.recv(65536):
        sys.stdout.buffer.write(data)
"""


def test_netcat(server: Server) -> None:
    """printf 'PING\\r\\n' | nc: a stand-in does where there is no netcat."""
    words = ["nc", "-w", "5"] if shutil.which("nc") else [sys.executable, "-c", NETCAT]
    out = run(*words, "127.0.0.1", str(server.port), stdin=b"PING\r\nECHO hello\r\nQUIT\r\n")
    assert out == "+PONG\r\n$5\r\nhello\r\n+OK\r\n"
