"""Broken servers get a clear report within seconds, and leave nothing behind.

The reports are kept in golden/; UPDATE=1 in the environment writes them anew.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import time
from pathlib import Path

import pytest

from harness.byhand import by_hand
from harness.golden import compare, normalise
from harness.player import Done, Result, play
from harness.quoting import raw_bytes
from harness.report import bytes_part, report
from harness.scenario import Scenario, read_text
from harness.server import HOST, Server, ServerCommand, StartFailure, free_port, server_command
from harness.session import Outcome
from harness.stages import ROOT

HERE = Path(__file__).parent
FAKE = HERE / "fakes" / "broken_server.py"
PING = """\
# PING is answered with PONG.
#
# level: core
# book: 00-resp, "The first command"

> PING
PONG
> PING
PONG
"""


def fake(way: str) -> ServerCommand:
    words = ("python3", str(FAKE), way, "{args}", "--port", "{port}")
    return ServerCommand(f"./my-server {way} --port {{port}}", words)


def scenario(text: str = PING) -> Scenario:
    return read_text(text, "00-resp/01-ping.redis")


def golden(name: str, result: Result) -> None:
    text = report(result)
    text = normalise(text, result)
    different = compare(HERE / "golden" / f"{name}.txt", text, bool(os.environ.get("UPDATE")))
    assert not different, different


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] == "Z"


@pytest.mark.parametrize(
    ("way", "why"),
    [
        ("exits", "ended before it accepted"),
        ("hangs", "Nothing came within"),
        ("dies", "connection was closed"),
        ("garbage", "not the protocol"),
        ("partial", "only a part|Only a part"),
        ("lies", "reply differs"),
        ("twice", "More replies came"),
        ("sanitizer", "connection was closed"),
        ("panics", "connection was closed"),
        ("throws", "connection was closed"),
        ("colours", "connection was closed"),
        ("spins", "Nothing came within"),
    ],
)
def test_broken_servers(way: str, why: str) -> None:
    began = time.monotonic()
    result = play(scenario(), fake(way))
    assert time.monotonic() - began < 6
    assert result.failure
    assert re.search(why, result.failure.why)
    assert not result.directory.exists()
    golden(way, result)


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("thread 'main' panicked at src/main.rs:12:5:\nindex out of bounds\n", "The panic"),
        ("thread 'main' (4711) panicked at src/main.rs:12:5:\nindex out of bounds\n", "The panic"),
        ("fatal error: all goroutines are asleep - deadlock!\n", "The panic"),
        ('Exception in thread "main" java.lang.NullPointerException\n\tat Server.main(Server.java:3)\n', "The exception"),
        ("a.c:12:5: runtime error: signed integer overflow\n", "The sanitizer's report"),
        ("INFO listening\nno error\n", ""),
    ],
)
def test_what_a_program_says_when_it_fails_has_its_name(said: str, title: str) -> None:
    server = Server(fake("exits"))
    server.log_path.write_text(f"listening\n{said}")
    assert server.crash_report() == (title, said if title else "")
    server.close()


def test_a_traceback_is_no_sanitizers_report() -> None:
    text = report(play(scenario(), fake("raises")))
    assert "The traceback\n    Traceback (most recent call last):\n" in text
    assert "The end of its output before that (1 lines)\n    starting" in text
    assert "sanitizer" not in text


def test_a_server_that_shouts_is_ended_before_the_disk_is_full() -> None:
    """Its output is looked at while the harness waits, not behind a step only."""
    with Server(fake("shouts")) as server:
        server.connect().sendall(b"PING\r\n")
        assert server.wait_exit(3) is not None
        assert server.flooded
        assert server.log_path.stat().st_size < 300 * 1024 * 1024
    result = play(scenario(), fake("shouts"))
    assert result.failure and result.failure.why == "The server wrote megabytes to its output, and was ended."
    assert result.status == "ended by the check, since its output had no end"
    assert len(report(result)) < 10000


def accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


@pytest.mark.parametrize("way", ["leaves", "background"])
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="this system does not tell who started a process")
def test_what_leaves_its_group_ends_too(way: str) -> None:
    result = play(scenario(), fake(way))
    end = time.monotonic() + 2  # who is killed closes its sockets last
    while accepts(result.port) and time.monotonic() < end:
        time.sleep(0.01)
    assert not accepts(result.port)
    if way == "background":
        assert result.failure
        assert "left a process behind" in result.failure.why


@pytest.mark.parametrize("way", ["floods"])
def test_floods(way: str) -> None:
    result = play(scenario(), fake(way))
    assert result.failure
    text = report(result)
    assert re.search("sends and sends|More replies came|megabytes|Nothing came|was closed", text)
    assert len(text) < 10000


def test_server_that_never_listens() -> None:
    server = Server(fake("silent"), wait=0.5)
    with pytest.raises(StartFailure, match="nothing listens on port"):
        server.start()
    pid = server.pid
    server.close()
    assert gone(pid)
    assert not server.dir.exists()


def test_command_that_does_not_exist() -> None:
    result = play(scenario(), server_command("./no-such-server --port {port}"))
    assert result.failure
    assert "cannot be run" in result.failure.why


def test_children_end_too() -> None:
    with Server(fake("forks")) as server:
        found = re.search(r"child (\d+)", server.log())
        assert found
        pids = [server.pid, int(found[1])]
    for _ in range(100):
        if all(gone(pid) for pid in pids):
            return
        time.sleep(0.01)
    pytest.fail("a process is left")


def test_flags_go_before_the_port() -> None:
    command = server_command("./run.sh serve --port {port} --quiet")
    argv = command.argv(7000, Path("/d"), ["my.conf", "--maxclients", "2"])
    assert argv == ["./run.sh", "serve", "my.conf", "--maxclients", "2", "--port", "7000", "--quiet"]
    argv = server_command("srv {args} -p{port} {dir}").argv(7000, Path("/d"), ["--x"])
    assert argv == ["srv", "--x", "-p7000", "/d"]


MANY = """\
# What needs more than a connection and a reply.
#
# level: core
# book: b

