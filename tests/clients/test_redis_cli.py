"""redis-cli in all its modes: what it shows of the server under test is what it shows of the real one."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time

import pytest

from harness.dataset import fill, holds
from harness.server import Server, ServerCommand, server_command
from harness.wire import Wire

pytestmark = [pytest.mark.more, pytest.mark.needs("redis-server", "redis-cli"), pytest.mark.since(9)]

TIMEOUT = 30
PROMPT = re.compile(r"127\.0\.0\.1:\d+(\[\d+\])?(\(TX\))?> $")
# What the line editor writes anew at each key: it goes back to the start of the line and clears it.
REDRAWN = re.compile(r"[^\n]*\r\x1b\[0K")
NUMBER_OF_CLIENT = re.compile(r'(?m)(?<=^id )\d+$|(?<="id" => \(integer\) )\d+$')
ESCAPE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def cli(server: Server, *words: str, stdin: str = "", status: int = 0) -> str:
    """Runs redis-cli to its end; returns what it says."""
    done = subprocess.run(
        ["redis-cli", "-p", str(server.port), *words],
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=TIMEOUT,
        check=False,
    )
    assert done.returncode == status, done.stdout
    return done.stdout.replace(str(server.port), "PORT")


class Terminal:
    """redis-cli on a terminal of 300 columns, as a person at a keyboard meets it."""

    def __init__(self, server: Server, *words: str) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 300, 0, 0))
        # Its history and preferences are those of a new user.
        environment = {**os.environ, "TERM": "xterm", "HOME": str(server.dir)}
        self.process = subprocess.Popen(
            ["redis-cli", "-p", str(server.port), *words], stdin=slave, stdout=slave, stderr=slave, env=environment
        )
        os.close(slave)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.master)

    def read_until(self, pattern: re.Pattern[str]) -> str:
        """What it shows up to where the pattern is found, in all that has come."""
        shown = b""
        deadline = time.monotonic() + TIMEOUT
        while not pattern.search(shown.decode("utf-8", "replace")):
            assert select.select([self.master], [], [], deadline - time.monotonic())[0], shown
            shown += os.read(self.master, 4096)
        return shown.decode("utf-8", "replace")

    def type(self, keys: str, until: re.Pattern[str]) -> str:
        os.write(self.master, keys.encode())
        return self.read_until(until)

    def line(self, text: str) -> str:
        """Types a line; returns it as it stands at last, the reply, and the next prompt, without colours."""
        shown = self.type(text + "\r", re.compile(r"\n(?s:.*)" + PROMPT.pattern))
        shown = ESCAPE.sub("", REDRAWN.sub("", shown))
        shown = re.sub(r"127\.0\.0\.1:\d+", "HOST", shown.replace("\r", ""))
        return NUMBER_OF_CLIENT.sub("ID", re.sub(r"(?m)^  summary: \S.*", "  summary: ...", shown))


    def hint(self, text: str) -> str:
        """Types the text; returns what redis-cli shows behind it, and clears the line."""
        # Each key draws the whole line, and at last puts the cursor where the text ends.
        drawn = re.compile(r"> " + re.escape(text) + r"([^\r\n]*)\r\x1b\[\d+C$")
        found = drawn.search(self.type(text, drawn))
        assert found
        self.type("\x15", re.compile(r"> \r\x1b\[\d+C$"))
        return ESCAPE.sub("", found[1])


CONVERSATION = """\
SET name "two words"
GET name
help set
HELP @list
HELP XADD
help client kill
SELECT 3
GET name
MULTI
INCR n
LPUSH n x
EXEC
MULTI
DISCARD
HSET h f1 v1 f2 v2
hgetall h
3 INCR n
HELLO 3
HGETALL h
SMEMBERS nothing
ZADD z 1.5 a
ZSCORE z a
NOSUCH
GET
XADD s 1-1 a b
XRANGE s - +
"""


def both(command: ServerCommand) -> list[Server]:
    """The real server and the one under test, not yet started."""
    return [Server(server_command("redis-server")), Server(command)]


def test_at_a_terminal(command: ServerCommand) -> None:
    """The prompt names the database and the transaction; HELP has what COMMAND DOCS says of each command."""
    shown = []
    for one in both(command):
        with one as server, Terminal(server) as terminal:
            terminal.read_until(PROMPT)
            shown.append([terminal.line(line) for line in CONVERSATION.splitlines()])
    assert any("HOST[3](TX)> " in text for text in shown[0])
    assert shown[1] == shown[0]


HINTED = [
    "SET ",
    "set k v",
    "SET k v EX ",
    "SET k v GET ",
    "ZADD key XX ",
    "zadd key CH 1.5 ",
    "XADD s MAXLEN ~ ",
    "GEOSEARCH places FROMLONLAT 15 ",
    "SORT k BY p ",
    "LCS ",
    "BLMPOP 0 2 a b ",
    "CLIENT KILL ",
    "CLIENT NO-EVICT ",
    "XGROUP CREATE s g ",
    "CONFIG SET maxmemory 1 ",
    "GET k ",
]


def test_hints(command: ServerCommand) -> None:
    """Behind what has been typed redis-cli shows the arguments that may follow."""
    shown = []
    for one in both(command):
        with one as server, Terminal(server) as terminal:
            terminal.read_until(PROMPT)
            shown.append({text: terminal.hint(text) for text in HINTED})
    assert shown[0]["SET "].startswith("key value [NX|XX]")
    assert shown[1] == shown[0]


def test_completion(server: Server) -> None:
    """The names of commands, which redis-cli knows from COMMAND DOCS, are completed."""
    with Terminal(server) as terminal:
        terminal.read_until(PROMPT)
        assert "HGET" in terminal.type("hge\t", re.compile("> HGET\\b"))
        assert "HGETALL" in terminal.type("\t", re.compile("> HGETALL\\b"))
        terminal.type("\x15help xau\t", re.compile("> help XAUTOCLAIM"))


def test_subscribed_at_a_terminal(server: Server) -> None:
    with Terminal(server) as terminal:
        terminal.read_until(PROMPT)
        terminal.type("SUBSCRIBE news\r", re.compile(r'2\) "news"\r+\n3\) \(integer\) 1\r+\n'))
        assert cli(server, "PUBLISH", "news", "hello") == "1\n"
        terminal.read_until(re.compile(r'1\) "message"\r+\n2\) "news"\r+\n3\) "hello"\r+\n'))


def fill_some(server: Server) -> None:
    """Keys of all types. No two of one type are of one size, so that one is the biggest."""
    with Wire(server) as wire:
        for size in (1, 10, 1000):
            numbers = [str(i) for i in range(size)]
            wire.ask("SET", f"string:{size}", "x" * size)
            wire.ask("RPUSH", f"list:{size}", *numbers)
            wire.ask("SADD", f"set:{size}", *numbers)
            wire.ask("HSET", f"hash:{size}", *[word for i in numbers for word in (i, i)])
            wire.ask("ZADD", f"zset:{size}", *[word for i in numbers for word in (i, i)])
            for i in numbers:
                wire.ask("XADD", f"stream:{size}", f"{i}-1", "n", i)


# Each is compared word by word with what redis-cli says of the real server.
ONE_SHOT = {
    "a list as CSV": ["--csv", "LRANGE", "list:10", "0", "-1"],
    "a hash as JSON": ["-3", "--json", "HGETALL", "hash:10"],
    "as a terminal shows it": ["--no-raw", "XRANGE", "stream:10", "-", "+", "COUNT", "2"],
    "in RESP3": ["-3", "--no-raw", "ZRANGE", "zset:10", "0", "1", "WITHSCORES"],
    "a set in RESP3": ["-3", "--no-raw", "SMEMBERS", "set:10"],
    "three times": ["-r", "3", "INCR", "count"],
    "another database": ["-n", "3", "SET", "where", "three"],
    "a name that is quoted": ["--quoted-input", "SET", '"a\\x00b"', "1"],
    "an error": ["--no-raw", "INCR", "list:10"],
    "a password that nobody set": ["-a", "secret", "--no-auth-warning", "PING"],
    "hot keys without a policy that counts": ["--hotkeys"],
}


@pytest.mark.parametrize("words", ONE_SHOT.values(), ids=ONE_SHOT)
def test_one_shot(command: ServerCommand, words: list[str]) -> None:
    shown = []
    status = 1 if words == ["--hotkeys"] else 0
    for one in both(command):
        with one as server:
            fill_some(server)
            shown.append(cli(server, *words, status=status))
    assert shown[0] and shown[1] == shown[0]


@pytest.mark.parametrize("mode", ["--bigkeys", "--memkeys"])
def test_sizes(command: ServerCommand, mode: str) -> None:
    """The summaries are the same, but for the memory that a value takes."""
    shown = []
    for one in both(command):
        with one as server:
            fill_some(server)
            _, summary = cli(server, mode).split("-------- summary -------")
            if mode == "--memkeys":
                summary = re.sub(r"\d+(\.\d+)? bytes|avg size \d+\.\d+", "N", summary)
            shown.append(summary)
    assert "Sampled 18 keys" in shown[0]
    assert shown[1] == shown[0]


def test_scan(command: ServerCommand) -> None:
    shown = []
    for one in both(command):
        with one as server:
            fill_some(server)
            shown.append(sorted(cli(server, "--scan", "--pattern", "*:1?").split()))
    assert len(shown[0]) == 6 and shown[1] == shown[0]


def test_pipe(command: ServerCommand) -> None:
    """Replies and errors are counted; the commands may be lines or RESP."""
    shown = []
    commands = "".join(f"SET k:{i} {i}\r\nLPUSH k:{i} x\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\n" for i in range(2000))
    for one in both(command):
        with one as server:
            shown.append(cli(server, "--pipe", stdin=commands, status=1))
    assert "errors: 2000, replies: 6000" in shown[0]
    assert shown[1] == shown[0]


def test_commands_from_a_file(command: ServerCommand) -> None:
    shown = []
    for one in both(command):
        with one as server:
            said = cli(server, stdin=re.sub(r"(?im)^help .*\n", "", CONVERSATION))
            shown.append(NUMBER_OF_CLIENT.sub("ID", said))
    assert len(shown[0].splitlines()) > 20
    assert shown[1] == shown[0]


def test_monitor(command: ServerCommand) -> None:
    """Each command that others send, with its time, its database and the address of who sent it."""
    shown = []
    for one in both(command):
        with one as server, Terminal(server, "MONITOR") as terminal:
            terminal.read_until(re.compile("OK"))
            assert cli(server, "-n", "2", "SET", "a b", 'x"\n\\é') == "OK\n"
            assert cli(server, "--no-raw", "PING") == "PONG\n"
            text = terminal.read_until(re.compile('"PING"'))
            shown.append(re.sub(r"\d+\.\d{6} \[(\d+) 127\.0\.0\.1:\d+\]", r"TIME [\1 ADDRESS]", text))
    assert "TIME [2 ADDRESS]" in shown[0]
    assert shown[1] == shown[0]


def test_stat(server: Server) -> None:
    fill_some(server)
    with Terminal(server, "--stat", "-i", "0.1") as terminal:
        text = terminal.read_until(re.compile(r"(?m)^18 +\d+\.\d+[KM] +\d+ +0 +\d+ \(\+\d+\) +\d+"))
    assert re.search("keys +mem +clients +blocked +requests +connections", text)


def test_latency(server: Server) -> None:
    least, most, average, count = cli(server, "--latency", "--raw", "-i", "0.3").split()
    assert int(least) <= float(average) <= int(most) and int(count) > 1


@pytest.mark.since(12)
def test_rdb(command: ServerCommand) -> None:
    """--rdb asks as a replica does, and writes the snapshot that comes; a server that starts with it has the same keys."""
    readers = both(command)
    with Server(command) as server:
        with Wire(server) as wire:
            fill(wire)
            before = holds(wire)
        for reader in readers:
            assert "Transfer finished with success" in cli(server, "--rdb", str(reader.dir / "dump.rdb"))
    for reader in readers:
        with reader as server, Wire(server) as wire:
            assert holds(wire) == before
