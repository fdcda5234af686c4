"""Twenty lines that answer PING: a server in another language for `make check`."""

import socketserver
import sys


class Client(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        while line := self.rfile.readline():
            count = int(line[1:])
            args = []
            for _ in range(count):
                length = int(self.rfile.readline()[1:])
                args.append(self.rfile.read(length + 2)[:-2])
            if args[0].upper() == b"PING":
                self.wfile.write(b"+PONG\r\n")
            else:
                self.wfile.write(b"-ERR unknown command\r\n")


socketserver.ThreadingTCPServer.allow_reuse_address = True
port = int(sys.argv[sys.argv.index("--port") + 1])
socketserver.ThreadingTCPServer(("127.0.0.1", port), Client).serve_forever()
