"""Exercise C.3: a router sends each command to the server of its slot, and replies in the order of the commands.

It is the program `router` beside the server's, or what ROUTER= says: './my-router --port {port} {args}'.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.server import Server, ServerCommand, template_command
from harness.wire import Wire, command

SERVERS = 3
SLOTS = 16384
TOO_MUCH = 100 * 1024 * 1024  # bytes, for a router to take from one client
DOWN = b"CLUSTERDOWN Hash slot not served"
CROSSSLOT = b"CROSSSLOT Keys in request don't hash to the same slot"

# Key and slot, from a real cluster's CLUSTER KEYSLOT.
KNOWN = [("foo", 12182), ("123456789", 12739), ("{user1000}.following", 3443), ("{user1000}.followers", 3443)]
KNOWN += [("foo{}{bar}", 8363), ("foo{{bar}}zap", 4015), ("foo{bar}{zap}", 5061), ("", 0)]


@dataclass
class Cluster:
    """A router before several servers."""

    router: Server
    servers: list[Server]

    def wire(self) -> Wire:
        return Wire(self.router)

    def owner(self, key: str) -> int:
        with self.wire() as wire:
            return wire.integer("CLUSTER", "KEYSLOT", key) * SERVERS // SLOTS


def router_command(server: ServerCommand) -> ServerCommand:
    named = os.environ.get("ROUTER")
    beside = Path(server.words[0]).parent / "router"
    assert named or beside.exists(), f"there is no {beside}, and ROUTER='…' names no other"
    return template_command(named or f"'{beside}' {{args}} --port {{port}}")


@pytest.fixture
def cluster(command: ServerCommand) -> Iterator[Cluster]:
    program = router_command(command)
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(Server(command)) for _ in range(SERVERS)]
        names = " ".join(f"127.0.0.1:{server.port}" for server in servers)
        yield Cluster(stack.enter_context(Server(program, ["--servers", names])), servers)


def test_slots(cluster: Cluster) -> None:
    with cluster.wire() as wire:
        for key, slot in KNOWN:
            assert wire.integer("CLUSTER", "KEYSLOT", key) == slot, key


def test_each_key_is_on_the_server_of_its_slot(cluster: Cluster) -> None:
    keys = [f"key:{i}" for i in range(60)]
    with cluster.wire() as wire, contextlib.ExitStack() as stack:
        direct = [stack.enter_context(Wire(server)) for server in cluster.servers]
        for key in keys:
            assert wire.text("SET", key, f"value of {key}") == "OK"
        for key in keys:
            slot = wire.integer("CLUSTER", "KEYSLOT", key)
            assert wire.text("GET", key) == f"value of {key}"
            assert [w.integer("EXISTS", key) for w in direct] == [int(i == slot * SERVERS // SLOTS) for i in range(SERVERS)]


def test_replies_come_in_the_order_of_the_commands(cluster: Cluster) -> None:
    """The servers reply at different times: one has much to send."""
    chance = random.Random(1)
    big = b"x" * 300_000
    wrong_type = b"-WRONGTYPE Operation against a key holding the wrong kind of value\r\n"
    kinds = {
        "list": (command("LRANGE", "list", 0, -1), b"*3\r\n$1\r\na\r\n$0\r\n\r\n$1\r\nb\r\n"),
        "error": (command("INCR", "list"), wrong_type),
        "several": (command("MGET", "a", "b"), b"-" + CROSSSLOT + b"\r\n"),
        "big": (command("GET", "big"), b"$300000\r\n" + big + b"\r\n"),
        "none": (b"\r\n", b""),
    }
    with cluster.wire() as wire:
        wire.ask("SET", "big", big)
        wire.ask("RPUSH", "list", "a", "", "b")
        sent, wanted = b"", []
        for i in range(2000):
            kinds["ping"] = (b"PING %d\r\n" % i, b"$%d\r\n%d\r\n" % (len(str(i)), i))
            kinds["append"] = (command("APPEND", f"k{i}", "x" * (i % 50)), b":%d\r\n" % (i % 50))
            kinds["missing"] = (command("GET", f"missing:{i}"), b"$-1\r\n")
            request, reply = kinds["big" if i % 100 == 0 else chance.choice([k for k in kinds if k != "big"])]
            sent += request
            wanted.append(reply)
        wire.send(sent)
        for i, reply in enumerate(wanted):
            assert wire.read(len(reply)) == reply, i


def test_several_keys(cluster: Cluster) -> None:
    with cluster.wire() as wire:
        assert wire.text("MSET", "{t}a", 1, "{t}b", 2, "{t}c", 3) == "OK"
        assert [item.text for item in wire.ask("MGET", "{t}a", "{t}b", "{t}x").items][:2] == [b"1", b"2"]
        assert wire.integer("DEL", "{t}a", "{t}b") == 2
        wire.ask("XADD", "{t}s", "1-1", "f", "v")
        assert len(wire.ask("XREAD", "COUNT", 1, "STREAMS", "{t}s", "{t}r", 0, 0).items) == 1


@pytest.mark.more
def test_several_keys_of_other_commands(cluster: Cluster) -> None:
    with cluster.wire() as wire:
        wire.ask("ZADD", "{t}z", 1, "one")
        assert wire.integer("ZUNIONSTORE", "{t}to", 2, "{t}z", "{t}y") == 1
        assert wire.text("RENAME", "{t}to", "{t}r") == "OK"
        assert wire.text("OBJECT", "ENCODING", "{t}z") == "listpack"
        assert wire.ask("ZUNION", "many", "a").text == b"ERR value is not an integer or out of range"


@pytest.mark.parametrize(
    "line",
    [
        "DEL a b",
        "EXISTS a a b",
        "MSET a 1 b 2",
        "RENAME a b",
        "SMOVE a b x",
        "LMOVE a b LEFT LEFT",
        "SUNIONSTORE a b",
        "ZUNION 2 a b",
        "ZUNIONSTORE {a}1 2 a b",
        "ZUNIONSTORE b 1 a",
        "XREAD STREAMS a b 0 0",
        "mget {a}1 {b}1",
    ],
)
def test_keys_of_several_slots(cluster: Cluster, line: str) -> None:
    with cluster.wire() as wire:
        reply = wire.ask(*line.split())
        assert (reply.kind, reply.text) == ("error", CROSSSLOT)


@pytest.mark.parametrize("line", ["MULTI", "SELECT 1", "SUBSCRIBE a", "BLPOP a 0", "KEYS *", "XREAD BLOCK 0 STREAMS a $", "HELLO 3"])
def test_what_is_refused(cluster: Cluster, line: str) -> None:
    with cluster.wire() as wire:
        reply = wire.ask(*line.split())
        assert reply.kind == "error", reply
        assert reply.text.startswith(b"ERR "), reply
        assert wire.text("PING") == "PONG"


def test_errors_of_the_servers(cluster: Cluster) -> None:
    with cluster.wire() as wire:
        assert wire.ask("GET").text == b"ERR wrong number of arguments for 'get' command"
        assert wire.ask("FOO", "bar").text.startswith(b"ERR unknown command")
        assert wire.text("ECHO", "hello") == "hello"


def test_quit_is_the_last(cluster: Cluster) -> None:
    with cluster.wire() as wire:
        wire.send(b"SET a 1\r\nGET a\r\nQUIT\r\nSET a 2\r\n")
        assert wire.until_closed() == b"+OK\r\n$1\r\n1\r\n+OK\r\n"
    with cluster.wire() as wire:
        assert wire.text("GET", "a") == "1"


def test_many_clients(cluster: Cluster) -> None:
    with contextlib.ExitStack() as stack:
        wires = [stack.enter_context(cluster.wire()) for _ in range(50)]
        for round_number in range(20):
            for i, wire in enumerate(wires):
                wire.send(command("SET", f"k{i}", round_number) + command("GET", f"k{i}"))
            leaving = wires.pop()
            leaving.abort()  # its replies are on their way
            for wire in wires:
                assert wire.reply().text == b"OK"
                assert wire.reply().text == b"%d" % round_number


def test_a_server_that_ends_and_comes_back(cluster: Cluster) -> None:
    gone = cluster.owner("a")
    stays = next(key for key in "bcdefgh" if cluster.owner(key) != gone)
    with cluster.wire() as wire:
        wire.ask("SET", "a", 1)
        wire.ask("SET", stays, 2)
        cluster.servers[gone].kill()
        wire.send(command("GET", stays) + command("GET", "a") + command("GET", stays))
        assert [wire.reply().text for _ in range(3)] == [b"2", DOWN, b"2"]
        cluster.servers[gone].start()
        deadline = time.monotonic() + 5
        while (reply := wire.ask("SET", "a", 3)).text != b"OK" and time.monotonic() < deadline:
            assert reply.text == DOWN
        assert wire.text("GET", "a") == "3"


def test_a_server_that_stands_still(cluster: Cluster) -> None:
    """What a client sends meanwhile stays with the client, not in the router's memory."""
    many = command("SET", "a", "x" * 100) * 1000
    stopped = cluster.servers[cluster.owner("a")]
    with cluster.wire() as wire, cluster.wire() as other:
        os.kill(stopped.pid, signal.SIGSTOP)
        try:
            wire.sock.settimeout(1)
            sent = 0
            with contextlib.suppress(TimeoutError):
                while sent < TOO_MUCH:
                    sent += wire.sock.send(many[sent % len(many) :])
            assert sent < TOO_MUCH
            assert other.text("PING") == "PONG"
        finally:
            os.kill(stopped.pid, signal.SIGCONT)
        complete = sent // (len(many) // 1000)
        assert wire.read(5 * complete) == b"+OK\r\n" * complete
