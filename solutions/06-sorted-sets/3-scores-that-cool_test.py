"""Exercise 06.3: ZHEAT and ZHOT, scores that lose half of their value in each half-life.

How is left open. What a reply says is compared with the time that has passed, as the client sees it.
"""

from __future__ import annotations

import time

import pytest

from harness.load import pipeline
from harness.process import cpu_seconds
from harness.server import Server
from harness.wire import Wire

MANY = 50_000
ASKED = 2_000
TICK = 0.02  # a server may look at its clock once a turn, and sleep a little


class Model:
    """What a member's heat may be: it was heated at some moment between two that the client knows."""

    def __init__(self, half_life_ms: int) -> None:
        self.half_life = half_life_ms / 1000
        self.heats: list[tuple[float, float, float]] = []

    def heat(self, wire: Wire, key: str, amount: float, member: str) -> None:
        began = time.monotonic()
        reply = float(wire.ask("ZHEAT", key, round(self.half_life * 1000), amount, member).text)
        ended = time.monotonic()
        self.heats.append((amount, began - TICK, ended + TICK))
        self.check(reply, began, ended)

    def check(self, heat: float, began: float, ended: float) -> None:
        least = sum(amount * 2 ** (-(ended + TICK - a) / self.half_life) for amount, a, _ in self.heats)
        most = sum(amount * 2 ** (-max(0.0, began - TICK - b) / self.half_life) for amount, _, b in self.heats)
        assert least * 0.99 <= heat <= most * 1.01, (least, heat, most)


def hot(wire: Wire, key: str, half_life: int, count: int) -> list[tuple[str, float]]:
    texts = [item.text for item in wire.ask("ZHOT", key, half_life, count).items]
    return [(member.decode(), float(heat)) for member, heat in zip(texts[::2], texts[1::2], strict=True)]


def test_heat(server: Server) -> None:
    with Wire(server) as wire:
        assert abs(float(wire.ask("ZHEAT", "h", 60_000, 8, "a").text) - 8) < 0.1
        assert abs(float(wire.ask("ZHEAT", "h", 60_000, 0.5, "a").text) - 8.5) < 0.1
        wire.ask("ZHEAT", "h", 60_000, 20, "b")
        wire.ask("ZHEAT", "h", 60_000, 1, "c")
        assert [member for member, _ in hot(wire, "h", 60_000, 10)] == ["b", "a", "c"]
        assert [member for member, _ in hot(wire, "h", 60_000, 2)] == ["b", "a"]
        assert hot(wire, "h", 60_000, 0) == []
        assert hot(wire, "missing", 60_000, 3) == []
        wire.ask("ZHEAT", "h", 60_000, 15, "a")
        assert hot(wire, "h", 60_000, 1)[0][0] == "a"


def test_errors(server: Server) -> None:
    with Wire(server) as wire:
        wire.ask("SET", "s", "a")
        wrong = b"WRONGTYPE Operation against a key holding the wrong kind of value"
        assert wire.ask("ZHEAT", "s", 1000, 1, "a").text == wrong
        assert wire.ask("ZHOT", "s", 1000, 1).text == wrong
        for words in (("ZHEAT", "h", 0, 1, "a"), ("ZHEAT", "h", "x", 1, "a"), ("ZHEAT", "h", 1000, "x", "a"),
                      ("ZHEAT", "h", 1000, -1, "a"), ("ZHOT", "h", -5, 1), ("ZHOT", "h", 1000, "x")):
            assert wire.ask(*words).text.startswith(b"ERR ")
        assert wire.integer("EXISTS", "h") == 0


@pytest.mark.alone
def test_cools(server: Server) -> None:
    half_life = 400
    with Wire(server) as wire:
        models = {"a": Model(half_life), "b": Model(half_life)}
        models["a"].heat(wire, "h", 100, "a")
        for amount in (30, 30, 30, 30):
            models["b"].heat(wire, "h", amount, "b")
            time.sleep(0.2)
        began = time.monotonic()
        found = dict(hot(wire, "h", half_life, 2))
        ended = time.monotonic()
        for member, model in models.items():
            model.check(found[member], began, ended)
        assert list(found) == ["b", "a"]


@pytest.mark.alone
def test_for_a_long_time(server: Server) -> None:
    """After 1,500 half-lives: 2 to the power of that is more than a double holds."""
    with Wire(server) as wire:
        wire.ask("ZHEAT", "h", 2, 1_000_000, "old")
        time.sleep(3)
        model = Model(2)
        model.heat(wire, "h", 1, "new")
        found = hot(wire, "h", 2, 2)
        assert [member for member, _ in found] == ["new", "old"]
        assert 0 <= found[1][1] < 1e-300
        wire.ask("ZHEAT", "h", 2, 1000, "old")
        assert hot(wire, "h", 2, 1)[0][0] == "old"


def test_costs_no_more_than_a_score(server: Server) -> None:
    """The more so: nobody goes over all members to let them cool."""
    def spent() -> float:
        assert server.process
        seconds = cpu_seconds(server.process.pid)
        assert seconds is not None
        return seconds

    with Wire(server, timeout=60) as wire:
        took = {}
        wire.ask("HELLO", 3)  # a double is one line then, as pipeline() needs
        heats = [("ZHEAT", "h", 5000, 1 + n % 97, f"m{n}") for n in range(MANY)]
        assert not pipeline(wire, [("ZADD", "z", n % 97, f"m{n}") for n in range(MANY)], 10)
        assert not pipeline(wire, heats, 10)
        for name in ("scores", "heat"):
            before = spent()
            for n in range(0, ASKED, 100):
                if name == "scores":
                    assert not pipeline(wire, [("ZINCRBY", "z", 3, f"m{k * 31 % MANY}") for k in range(n, n + 100)], 10)
                    wire.ask("ZRANGE", "z", 0, 9, "REV", "WITHSCORES")
                else:
                    assert not pipeline(wire, [("ZHEAT", "h", 5000, 3, f"m{k * 31 % MANY}") for k in range(n, n + 100)], 10)
                    wire.ask("ZHOT", "h", 5000, 10)
            took[name] = spent() - before
        assert took["heat"] < 5 * took["scores"] + 0.05, took
