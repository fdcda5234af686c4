"""Starts any server on a free port in a directory of its own, and leaves nothing behind."""

from __future__ import annotations

import atexit
import contextlib
import itertools
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from .process import cpu_seconds, how_it_ended, sanitized, work_clock
from .stages import Stage, build_dir, core_build, find_stage, is_core
from .terminal import visible
from .workspace import words as command_words

HOST = "127.0.0.1"
ENDLESS = "it wrote megabytes to its output"
RUNAWAYS = 20
START_TIMEOUT = float(os.environ.get("HARNESS_START_TIMEOUT", "5"))
MAX_LOG = 16 * 1024 * 1024
WATCH = 0.02  # seconds between two looks at how much the servers have written
MARK = "HARNESS_SERVER"  # in the environment of a server, and of all that it starts
FILE_MAX = 1024 * 1024 * 1024  # of one file that a server writes
SANITIZER = re.compile(
    r"ERROR: (Address|Leak|Thread|Memory)Sanitizer|:\d+:\d+: runtime error:|"
    r"SUMMARY: (Address|Leak|Undefined\w+)Sanitizer"
)
REAL = "redis-server"

# What a program that failed says, and what to call it. It ends with its output, or with a line that is empty.
CRASHES = (
    ("The panic", re.compile(r"^(panic|fatal error): ", re.MULTILINE)),  # Go
    ("The panic", re.compile(r"^thread '.*' (\(\d+\) )?panicked at ", re.MULTILINE)),  # Rust
    ("The traceback", re.compile(r"^Traceback \(most recent call last\):", re.MULTILINE)),  # Python
    ("The exception", re.compile(r"^Exception in thread |^Unhandled exception", re.MULTILINE)),  # Java, C#
    ("The exception", re.compile(r"^\S+:\d+\n.*\n *\^+\n", re.MULTILINE)),  # node
)

# The process groups that were started and not yet ended.
running: set[int] = set()
# The servers whose output is watched.
watched: set[Server] = set()
watching = threading.Lock()
numbers = itertools.count()
PORTS = 12000  # so many, from 20000 on
first_port = 20000 + os.getpid() * 97 % PORTS
ports: itertools.cycle[int] = itertools.cycle([*range(first_port, 20000 + PORTS), *range(20000, first_port)])
port_lock = threading.Lock()
# The UDP sockets that say whose a port is, as long as it is used.
claims: dict[int, socket.socket] = {}


def end_all() -> None:
    """Kills whatever is still there when the harness ends."""
    for group in list(running):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)
        running.discard(group)


atexit.register(end_all)


def end_on_signals() -> None:
    """Makes SIGTERM end the harness in order, so that its servers end with it."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def watch_output() -> None:
    """Ends servers whose output has no end: it would fill the disk before a step is over."""
    while True:
        time.sleep(WATCH)
        for server in list(watched):
            if server.log_floods and not server.flooded:
                server.flooded = True
                server.kill_group()


def watch(server: Server) -> None:
    with watching:
        if not any(thread.name == MARK for thread in threading.enumerate()):
            threading.Thread(target=watch_output, name=MARK, daemon=True).start()
        watched.add(server)


def marked(mark: str, after: int) -> list[int]:
    """The processes that have this mark, where the system tells. `after`: one that was started before them."""
    found = []
    with contextlib.suppress(OSError, ValueError):
        newest = int(Path("/proc/loadavg").read_text().split()[-1])
        begun = after if newest >= after else 0  # else the numbers have begun anew
        wanted = f"{MARK}={mark}".encode()
        for name in os.listdir("/proc"):
            if name.isdigit() and int(name) > begun:
                with contextlib.suppress(OSError):
                    if wanted in Path(f"/proc/{name}/environ").read_bytes().split(b"\0"):
                        found.append(int(name))
    return found


def free_port() -> int:
    """A port nobody listens on, below those that the system gives to outgoing connections.

    A server listens a moment later. That no other harness takes the same port meanwhile, it is claimed: the UDP port of
    the same number, which no server wants, is bound until release_port or the end of this process.
    """
    with port_lock:
        for port in itertools.islice(ports, PORTS):
            claim = socket.socket(type=socket.SOCK_DGRAM)
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    claim.bind((HOST, port))
                    probe.bind((HOST, port))
                except OSError:
                    claim.close()
                else:
                    claims[port] = claim
                    return port
    raise RuntimeError("no free port")


def release_port(port: int) -> None:
    """Lets a port that was claimed be chosen again."""
    with port_lock:
        if claim := claims.pop(port, None):
            claim.close()


@dataclass(frozen=True)
class ServerCommand:
    """How a server is started: a stage, the real one, or a template with {port}."""

    label: str
    words: tuple[str, ...]  # with {port}, {dir} and {args} to be filled in
    stage: Stage | None = None
    spec: str = ""  # what SERVER= says; empty for a stage
    core: bool = False  # a CORE build, which has no parameter of stages/more/

    @property
    def real(self) -> bool:
        return bool(self.words) and Path(self.words[0]).name == REAL

    def argv(self, port: int, directory: Path, args: list[str]) -> list[str]:
        """The command line: the scenario's file and flags come first, then the standard ones."""
        out: list[str] = []
        for word in self.words:
            if word == "{args}":
                out.extend(args)
            else:
                out.append(word.replace("{port}", str(port)).replace("{dir}", str(directory)))
        return out


