"""Many keys, real clients, memory that comes back."""

from __future__ import annotations

import subprocess
import time

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from harness.load import Probe, info, mset, pipeline
from harness.process import resident, sanitized
from harness.server import Server, ServerCommand
from harness.wire import Wire

pytestmark = pytest.mark.since(2)
MB = 1024 * 1024


def test_many_keys(server: Server) -> None:
    """Through every size of the table, each key keeps its value."""
    count = 100_000
    with Wire(server) as wire:
        assert not pipeline(wire, [("SET", f"key:{i}", f"value:{i}") for i in range(count)])
        assert wire.integer("DBSIZE") == count
        for i in range(0, count, 997):
            assert wire.text("GET", f"key:{i}") == f"value:{i}"
        assert not pipeline(wire, [("DEL", f"key:{i}") for i in range(0, count, 2)])
        assert wire.integer("DBSIZE") == count // 2
        for i in range(0, count, 97):
            assert wire.integer("EXISTS", f"key:{i}") == i % 2


@pytest.mark.more
def test_memory_comes_back(server: Server) -> None:
    with Wire(server) as wire:
        wire.text("PING")
        before = int(info(wire, "memory")["used_memory"])
        assert not pipeline(wire, [("SET", f"key:{i}", "x" * 100) for i in range(50_000)])
        full = int(info(wire, "memory")["used_memory"])
        assert full - before > 50_000 * 100
        assert wire.text("FLUSHALL", "SYNC") == "OK"
        for _ in range(100):
            left = int(info(wire, "memory")["used_memory"]) - before
            if left < MB // 2:
                break
            time.sleep(0.02)
        assert left < MB // 2, f"{left} bytes are still counted"


def test_memory_is_used_again(server: Server) -> None:
    """Keys that are deleted leave their memory to those that come."""
    with Wire(server) as wire:
        sizes = []
        for turn in range(6):
            mset(wire, [f"{turn}:{i}" for i in range(50_000)], "x" * 100)
            sizes.append(resident(server.pid))
            assert wire.text("FLUSHALL", "SYNC") == "OK"
    if not sanitized():  # which keeps what was freed
        grown = max(sizes[1:]) - sizes[0]
        assert grown < 2 * MB, f"{grown} bytes more than at first"


@pytest.mark.alone
@pytest.mark.since(5)
def test_flush_does_not_stall(server: Server) -> None:
    """300,000 keys are freed in bounded steps. Those are born in 05, where values can be large."""
    with Wire(server, timeout=30) as wire:
        for _ in range(3):
            mset(wire, [f"key:{i}" for i in range(300_000)], "x" * 60)
            with Probe(server) as probe:
                time.sleep(0.02)
                assert wire.text("FLUSHALL", "ASYNC") == "OK"
                assert wire.integer("DBSIZE") == 0
                time.sleep(0.3)
            if probe.longest < 0.025 or sanitized():
                return
    pytest.fail(f"a PING waited {probe.longest * 1000:.0f} ms")


def test_redis_py(server: Server) -> None:
    with redis.Redis(port=server.port, decode_responses=True) as client:
        assert client.set("name", "Ada") is True
        assert client.get("name") == "Ada"
        assert client.get("missing") is None
        assert client.mset({"a": "1", "b": "2"}) is True
        assert client.mget("a", "b", "c") == ["1", "2", None]
        assert client.incrby("n", 5) == 5
        assert sorted(client.scan_iter(match="?")) == ["a", "b", "n"]
        assert client.append("name", "!") == 4
        assert client.object("encoding", "n") == "int"
        assert client.config_get("maxclients") == {"maxclients": "10000"}
        assert client.dbsize() == 4
        assert client.flushall() is True


@pytest.mark.more
def test_redis_py_password_and_database(command: ServerCommand) -> None:
    with Server(command, ["--requirepass", "secret"]) as server:
        server.drop_probe()
        with redis.Redis(port=server.port, password="secret", db=3) as client:
            assert client.set("k", "v") is True
        with redis.Redis(port=server.port, password="secret", db=0) as client:
            assert client.get("k") is None
        once = Retry(NoBackoff(), 0)
        with pytest.raises((redis.AuthenticationError, redis.ResponseError)):
            redis.Redis(port=server.port, retry=once).get("k")
        with pytest.raises((redis.AuthenticationError, redis.ResponseError)):
            redis.Redis(port=server.port, retry=once, password="wrong").get("k")


def cli(server: Server, *words: str) -> str:
    done = subprocess.run(
        ["redis-cli", "-p", str(server.port), *words], capture_output=True, timeout=30, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@pytest.mark.more
@pytest.mark.needs("redis-cli")
def test_redis_cli_modes(server: Server) -> None:
    with Wire(server) as wire:
        assert not pipeline(wire, [("SET", f"key:{i}", "x" * i) for i in range(100)])
    assert len(cli(server, "--scan", "--pattern", "key:*").splitlines()) == 100
    assert "Biggest string found" in cli(server, "--bigkeys", "-i", "0")
    assert "redis_version:7.0.15" in cli(server, "INFO", "server")
    assert cli(server, "-n", "5", "DBSIZE") == "0\n"


@pytest.mark.needs("redis-benchmark")
def test_redis_benchmark(server: Server) -> None:
    words = ["redis-benchmark", "-p", str(server.port), "-t", "set,get,incr,mset", "-q"]
    done = subprocess.run(
        [*words, "-P", "16", "-n", "20000", "-r", "1000"], capture_output=True, timeout=60, check=False
    )
    out = done.stdout.decode() + done.stderr.decode()
    assert done.returncode == 0, out
    assert "MSET" in out


def test_stop_under_writes(command: ServerCommand) -> None:
    """A full table, and commands on their way: it still ends in order, and nothing leaks."""
    with Server(command) as server, Wire(server) as wire:
        assert not pipeline(wire, [("SET", f"key:{i}", "x" * (i % 300)) for i in range(20_000)])
        wire.send(b"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$100000\r\n" + b"x" * 50_000)
        assert server.terminate() == 0, server.log()
        assert not server.sanitizer_report(), server.sanitizer_report()
