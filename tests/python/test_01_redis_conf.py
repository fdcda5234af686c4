"""A configuration file that was written for Redis: what has no effect here is accepted and named."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator

import pytest

from harness.server import Server, ServerCommand, with_save
from harness.wire import Wire

pytestmark = [pytest.mark.since(1), pytest.mark.more]

# Every parameter that the file of Redis 7.0 sets, as it sets them.
FILE = """\
bind 127.0.0.1 -::1
protected-mode yes
tcp-backlog 511
timeout 0
tcp-keepalive 300
daemonize no
loglevel notice
logfile ""
databases 16
always-show-logo no
set-proc-title yes
proc-title-template "{title} {listen-addr} {server-mode}"
stop-writes-on-bgsave-error yes
rdbcompression yes
rdbchecksum yes
dbfilename dump.rdb
rdb-del-sync-files no
replica-serve-stale-data yes
replica-read-only yes
repl-diskless-sync yes
repl-diskless-sync-delay 5
repl-diskless-sync-max-replicas 0
repl-diskless-load disabled
repl-disable-tcp-nodelay no
replica-priority 100
acllog-max-len 128
lazyfree-lazy-eviction no
lazyfree-lazy-expire no
lazyfree-lazy-server-del no
replica-lazy-flush no
lazyfree-lazy-user-del no
lazyfree-lazy-user-flush no
oom-score-adj no
oom-score-adj-values 0 200 800
disable-thp yes
appendonly no
appendfilename "appendonly.aof"
appenddirname "appendonlydir"
appendfsync everysec
no-appendfsync-on-rewrite no
auto-aof-rewrite-percentage 100
auto-aof-rewrite-min-size 64mb
aof-load-truncated yes
aof-use-rdb-preamble yes
aof-timestamp-enabled no
slowlog-log-slower-than 10000
slowlog-max-len 128
latency-monitor-threshold 0
notify-keyspace-events ""
hash-max-listpack-entries 512
hash-max-listpack-value 64
list-max-listpack-size -2
list-compress-depth 0
set-max-intset-entries 512
zset-max-listpack-entries 128
zset-max-listpack-value 64
hll-sparse-max-bytes 3000
stream-node-max-bytes 4096
stream-node-max-entries 100
activerehashing yes
client-output-buffer-limit normal 0 0 0
client-output-buffer-limit replica 256mb 64mb 60
client-output-buffer-limit pubsub 32mb 8mb 60
hz 10
dynamic-hz yes
aof-rewrite-incremental-fsync yes
rdb-save-incremental-fsync yes
jemalloc-bg-thread yes
"""


@pytest.fixture
def server(command: ServerCommand) -> Iterator[Server]:
    """One that is not started yet."""
    own = Server(command)
    yield own
    own.close()


def test_the_file_of_redis(server: Server) -> None:
    path = server.dir / "redis.conf"
    path.write_text(FILE)
    server.start([str(path)])
    with Wire(server) as wire:
        assert wire.text("PING") == "PONG"


def without_effect(server: Server) -> list[str]:
    """The parameters that the log names so."""
    lines = re.findall(r"without effect in this server: (.*)", server.log())
    assert all(len(line) < 1000 for line in lines), "a line of the log ends at 1024 bytes"
    return ", ".join(lines).split(", ")


@pytest.mark.not_real
def test_the_log_names_what_has_no_effect(server: Server) -> None:
    path = server.dir / "redis.conf"
    path.write_text(FILE)
    server.start([str(path), "--io-threads", "2", "--cluster-port", "7"])
    named = without_effect(server)
    assert "io-threads" in named and "cluster-port" in named
    assert len(named) == len(set(named))
    for name in ("timeout", "bind", "appendonly", "port", "client-output-buffer-limit"):
        assert name not in named


@pytest.mark.not_real
def test_nothing_is_named_without_need(server: Server) -> None:
    server.start()
    assert "without effect" not in server.log()


@pytest.mark.not_real
@pytest.mark.parametrize(
    "line",
    [
        "aclfile users.acl",
        "tls-port 6380",
        "tls-cert-file redis.crt",
        "cluster-enabled yes",
        "nosuch yes",
        "loadmodule my.so",
        "vm-enabled no",
        # Wrong values of what has no effect.
        "rdbcompression maybe",
        "appendfsync often",
        "io-threads 0",
        "list-max-listpack-size 1kb",
        "auto-aof-rewrite-min-size many",
        "save 5",
        "dbfilename a/b",
        "oom-score-adj-values 1 2",
        "notify-keyspace-events Q",
    ],
)
def test_what_is_refused(server: Server, line: str) -> None:
    """Nobody is to believe that strangers are kept out."""
    refuses(server, line)


@pytest.mark.not_real
@pytest.mark.until(10)
def test_no_log_yet(server: Server) -> None:
    """Nobody is to believe that writes are logged."""
    refuses(server, "appendonly yes")


@pytest.mark.not_real
@pytest.mark.until(11)
def test_no_replica_yet(server: Server) -> None:
    """A server that would not follow another must not begin."""
    refuses(server, "replicaof 127.0.0.1 6379")


def refuses(server: Server, line: str) -> None:
    path = server.dir / "redis.conf"
    path.write_text(f"timeout 5\n{line}\n")
    server.launch([str(path)])
    assert server.wait_exit(5) == 1
    assert f"at line 2\n>>> '{line}'\n" in server.log()


@pytest.mark.since(2)
@pytest.mark.not_real
def test_values_are_kept(server: Server) -> None:
    stage = server.command.stage.number if server.command.stage else 0
    path = server.dir / "redis.conf"
    path.write_text("appendfsync always\nsave 60 5\nsave 10 7\nhash-max-ziplist-entries 9\nreplica-priority 7\n")
    server.command = with_save(server.command)
    server.start([str(path)])
    with Wire(server, timeout=10) as wire:
        asked = wire.ask("CONFIG", "GET", "appendfsync", "hash-max-l*-entries", "slave-priority")
        texts = [item.text for item in asked.items]
        assert dict(zip(texts[::2], texts[1::2], strict=True)) == {
            b"appendfsync": b"always",
            b"hash-max-listpack-entries": b"9",
            b"slave-priority": b"7",
        }
        assert wire.text("CONFIG", "SET", "appendfsync", "no", "min-slaves-max-lag", "4") == "OK"
        if stage < 11:
            assert wire.ask("CONFIG", "SET", "appendonly", "yes").kind == "error"
        assert wire.text("CONFIG", "SET", "appendonly", "no") == "OK"
        assert wire.text("CONFIG", "REWRITE") == "OK"
    lines = path.read_text().splitlines()
    assert "appendfsync no" in lines and "min-replicas-max-lag 4" in lines
    assert "save 60 5" in lines
    assert ("min-replicas-max-lag is without effect" in server.log()) == (stage < 12)


@pytest.mark.since(2)
@pytest.mark.needs("redis-benchmark")
def test_redis_benchmark_finds_what_it_asks_for(command: ServerCommand) -> None:
    with Server(command) as own:
        words = ["redis-benchmark", "-p", str(own.port), "-t", "set", "-n", "100"]
        done = subprocess.run(words, capture_output=True, timeout=30, check=False, text=True)
    assert done.returncode == 0
    assert "WARNING" not in done.stdout + done.stderr
