"""A server that speaks half of PSYNC gets a report: what was said, at which offset, and what a replica or a primary does now.

The reports are kept in golden/; UPDATE=1 in the environment writes them anew.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from harness import peers
from harness.golden import compare
from harness.peers import FakePrimary, FakeReplica, PeerError
from harness.server import Server, ServerCommand
from harness.stages import TESTS
from harness.wire import Wire

HERE = Path(__file__).parent
FAKE = HERE / "fakes" / "half_psync.py"


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "TIMEOUT", 0.4)
    monkeypatch.setenv("PYTHONPATH", str(TESTS))


def fake(way: str) -> ServerCommand:
    return ServerCommand(f"./my-server {way}", ("python3", str(FAKE), way, "{args}", "--port", "{port}"))


def golden(name: str, error: PeerError) -> None:
    different = compare(HERE / "golden" / f"psync-{name}.txt", f"{error}\n", bool(os.environ.get("UPDATE")))
    assert not different, different


PRIMARIES = {
    "unknown": "none of its three",
    "no-offset": "none of its three",
    "no-snapshot": "comes the snapshot",
    "crlf": "no CRLF after it",
    "short": "shorter than its length",
    "no-rdb": "is an RDB file",
    "no-mark": "has no end",
    "no-select": "another command",
    "inline": "not a command as an array",
    "silent": "got no reply",
}
REPLICAS = {
    "hello": "belongs to no handshake",
    "psync": "an ID and an offset",
    "getack": "37 bytes of GETACK",
    "two": "wrong by 2",
    "replies": "not a command as an array",
}


@pytest.mark.parametrize("way", PRIMARIES)
def test_primaries(way: str) -> None:
    with Server(fake(way)) as server, FakeReplica(server) as replica:
        with pytest.raises(PeerError, match=PRIMARIES[way]) as caught:
            replica.sync()
            replica.expect("SELECT", 0)
            replica.expect("SET", "k", "v")
        golden(way, caught.value)


@pytest.mark.parametrize("way", REPLICAS)
def test_replicas(way: str) -> None:
    with Server(fake(way)) as server, FakePrimary() as primary, Wire(server) as wire:
        wire.text("REPLICAOF", "127.0.0.1", primary.port)
        with pytest.raises(PeerError, match=REPLICAS[way]) as caught:
            primary.accept()
            primary.handshake()
            primary.full_sync(0)
            primary.stream(("SELECT", 0), ("SET", "k", "v"))
            primary.get_ack()
        golden(f"replica-{way}", caught.value)
