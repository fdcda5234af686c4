"""Keys that leave by themselves: times to live, and memory pressure.

Times are either far away or long past, so that both servers agree on who is
still there; the few short ones are followed by a pause.
"""

from __future__ import annotations

from fuzz.grammar import Dice, Family, Row

LIMITS = (b"0", b"-1", b"-100", b"9223372036854775807",
          b"-9223372036854775808", b"9223372036854775", b"9223372036854776",
          b"-9223372036854775", b"9223372036854775808", b"abc", b"", b"1.5",
          b"99999999999999999999", b" 100", b"010")


def seconds(dice: Dice) -> bytes:
    """A time to live that outlasts the plan, or a limit."""
    if dice.rng.random() < 0.2:
        return dice.rng.choice(LIMITS)
    return str(dice.rng.randrange(100, 10 ** dice.rng.randrange(4, 10))
               ).encode()


def millis(dice: Dice) -> bytes:
    """The same in milliseconds."""
    if dice.rng.random() < 0.2:
        return dice.rng.choice(LIMITS)
    return str(dice.rng.randrange(10 ** 5, 10 ** dice.rng.randrange(6, 13))
               ).encode()


def at_seconds(dice: Dice) -> bytes:
    """A moment: in the future, mostly."""
    if dice.rng.random() < 0.2:
        return dice.rng.choice((*LIMITS, b"1", b"1000000000"))
    return str(dice.now_ms // 1000 + dice.rng.randrange(100, 10 ** 9)
               ).encode()


def at_millis(dice: Dice) -> bytes:
    """The same in milliseconds."""
    if dice.rng.random() < 0.2:
        return dice.rng.choice((*LIMITS, b"1", b"1000000000000"))
    return str(dice.now_ms + dice.rng.randrange(10 ** 5, 10 ** 12)).encode()


WHEN = "(EX <seconds>|PX <millis>|EXAT <at-seconds>|PXAT <at-millis>)"

FAMILY = Family(
    name="expiry",
    since=3,
    atoms={"seconds": seconds, "millis": millis, "at-seconds": at_seconds,
           "at-millis": at_millis, "short": (b"1", b"2", b"5", b"10"),
           "policy": (b"noeviction", b"allkeys-lru", b"allkeys-lfu",
                      b"allkeys-random", b"volatile-lru", b"volatile-lfu",
                      b"volatile-random", b"volatile-ttl"),
           "samples": (b"0", b"1", b"5", b"-1", b"abc")},
    # Who has expired leaves when it is looked up, and at no other time: so
    # that DBSIZE is the same on both sides.
    reset=("DEBUG SET-ACTIVE-EXPIRE 0", "CONFIG SET maxmemory 0",
           "CONFIG SET maxmemory-policy noeviction"),
    rows=(
        Row(f"SET <key> <value> {WHEN}", 20),
        Row("SET <key> <value> (NX|XX|GET|KEEPTTL|EX <seconds>|PX <millis>"
            "|EXAT <at-seconds>|PXAT <at-millis>)+", 12),
        Row("SET <key> <value> KEEPTTL [NX|XX|GET]", 6),
        Row("SET <key> <value> (EX|PX|EXAT|PXAT|KEEPTTL|PERSIST)+", 2),
        Row("SETEX <key> <seconds> <value>", 6),
        Row("PSETEX <key> <millis> <value>", 6),
        Row("GETEX <key>", 2),
        Row(f"GETEX <key> ({WHEN}|PERSIST)", 10),
        Row("GETEX <key> (PERSIST|EX <seconds>|PX|KEEPTTL|NX|PXAT "
            "<at-millis>)+", 3),
        Row("EXPIRE <key> <seconds> [NX|XX|GT|LT]", 15),
        Row("PEXPIRE <key> <millis> [NX|XX|GT|LT]", 10),
        Row("EXPIREAT <key> <at-seconds> [NX|XX|GT|LT]", 10),
        Row("PEXPIREAT <key> <at-millis> [NX|XX|GT|LT]", 10),
        Row("(EXPIRE|PEXPIRE|EXPIREAT) <key> <seconds> (NX|XX|GT|LT|FOO)+",
            4),
        Row("(EXPIRE|PEXPIRE|EXPIREAT|PEXPIREAT) <key> <seconds> "
            "(GT LT|GT LT|NX (XX|GT|LT))", 6),
        Row("TTL <key>", 8, "ttl"),
        Row("PTTL <key>", 8, "pttl"),
        Row("EXPIRETIME <key>", 6, "ttl"),
        Row("PEXPIRETIME <key>", 6, "pttl"),
        Row("PERSIST <key>", 8),
        Row("OBJECT IDLETIME <key>", 3, "integer"),
        Row("OBJECT FREQ <key>", 3, "integer"),
        Row("MEMORY USAGE <key>", 4, "integer", "swept"),
        Row("MEMORY USAGE <key> SAMPLES <samples>", 2, "integer", "swept"),
        Row("MEMORY (USAGE|HELP|FOO) <key> <odd>", 1, "integer", "swept"),
        Row("DEBUG SET-ACTIVE-EXPIRE 0", 1, strict=True),
        Row("SET <key> <value> PX <short>", 2, pause=0.015),
        Row("PEXPIRE <key> <short>", 2, pause=0.015),
        Row("PSETEX <key> <short> <value>", 1, pause=0.015),
        Row("GETEX <key> PX <short>", 1, pause=0.015),
        Row("CONFIG SET maxmemory-policy <policy>", 2, strict=True),
        Row("CONFIG SET maxmemory-policy (foo|lru)", 2, strict=True),
        # Without memory, the lesson of 09 still queues what needs none.
        Row("CONFIG SET maxmemory (1|0|0|100mb)", 1, strict=True, core_until=8),
        Row("CONFIG SET maxmemory 1 maxmemory-policy <policy>", 1,
            strict=True, core_until=8),
    ),
)
