"""Replies OK to everything and propagates writes to observed.aof, rightly or in the way it is told to.

propagating_server.py --port N [--verbatim]

SET k v PX n becomes SET k v PXAT <Unix time in ms>, unless --verbatim is given. MORE k writes SET k 1
and DEL k. GET propagates nothing. STRANGE is unknown.
"""

from __future__ import annotations

import socket
import sys
import time
from pathlib import Path

from harness.resp import Incomplete, decode, encode_command


def effects(words: list[bytes]) -> list[list[bytes]]:
    name = words[0].upper()
    if name == b"MORE":
        return [[b"SET", words[1], b"1"], [b"DEL", words[1]]]
    if name != b"SET":
        return []
    if len(words) == 5 and "--verbatim" not in sys.argv:
        moment = time.time_ns() // 1_000_000 + int(words[4])
        return [[*words[:3], b"PXAT", b"%d" % moment]]
    return [words]


def serve(connection: socket.socket) -> None:
    data = b""
    while received := connection.recv(65536):
        data += received
        while data:
            try:
                command, end = decode(data)
            except Incomplete:
                break
            data = data[end:]
            words = [word.text for word in command.items]
            with Path("observed.aof").open("ab") as log:
                log.write(b"".join(encode_command(effect) for effect in effects(words)))
            connection.sendall(b"-ERR unknown command\r\n" if words[0] == b"STRANGE" else b"+OK\r\n")


def main() -> None:
    listener = socket.create_server(("127.0.0.1", int(sys.argv[sys.argv.index("--port") + 1])))
    while True:
        serve(listener.accept()[0])


if __name__ == "__main__":
    main()