! write my.conf "maxclients 10\\n"
! start my.conf
raw> *1\\r\\n$4\\r\\nPI
alice> ECHO "it's 100%! \\xc3\\x00"
raw> NG\\r\\n
> PING
> (close)
bob> PING
raw-q> QUIT\\r\\nPING\\r\\n
+OK\\r\\n
(closed)
raw> (half-close)
(closed)
! stop
! start my.conf
> PING
"""


def test_what_is_to_be_pasted_can_be_pasted_twice_and_leaves_nothing() -> None:
    port = free_port()
    command = server_command("01")
    result = Result(scenario(MANY), command)
    result.done = [Done(step, Outcome()) for step in result.scenario.steps]
    place = f"/tmp/by-hand-{port}"
    lines = "\n".join(by_hand(result)[:-2]).replace("7777", str(port)).replace("/tmp/by-hand", place)
    for _ in range(2):
        done = subprocess.run(["bash"], input=lines, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
        assert "bash: " not in done.stderr
        said = [line for line in done.stdout.splitlines() if not re.match(r"[0-9]+:M ", line) and line[:2] != "! "]
        assert said == [
            "raw> *1\\r\\n$4\\r\\nPI",
            'alice> ECHO "it\'s 100%! \\xc3\\x00"',
            "$13^M",
            "it's 100%! M-C^@^M",
            "raw> NG\\r\\n",
            "+PONG^M",
            "> PING",
            "+PONG^M",
            "> (close)",
            "bob> PING",
            "+PONG^M",
            "raw-q> QUIT\\r\\nPING\\r\\n",
            "+OK^M",
            "(closed)",
            "raw> (half-close)",
            "(closed)",
            "> PING",
            "+PONG^M",
        ]
        assert not Path(place).exists()
        with socket.socket() as probe, pytest.raises(ConnectionRefusedError):
            probe.connect((HOST, port))


@pytest.mark.parametrize(
    ("expected", "received"),
    [
        ("-ERR a b c\r\n", "-ERR a b d\r\n"),
        ("+a b \r\n", "+a b c\r\n"),
        ("+a b c", "+a b "),  # a blank at the end is written as \x20
        ("+a $(b", "+a $(c"),  # and so is what would begin a repetition
        ("+a $(b", "+a $c"),
        ("+\r\n\x00 é b", "+\r\n\x00 é c"),
        ("x" * 40 + " a", "x" * 40 + " b"),
        ("a b", "a b c"),
    ],
)
def test_the_caret_points_at_the_byte(expected: str, received: str) -> None:
    one, other = expected.encode(), received.encode()
    lines = bytes_part(one, other, caret=True).splitlines()
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    column = lines[-1].index("^")
    shown = lines[-2][14:column].removeprefix("… ")
    assert raw_bytes(shown) == other[max(0, at - 32) : at]


@pytest.mark.needs("redis-server")
@pytest.mark.parametrize("name", ["array", "raw", "annotated", "blanks"])
def test_reports_against_the_real_server(name: str) -> None:
    """Wrong expectations, so that the report shows every part. The real server does not err."""
    bodies = {
        "array": '> MSET a 1 b 2\nOK\n> MGET a b c\n1) "1"\n2) "3"\n3) (nil)\n',
        "raw": "alice> PING\nPONG\nraw> *1\\r\\n$4\\r\\nPING\\r\\n\n+PUNG\\r\\n\n",
        "blanks": "> ECHO\n(error) ERR wrong number of arguments to 'echo' command\n",
        "annotated": "> SET k v EX 100\nOK\n> TTL k\n@within 3\n(integer) 50\n",
    }
    result = play(scenario(PING.split("\n> ")[0] + "\n" + bodies[name]), server_command("redis-server"))
    result.log = ""
    golden(f"real-{name}", result)
