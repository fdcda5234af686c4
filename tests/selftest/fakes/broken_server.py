"""A server that is broken in one way: broken_server.py WAY --port N.

exits       ends before it listens
silent      never listens
hangs       accepts and never answers
floods      answers without end
shouts      writes to its log without end
dies        ends when it gets the first command
garbage     answers what is no protocol
partial     answers half a reply
lies        answers a bulk string where a simple one is right
twice       answers each command twice
sanitizer   reports a fault as AddressSanitizer does, and ends
forks       leaves a child behind that would go on
leaves      leaves a child behind that has a session of its own, and the port
background  goes into the background, as a daemon does
spins       accepts and never answers, with all the time of a processor
colours     writes control characters to its output, and dies
panics      says what a program in Go says when it panics, and ends
raises      says what a program in Python says when it ends
throws      says what a program for node says when it ends
"""

import os
import socket
import subprocess
import sys
import time

REPORT = """=================================================================
==4711==ERROR: AddressSanitizer: heap-use-after-free on address 0x602000000010
READ of size 1 at 0x602000000010 thread T0
    #0 0x55d0c0a3 in get_command command/string.c:12
SUMMARY: AddressSanitizer: heap-use-after-free command/string.c:12 in get_command"""

PANIC = """panic: runtime error: index out of range [3] with length 3

goroutine 1 [running]:
main.main()
\t/home/ada/server.go:12 +0x1d
exit status 2"""
THROWN = """/home/ada/server.js:12
  throw new Error("no such command");
  ^

Error: no such command
    at Socket.<anonymous> (/home/ada/server.js:12:9)

Node.js v18.20.4"""

way = sys.argv[1]
port = int(sys.argv[sys.argv.index("--port") + 1])
print(f"starting, broken: {way}", flush=True)
if way == "exits":
    sys.exit("cannot do it")
if way == "silent":
    time.sleep(60)
if way == "forks":
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    print(f"child {child.pid}", flush=True)
if way == "background" and os.fork():
    os._exit(0)
if way == "background":
    os.setsid()

listener = socket.create_server(("127.0.0.1", port))
if way == "leaves" and not os.fork():
    os.setsid()
while True:
    client = listener.accept()[0]
    while data := client.recv(65536):
        if way == "hangs":
            continue
        if way == "dies":
            os.abort()
        if way == "colours":
            os.write(1, "\x1b[31mred\x1b[2J \x07 \u202ecba\r\n\té".encode() + b"\xff\n")
            os._exit(3)
        if way in ("panics", "throws"):
            print(PANIC if way == "panics" else THROWN, flush=True)
            os._exit(2)
        if way == "raises":
            raise KeyError("no such command")
        while way == "spins":
            pass
        if way == "sanitizer":
            print(REPORT, flush=True)
            os._exit(1)
        while way == "floods":
            client.sendall(b"+PONG\r\n" * 10000)
        while way == "shouts":
            print("x" * 100000, flush=True)
        answer = {"garbage": b"hello?\n", "partial": b"$4\r\nPO", "lies": b"$4\r\nPONG\r\n"}
        client.sendall(answer.get(way, b"+PONG\r\n") * (2 if way == "twice" else 1))
