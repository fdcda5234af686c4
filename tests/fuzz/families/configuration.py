"""CONFIG: parameters that both servers have, read and set."""

from __future__ import annotations

from collections.abc import Callable

from fuzz import wire
from fuzz.compare import pairs
from fuzz.grammar import Compare, Dice, Family, Row
from fuzz.wire import Reply

YES_NO = (b"yes", b"no", b"YES", b"true", b"1", b"", b"maybe")
INTEGERS = (b"0", b"1", b"10", b"100", b"-1", b"abc", b"", b"1.5",
            b"9223372036854775807", b"99999999999999999999", b"0x10")
MEMORY = (b"1mb", b"2MB", b"10485760", b"100m", b"1gb", b"1g", b"1k", b"abc",
          b"", b"-1", b"0", b"1tb", b"1.5mb", b"1 mb", b"20000000kb")
LIMITS = (b"normal 0 0 0", b"pubsub 32mb 8mb 60", b"replica 256mb 64mb 60",
          b"slave 1gb 1gb 10", b"normal 1 2", b"foo 0 0 0", b"normal a b c",
          b"", b"normal 0 0 0 pubsub 1mb 1mb 1", b"normal -1 0 0")
# The parameters that may be set while the fuzzer runs, with values that keep
# the server serving; the others are only read.
SETTABLE: dict[bytes, tuple[bytes, ...]] = {
    b"hz": INTEGERS,
    b"timeout": (b"0", b"1000", b"100000", b"-1", b"abc", b"",
                 b"2147483648"),
    b"tcp-keepalive": INTEGERS,
    b"loglevel": (b"debug", b"verbose", b"notice", b"warning", b"WARNING",
                  b"foo", b""),
    b"client-output-buffer-limit": LIMITS,
    b"client-query-buffer-limit": MEMORY,
    b"proto-max-bulk-len": (b"1mb", b"536870912", b"100", b"abc", b"", b"-1",
                            b"1048575", b"10m"),
    b"activerehashing": YES_NO,
    b"lazyfree-lazy-user-del": YES_NO,
    b"lazyfree-lazy-user-flush": YES_NO,
    b"lazyfree-lazy-expire": YES_NO,
    b"lazyfree-lazy-eviction": YES_NO,
    b"dynamic-hz": YES_NO,
    b"always-show-logo": YES_NO,
    b"databases": (b"16", b"4"),
    b"maxmemory-samples": INTEGERS,
    b"maxmemory-policy": (b"noeviction", b"allkeys-lru", b"allkeys-lfu",
                          b"allkeys-random", b"volatile-lru", b"volatile-lfu",
                          b"volatile-random", b"volatile-ttl", b"foo", b"",
                          b"ALLKEYS-LRU"),
    b"maxmemory-eviction-tenacity": (b"0", b"10", b"100", b"101", b"-1"),
    b"active-expire-effort": (b"1", b"10", b"0", b"11", b"abc"),
    b"lfu-log-factor": INTEGERS,
    b"lfu-decay-time": INTEGERS,
}
# Too large a value of these would let a plan fill the machine's memory, or overflow the
# stack of redis-server 7.0, which keeps the samples of an eviction there.
CAREFUL = frozenset((b"proto-max-bulk-len", b"maxmemory-samples"))
# Not the same on two servers, or dangerous to the run itself.
PRIVATE = frozenset((
    b"port", b"bind", b"dir", b"logfile", b"pidfile", b"unixsocket", b"save",
    b"unixsocketperm", b"requirepass", b"daemonize", b"maxclients",
    b"enable-debug-command", b"loglevel", b"appendonly",
))
# The lesson takes less of these than Redis does; a CORE build is asked for
# their value only among others.
IN_PART = frozenset((b"client-output-buffer-limit",))


def parameter(dice: Dice) -> bytes:
    """A name that both servers know; any name while none is known."""
    return dice.rng.choice(dice.params or (b"nosuch",))


def settable(dice: Dice) -> bytes:
    """A name that is safe to set to anything."""
    names = [n for n in SETTABLE if n in dice.params and n not in CAREFUL]
    return dice.rng.choice(names or [b"nosuch"])


def hz(dice: Dice) -> bytes:
    """The parameter hz, where both servers have it."""
    return b"hz" if b"hz" in dice.params else b"nosuch"


def setting(dice: Dice) -> bytes:
    """A value of a random parameter, so mostly of a wrong type for others."""
    return dice.rng.choice(dice.rng.choice(list(SETTABLE.values())))


def fitting(dice: Dice) -> tuple[bytes, bytes]:
    """A name and a value that was chosen for it."""
    names = [n for n in SETTABLE if n in dice.params]
    name = dice.rng.choice(names or [b"nosuch"])
    return name, dice.rng.choice(SETTABLE.get(name, (b"1",)))


def same_value(name: bytes, real: Reply, other: Reply) -> bool:
    """True for equal values, and for those that are each server's own."""
    return real == other or name in PRIVATE


def same_core_value(name: bytes, real: Reply, other: Reply) -> bool:
    """The same, but the lesson has of client-output-buffer-limit the hard
    limit of the class normal alone, as its value says."""
    if name in IN_PART:
        return other.text.split() == [*real.text.split()[:2], b"0", b"0"]
    return same_value(name, real, other)


def parameters(same: Callable[[bytes, Reply, Reply], bool]) -> Compare:
    """What the other server has, the real one has, too, and the same."""
    def compare(real: bytes, other: bytes) -> bool:
        a, b = wire.decode(real), wire.decode(other)
        left, right = pairs(a), pairs(b)
        return a.kind == b.kind and all(
            k in left and same(k.text, left[k], v) for k, v in right.items())
    return compare


FAMILY = Family(
    name="configuration",
    since=2,
    atoms={"param": parameter, "settable": settable, "setting": setting,
           "fitting": fitting, "hz": hz,
           "glob": (b"*", b"max*", b"*-max-*", b"h?", b"nosuch*", b"[h-z]*",
                    b"HZ", b"M*")},
    compare={"config": parameters(same_value)},
    core_compare={"config": parameters(same_core_value)},
    rows=(
        Row("CONFIG GET <param>", 6, "config"),
        Row("CONFIG GET (<param>|<glob>)+", 4, "config"),
        Row("CONFIG GET", 1),
        Row("CONFIG SET <fitting>", 10, strict=True),
        Row("CONFIG SET <fitting> <fitting>", 4, strict=True),
        Row("CONFIG SET <settable> <setting>", 3, strict=True),
        Row("CONFIG SET <hz> <setting>", 4, strict=True),
        Row("CONFIG SET <hz> 10 <hz> 20", 2, strict=True),
        Row("CONFIG SET <settable>", 1, strict=True),
        Row("CONFIG SET nosuch <setting>", 1, strict=True),
        Row("CONFIG SET databases 4", 1, strict=True),
        Row("CONFIG RESETSTAT", 2),
        Row("CONFIG REWRITE", 1),
        Row("CONFIG HELP", 1, "opening"),
        Row("CONFIG", 1),
        Row("CONFIG <odd> <value>*", 1, strict=True),
    ),
)
