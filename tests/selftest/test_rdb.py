"""What is said of a file that has other bytes than it should."""

from __future__ import annotations

import struct

import pytest

from harness.rdb import NO_CHECKSUM, Walker, difference, file_with, length, listpack, string

LIST = file_with(18, length(1) + b"\x02" + string(listpack(b"a", 1)), before=b"\xfc" + struct.pack("<Q", 1000))


def test_every_byte_means_something() -> None:
    parts = Walker(LIST).walk()
    assert b"".join(part.data for part in parts) == LIST
    assert [part.meaning for part in parts][:6] == [
        "the magic word and the version",
        "a database follows",
        "the number of the database: a length of 6 bits",
        "a time follows",
        "when the key expires, in ms, lowest byte first",
        "the type of the value: a list, as nodes",
    ]
    assert parts[-1].meaning == "the checksum, lowest byte first"


@pytest.mark.parametrize(
    ("change", "offset", "expected", "found"),
    [
        (lambda d: d.replace(b"\x12\x01k", b"\x01\x01k"), 20, "a list, as nodes", "a list, element by element"),
        (lambda d: d.replace(struct.pack("<Q", 1000), struct.pack(">Q", 1000)), 12, "e8 03 00", "00 00 00 00 00 00 03 e8"),
        (lambda d: d[:-8], len(LIST) - 8, "the checksum", "the file ends here"),
        (lambda d: d.replace(b"\xfe\x00", b"\xfe\x40\x00"), 10, "6 bits", "14 bits"),
        (lambda d: d + b"!", len(LIST), "the file ends here", "what cannot be read"),
    ],
)
def test_difference(change: object, offset: int, expected: str, found: str) -> None:
    assert callable(change)
    said = difference(LIST, change(LIST)).splitlines()
    assert said[0] == f"The file differs at offset {offset}."
    assert expected in said[1] and found in said[2]


def test_no_difference() -> None:
    assert difference(LIST, LIST) == ""
    assert LIST.endswith(NO_CHECKSUM)
