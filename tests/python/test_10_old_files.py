"""Files of servers up to 6.2: made byte by byte from the format, read by the stage and by redis-server 7.0.15."""

from __future__ import annotations

import struct
from itertools import pairwise

import pytest

from harness.dataset import fill, holds, touch
from harness.rdb import NO_CHECKSUM, file_with, length, listpack, score, stream_of_type_15, string, zipmap, ziplist
from harness.server import Server, ServerCommand, real_command
from harness.wire import Wire

pytestmark = [pytest.mark.since(10), pytest.mark.more, pytest.mark.needs("redis-server")]
FILE = "dump.rdb"
NUMBERS = [0, 12, 13, -1, 127, 128, -32768, 32768, 8_388_607, 8_388_608, 2**31, -(2**63)]
TEXTS = [b"", b"a", b"x" * 63, b"y" * 64, b"z" * 300, b"w" * 17_000]


def pairs(count: int) -> list[bytes | int]:
    return [x for i in range(count) for x in (b"f%d" % i, i * 1000)]


OLD = {
    "1 list": file_with(1, length(4) + string(b"a") + b"\xc0\x07" + string(b"b" * 70) + string(b""), version=1),
    "10 list of a ziplist": file_with(10, string(ziplist(*NUMBERS, *TEXTS, 5)), version=2),
    "14 quicklist": file_with(14, length(3) + b"".join(string(ziplist(*NUMBERS, b"x" * n)) for n in (1, 2, 3))),
    "9 zipmap": file_with(9, string(zipmap(b"f", b"v", b"g", b"12", b"long", b"x" * 300)), version=3),
    "9 zipmap with free bytes": file_with(9, string(zipmap(b"f", b"v", b"g", b"w", free=3)), version=3),
    "13 hash of a ziplist": file_with(13, string(ziplist(*pairs(20))), version=4),
    "13 large hash": file_with(13, string(ziplist(*pairs(600)))),
    "3 zset": file_with(
        3, length(5) + b"".join(string(b"m%d" % i) + score(s) for i, s in enumerate(["1", "1.5", "inf", "-inf", "-3e10"]))
    ),
    "12 zset of a ziplist": file_with(12, string(ziplist(b"a", 1, b"b", b"1.5", b"c", 300, 7, b"inf"))),
    "12 large zset": file_with(12, string(ziplist(*(x for i in range(200) for x in (b"m%d" % i, i))))),
    "15 stream": file_with(15, stream_of_type_15(), version=9),
    "16 hash with a lower limit now": file_with(16, string(listpack(*pairs(1000)))),
    "seconds": file_with(0, string(b"v"), before=b"\xfd" + struct.pack("<I", 2_100_000_000), version=2),
    "a short sorted set in the long form": file_with(5, length(2) + string(b"a") + struct.pack("<d", 2) + string(b"b") + struct.pack("<d", -1)),
    "a short hash in the long form": file_with(4, length(1) + string(b"f") + string(b"v")),
    "integers in the long form": file_with(2, length(3) + string(b"1") + b"\xc0\x02" + b"\xc1\x00\x01"),
    "an element with a node for itself": file_with(18, length(2) + b"\x01" + string(b"p" * 100) + b"\x02" + string(listpack(b"q"))),
    "a length of 64 bits": file_with(0, b"\x81" + struct.pack(">Q", 3) + b"abc"),
}  # fmt: skip


def contents(command: ServerCommand, data: bytes, groups: bool = False) -> object:
    server = Server(command)
    (server.dir / FILE).write_bytes(data)
    with server, Wire(server) as wire:
        found: list[object] = [holds(wire, (0,)), wire.text("DEBUG", "DIGEST")]
        if groups:
            found.append(wire.ask("XINFO", "GROUPS", "k"))
            found.append(wire.ask("XPENDING", "k", "readers", "-", "+", 10).items[0].items[::3])
        return found


@pytest.mark.parametrize("name", [*OLD])
def test_old_file(command: ServerCommand, name: str) -> None:
    is_stream = "stream" in name
    found = contents(command, OLD[name], is_stream)
    assert found[0], "no key"  # type: ignore[index]
    assert found == contents(real_command(), OLD[name], is_stream)


def damaged(data: bytes) -> list[bytes]:
    """Each byte of the value changed in three ways."""
    start, end = data.index(b"\xfe\x00") + 2, len(data) - len(NO_CHECKSUM)
    changes = [
        data[:i] + bytes([data[i] ^ mask]) + data[i + 1 :] for i in range(start, end) for mask in (0x01, 0x80, 0xFF)
    ]
    return changes + [data[:n] for n in range(start, end)]


