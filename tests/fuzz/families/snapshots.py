"""Values through a file, or from one key to another by way of what DUMP has returned."""

from __future__ import annotations

import struct

from fuzz.grammar import Family, Row


def crc64(data: bytes) -> int:
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x95AC9329AC4BC9B5 if crc & 1 else 0)
    return crc


def payload(body: bytes, version: int = 10) -> bytes:
    data = body + struct.pack("<H", version)
    return data + struct.pack("<Q", crc64(data))


PAYLOADS = (
    payload(b"\x00\xc0\x0c"),
    payload(b"\x00\x05hello"),
    payload(b"\x00\xc3\x09\x40\x64\x01aa\xe0\x57\x00\x01aa"),
    payload(b"\x12\x01\x02\x0d\x0d\x00\x00\x00\x02\x00\x81a\x02\x81b\x02\xff"),
    payload(b"\x0b\x0c\x02\x00\x00\x00\x02\x00\x00\x00\x05\x00\x07\x00"),
    payload(b"\x02\x02\x01x\x01y"),
    payload(b"\x10\x0e\x0e\x00\x00\x00\x02\x00\x81f\x02\x82vw\x03\xff"),
    payload(b"\x04\x01\x01f\x01v"),
    payload(b"\x11\x0c\x0c\x00\x00\x00\x02\x00\x81m\x02\x07\x01\xff"),
    payload(b"\x05\x01\x01m" + struct.pack("<d", 1.5)),
)
WRONG = (b"", b"x", payload(b"\x63\x01v"), payload(b"\x00\x01v", 11), payload(b"\x12\x00"))

# Where a payload is right its row is strict: a TTL of 1 ms, which a mutation makes, would be over here or there.
FAMILY = Family(
    name="snapshots",
    since=10,
    rows=(
        Row("SAVE", weight=1),
        Row("SAVE <wrong>", weight=0.2),
        Row("BGSAVE now", weight=0.2, strict=True),
        Row("LASTSAVE", weight=0.2, reply="kind"),
        Row("DEBUG RELOAD", weight=4, more=True),
        Row("DUMP <key>", weight=2, reply="kind", more=True),
        Row("RESTORE <key> (0|100000) <payload> (REPLACE)*", weight=8, strict=True, more=True),
        Row("RESTORE <key> 4102444800000 <payload> (REPLACE|ABSTTL)*", weight=2, strict=True, more=True),
        Row("RESTORE <key> 0 <wrong> [REPLACE]", weight=2, more=True),
        Row("RESTORE <key> (-1|-5|a) <payload> [REPLACE]", weight=2, strict=True, more=True),
        Row("RESTORE <key> 0 <payload> REPLACE (IDLETIME|FREQ) (0|1|255|256|100000|-1|a)", weight=4, strict=True, more=True),
        Row("RESTORE <key> 0 <payload> (NX|IDLETIME|FREQ|REPLACE NX)", weight=1, strict=True, more=True),
        Row("RESTORE <key> 0 <payload> REPLACE IDLETIME 5 FREQ 5", weight=1, strict=True, more=True),
    ),
    atoms={"payload": PAYLOADS, "wrong": WRONG},
)
