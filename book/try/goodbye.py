"""A client that says more than it should: QUIT, and then much that nobody will read.

    python3 book/try/goodbye.py 6379

It asks for 100,000 bytes, takes its time to read them, and prints how many bytes of the two
replies came before the connection ended.
"""

from __future__ import annotations

import contextlib
import socket
import sys
import time

SIZE = 100_000
ECHO = b"*2\r\n$4\r\nECHO\r\n$%d\r\n%s\r\n" % (SIZE, b"x" * SIZE)
REPLIES = b"$%d\r\n%s\r\n+OK\r\n" % (SIZE, b"x" * SIZE)


def main() -> None:
    """Sends, waits, reads."""
    received = 0
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", int(sys.argv[1])))
        client.sendall(ECHO + b"QUIT\r\n" + b"y" * SIZE)
        time.sleep(0.1)
        with contextlib.suppress(ConnectionError):
            while data := client.recv(65536):
                received += len(data)
    print(f"{received} of {len(REPLIES)} bytes came")


if __name__ == "__main__":
    main()
