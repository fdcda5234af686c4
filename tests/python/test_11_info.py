"""What INFO tells of the log, field by field beside the real server."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness.aof import ALWAYS, files, last_file
from harness.load import pipeline
from harness.server import REAL, Server, ServerCommand, real_command
from harness.wire import Wire

pytestmark = [pytest.mark.since(11), pytest.mark.more]
SIZES = ("aof_current_size", "aof_base_size", "aof_last_cow_size")  # the facts in a base are others


def wait_until(condition: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def fields(wire: Wire) -> dict[str, str]:
    lines = wire.text("INFO", "persistence").splitlines()[1:]
    return dict(line.split(":", 1) for line in lines)


def is_ready(wire: Wire) -> None:
    wait_until(lambda: wire.ask("PING").text == b"PONG")


def failures(wire: Wire) -> int:
    return int(fields(wire)["aof_rewrites_consecutive_failures"])


def of_the_log(wire: Wire) -> dict[str, str]:
    """The fields of the log, in their order; sizes are something or nothing."""
    found = {name: value for name, value in fields(wire).items() if name.startswith(("aof_", "module_", "async"))}
    for name in SIZES:
        if name in found:
            found[name] = "some" if int(found[name]) else "none"
    if found.get("aof_last_rewrite_time_sec") == "1":  # it was short, but a second ended meanwhile
        found["aof_last_rewrite_time_sec"] = "0"
    return found


def is_idle(wire: Wire) -> bool:
    found = fields(wire)
    return found["aof_rewrite_in_progress"] == "0" and found["aof_rewrite_scheduled"] == "0"


def story(server: Server) -> Iterator[dict[str, str]]:
    """The fields after each of some steps."""
    with Wire(server) as wire:
        wait_until(lambda: wire.ask("PING").text == b"PONG")
        yield of_the_log(wire)
        wire.text("SET", "k", "v")
        yield of_the_log(wire)
        wire.text("BGREWRITEAOF")
        wait_until(lambda: is_idle(wire))
        yield of_the_log(wire)
        if "aof_current_size" not in fields(wire):
            wire.text("CONFIG", "SET", "appendonly", "yes")
            wait_until(lambda: is_idle(wire))
            yield of_the_log(wire)
        wire.text("SET", "k", "v")
        server.kill()
        server.start([*server.args, "--appendonly", "yes"])
    with Wire(server) as wire:
        wait_until(lambda: wire.ask("PING").text == b"PONG")
        yield of_the_log(wire)
        wire.text("CONFIG", "SET", "appendonly", "no")
        yield of_the_log(wire)


@pytest.mark.not_real
@pytest.mark.parametrize("flags", [ALWAYS, []], ids=["on", "off"])
def test_as_the_real_server(command: ServerCommand, flags: list[str]) -> None:
    """The same fields in the same order with the same values, sizes apart, from the first start to the next."""
    if not shutil.which(REAL):
        pytest.skip(f"{REAL} is not installed: there is nothing to compare with")
    with Server(command, flags) as server, Server(real_command(), flags) as real:
        for number, (ours, theirs) in enumerate(zip(story(server), story(real), strict=True)):
            assert list(ours.items()) == list(theirs.items()), f"step {number}"


def test_all_fields_are_there(command: ServerCommand) -> None:
    """Each field that the real server has, in its order."""
    names = []
    for one in (command, real_command()):
        with Server(one, ALWAYS) as server, Wire(server) as wire:
            is_ready(wire)
            names.append(list(fields(wire)))
    assert names[0] == names[1]


def test_sizes(command: ServerCommand) -> None:
    """They are those of the files, to the byte."""
    with Server(command, ALWAYS) as server, Wire(server) as wire:
        wait_until(lambda: wire.ask("PING").text == b"PONG")

        def sizes() -> tuple[int, int]:
            found = fields(wire)
            return int(found["aof_current_size"]), int(found["aof_base_size"])

        def on_disk() -> int:
            return sum(path.stat().st_size for path, _ in files(server.dir))

        for _ in range(3):
            wire.text("SET", "k", os.urandom(1000))
        assert sizes()[0] == last_file(server.dir).stat().st_size  # the base of an empty server does not count
        wire.text("BGREWRITEAOF")
        wait_until(lambda: is_idle(wire) and len(files(server.dir)) == 2)
        assert sizes() == (on_disk(), on_disk())
        wire.text("SET", "k", "v")
        assert sizes()[0] == on_disk() > sizes()[1]
        server.kill()
        server.start()
        with Wire(server) as other:
            wait_until(lambda: other.ask("PING").text == b"PONG")
            found = fields(other)
        assert int(found["aof_current_size"]) == on_disk()
        assert int(found["aof_base_size"]) == files(server.dir)[0][0].stat().st_size


def test_while_a_child_rewrites(command: ServerCommand) -> None:
    """How far it is, and afterwards how long it took."""
    with Server(command, [*ALWAYS, "--rdb-key-save-delay", "1000"]) as server, Wire(server) as wire:
        wait_until(lambda: wire.ask("PING").text == b"PONG")
        assert not pipeline(wire, (("SET", f"key:{i}", "v" * 100) for i in range(2100)))
        wire.text("BGREWRITEAOF")
        found = fields(wire)
        assert found["aof_rewrite_in_progress"] == "1"
        assert found["aof_current_rewrite_time_sec"] in ("0", "1")
        assert found["aof_last_rewrite_time_sec"] == "-1"
        assert b"already in progress" in wire.ask("BGREWRITEAOF").text
        wait_until(lambda: int(fields(wire)["current_save_keys_processed"]) > 0)
        found = fields(wire)
        assert found["current_save_keys_total"] == "2100"
        assert 0 < float(found["current_fork_perc"]) <= 100
        wait_until(lambda: is_idle(wire))
        found = fields(wire)
        assert int(found["aof_last_rewrite_time_sec"]) >= 1
        assert found["current_save_keys_total"] == "0"
        assert found["aof_rewrites"] == "1"


def test_failures(command: ServerCommand) -> None:
    """Rewrites that fail are counted until one is successful."""
    with Server(command, ALWAYS) as server, Wire(server) as wire:
        wait_until(lambda: wire.ask("PING").text == b"PONG")
        seq = 2
        blocked: list[Path] = []
        for number in (1, 2):
            blocked = [server.dir / "appendonlydir" / f"appendonly.aof.{n}.base.rdb" for n in range(seq, seq + 3)]
            for path in blocked:
                path.mkdir(exist_ok=True)  # so that no file can have that name
            wait_until(lambda: wire.ask("BGREWRITEAOF").kind != "error")
            while failures(wire) != number:
                time.sleep(0.01)
            wait_until(lambda: is_idle(wire))
            assert fields(wire)["aof_last_bgrewrite_status"] == "err"
        for path in blocked:
            path.rmdir()
        wire.text("BGREWRITEAOF")
        wait_until(lambda: fields(wire)["aof_rewrites_consecutive_failures"] == "0")
        assert fields(wire)["aof_last_bgrewrite_status"] == "ok"
        assert fields(wire)["aof_rewrites"] == "3"
