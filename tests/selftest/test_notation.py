"""Replies survive the way to text and back."""

from __future__ import annotations

import random

import pytest

from harness.notation import BadNotation, format_replies, parse_replies
from harness.quoting import BadQuoting, quote, raw_bytes, raw_text, split_args, unquote
from harness.resp import PAIRED, Malformed, Reply, decode_all

SCALARS = "simple error integer double boolean bignum null bulk verbatim bulkerror nil nilarray".split()
AGGREGATES = "array set map push attribute".split()
NASTY = b"ab \"'\\\r\n\x00\xff=>()1)# $*x@!~<"


def random_bytes(rng: random.Random, most: int) -> bytes:
    return bytes(rng.choice(NASTY) for _ in range(rng.randrange(most)))


def random_reply(rng: random.Random, depth: int = 0) -> Reply:
    kind = rng.choice(SCALARS + (AGGREGATES if depth < 4 else []))
    if kind in ("simple", "error"):
        return Reply(kind, random_bytes(rng, 12).replace(b"\r", b"").replace(b"\n", b""))
    if kind in ("integer", "bignum"):
        return Reply(kind, b"%d" % rng.randint(-(10**6), 10**6))
    if kind == "double":
        return Reply(kind, rng.choice([b"1.5", b"inf", b"-inf", b"1e+10", b"3"]))
    if kind == "boolean":
        return Reply(kind, rng.choice([b"t", b"f"]))
    if kind in ("bulk", "verbatim", "bulkerror"):
        long = random_bytes(rng, 6) * rng.randrange(200) if rng.random() < 0.1 else b""
        return Reply(kind, random_bytes(rng, 14) + long + random_bytes(rng, 40))
    if kind not in AGGREGATES:
        return Reply(kind)
    count = rng.choice([0, 1, 2, 3, 11])
    if kind in PAIRED:
        pairs = [(random_reply(rng, 9), random_reply(rng, depth + 1)) for _ in range(count)]
        return Reply(kind, b"", tuple(item for pair in pairs for item in pair))
    return Reply(kind, b"", tuple(random_reply(rng, depth + 1) for _ in range(count)))


@pytest.mark.parametrize("seed", range(4))
def test_round_trip(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(500):
        replies = [random_reply(rng) for _ in range(rng.randint(1, 3))]
        lines = format_replies(replies)
        assert parse_replies(lines) == replies, "\n".join(lines)
        wire = b"".join(reply.encode() for reply in replies)
        assert decode_all(wire) == (replies, b"")


def test_what_redis_cli_prints_alike_is_told_apart() -> None:
    alike = [b"$-1\r\n", b"*-1\r\n", b"_\r\n", b"$5\r\n(nil)\r\n", b"+(nil)\r\n"]
    texts = {"\n".join(format_replies(decode_all(data)[0])) for data in alike}
    assert len(texts) == len(alike)
    assert {"(nil)", "(nil array)", "(null)"} < texts


def test_as_redis_cli_prints() -> None:
    wire = b"*2\r\n*2\r\n$1\r\na\r\n:1\r\n*3\r\n+OK\r\n$-1\r\n-ERR no\r\n"
    assert format_replies(decode_all(wire)[0]) == [
        '1) 1) "a"',
        "   2) (integer) 1",
        "2) 1) OK",
        "   2) (nil)",
        "   3) (error) ERR no",
    ]
    assert format_replies(decode_all(b"%1\r\n$1\r\nk\r\n~1\r\n#t\r\n")[0]) == ['1# "k" => 1~ (true)']


@pytest.mark.parametrize(
    "data", [b"hello\r\n", b"+OK\n", b":x\r\n", b"$3\r\nabcde\r\n", b"$-2\r\n", b"*01\r\n", b"_x\r\n"]
)
def test_what_is_no_protocol_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        decode_all(data)


@pytest.mark.parametrize("line", ["(integer) x", "(what) 1", "", '"open', "(verbatim) x", "1) "])
def test_what_is_no_notation_is_refused(line: str) -> None:
    with pytest.raises(BadNotation):
        parse_replies([line])


def test_arguments() -> None:
    assert split_args('SET "a b" \'c"d\' "\\x00\\r\\n" e"f"') == [b"SET", b"a b", b'c"d', b"\0\r\n", b"ef"]
    assert split_args("x $(ab*3) $(k{n} *2)y") == [b"x", b"ababab", b"k1", b"k2", b"y"]
    assert split_args('"$(x*3)" \'$(x*3)\' $("a b"*2)') == [b"$(x*3)", b"$(x*3)", b"a ba b"]
    assert split_args('""') == [b""]
    with pytest.raises(BadQuoting):
        split_args('"open')


def test_long_values_are_short() -> None:
    for value in (b"x" * 1000, b"a" + b"0123456789" * 200 + b"z", bytes(1000), b"()" * 500):
        assert len(quote(value)) < 40
        assert unquote(quote(value)) == value
        assert raw_bytes(raw_text(value)) == value


def test_raw() -> None:
    for value in (b"*1\r\n$4\r\nPING\r\n", bytes(range(256)), b"a\\r\r ", b"$(x*3)", b" "):
        assert raw_bytes(raw_text(value)) == value
