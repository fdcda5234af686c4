"""What must hold for any value: what is written is read, however it is cut, in both protocols."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st

from harness.resp import Reply, decode_all, encode_command
from harness.server import Server, ServerCommand
from harness.wire import Wire

LINE = st.binary(max_size=40).map(lambda b: b.replace(b"\r", b" ").replace(b"\n", b" "))
SIMPLE = st.one_of(
    st.builds(Reply, st.sampled_from(["simple", "error"]), LINE),
    st.builds(Reply, st.just("integer"), st.integers(-(2**63), 2**63 - 1).map(lambda n: b"%d" % n)),
    st.builds(Reply, st.just("bignum"), st.integers().map(lambda n: b"%d" % n)),
    st.builds(Reply, st.just("double"), st.floats(-1e9, 1e9).map(lambda x: f"{x:.17g}".encode())),
    st.builds(Reply, st.just("boolean"), st.sampled_from([b"t", b"f"])),
    st.just(Reply("null")),
    st.builds(Reply, st.just("bulk"), st.binary(max_size=300)),
)


def paired(items: list[Reply]) -> Reply:
    return Reply("map", items=tuple(items[: len(items) // 2 * 2]))


REPLIES = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        st.builds(Reply, st.sampled_from(["array", "set", "push"]), items=st.lists(inner, max_size=5).map(tuple)),
        st.lists(inner, max_size=6).map(paired),
    ),
    max_leaves=20,
)
VALUES = st.lists(st.one_of(st.binary(max_size=200), st.binary(min_size=1, max_size=3).map(lambda b: b * 5000)),
                  min_size=1, max_size=5)  # fmt: skip
CUTS = st.lists(st.integers(1, 400), max_size=8)


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    """The data cut after so many bytes, and so many more; the rest in one piece."""
    out = []
    for cut in cuts:
        out.append(data[:cut])
        data = data[cut:]
    return [piece for piece in [*out, data] if piece]


def check_parser(replies: list[Reply], cuts: list[int]) -> None:
    """The harness reads what it writes, and waits for what is not there yet."""
    found: list[Reply] = []
    rest = b""
    for piece in pieces(b"".join(reply.encode() for reply in replies), cuts):
        more, rest = decode_all(rest + piece)
        found += more
    assert (found, rest) == (replies, b"")


def check_values(wires: list[Wire], values: list[bytes], cuts: list[int]) -> None:
    """The server returns each value as it was sent, in RESP2 and in RESP3, however the command was cut."""
    for wire in wires:
        for at, value in enumerate(values):
            name = b"key:%d" % at
            data = encode_command([b"SET", name, value]) + encode_command([b"GET", name])
            data += encode_command([b"ECHO", value]) + encode_command([b"GET", b"missing"])
            for piece in pieces(data, cuts):
                wire.send(piece)
            replies = [wire.reply() for _ in range(4)]
            null = Reply("null") if wire is wires[-1] else Reply("nil", b"$")
            assert replies[0] == Reply("simple", b"OK")
            assert replies[1] == replies[2] == Reply("bulk", value)
            assert replies[3].kind == null.kind
            wire.send(encode_command([b"MGET", *(b"key:%d" % i for i in range(at + 1))]))
            assert [item.text for item in wire.reply().items] == values[: at + 1]


def run(command: ServerCommand, start: int, examples: int) -> str:
    """Tries that many examples of each property. What does not hold; empty if all do."""
    options: dict[str, Any] = {"max_examples": examples, "deadline": None, "database": None,
        "verbosity": Verbosity.quiet, "suppress_health_check": [*HealthCheck],
        "phases": [Phase.explicit, Phase.generate, Phase.shrink]}  # fmt: skip
    with Server(command, wait=20) as server, Wire(server) as two, Wire(server) as three:
        assert three.ask("HELLO", 3).kind == "map"

        @seed(start)
        @settings(**options)
        @given(st.lists(REPLIES, max_size=4), CUTS)
        def parser(replies: list[Reply], cuts: list[int]) -> None:
            check_parser(replies, cuts)

        @seed(start)
        @settings(**options)
        @given(VALUES, CUTS)
        def values(given_values: list[bytes], cuts: list[int]) -> None:
            check_values([two, three], given_values, cuts)

        for check in (parser, values):
            try:
                check()
            except AssertionError as error:
                notes = "\n".join(getattr(error, "__notes__", []))
                return f"{error}\n{notes}"
    return ""
