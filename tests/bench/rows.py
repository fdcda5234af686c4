"""What is measured, as data: a stage that brings a command adds its row here.

A row is active from its stage on.  `target` is the most that the ratio to the
real server may be; a row without one is only shown.  {key} stands for 12
bytes, {value} for 16, {n} for a number; each is another one in every command.
"""

from __future__ import annotations

from dataclasses import dataclass

MILLION = 1_000_000


@dataclass(frozen=True)
class Part:
    """One of the things that a measurement gives: a row of the table.

    key: which of the values.  medians: whether the medians of all rounds are
    compared, not each round by itself.
    """

    key: str
    what: str
    unit: str
    medians: bool = False


@dataclass(frozen=True)
class Fill:
    """Data that is there before a row is measured.

    command: what is sent `count` times.  lines: how many lines its reply has.
    """

    command: str
    count: int = MILLION
    lines: int = 1


@dataclass(frozen=True)
class Load:
    """CPU of the server per command, under redis-benchmark.

    args: what redis-benchmark is given besides port and number of requests.
    flags: of the server.
    """

    name: str
    args: str
    target: float | None
    since: int
    requests: int = MILLION
    fill: tuple[Fill, ...] = ()
    flags: tuple[str, ...] = ()

    unit = "us/cmd"


@dataclass(frozen=True)
class Against:
    """CPU per command, as a ratio to that of another command on the same
    server.

    The target is for this ratio itself: the real server has its own.
    """

    name: str
    args: str
    base: str
    target: float | None
    since: int
    requests: int = MILLION

    unit = "ratio"


@dataclass(frozen=True)
class Beside:
    """CPU per command while other clients wait, as a ratio to that on the same
    server without them. The target is for this ratio itself.

    waiting: what each of the clients has sent; {keys:n} stands for n keys that
    no other has.  The two are measured in turn, in this many pairs, and the
    median of the ratios counts.
    """

    name: str
    args: str
    waiting: str
    clients: int
    target: float | None
    since: int
    requests: int = MILLION
    pairs: int = 5

    unit = "ratio"


@dataclass(frozen=True)
class Memory:
    """Resident memory that is added, per key or per element.

    per: how many of what the row counts are in one command.
    """

    name: str
    fill: Fill
    target: float | None
    since: int
    per: int = 1

    unit = "bytes"


@dataclass(frozen=True)
class Idle:
    """Resident memory per connection; `talk`: each has said PING once."""

    name: str
    connections: int
    talk: bool
    target: float | None
    since: int

    unit = "bytes"


@dataclass(frozen=True)
class Delay:
    """What a probing client has to wait while others keep the server busy:
    the longest delay and the 99.9th percentile, with the same target, and the
    median of five rounds.

    expire: what is measured is not the adding but the expiry of the keys.
    saves: it is not the adding either, but BGSAVE of all keys, which a client
    sets again meanwhile.
    """

    name: str
    fill: Fill
    target: float | None
    since: int
    expire: bool = False
    saves: bool = False

    unit = "ms"
    rounds = 5
    parts = (Part("value", "longest", "ms", True), Part("p99.9", "p99.9", "ms", True))


@dataclass(frozen=True)
class Persist:
    """CPU that saving or loading takes.

    how: "save" is SAVE; "load" is a start with the file that it wrote; "log"
    is a start with the log that the fill left; "rewrite" is BGREWRITEAOF of
    that log, whose cost is that of the server and its child.
    """

    name: str
    how: str
    fill: Fill
    target: float | None
    since: int

    unit = "s"


@dataclass(frozen=True)
class Sync:
    """A full sync of a replica of the same kind, over the loopback interface:
    CPU of the primary and its child until the link is up, CPU of the replica,
    and the longest delay that a client of the primary sees meanwhile.
    """

    name: str
    fill: Fill
    target: float | None
    since: int

    unit = "s"
    parts = (Part("value", "CPU of primary", "s"), Part("replica", "CPU of replica", "s"),
             Part("stall", "longest delay", "ms", True))


Row = Load | Against | Beside | Memory | Idle | Delay | Persist | Sync

KEYS = (Fill("SET key:{n:012} {value}"),)
LARGE = (Fill("SET key:{n:012} {value:4096}", 10_000),)
RANDOM = "-r 1000000"
MANY = 200_000
SLOW = 300_000

