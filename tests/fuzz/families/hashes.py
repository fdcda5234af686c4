"""Hashes: fields set, counted, read, drawn and scanned, packed and in a hash table.

Settings of what is packed change on the way, so that a few fields are too many.
"""

from __future__ import annotations

from fuzz.grammar import Dice, Family, Row

FEW = (b"a", b"b", b"c", b"d", b"1", b"-7", b"007", b"")
NUMBERS = (b"0", b"1", b"-1", b"127", b"128", b"4096", b"-4097", b"32768",
           b"2147483648", b"9223372036854775807", b"-9223372036854775808",
           b"9223372036854775808", b"1.5", b"-0.1", b"3e2", b"inf", b"nan",
           b"1e4932", b"12a", b" 1")
LENGTHS = (1, 3, 4, 63, 64, 65, 100, 4095, 4096)


def field(dice: Dice) -> bytes:
    """Mostly one of a few, so that others find it again."""
    if dice.rng.random() < 0.9:
        return dice.rng.choice(FEW)
    return b"f" * dice.rng.choice(LENGTHS)


def worth(dice: Dice) -> bytes:
    """A value, often a number for HINCRBY."""
    way = dice.rng.random()
    if way < 0.5:
        return dice.rng.choice(NUMBERS)
    if way < 0.85:
        return dice.rng.choice(FEW)
    return b"v" * dice.rng.choice(LENGTHS)


def pairs(dice: Dice) -> tuple[bytes, ...]:
    """Fields with their values, sometimes very many of them."""
    if dice.rng.random() < 0.02:
        many = dice.rng.choice((511, 512, 513, 600))
        return tuple(b"m%d" % (i // 2) for i in range(2 * many))
    return tuple(w for _ in range(dice.rng.randrange(1, 5))
                 for w in (field(dice), worth(dice)))


FAMILY = Family(
    name="hashes",
    since=5,
    atoms={"field": field, "worth": worth, "pairs": pairs,
           "word": (b"a", b"", b"1 x", b"12a"),
           "one": (b"1", b"-1", b"7"),
           "huge": (b"9223372036854775807", b"9223372036854775806"),
           "vast": (b"1e4932", b"9e4931"),
           "by": (b"1", b"-1", b"10", b"-9223372036854775808",
                  b"9223372036854775807", b"0", b"abc", b"1.5", b""),
           "by-float": (b"1", b"-1.5", b"0.1", b"1e17", b"inf", b"-inf",
                        b"nan", b"1e4932", b"-1e4932", b"abc", b"0", b" 1",
                        b"3.0e3"),
           "draws": (b"1", b"2", b"5", b"-1", b"-2", b"-5", b"-30", b"100",
                     b"1000", b"0", b"9223372036854775807", b"abc", b""),
           "no-draws": (b"-9223372036854775808", b"9223372036854775808",
                        b"1.0"),
           "too-many": (b"4611686018427387904", b"-4611686018427387904",
                        b"9223372036854775807", b"-9223372036854775807"),
           "odd-cursor": (b"abc", b"", b"1x", b" 1",
                          b"18446744073709551616"),
           "limit": (b"0", b"1", b"2", b"3", b"4", b"8", b"512", b"-1",
                     b"abc"),
           "length": (b"0", b"1", b"2", b"3", b"64", b"1kb", b"-1", b"abc")},
    reset=("CONFIG SET hash-max-listpack-entries 512 "
           "hash-max-listpack-value 64",),
    rows=(
        Row("HSET <key> <pairs>", 40),
        Row("HSET <key> <pairs> <field>", 2),
        Row("HMSET <key> <pairs>", 10),
        Row("HMSET <key> <pairs> <field>", 2),
        Row("HGET <key> <field>", 14),
        Row("HMGET <key> <field>+", 10),
        Row("HSETNX <key> <field> <worth>", 10),
        Row("HDEL <key> <field>+", 20),
        Row("HLEN <key>", 8),
        Row("HEXISTS <key> <field>", 8),
        Row("HSTRLEN <key> <field>", 8),
        Row("HGETALL <key>", 12, "unordered"),
        Row("HKEYS <key>", 8, "unordered"),
        Row("HVALS <key>", 8, "unordered"),
        Row("HINCRBY <key> <field> <by>", 18),
        Row("HINCRBYFLOAT <key> <field> <by-float>", 18),
        Row("HSET sums text <word> huge <huge> vast <vast>", 26),
        Row("HINCRBY sums text <one>", 26),
        Row("HINCRBYFLOAT sums text <one>", 26),
        Row("HINCRBY sums huge (1|10)", 20),
        Row("HINCRBYFLOAT sums vast 1e4932", 14),
        Row("HRANDFIELD <key>", 6, "kind"),
        Row("HRANDFIELD <key> <draws>", 8, "shape", strict=True),
        Row("HRANDFIELD <key> <draws> WITHVALUES", 8, "shape", strict=True),
        Row("HRANDFIELD <key> (<no-draws>|<draws> FOO|<draws> WITHVALUES x)",
            3, "shape", strict=True),
        Row("HRANDFIELD nokey <too-many> WITHVALUES", 3, strict=True),
        Row("HSCAN <key> 0", 6, walk="scan"),
        Row("HSCAN <key> 0 (MATCH <pattern>|COUNT <count>)+", 8, walk="scan"),
        Row("HSCAN <key> 0 (MATCH|COUNT|TYPE hash|FOO|COUNT <count>)+", 6,
            walk="scan"),
        Row("HSCAN <key> <odd-cursor> (COUNT <count>)*", 2, walk="scan"),
        Row("(GET|INCR|APPEND|LPUSH|SADD|SMEMBERS|LLEN) <key> <field>", 4),
        Row("SET <key> <worth>", 4),
        Row("(DEL|UNLINK|EXISTS|TYPE) <key>", 6),
        Row("OBJECT ENCODING <key>", 8),
        Row("FLUSHALL (ASYNC|SYNC)", 3),
        Row("FLUSHDB (ASYNC|SYNC)", 3),
        Row("(COPY|RENAME|RENAMENX) <key> <key>", 6),
        Row("COPY <key> <key> REPLACE", 4),
        Row("DEBUG DIGEST-VALUE <key> <key>", 4, more=True),
        Row("CONFIG SET hash-max-listpack-entries <limit>", 3, strict=True),
        Row("CONFIG SET hash-max-listpack-value <length>", 3, strict=True),
        Row("CONFIG SET hash-max-ziplist-entries <limit> "
            "hash-max-ziplist-value <length>", 1, strict=True),
        Row("CONFIG GET (hash-max-listpack-entries|hash-max-ziplist-value)",
            1, strict=True),
    ),
)
