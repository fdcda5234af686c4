"""Programs that people point at a Redis server, with what they ask for behind the scenes."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import subprocess
import time

import pytest
import redis

from harness.load import info, mset
from harness.server import Server, ServerCommand
from harness.wire import Wire

pytestmark = pytest.mark.since(2)


def run(server: Server, program: str, *words: str) -> str:
    """Runs redis-cli or redis-benchmark to its end; returns all it says."""
    done = subprocess.run(
        [program, "-p", str(server.port), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=30,
        check=False,
    )
    said = done.stdout.decode()
    assert done.returncode == 0, said
    return said


def watch(server: Server, until: str, *words: str) -> str:
    """Runs redis-cli on a terminal until it has shown what matches `until`."""
    master, slave = pty.openpty()
    cli = subprocess.Popen(["redis-cli", "-p", str(server.port), *words], stdout=slave, stderr=slave, stdin=slave)
    os.close(slave)
    shown = ""
    deadline = time.monotonic() + 10
    try:
        while not re.search(until, shown) and time.monotonic() < deadline:
            shown += os.read(master, 4096).decode()
    except OSError:  # it has ended
        pass
    finally:
        cli.kill()
        cli.wait()
        os.close(master)
    assert re.search(until, shown), shown
    return shown


def fill(server: Server) -> None:
    with Wire(server) as wire:
        mset(wire, [f"key:{i}" for i in range(1000)], "value")
        wire.text("SET", "largest", "x" * 5000)


@pytest.mark.more
@pytest.mark.needs("redis-cli")
def test_stat(server: Server) -> None:
    """redis-cli --stat shows a line a second, made of fields of INFO."""
    fill(server)
    shown = watch(server, r"1001 +\S+[KM] +\d+ +0 +\d+ \(\+\d+\)", "--stat", "-i", "0.1")
    assert "keys" in shown and "mem" in shown


@pytest.mark.needs("redis-cli")
def test_bigkeys(server: Server) -> None:
    fill(server)
    said = run(server, "redis-cli", "--bigkeys")
    assert "Sampled 1001 keys in the keyspace!" in said
    assert """Biggest string found '"largest"' has 5000 bytes""" in said
    assert "1001 strings with 10000 bytes" in said


@pytest.mark.more
@pytest.mark.since(3)
@pytest.mark.needs("redis-cli")
def test_memkeys(server: Server) -> None:
    fill(server)
    said = run(server, "redis-cli", "--memkeys")
    found = re.search(r"""Biggest string found '"largest"' has (\d+) bytes""", said)
    assert found and 5000 <= int(found[1]) <= 8000, said


@pytest.mark.needs("redis-cli")
def test_scan(server: Server) -> None:
    fill(server)
    names = run(server, "redis-cli", "--scan", "--pattern", "key:*").split()
    assert sorted(names) == sorted(f"key:{i}" for i in range(1000))
    assert run(server, "redis-cli", "--scan", "--pattern", "large*") == "largest\n"


@pytest.mark.needs("redis-cli")
def test_latency(server: Server) -> None:
    least, most, average, count = run(server, "redis-cli", "--latency", "--raw", "-i", "0.3").split()
    assert int(least) <= float(average) <= int(most)
    assert int(count) > 5


@pytest.mark.needs("redis-cli")
def test_pipe(server: Server) -> None:
    done = subprocess.run(
        ["redis-cli", "-p", str(server.port), "--pipe"],
        input=b"".join(b"SET key:%d %d\r\n" % (i, i) for i in range(5000)),
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0
    assert b"errors: 0, replies: 5000" in done.stdout
    with Wire(server) as wire:
        assert wire.integer("DBSIZE") == 5000


@pytest.mark.needs("redis-benchmark")
def test_benchmark(server: Server) -> None:
    said = run(server, "redis-benchmark", "-t", "ping,set,get,incr,mset", "-n", "2000", "-r", "500", "-q")
    for name in ("PING_INLINE", "PING_MBULK", "SET", "GET", "INCR", "MSET (10 keys)"):
        assert re.search(rf"{re.escape(name)}: \d+\.\d\d requests per second", said), said
    with Wire(server) as wire:
        assert 450 <= wire.integer("DBSIZE") <= 1001


@pytest.mark.needs("redis-benchmark")
def test_benchmark_of_one_command(server: Server) -> None:
    words = ["-P", "8", "-n", "4000", "-r", "1000", "--csv", "set", "k:__rand_int__", "v"]
    said = run(server, "redis-benchmark", *words)
    assert re.search(r'"set k:__rand_int__ v","\d', said), said


@pytest.mark.more
def test_redis_py(server: Server) -> None:
    with redis.Redis(port=server.port, decode_responses=True) as client:
        assert client.set("a", "1")
        fields = client.info()
        assert fields["redis_version"].startswith("7.0.")
        assert fields["db0"] == {"keys": 1, "expires": 0, "avg_ttl": 0}
        assert fields["connected_clients"] == 1
        assert fields["used_memory"] > 0
        assert client.info("commandstats")["cmdstat_set"]["calls"] == 1
        with contextlib.suppress(redis.ResponseError):
            client.execute_command("NOSUCH")
        errors = client.info("errorstats")["errorstat_ERR"]  # a text in older redis-py
        assert int(errors["count"] if isinstance(errors, dict) else errors.split("=")[1]) >= 1
        assert client.config_get("maxcli*") == {"maxclients": "10000"}
        assert client.config_get("timeout", "tcp-keepalive") == {"timeout": "0", "tcp-keepalive": "300"}
        assert client.config_set("timeout", 10)
        assert client.config_resetstat()
        assert client.info("stats")["keyspace_hits"] == 0
        (me,) = client.client_list()
        assert me["cmd"] == "client|list" and me["db"] == "0"
        assert me["id"] == str(client.client_id())
        assert client.command_count() > 50
        assert client.incrbyfloat("f", 1.5) == 1.5
        assert client.time()[0] == pytest.approx(time.time(), abs=60)


@pytest.mark.more
@pytest.mark.skipif(redis.__version__ < "5", reason="this redis-py speaks RESP2 only")
def test_redis_py_speaks_resp3(server: Server) -> None:
    with redis.Redis(port=server.port, decode_responses=True, protocol=3) as client:
        assert client.info("cluster") == {"cluster_enabled": 0}
        assert client.config_get("hz") == {"hz": "10"}
        assert client.client_list()[0]["resp"] == "3"


@pytest.mark.more
def test_rates(server: Server) -> None:
    """What INFO says is done per second follows what is done."""
    with Wire(server) as wire:
        began = time.monotonic()
        commands = 0
        while time.monotonic() - began < 1.8:
            wire.send(b"PING\r\n" * 100)
            wire.lines(100)
            commands += 100
        done_per_second = commands / (time.monotonic() - began)
        fields = info(wire, "stats")
        shown = int(fields["instantaneous_ops_per_sec"])
        assert 0.3 * done_per_second < shown < 3 * done_per_second
        assert float(fields["instantaneous_input_kbps"]) == pytest.approx(shown * 6 / 1024, rel=0.1)
        assert float(fields["instantaneous_output_kbps"]) == pytest.approx(shown * 7 / 1024, rel=0.1)
        assert int(fields["total_net_input_bytes"]) >= commands * 6
        assert int(fields["total_net_output_bytes"]) >= commands * 7
        time.sleep(1.8)
        assert int(info(wire, "stats")["instantaneous_ops_per_sec"]) < 100


@pytest.mark.more
def test_traffic_is_counted(command: ServerCommand) -> None:
    with Server(command) as server, Wire(server) as wire:
        wire.text("CONFIG", "RESETSTAT")
        before = info(wire, "stats")
        wire.text("SET", "k", "x" * 100_000)
        assert len(wire.text("GET", "k")) == 100_000
        after = info(wire, "stats")
        for name in ("total_net_input_bytes", "total_net_output_bytes"):
            grown = int(after[name]) - int(before[name])
            assert 100_000 < grown < 110_000, f"{name} grew by {grown}"
