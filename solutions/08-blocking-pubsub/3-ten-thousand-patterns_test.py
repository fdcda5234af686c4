"""Exercise 08.3: PUBLISH doesn't compare the channel with each pattern."""

from __future__ import annotations

import random

import pytest

from harness.process import cpu_seconds
from harness.server import Server
from harness.wire import Wire, command

PATTERNS, MESSAGES, BATCH = 20_000, 10_000, 1_000


def spent(server: Server) -> float:
    assert server.process
    seconds = cpu_seconds(server.process.pid)
    assert seconds is not None
    return seconds


def publish_all(server: Server, wire: Wire) -> float:
    """Processor time of many messages for which no client listens."""
    before = spent(server)
    for _ in range(0, MESSAGES, BATCH):
        wire.send(command("PUBLISH", "player:x4711:moves", "hello") * BATCH)
        wire.read(len(b":0\r\n") * BATCH)
    return spent(server) - before


def test_forms(server: Server) -> None:
    """Patterns of all forms, and channels that they match or don't."""
    cases = {
        "*": ("a", "h*llo"),
        "hello": ("hello",),
        "hello*": ("hello", "hello!"),
        "h?llo": ("hello", "h*llo"),
        "[ab]*": ("a", "bc"),
        "a[b-d]": ("ab", "ad"),
        "a[^b]": ("ac", "ad"),
        r"a\*b": ("a*b",),
        r"\a": ("a",),
        "h*o": ("hello", "ho", "h*llo"),
        "a\x00*": ("a\x00b",),
    }
    channels = sorted({channel for matched in cases.values() for channel in matched} | {"zzz", "ab", "a*"})
    extra = {"*": channels, "[ab]*": [x for x in channels if x[:1] in ("a", "b")], "a[b-d]": ["ab", "ac", "ad"],
             "a[^b]": [x for x in channels if len(x) == 2 and x[0] == "a" and x[1] != "b"]}
    with Wire(server) as wire, Wire(server) as ann:
        for pattern in cases:
            assert ann.ask("PSUBSCRIBE", pattern).kind == "array"
        for channel in channels:
            wanted = sorted(p for p in cases if channel in extra.get(p, cases[p]))
            assert wire.integer("PUBLISH", channel, "x") == len(wanted), channel
            got = sorted(ann.reply().items[1].text.decode() for _ in wanted)
            assert got == wanted, channel


def test_subscriptions_come_and_go(server: Server) -> None:
    """Several clients, the same patterns, at random; each message arrives as often as it must."""
    chance = random.Random(8)
    names = ["", "a", "ab", "abc", "b"]
    with Wire(server) as wire:
        clients = [Wire(server) for _ in range(5)]
        has: list[set[str]] = [set() for _ in clients]
        for _ in range(400):
            n, pattern = chance.randrange(5), chance.choice(names) + "*"
            word = "PSUBSCRIBE" if chance.random() < 0.5 else "PUNSUBSCRIBE"
            (has[n].add if word == "PSUBSCRIBE" else has[n].discard)(pattern)
            assert int(clients[n].ask(word, pattern).items[2].text) == len(has[n])
            if chance.random() < 0.05:
                clients[n].close()
                clients[n], has[n] = Wire(server), set()
                while wire.integer("PUBLISH", "zzz", "x") > sum("*" in one for one in has):
                    for other, own in zip(clients, has, strict=True):
                        if "*" in own:
                            other.reply()
                for other, own in zip(clients, has, strict=True):
                    if "*" in own:
                        other.reply()
            channel = chance.choice(["abcd", "abx", "b", "c"])
            wanted = [sum(channel.startswith(p[:-1]) for p in own) for own in has]
            assert wire.integer("PUBLISH", channel, "x") == sum(wanted)
            for one, count in zip(clients, wanted, strict=True):
                for _ in range(count):
                    assert one.reply().items[2].text == channel.encode()
        for one in clients:
            one.close()


@pytest.mark.alone
def test_the_price_of_a_message(server: Server) -> None:
    with Wire(server, timeout=120) as wire, Wire(server, timeout=60) as ann:
        publish_all(server, wire)
        alone = publish_all(server, wire)
        for first in range(0, PATTERNS, BATCH):
            ann.send(b"".join(command("PSUBSCRIBE", f"player:{n}:*") for n in range(first, first + BATCH)))
            for _ in range(BATCH):
                assert ann.reply().items[0].text == b"psubscribe"
        beside = publish_all(server, wire)
        assert wire.integer("PUBLISH", "player:4711:moves", "here") == 1
        assert ann.reply().items[1].text == b"player:4711:*"
        assert beside < 3 * alone + 0.05, f"{beside:.2f} s with {PATTERNS} patterns, {alone:.2f} s without"
