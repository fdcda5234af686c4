"""Makes files byte by byte, from the format: also those that no server writes any more."""

from __future__ import annotations

import struct

NO_CHECKSUM = bytes(8)


def length(number: int) -> bytes:
    if number < 1 << 6:
        return bytes([number])
    if number < 1 << 14:
        return struct.pack(">H", 0x4000 | number)
    return b"\x80" + struct.pack(">I", number)


def string(value: bytes) -> bytes:
    return length(len(value)) + value


def file_with(kind: int, payload: bytes, key: bytes = b"k", version: int = 10, before: bytes = b"") -> bytes:
    """One key of that type in database 0. `before`: its expiration time."""
    end = b"\xff" + NO_CHECKSUM if version >= 5 else b"\xff"
    return b"REDIS%04d\xfe\x00" % version + before + bytes([kind]) + string(key) + payload + end


def ziplist(*values: bytes | int) -> bytes:
    """As servers up to 6.2 packed values: the widths of integers are the least that hold them."""
    entries: list[bytes] = []
    for value in values:
        previous = len(entries[-1]) if entries else 0
        head = bytes([previous]) if previous < 254 else b"\xfe" + struct.pack("<I", previous)
        entries.append(head + ziplist_value(value))
    body = b"".join(entries)
    last = 10 + len(body) - (len(entries[-1]) if entries else 0)
    return struct.pack("<IIH", 10 + len(body) + 1, last, len(entries)) + body + b"\xff"


def ziplist_value(value: bytes | int) -> bytes:
    if isinstance(value, bytes):
        if len(value) < 1 << 6:
            return bytes([len(value)]) + value
        if len(value) < 1 << 14:
            return struct.pack(">H", 0x4000 | len(value)) + value
        return b"\x80" + struct.pack(">I", len(value)) + value
    if 0 <= value <= 12:
        return bytes([0xF1 + value])
    for encoding, size in ((0xFE, 1), (0xC0, 2), (0xF0, 3), (0xD0, 4), (0xE0, 8)):
        if -(1 << 8 * size - 1) <= value < 1 << 8 * size - 1:
            return bytes([encoding]) + value.to_bytes(size, "little", signed=True)
    raise ValueError(value)


def zipmap(*values: bytes, free: int = 0) -> bytes:
    """As the first hashes were packed. Each value may have bytes behind it that are not used."""
    out = bytes([min(len(values) // 2, 254)])
    for i, value in enumerate(values):
        out += bytes([len(value)]) if len(value) < 254 else b"\xfe" + struct.pack("<I", len(value))
        out += bytes([free]) + value + bytes(free) if i % 2 else value
    return out + b"\xff"


def score(text: str) -> bytes:
    """The score of a sorted set of type 3."""
    special = {"inf": b"\xfe", "-inf": b"\xff", "nan": b"\xfd"}
    return special.get(text) or bytes([len(text)]) + text.encode()


def listpack(*values: bytes | int) -> bytes:
    body = b""
    for value in values:
        entry = listpack_value(value)
        back = bytes([len(entry)]) if len(entry) < 128 else bytes([len(entry) >> 7, 0x80 | len(entry) & 0x7F])
        body += entry + back
    return struct.pack("<IH", 6 + len(body) + 1, len(values)) + body + b"\xff"


def listpack_value(value: bytes | int) -> bytes:
    if isinstance(value, bytes):
        return bytes([0x80 | len(value)]) + value if len(value) < 64 else struct.pack(">H", 0xE000 | len(value)) + value
    if 0 <= value < 128:
        return bytes([value])
    if -4096 <= value < 4096:
        return struct.pack(">H", 0xC000 | value & 0x1FFF)
    for encoding, size in ((0xF1, 2), (0xF2, 3), (0xF3, 4), (0xF4, 8)):
        if -(1 << 8 * size - 1) <= value < 1 << 8 * size - 1:
            return bytes([encoding]) + value.to_bytes(size, "little", signed=True)
    raise ValueError(value)


def stream_id(ms: int, seq: int) -> bytes:
    return struct.pack(">QQ", ms, seq)


# A node with the entries 5-1 {f: v}, 5-2 {f: w} and the deleted one 6-0.
NODE = listpack(2, 1, 1, b"f", 0, 2, 0, 0, b"v", 4, 2, 0, 1, b"w", 4, 3, 1, -1, b"x", 4)


def stream_of_type_15(node: bytes = NODE, pending: int = 1) -> bytes:
    """A stream as 5.0 wrote it, with a group that has read one entry and not acknowledged it."""
    group = string(b"readers") + length(5) + length(1)
    group += length(pending) + (stream_id(5, 1) + struct.pack("<Q", 1_700_000_000_000) + length(3)) * pending
    group += length(1) + string(b"ann") + struct.pack("<Q", 1_700_000_000_001) + length(1) + stream_id(5, 1)
    return length(1) + string(stream_id(5, 1)) + string(node) + length(2) + length(6) + length(0) + length(1) + group
