"""Eight clients do at random all that has to do with snapshots, and what is dumped comes back damaged."""

from __future__ import annotations

import os
import random
import struct
import threading
import time
from collections.abc import Iterator

import pytest

from harness.dataset import TYPES, Command, touch
from harness.server import Server, ServerCommand, with_save
from harness.wire import Wire

pytestmark = [pytest.mark.since(10), pytest.mark.more]
CLIENTS = 8
SECONDS = float(os.environ.get("SOAK_SECONDS", "4"))
SEED = int(os.environ.get("SEED", "10") or 10)
VALUES: list[Command] = [
    one for values in TYPES.values() for one in values() if sum(len(str(word)) for word in one) < 20_000
]
TABLE = [0] * 256
for number in range(256):
    crc = number
    for _ in range(8):
        crc = crc >> 1 ^ (0x95AC9329AC4BC9B5 if crc & 1 else 0)
    TABLE[number] = crc
RARE = (
    "SAVE", "BGSAVE", "BGSAVE SCHEDULE", "FLUSHALL", "FLUSHALL ASYNC", "DEBUG RELOAD", "DEBUG RELOAD NOSAVE",
    "DEBUG RELOAD NOSAVE NOFLUSH", "DEBUG RELOAD MERGE NOFLUSH", "CONFIG SET dir {dir}/a", "CONFIG SET dir {dir}/b",
    "CONFIG SET dir {dir}/missing", "CONFIG SET dbfilename one.rdb", "CONFIG SET dbfilename two.rdb",
    "CONFIG SET dbfilename c/d.rdb", "CONFIG SET rdbcompression no", "CONFIG SET rdbcompression yes",
    "CONFIG SET maxmemory-policy allkeys-lfu", "CONFIG SET maxmemory-policy allkeys-lru",
    "CONFIG SET maxmemory-policy noeviction", "CONFIG SET hash-max-listpack-entries 2",
    "CONFIG SET hash-max-listpack-entries 512", "CONFIG SET set-max-intset-entries 2",
    "CONFIG SET set-max-intset-entries 512", "CONFIG SET zset-max-listpack-entries 2",
    "CONFIG SET zset-max-listpack-entries 128", "SELECT 0", "SELECT 1", "SELECT 15", "SWAPDB 0 1", "MULTI", "EXEC",
    "EXEC", "DISCARD", "INFO persistence", "LASTSAVE", "CONFIG GET save", "DEBUG DIGEST", "SHUTDOWN ABORT",
)  # fmt: skip
POINTS = ("", "1 1", "1 0", "3600 1 300 100")


def checksum(data: bytes) -> int:
    crc = 0
    for byte in data:
        crc = TABLE[crc & 0xFF ^ byte] ^ crc >> 8
    return crc


def damaged(chance: random.Random, payload: bytes) -> bytes:
    """Some bytes are others, missing, or there twice; in most cases the checksum is right."""
    body = bytearray(payload[:-10])
    for _ in range(chance.randrange(4)):
        at = chance.randrange(len(body) + 1)
        how = chance.randrange(4)
        if how == 0:
            body[at : at + 1] = bytes([chance.randrange(256)])
        elif how == 1:
            del body[at : at + chance.randrange(1, 9)]
        elif how == 2:
            body[at:at] = body[at : at + 16]
        else:
            body[at : at + 1] = bytes([(body[at : at + 1] or b"\0")[0] ^ 1 << chance.randrange(8)])
        if not body:
            break
    data = bytes(body) + b"\x0a\x00"
    if chance.random() < 0.1:
        return data + payload[-8:]
    return data + struct.pack("<Q", checksum(data))


def script(chance: random.Random, server: Server, dumps: list[bytes]) -> Iterator[Command]:
    """Commands without end; `dumps` are payloads to damage, which all clients share."""
    while True:
        part = chance.random()
        key = VALUES[chance.randrange(len(VALUES))][1]
        if part < 0.4:
            yield VALUES[chance.randrange(len(VALUES))]
        elif part < 0.55:
            yield "DUMP", key
        elif part < 0.75 and dumps:
            yield "RESTORE", key, chance.choice((0, 0, 1, 100_000)), damaged(chance, chance.choice(dumps)), "REPLACE"
        elif part < 0.8:
            yield "PEXPIRE", key, chance.randrange(1, 500)
        elif part < 0.85:
            yield "DEL", key
        elif part < 0.87:
            yield "CONFIG", "SET", "save", chance.choice(POINTS)
        elif part < 0.9:
            yield "BLPOP", key, 0.01
        else:
            yield tuple(word.format(dir=server.dir) for word in chance.choice(RARE).split())


def client(server: Server, number: int, ends: float, dumps: list[bytes], faults: list[str], played: list[int]) -> None:
    chance = random.Random(SEED * CLIENTS + number)
    try:
        with Wire(server, timeout=60) as wire:
            for one in script(chance, server, dumps):
                if time.monotonic() > ends or not server.alive:
                    return
                reply = wire.ask(*one)
                played[number] += 1
                if one[0] == "DUMP" and reply.kind == "bulk" and len(dumps) < 2000:
                    dumps.append(reply.text)
                elif one[0] == "RESTORE" and reply.text == b"OK":
                    touch(wire, str(one[1]).encode() if not isinstance(one[1], bytes) else one[1])
    except Exception as error:  # a thread's: the test tells it
        faults.append(f"client {number}: {error!r}")


def sizes(wire: Wire) -> list[int]:
    """How many keys each database has."""
    found = []
    for number in range(16):
        wire.text("SELECT", number)
        found.append(wire.integer("DBSIZE"))
    return found


@pytest.mark.not_real  # it stops replying: what it believes of damaged payloads is too much for it
def test_eight_clients(command: ServerCommand) -> None:
    """The server bears it all, and what it saves at the end it finds again."""
    args = ["--enable-protected-configs", "yes", "--stop-writes-on-bgsave-error", "no", "--sanitize-dump-payload", "yes"]
    dumps: list[bytes] = []
    faults: list[str] = []
    played = [0] * CLIENTS
    with Server(with_save(command, "1", "1"), args) as server:
        for name in "ab":
            (server.dir / name).mkdir()
        ends = time.monotonic() + SECONDS
        threads = [
            threading.Thread(target=client, args=(server, number, ends, dumps, faults, played)) for number in range(CLIENTS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert server.alive, server.log()[-3000:]
        assert not faults, faults
        print(f"{sum(played)} commands, {len(dumps)} payloads")
        with Wire(server, timeout=60) as wire:
            wire.text("CONFIG", "SET", "save", "")
            while wire.ask("SAVE").kind == "error":  # a child still saves
                time.sleep(0.05)
            for number in range(16):
                wire.text("SELECT", number)
                for key in wire.ask("KEYS", "*").items:
                    wire.ask("PERSIST", key.text)  # none may expire between two digests
            keys, digest = sizes(wire), wire.text("DEBUG", "DIGEST")
            assert wire.text("DEBUG", "RELOAD") == "OK"
            if sizes(wire) == keys:  # else one had expired before
                assert wire.text("DEBUG", "DIGEST") == digest