ROWS: tuple[Row, ...] = (
    Load("PING -P 64", "-P 64 -t ping_mbulk", None, 1),
    Load("SET -P 64", f"-P 64 {RANDOM} -t set", 0.40, 2),
    Load("GET -P 64", f"-P 64 {RANDOM} -t get", 0.40, 2, fill=KEYS),
    Load("INCR -P 64", f"-P 64 {RANDOM} -t incr", 0.50, 2),
    Load("SADD -P 64", f"-P 64 {RANDOM} -t sadd", 0.50, 5),
    Load("HSET -P 64", f"-P 64 {RANDOM} -t hset", 0.50, 5),
    Load("LPUSH -P 64", "-P 64 -t lpush", 0.60, 4),
    Load("RPOP -P 64", "-P 64 -t rpop", 0.60, 4,
         fill=(Fill("LPUSH mylist xxx"),)),
    Load("XADD -P 64", "-P 64 XADD mystream * field value", 0.60, 7),
    Load("ZADD -P 64", f"-P 64 {RANDOM} -t zadd", 0.80, 6, SLOW),
    Load("LRANGE 0 99 -P 16", "-P 16 LRANGE mylist 0 99", 0.60, 4, MANY,
         (Fill("RPUSH mylist {value}", 1000),)),
    Load("ZRANGE 0 9 WITHSCORES -P 16",
         "-P 16 ZRANGE myzset 0 9 WITHSCORES", 0.60, 6, MANY,
         (Fill("ZADD myzset {n} {value}", 1000),)),
    Load("MSET of 10 -P 16", f"-P 16 {RANDOM} -t mset", 0.70, 2, MANY),
    Load("SET of 4 KB -P 16", "-P 16 -r 10000 -d 4096 -t set", 0.70, 2,
         MANY),
    Load("GET of 4 KB -P 16", "-P 16 -r 10000 -d 4096 -t get", 0.70, 2,
         MANY, LARGE),
    Load("PING", "-t ping_mbulk", 0.95, 1, MANY),
    Load("SET", f"{RANDOM} -t set", 0.95, 2, MANY),
    Load("GET", f"{RANDOM} -t get", 0.95, 2, MANY, KEYS),
    Against("SET with EX against SET, -P 64",
            f"-P 64 {RANDOM} SET key:__rand_int__ xxx EX 100000",
            f"-P 64 {RANDOM} SET key:__rand_int__ xxx", 1.05, 3),
    Beside("SET while 1,000 wait for 100 keys each",
           f"-P 64 {RANDOM} -t set", "BLPOP {keys:100} 0", 1000, 1.05, 8),
    Memory("memory per key", Fill("SET {key} {value}"), 0.55, 2),
    Memory("memory per key with TTL", Fill("SET {key} {value} EX 100000"),
           0.50, 3),
    Memory("memory per element, lists of 5",
           Fill("RPUSH {key} {value} {value} {value} {value} {value}"),
           0.85, 4, 5),
    Memory("memory per element, hashes of 5",
           Fill("HSET {key} f1 {value} f2 {value} f3 {value} f4 {value} "
                "f5 {value}"), 0.85, 5, 5),
    Memory("memory per element, sets of 5",
           Fill("SADD {key} a{value} b{value} c{value} d{value} e{value}"),
           0.85, 5, 5),
    Memory("memory per element, sorted sets of 5",
           Fill("ZADD {key} 1 a{value} 2 b{value} 3 c{value} 4 d{value} "
                "5 e{value}"), 0.85, 6, 5),
    Memory("memory per element, one hash",
           Fill("HSET large {key} {value}"), 0.85, 5),
    Memory("memory per element, one set", Fill("SADD large {value}"),
           0.85, 5),
    Memory("memory per element, one sorted set",
           Fill("ZADD large {n} {value}"), 0.85, 6),
    Memory("memory per element, one stream",
           Fill("XADD large * field {value}", lines=2), 0.85, 7),
    Idle("memory per idle connection", 9000, True, 0.25, 1),
    Idle("memory per connection that never spoke", 9000, False, None, 1),
    Delay("delay while 2M keys are added",
          Fill("SET {key} {value}", 2 * MILLION), 0.60, 2),
    Delay("delay while 1M keys expire",
          Fill("SET {key} {value} PXAT {deadline}"), None, 3, True),
    Delay("delay while BGSAVE saves 1M keys",
          Fill("SET {key} {value}"), 1.00, 10, saves=True),
    Persist("RDB save", "save", Fill("SET {key} {value}"), 0.75, 10),
    Persist("RDB load", "load", Fill("SET {key} {value}"), 0.75, 10),
    Persist("AOF load", "log", Fill("SET {key} {value}"), 0.75, 11),
    Persist("AOF rewrite, of 1M keys", "rewrite", Fill("SET {key} {value}"),
            0.75, 11),
    Load("SET -P 64, appendfsync everysec", "-P 64 -t set -d 16 -r 1000000",
         None, 11, flags=("--appendonly", "yes")),
    Load("SET, appendfsync always", "-t set -d 16 -r 1000000", None, 11,
         requests=100_000,
         flags=("--appendonly", "yes", "--appendfsync", "always")),
    Sync("full sync of 1M keys", Fill("SET {key} {value}"), None, 12),
)

# What --stages measures on every stage that has it: the price of each concept.
PRICED = ("PING -P 64", "SET -P 64", "GET -P 64", "PING", "SET", "GET",
          "memory per key", "memory per idle connection")