SMALL = {
    "list": file_with(10, string(ziplist(1, b"abc", 300, b"x" * 64))),
    "quicklist": file_with(14, length(2) + string(ziplist(b"a", 70000)) + string(ziplist(-1))),
    "zipmap": file_with(9, string(zipmap(b"f", b"v", b"g", b"w", free=1))),
    "hash": file_with(13, string(ziplist(b"f", b"v", b"g", 2**40))),
    "zset": file_with(12, string(ziplist(b"a", 1, b"b", b"1.5"))),
    "zset of type 3": file_with(3, length(2) + string(b"a") + score("1.5") + string(b"b") + score("inf")),
    "stream": file_with(15, stream_of_type_15()),
}


@pytest.mark.not_real
@pytest.mark.parametrize("name", [*SMALL])
def test_damage(command: ServerCommand, name: str) -> None:
    """RESTORE of what is damaged, with a checksum that is right, is an error, or gives a value that can be used."""
    with Server(command) as server, Wire(server) as wire:
        refused = 0
        for data in damaged(SMALL[name]):
            body = data.removesuffix(NO_CHECKSUM).removesuffix(b"\xff")
            body = body[body.index(b"\xfe\x00") + 2 :]
            reply = wire.ask("RESTORE", "k", 0, with_footer(body[:1] + body[3:]), "REPLACE")
            refused += reply.kind == "error"
            touch(wire, b"k")
        assert refused > len(SMALL[name])


def crc64(data: bytes) -> int:
    """Bit by bit, from the polynomial."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x95AC9329AC4BC9B5 if crc & 1 else 0)
    return crc


def with_footer(body: bytes, version: int = 10) -> bytes:
    data = body + struct.pack("<H", version)
    return data + struct.pack("<Q", crc64(data))


WRONG = {
    "a version that is to come": with_footer(b"\x00\x01v", 11),
    "another checksum": b"\x00\x01v\x0a\x00" + bytes(8),
    "nothing": b"",
    "too short": b"\x00\x01v",
    "an unknown type": with_footer(b"\x63\x01v"),
    "an empty list": with_footer(b"\x12\x00"),
    "a member that is there twice": with_footer(b"\x02\x02\x01a\x01a"),
    "a score that is no number": with_footer(b"\x05\x01\x01a" + struct.pack("<d", float("nan"))),
    "a field that is there twice": with_footer(b"\x10" + string(listpack(b"f", 1, b"f", 2))),
    "a name without a value": with_footer(b"\x10" + string(listpack(b"f", 1, b"g"))),
    "an intset out of order": with_footer(b"\x0b" + string(struct.pack("<IIhh", 2, 2, 5, 3))),
    "an intset of odd numbers": with_footer(b"\x0b" + string(struct.pack("<IIh", 3, 1, 5))),
    "a pending entry of nobody": with_footer(b"\x0f" + stream_of_type_15(pending=0)),
    "a pending entry that is there twice": with_footer(b"\x0f" + stream_of_type_15(pending=2)),
    "a node that counts wrong": with_footer(b"\x0f" + stream_of_type_15(listpack(9, 0, 1, b"f", 0, 2, 0, 0, b"v", 4))),
}


@pytest.mark.parametrize("name", [*WRONG])
def test_restore_of_what_is_wrong(command: ServerCommand, name: str) -> None:
    """The same error as the real server's, which is told to look closely; the key stays as it is."""
    texts = []
    for which in (command, real_command()):
        args = ["--sanitize-dump-payload", "yes"]
        with Server(which, args) as server, Wire(server) as wire:
            wire.text("SET", "k", "old")
            reply = wire.ask("RESTORE", "k", 0, WRONG[name], "REPLACE")
            assert reply.kind == "error"
            texts.append(reply.text)
            assert wire.text("GET", "k") == "old"
    assert texts[0] == texts[1]


def test_every_value_travels(command: ServerCommand) -> None:
    """DUMP of one server is RESTOREd by the other, both ways, and is the same again."""
    with Server(command) as ours, Server(real_command()) as theirs, Wire(ours) as one, Wire(theirs) as other:
        fill(one)
        wanted = holds(one, (0,))
        for near, far in pairwise((one, other, one)):
            far.text("FLUSHALL")
            for _, key in wanted:
                ttl = max(near.integer("PTTL", key), 0)
                assert far.text("RESTORE", key, ttl, near.ask("DUMP", key).text) == "OK", key
            assert holds(far, (0,)) == wanted
        assert one.text("DEBUG", "DIGEST") != "0" * 40
