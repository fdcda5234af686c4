"""Speaks a part of the replication protocol, and gets the rest wrong in the way it is told to.

half_psync.py WAY --port N

As a primary it replies to the handshake and to PSYNC; as a replica it follows whom REPLICAOF names.
"""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Iterator

from harness.resp import Incomplete, decode, encode_command

ID = b"0123456789" * 4
SNAPSHOT = b"REDIS0010\xff" + bytes(8)
STREAM = encode_command([b"SELECT", b"0"]) + encode_command([b"SET", b"k", b"v"])


def psync(way: str) -> bytes:
    """What it replies to PSYNC, and sends after it."""
    head = b"+FULLRESYNC " + ID + b" 0\r\n"
    length = b"$%d\r\n" % len(SNAPSHOT)
    return {
        "unknown": b"-ERR unknown command 'PSYNC', with args beginning with: '?' '-1' \r\n",
        "no-offset": b"+FULLRESYNC " + ID + b"\r\n",
        "no-snapshot": head + STREAM,
        "crlf": head + length + SNAPSHOT + b"\r\n" + STREAM,
        "short": head + b"$1000\r\n" + SNAPSHOT,
        "no-rdb": head + b"$5\r\nempty",
        "no-mark": head + b"$EOF:" + ID + b"\r\n" + SNAPSHOT,
        "no-select": head + length + SNAPSHOT + encode_command([b"SET", b"k", b"v"]),
        "inline": head + length + SNAPSHOT + b"SELECT 0\r\nSET k v\r\n",
        "silent": head + length + SNAPSHOT,
    }[way]


def commands(sock: socket.socket, data: bytes = b"") -> Iterator[tuple[list[bytes], int]]:
    while received := sock.recv(65536):
        data += received
        while data:
            try:
                command, end = decode(data)
            except Incomplete:
                break
            data = data[end:]
            yield [word.text for word in command.items], end


def follow(way: str, port: int) -> None:
    """The replica: its handshake, and what it says while it reads the stream."""
    sock = socket.create_connection(("127.0.0.1", port))
    lines = sock.makefile("rb")
    if way == "hello":
        sock.sendall(encode_command([b"HELLO", b"3"]))
    for words in ([b"PING"], [b"REPLCONF", b"listening-port", b"7000"], [b"REPLCONF", b"capa", b"psync2"]):
        sock.sendall(encode_command(words))
        lines.readline()
    sock.sendall(encode_command([b"PSYNC", b"?"] if way == "psync" else [b"PSYNC", b"?", b"-1"]))
    lines.readline()
    length = int(lines.readline()[1:])
    lines.read(length)
    offset = 0
    while True:
        count = int((head := lines.readline())[1:])
        words, size = [], len(head)
        for _ in range(count):
            size += len(line := lines.readline()) + int(line[1:]) + 2
            words.append(lines.read(int(line[1:]) + 2)[:-2])
        if words[0] == b"REPLCONF":
            acked = offset + (size if way == "getack" else 0) + (2 if way == "two" else 0)
            sock.sendall(encode_command([b"REPLCONF", b"ACK", b"%d" % acked]))
        elif way == "replies":
            sock.sendall(b"+OK\r\n")
        offset += size


def serve(sock: socket.socket, way: str) -> None:
    for words, _ in commands(sock):
        name = words[0].upper()
        if name == b"REPLICAOF":
            threading.Thread(target=follow, args=(way, int(words[2])), daemon=True).start()
        reply = psync(way) if name == b"PSYNC" else b"+PONG\r\n" if name == b"PING" else b"+OK\r\n"
        if name == b"PING" and way == "silent":
            continue
        sock.sendall(reply)


def main() -> None:
    way = sys.argv[1]
    listener = socket.create_server(("127.0.0.1", int(sys.argv[sys.argv.index("--port") + 1])))
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0], way), daemon=True).start()


if __name__ == "__main__":
    main()
