"""CONFIG SET port and bind: the server listens elsewhere, and those who are connected stay."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from harness.server import HOST, Server, ServerCommand, free_port
from harness.wire import Wire

pytestmark = [pytest.mark.since(2), pytest.mark.more]

NO_PORT = (
    "ERR CONFIG SET failed (possibly related to argument 'port') - Unable to listen on this port. Check server logs."
)
NO_ADDRESS = "ERR CONFIG SET failed (possibly related to argument 'bind') - Failed to bind to specified addresses."
MISSING = "192.0.2.1"  # an address for documentation: no machine has it


@pytest.fixture
def server(command: ServerCommand) -> Iterator[Server]:
    with Server(command, ["--bind", HOST, "--unixsocket", "redis.sock"]) as own:
        yield own


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody else listens on."""
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        yield int(other.getsockname()[1])


def answers(port: int, host: str = HOST) -> bool:
    try:
        with socket.create_connection((host, port), timeout=3) as client:
            client.sendall(b"PING\r\n")
            return client.recv(100) == b"+PONG\r\n"
    except ConnectionRefusedError:
        return False


def value(wire: Wire, name: str) -> str:
    return wire.ask("CONFIG", "GET", name).items[1].text.decode()


def set_or_error(wire: Wire, *pairs: object) -> str:
    return wire.ask("CONFIG", "SET", *map(str, pairs)).text.decode()


def test_another_port(server: Server) -> None:
    new = free_port()
    with Wire(server) as wire, Wire(server, "redis.sock") as local:
        assert set_or_error(wire, "port", new) == "OK"
        assert answers(new) and not answers(server.port)
        assert wire.text("PING") == "PONG" and local.text("PING") == "PONG"
        with Wire(server, "redis.sock") as another:
            assert another.text("PING") == "PONG"
        assert set_or_error(wire, "port", 0) == "OK"
        assert not answers(new)
        assert set_or_error(wire, "port", server.port) == "OK"
        assert answers(server.port)


def test_a_port_that_is_taken(server: Server, taken: int) -> None:
    with Wire(server) as wire:
        assert set_or_error(wire, "port", taken) == NO_PORT
        assert set_or_error(wire, "timeout", 5, "port", taken) == NO_PORT
        assert set_or_error(wire, "port", taken, "timeout", 5) == NO_PORT
        assert value(wire, "port") == str(server.port) and value(wire, "timeout") == "0"
        assert answers(server.port)


def test_other_addresses(server: Server) -> None:
    with Wire(server) as wire:
        assert set_or_error(wire, "bind", f"-{MISSING} {HOST}") == "OK"
        assert answers(server.port)
        assert value(wire, "bind") == f"-{MISSING} {HOST}"
        assert set_or_error(wire, "bind", "127.0.0.2") == "OK"
        assert answers(server.port, "127.0.0.2") and not answers(server.port)
        assert set_or_error(wire, "bind", f"-{MISSING}") == "OK"
        assert set_or_error(wire, "bind", "") == "OK"
        assert not answers(server.port, "127.0.0.2")
        assert set_or_error(wire, "bind", HOST) == "OK"
        assert answers(server.port)


@pytest.mark.parametrize(
    "addresses",
    [MISSING, f"{HOST} {MISSING}", "nosuch.invalid", f"{HOST} -nosuch.invalid", f"{HOST}  ::1", f" {HOST}"],
)
def test_addresses_that_cannot_be(server: Server, addresses: str) -> None:
    with Wire(server, timeout=10) as wire:
        assert set_or_error(wire, "bind", addresses) == NO_ADDRESS
        assert value(wire, "bind") == HOST
        assert answers(server.port)


def test_more_addresses_than_there_may_be(server: Server) -> None:
    with Wire(server) as wire:
        assert "Too many bind addresses specified." in set_or_error(wire, "bind", " ".join("abcdefghijklmnopq"))
        assert answers(server.port)


def test_all_or_none(server: Server) -> None:
    new = free_port()
    with Wire(server) as wire:
        assert set_or_error(wire, "port", new, "bind", MISSING) == NO_PORT
        assert set_or_error(wire, "bind", MISSING, "port", new) == NO_ADDRESS
        assert "integer" in set_or_error(wire, "port", new, "timeout", "x")
        assert "'port'" in set_or_error(wire, "timeout", 5, "port", "x")
        assert set_or_error(wire, "port", new, "requirepass", "x", "bind", MISSING) == NO_PORT
        assert (value(wire, "port"), value(wire, "bind")) == (str(server.port), HOST)
        assert value(wire, "requirepass") == "" and value(wire, "timeout") == "0"
        assert answers(server.port) and not answers(new)
        assert set_or_error(wire, "port", new, "bind", "127.0.0.2") == "OK"
        assert answers(new, "127.0.0.2") and not answers(new)


@pytest.mark.since(1)
@pytest.mark.parametrize(
    ("addresses", "reason"),
    [
        ([f"-{MISSING}"], "Configured to not listen anywhere, exiting."),
        ([""], "Configured to not listen anywhere, exiting."),
        (["nosuch.invalid"], "(TCP), aborting."),
        ([HOST, "-nosuch.invalid"], "(TCP), aborting."),
        ([HOST, MISSING], "(TCP), aborting."),
    ],
)
def test_a_start_at_no_address(command: ServerCommand, addresses: list[str], reason: str) -> None:
    own = Server(command, ["--bind", *addresses])
    try:
        own.launch()
        assert own.wait_exit(10) == 1
        assert reason in own.log()
        assert "nosuch.invalid" not in " ".join(addresses) or ": Name or service not known" in own.log()
        assert "bind: Name" not in own.log()
    finally:
        own.close()
