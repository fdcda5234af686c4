"""Makes files byte by byte, from the format: also those that no server writes any more."""

from __future__ import annotations

import contextlib
import struct
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Part:
    """Some bytes of a file, and what they are."""

    offset: int
    data: bytes
    meaning: str


TYPES = {
    0: "a string",
    1: "a list, element by element",
    2: "a set, member by member",
    4: "a hash, field by field",
    5: "a sorted set, member by member with scores of 8 bytes",
    11: "a set, as an intset",
    16: "a hash, as a listpack",
    17: "a sorted set, as a listpack",
    18: "a list, as nodes",
    19: "a stream",
}


class Walker:
    """Goes over a file from its start, and notes what each byte is, as far as it can be read."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0
        self.parts: list[Part] = []

    def take(self, count: int, meaning: str) -> bytes:
        if self.at + count > len(self.data):
            raise EOFError(meaning)
        data = self.data[self.at : self.at + count]
        self.parts.append(Part(self.at, data, meaning))
        self.at += count
        return data

    def length(self, meaning: str) -> int:
        """Reads a length; one of the special strings is given as a negative number."""
        first = self.data[self.at] if self.at < len(self.data) else 0
        if first >= 0xC0:
            return -1 - (self.take(1, f"{meaning}: a special string")[0] & 0x3F)
        if first < 0x40:
            return self.take(1, f"{meaning}: a length of 6 bits")[0]
        if first < 0x80:
            return int.from_bytes(self.take(2, f"{meaning}: a length of 14 bits, highest byte first"), "big") & 0x3FFF
        wide = 8 if first == 0x81 else 4
        return int.from_bytes(self.take(1 + wide, f"{meaning}: a length of {8 * wide} bits, highest byte first")[1:], "big")

    def string(self, meaning: str) -> bytes:
        length = self.length(f"{meaning}, how long it is")
        if -3 <= length < 0:
            width = 1 << -1 - length
            return self.take(width, f"{meaning}, an integer of {8 * width} bits, lowest byte first")
        if length == -4:
            packed = self.length(f"{meaning}, how long it is compressed")
            self.length(f"{meaning}, how long it is otherwise")
            return self.take(packed, f"{meaning}, compressed")
        return self.take(max(length, 0), f"{meaning}, its bytes")

    def value(self, kind: int) -> None:
        """Reads the value of a type."""
        if kind in (0, 11, 16, 17):
            self.string("the value")
        elif kind == 18:
            for _ in range(self.length("how many nodes")):
                self.length("what the node is: 1 an element, 2 a listpack")
                self.string("the node")
        elif kind in (1, 2):
            for _ in range(self.length("how many elements")):
                self.string("the element")
        elif kind in (4, 5):
            for _ in range(self.length("how many")):
                self.string("the name")
                if kind == 4:
                    self.string("the value of the field")
                else:
                    self.take(8, "the score, a double, lowest byte first")
        elif kind == 19:
            self.stream()
        else:
            raise ValueError("a type that is not known")

    def id(self, meaning: str) -> None:
        self.length(f"{meaning}, ms")
        self.length(f"{meaning}, seq")

    def stream(self) -> None:
        for _ in range(self.length("how many nodes")):
            self.string("the ID of the node, highest byte first")
            self.string("the node")
        self.length("how many entries")
        for name in ("last ID", "first ID", "largest deleted ID"):
            self.id(name)
        self.length("how many entries were ever added")
        for _ in range(self.length("how many groups")):
            self.string("the name of the group")
            self.id("the last ID that was delivered")
            self.length("how many entries were read")
            for _ in range(self.length("how many are pending")):
                self.take(16, "the ID of a pending entry, highest byte first")
                self.take(8, "when it was delivered, in ms, lowest byte first")
                self.length("how often it was delivered")
            for _ in range(self.length("how many consumers")):
                self.string("the name of the consumer")
                self.take(8, "when it was seen, in ms, lowest byte first")
                for _ in range(self.length("how many are pending for it")):
                    self.take(16, "the ID of what is pending, highest byte first")

    def part(self, opcode: int) -> None:
        """Reads what follows an opcode, or the key whose type it is."""
        if opcode == 0xFA:
            self.string("the name of a fact")
            self.string("the fact")
        elif opcode == 0xFE:
            self.length("the number of the database")
        elif opcode == 0xFB:
            self.length("how many keys")
            self.length("how many of them expire")
        elif opcode == 0xFC:
            self.take(8, "when the key expires, in ms, lowest byte first")
        elif opcode == 0xF8:
            self.length("how many seconds the key was not used")
        elif opcode == 0xF9:
            self.take(1, "how often the key is used")
        else:
            self.string("the key")
            self.value(opcode)

    def opcode(self) -> int:
        names = {0xFA: "a fact follows", 0xFE: "a database follows", 0xFB: "sizes follow", 0xFC: "a time follows",
                 0xF8: "an idle time follows", 0xF9: "a frequency follows", 0xFF: "the end"}  # fmt: skip
        first = self.data[self.at] if self.at < len(self.data) else 0
        return self.take(1, names.get(first) or f"the type of the value: {TYPES.get(first, 'not known')}")[0]

    def walk(self) -> list[Part]:
        with contextlib.suppress(EOFError, ValueError):
            self.take(9, "the magic word and the version")
            while (opcode := self.opcode()) != 0xFF:
                self.part(opcode)
            self.take(8, "the checksum, lowest byte first")
        if self.at < len(self.data):
            self.parts.append(Part(self.at, self.data[self.at :], "what cannot be read"))
        return self.parts


def explained(data: bytes, offset: int) -> str:
    """The bytes around an offset that belong together, in hexadecimal, and what they are."""
    for part in Walker(data).walk():
        if part.offset <= offset < part.offset + len(part.data):
            shown = part.data[:16].hex(" ") + (" …" if len(part.data) > 16 else "")
            return f"{shown}   {part.meaning} (from offset {part.offset})"
    return "nothing: the file ends here"


def difference(expected: bytes, found: bytes) -> str:
    """Where a file is not as it should be, and what the bytes there mean; empty if it is."""
    if expected == found:
        return ""
    same = next((i for i, (a, b) in enumerate(zip(expected, found, strict=False)) if a != b), None)
    offset = min(len(expected), len(found)) if same is None else same
    return (
        f"The file differs at offset {offset}.\n"
        f"    expected  {explained(expected, offset)}\n    found     {explained(found, offset)}"
    )