def program_words(program: Path, number: int, core: bool) -> tuple[str, ...]:
    """How a program with the parameters of that stage is started.

    From 02 on the whole build has DEBUG, which must be allowed. From 10 on a stage saves by itself.
    """
    words = [str(program), "{args}", "--port", "{port}", "--dir", "{dir}"]
    if number >= 2 and not core:
        words += ["--enable-debug-command", "yes"]
    if number >= 10:  # as the real one: a server that saves by itself is one whose test says so
        words += ["--save", ""]
    return tuple(words)


def stage_command(stage: Stage, builds: Path | None = None) -> ServerCommand:
    """How a stage is started; `builds` is the folder of its build, if not the usual one."""
    builds = builds or build_dir()
    core = is_core(builds)
    return ServerCommand(stage.name, program_words(builds / stage.name / "server", stage.number, core), stage, core=core)


def with_save(command: ServerCommand, *points: str) -> ServerCommand:
    """The command with these save points in place of none; without any, those of the configuration file."""
    words = list(command.words)
    if "--save" in words:
        at = words.index("--save")
        words[at : at + 2] = []
    if points:
        words += ["--save", " ".join(points)]
    return replace(command, words=tuple(words))


def real_command() -> ServerCommand:
    words = [REAL, "{args}", "--port", "{port}", "--dir", "{dir}", "--save", ""]
    return ServerCommand(REAL, (*words, "--enable-debug-command", "yes"), spec=REAL)


def absolute(word: str) -> str:
    """A path from here stays right when the server runs elsewhere."""
    return str(Path(word).resolve()) if "/" in word and Path(word).exists() else word


def template_command(template: str) -> ServerCommand:
    """A command line of the user's. Flags of a scenario go before the one for the port."""
    words = [absolute(word) for word in command_words(template, "SERVER")]
    words = [str(Path(w).resolve()) if i and Path(w).is_file() else w for i, w in enumerate(words)]
    if not any("{port}" in word for word in words):
        raise SystemExit(f"SERVER='{template}' must say where the port goes: {{port}}")
    if "{args}" not in words:
        at = next(i for i, word in enumerate(words) if "{port}" in word)
        if words[at] == "{port}" and at and words[at - 1].startswith("-"):
            words.insert(at - 1, "{args}")
        elif words[at].startswith("-"):
            words.insert(at, "{args}")
        else:
            words.append("{args}")
    return ServerCommand(template, tuple(words), spec=template, core=core_build())


def server_command(spec: str) -> ServerCommand:
    """What `SERVER=` or `STAGE=` names."""
    if Path(spec).name == REAL and " " not in spec:
        if not shutil.which(spec):
            raise SystemExit(f"{spec} is not installed (Debian: apt install redis-server)")
        return real_command()
    if re.fullmatch(r"[0-9]{1,2}(-[a-z-]+)?", spec):
        return stage_command(find_stage(spec))
    return template_command(spec)


class StartFailure(Exception):
    """The server did not come up; the message says how that showed."""


@dataclass
class State:
    """What a report says of a server."""

    status: str
    crash: tuple[str, str]
    log: str


