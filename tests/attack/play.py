"""Plays a case against a server, and says which of the bounds it broke."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import threading
import time
from dataclasses import dataclass, field

from attack.cases import Case, Step
from harness.process import cpu_seconds, resident
from harness.server import Server, ServerCommand
from harness.wire import Wire

MB = 1024 * 1024
CHUNK = 256 * 1024
STUCK = 0.3  # a server that takes nothing for so long takes no more: it pushes back
# The pool of freed blocks that AddressSanitizer keeps would hide what is really used.
SANITIZER = "quarantine_size_mb=8:allocator_may_return_null=1"


@dataclass(frozen=True)
class Bounds:
    """What a server may cost; sanitizers make it about three times as slow and as large."""

    grown_bytes: int = 900 * MB
    seconds: float = 3.0  # of processor time, for any case
    seconds_per_mb: float = 0.6
    silence: float = 6.0  # the longest that the server works while a probe waits for PONG


@dataclass
class Figures:
    """The worst of all cases."""

    cases: int = 0
    sent: int = 0
    grown: int = 0
    silence: float = 0.0
    per_mb: float = 0.0
    kinds: dict[str, int] = field(default_factory=dict)


class Sampler:
    """Watches memory and the longest silence from a thread while a case is played."""

    def __init__(self, server: Server, probe: Wire) -> None:
        self.server, self.probe = server, probe
        self.before = resident(server.pid)
        self.grown, self.silence, self.fault = 0, 0.0, ""
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def __enter__(self) -> Sampler:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join()

    def run(self) -> None:
        try:
            while not self.stop.is_set():
                began, used = time.monotonic(), cpu_seconds(self.server.pid)
                if self.probe.text("PING") != "PONG":
                    self.fault = "the probe got no PONG"
                self.silence = max(self.silence, self.worked(began, used))
                self.grown = max(self.grown, resident(self.server.pid) - self.before)
                self.stop.wait(0.02)
        except (AssertionError, OSError, StopIteration) as error:
            self.fault = f"the probe got no PONG: {error}"

    def worked(self, began: float, used: float | None) -> float:
        """How long the server has worked since: on a busy machine it waits for a processor as well, and that is
        not its fault. One that only waits is found by the probe's timeout."""
        waited = time.monotonic() - began
        now = cpu_seconds(self.server.pid)
        return waited if used is None or now is None else min(waited, now - used)


def drain(sock: socket.socket) -> bool:
    """Takes what has come. False when the connection is closed."""
    while select.select([sock], [], [], 0)[0]:
        try:
            if not sock.recv(CHUNK):
                return False
        except OSError:
            return False
    return True


def send(sock: socket.socket, step: Step) -> None:
    """Sends a step as long as the server takes it, and reads meanwhile if the step says so."""
    data = memoryview(step.data * step.times)
    chunk = step.cut or CHUNK
    while data:
        readable, writable, _ = select.select([sock] if step.reads else [], [sock], [], STUCK)
        if readable and not drain(sock):
            return
        if not readable and not writable:
            return
        if writable:
            try:
                data = data[sock.send(data[:chunk]) :]
            except OSError:
                return


def converse(server: Server, case: Case) -> None:
    """All steps, each on its connection; then the replies of those that read, until none comes."""
    links: dict[int, socket.socket] = {}
    try:
        for step in case.steps:
            if step.link not in links:
                links[step.link] = server.connect()
                links[step.link].setblocking(False)
            send(links[step.link], step)
        readers = {step.link for step in case.steps if step.reads}
        open_links = [links[link] for link in readers]
        while ready := select.select(open_links, [], [], 0.05)[0]:
            open_links = [sock for sock in open_links if sock not in ready or drain(sock)]
    finally:
        for sock in links.values():
            sock.close()


class Target:
    """A server that is started anew after some cases, and whenever one went wrong."""

    def __init__(self, command: ServerCommand, bounds: Bounds) -> None:
        self.command, self.bounds = command, bounds
        self.figures = Figures()
        self.server: Server | None = None

    def start(self) -> Server:
        os.environ["ASAN_OPTIONS"] = SANITIZER
        self.server = Server(self.command, ["--proto-max-bulk-len", "8mb", "--maxmemory", "200mb"], wait=20)
        self.server.start()
        self.server.drop_probe()
        return self.server

    def play(self, case: Case) -> str:
        """What the case broke; empty if nothing."""
        server = self.server or self.start()
        with Wire(server, timeout=30) as probe:
            probe.text("PING")
            before = cpu_seconds(server.pid) or 0
            with Sampler(server, probe) as sampler:
                with contextlib.suppress(OSError):
                    converse(server, case)
            if server.alive and not sampler.fault:
                with contextlib.suppress(AssertionError, OSError):
                    probe.ask("FLUSHALL")
            used = (cpu_seconds(server.pid) or 0) - before if server.alive else 0.0
        self.note(case, sampler, used)
        return self.verdict(server, case, sampler, used)

    def note(self, case: Case, sampler: Sampler, used: float) -> None:
        figures = self.figures
        figures.cases += 1
        figures.sent += case.size
        kind = case.name.partition("-")[0]
        figures.kinds[kind] = figures.kinds.get(kind, 0) + 1
        figures.grown = max(figures.grown, sampler.grown)
        figures.silence = max(figures.silence, sampler.silence)
        if case.size > MB:
            figures.per_mb = max(figures.per_mb, used / (case.size / MB))

    def verdict(self, server: Server, case: Case, sampler: Sampler, used: float) -> str:
        bounds = self.bounds
        most = bounds.seconds + bounds.seconds_per_mb * case.size / MB
        if report := server.sanitizer_report():
            return report
        if not server.alive:
            return f"the server ended: {server.status()}\n{server.log()[-2000:]}"
        if sampler.fault:
            return sampler.fault
        if sampler.silence > bounds.silence:
            return f"the server worked {sampler.silence:.1f} s before PONG, at most {bounds.silence:g} s are allowed"
        if sampler.grown > bounds.grown_bytes:
            return f"it grew by {sampler.grown // MB} MB, at most {bounds.grown_bytes // MB} MB are allowed"
        if used > most:
            return f"it used {used:.1f} s for {case.size} bytes, at most {most:.1f} s are allowed"
        return ""

    def stop(self) -> str:
        """Ends the server in order. What was wrong with its end; empty if nothing."""
        server, self.server = self.server, None
        if not server:
            return ""
        try:
            if server.alive:
                server.process.terminate() if server.process else None
                code = server.wait_exit(30)
                if code != 0:
                    return f"SIGTERM ended it with {server.status()}\n{server.log()[-2000:]}"
            return server.sanitizer_report() or ""
        finally:
            server.close()
