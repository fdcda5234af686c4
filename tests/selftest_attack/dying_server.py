"""A server that says PONG and OK, and breaks down in one chosen way when a client sends `nan`.

python3 dying_server.py WAY PORT
"""

from __future__ import annotations

import os
import socketserver
import sys
import time


class Talk(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        while data := self.request.recv(65536):
            if b"nan\r\n" in data:
                if sys.argv[1] == "dies":
                    os._exit(3)
                if sys.argv[1] == "reports":
                    print("x.c:1:2: runtime error: nan is no number", flush=True)
                if sys.argv[1] == "sleeps":
                    time.sleep(1)
            self.request.sendall(b"+PONG\r\n" * data.count(b"PING\r\n") + b"+OK\r\n" * data.count(b"FLUSHALL"))


class Many(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


if __name__ == "__main__":
    Many(("127.0.0.1", int(sys.argv[2])), Talk).serve_forever()