class Server:
    """A server process. Use it as a context manager."""

    last: ClassVar[Server | None] = None  # the one that was started last

    def __init__(
        self,
        command: ServerCommand,
        args: list[str] | None = None,
        config: list[str] | None = None,
        wait: float = START_TIMEOUT,
    ) -> None:
        self.command = command
        self.args = list(args or [])
        self.config = list(config or [])
        self.wait = wait
        self.port = 0
        self.dir = Path(tempfile.mkdtemp(prefix="stage-"))
        self.log_path = self.dir / "server.log"
        self.log_start = 0  # what stands before was written by an earlier start
        self.process: subprocess.Popen[bytes] | None = None
        self.probe: socket.socket | None = None
        self.argv: list[str] = []
        self.launched_with: list[str] | None = None  # the arguments of its launch
        self.flooded = False
        self.at_the_end: State | None = None
        self.swept = True  # nothing of it is left
        self.mark = f"{os.getpid()}-{next(numbers)}"

    def __enter__(self) -> Server:
        try:
            self.start()
        except StartFailure as failure:
            said = "".join(f"\n    {line}" for line in self.log().splitlines()[-5:])
            self.close()
            raise StartFailure(f"{failure}{said and ', and said:'}{said}") from None
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """With sanitizers the end is orderly, so that a leak is reported; not under strace, which finds none and ignores SIGTERM."""
        if sanitized() and self.alive and not kind and self.argv[0] != "strace":
            self.terminate(timeout=30)
        report = self.sanitizer_report()
        self.close()
        assert kind or not report, report

    def launch(self, args: list[str] | None = None) -> None:
        """Starts the process, without waiting for anything."""
        Server.last, self.at_the_end = self, None
        self.launched_with = args
        extra = self.args if args is None else args
        if self.config:
            conf = self.dir / "scenario.conf"
            conf.write_text("".join(line + "\n" for line in self.config))
            extra = [str(conf), *extra]
        self.port = self.port or free_port()
        self.argv = self.command.argv(self.port, self.dir, extra)
        with self.log_path.open("ab") as log:
            self.log_start = log.tell()
            try:
                self.process = subprocess.Popen(
                    self.argv,
                    cwd=self.dir,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    env={**os.environ, MARK: self.mark},
                )
            except OSError as error:
                raise StartFailure(f"it cannot be run: {error}") from error
        running.add(self.process.pid)
        self.swept = False
        watch(self)
        if hasattr(resource, "prlimit"):  # one that shouts must not fill the disk
            with contextlib.suppress(OSError):
                resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (FILE_MAX, FILE_MAX))

    def start(self, args: list[str] | None = None) -> None:
        """Starts it and waits until it accepts connections."""
        self.launch(args)
        if not self.await_port():
            raise StartFailure(self.why_not())

    def await_port(self) -> bool:
        """Waits until a server that was launched accepts connections. One whose port is taken gets another one."""
        for _ in range(2):
            if self.port_opens():
                return True
            if self.alive or "already in use" not in self.log(self.log_start):
                return False
            self.kill()
            release_port(self.port)
            self.port = 0
            self.launch(self.launched_with)
        return self.port_opens()

    def port_opens(self) -> bool:
        deadline = time.monotonic() + self.wait
        while time.monotonic() < deadline:
            try:
                self.probe = socket.create_connection((HOST, self.port), timeout=1)
                if self.probe.getsockname() != self.probe.getpeername():
                    return True
            except OSError:  # also when it has ended meanwhile
                if not self.alive:
                    return False
                time.sleep(0.001)
                continue
            self.probe.close()
        return False

    def settles(self, timeout: float = 0.3) -> bool:
        """A server whose port is open may still give up. False when it does; its log shows if it is ready."""
        deadline = time.monotonic() + timeout
        while self.alive and time.monotonic() < deadline:
            if "eady to accept connections" in self.log(self.log_start):
                return True
            time.sleep(0.002)
        return self.alive

    def why_not(self) -> str:
        if self.flooded:
            return f"{ENDLESS} before it accepted a connection"
        if not self.alive:
            return f"it ended before it accepted a connection ({self.status()}){self.to_the_background()}"
        return f"it runs, but nothing listens on port {self.port} after {self.wait:g} seconds"

    def connect(self, path: str | None = None, timeout: float = 3) -> socket.socket:
        """A connection: over TCP, or to the unix socket at path, below the server's directory."""
        if path:
            return self.connect_unix(path, timeout)
        if self.probe:
            sock, self.probe = self.probe, None
            sock.settimeout(timeout)
        else:
            sock = socket.create_connection((HOST, self.port), timeout=timeout)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return sock

    def connect_unix(self, path: str, timeout: float) -> socket.socket:
        """The TCP port may be open a moment before the Unix socket is."""
        deadline = time.monotonic() + 1
        while True:
            sock = socket.socket(socket.AF_UNIX)
            sock.settimeout(timeout)
            try:
                sock.connect(str(self.dir / path))
                return sock
            except (FileNotFoundError, ConnectionRefusedError):
                sock.close()
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.002)

    def drop_probe(self) -> None:
        """Closes the connection that showed that the server is there, if nobody took it over."""
        if self.probe:
            self.probe.close()
            self.probe = None

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int:
        assert self.process
        return self.process.pid

    def status(self) -> str:
        """Whether it runs, and if not, how it ended."""
        if not self.process:
            return "never started"
        code = self.process.poll()
        if self.flooded:
            return "ended by the check, since its output had no end"
        if code is None:
            return "still running"
        return how_it_ended(code)

    def to_the_background(self) -> str:
        """More of a sentence, for a server that has ended and has not: it went on as another process."""
        if self.alive or not self.left_behind():
            return ""
        return " and left a process behind. A server must stay in the foreground, or it can't be watched"

    def left_behind(self) -> list[int]:
        """The processes that the server has started and that are none of its group."""
        return marked(self.mark, self.process.pid) if self.process else []

    def cpu_seconds(self, of_all: bool = False) -> float:
        """The processor time of the server, and of all that it has started; 0 where the system does not tell."""
        if not self.alive:
            return 0
        return self.own_seconds() + sum(cpu_seconds(pid) or 0 for pid in (self.left_behind() if of_all else []))

    def own_seconds(self) -> float:
        """A scenario asks before each step, so a clock is read where there is one, and no file."""
        if sys.platform == "linux":
            with contextlib.suppress(OSError):
                return work_clock(self.pid)()
        return cpu_seconds(self.pid) or 0

    def wait_exit(self, timeout: float) -> int | None:
        """The exit code, or None when it still runs after timeout."""
        assert self.process
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            return None

    def log(self, start: int = 0) -> str:
        """What it has written to its output from `start` on; the end of it when that is long."""
        if not self.log_path.exists():
            return ""
        with self.log_path.open("rb") as log:
            log.seek(max(start, self.log_path.stat().st_size - 1024 * 1024))
            return visible(log.read().decode("utf-8", "backslashreplace"))

    @property
    def log_floods(self) -> bool:
        try:
            return self.log_path.stat().st_size > MAX_LOG
        except OSError:  # not there yet, or not any more
            return False

    def sanitizer_report(self) -> str:
        """The report of a sanitizer in the log, if there is one."""
        text = self.log()
        found = SANITIZER.search(text)
        if not found:
            return ""
        start = max(text.rfind("=====", 0, found.start()), text.rfind("\n", 0, found.start()) + 1)
        return text[start:]

    def state(self) -> State:
        """How it is, or how it was when it was closed."""
        return self.at_the_end or State(self.status(), self.crash_report(), self.log())

    def crash_report(self) -> tuple[str, str]:
        """What the program said when it failed, and what to call that; empty if it has said nothing like it."""
        if text := self.sanitizer_report():
            return "The sanitizer's report", text
        text = self.log(self.log_start)
        found = [(match.start(), name) for name, pattern in CRASHES if (match := pattern.search(text))]
        return (min(found)[1], text[min(found)[0] :]) if found else ("", "")

    def terminate(self, timeout: float = 5) -> int | None:
        """SIGTERM, and the exit code; None when it had to be killed."""
        if self.alive:
            os.kill(self.pid, signal.SIGTERM)
        code = self.wait_exit(timeout)
        self.kill()
        return code

    def kill(self) -> None:
        """SIGKILL to the server and everything that it started."""
        self.drop_probe()
        if not self.process or self.swept:
            return
        watched.discard(self)
        self.kill_group()
        self.process.wait()
        running.discard(self.process.pid)
        for _ in range(RUNAWAYS):  # those that have left the group, and what they start meanwhile
            left = self.left_behind()
            for pid in left:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
            if not left:
                self.swept = True
                break

    def kill_group(self) -> None:
        assert self.process
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def close(self) -> None:
        """Ends it and removes its directory. How it was is noted, for a report."""
        status = self.status()
        self.kill()
        release_port(self.port)
        self.at_the_end = State(status, self.crash_report(), self.log())
        shutil.rmtree(self.dir, ignore_errors=True)
