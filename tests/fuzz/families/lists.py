"""Lists: pushed and popped at their ends, read and changed in between.

Settings of the size of a node change on the way, so that a few elements make
several nodes.
"""

from __future__ import annotations

from fuzz.grammar import Dice, Family, Row

FEW = (b"a", b"b", b"1", b"-7", b"300", b"007", b"")
ENCODED = (b"127", b"128", b"-1", b"4095", b"4096", b"-4096", b"-4097",
           b"32767", b"-32768", b"32768", b"8388607", b"-8388608",
           b"8388608", b"2147483647", b"2147483648", b"-2147483649",
           b"9223372036854775807", b"-9223372036854775808",
           b"9223372036854775808")
LENGTHS = (62, 63, 64, 125, 126, 127, 128, 4094, 4095, 4096, 8170, 8180, 8190,
           9000, 16380)


def element(dice: Dice) -> bytes:
    """Mostly one of a few, so that LREM and LPOS find it again."""
    way = dice.rng.random()
    if way < 0.6:
        return dice.rng.choice(FEW)
    if way < 0.85:
        return dice.rng.choice(ENCODED)
    return b"x" * dice.rng.choice(LENGTHS)


FAMILY = Family(
    name="lists",
    since=4,
    atoms={"element": element,
           "rank": (b"1", b"2", b"-1", b"-2", b"3", b"0", b"abc", b"1.0",
                    b"9223372036854775807", b"-9223372036854775808",
                    b"9223372036854775808"),
           "node": (b"-1", b"-2", b"-3", b"-4", b"-5", b"1", b"2", b"3",
                    b"128", b"0", b"-6", b"abc")},
    reset=("CONFIG SET list-max-listpack-size -2",),
    rows=(
        Row("(LPUSH|RPUSH) <key> <element>+", 40),
        Row("(LPUSHX|RPUSHX) <key> <element>+", 8),
        Row("(LPOP|RPOP) <key>", 14),
        Row("(LPOP|RPOP) <key> <count>", 10),
        Row("(LPOP|RPOP) <key> <count> <odd>", 1),
        Row("LLEN <key>", 8),
        Row("LRANGE <key> 0 -1", 10),
        Row("LRANGE <key> <index> <index>", 16),
        Row("LINDEX <key> <index>", 12),
        Row("LTRIM <key> <index> <index>", 10),
        Row("LTRIM <key> (0|1) (-1|-2)", 4),
        Row("LSET <key> <index> <element>", 12),
        Row("LINSERT <key> (BEFORE|AFTER) <element> <element>", 10),
        Row("LINSERT <key> <odd> <element> <element>", 2),
        Row("LREM <key> (0|1|-1|2|-2|<count>) <element>", 14),
        Row("LPOS <key> <element> (RANK <rank>|COUNT <count>|MAXLEN "
            "<count>)*", 18),
        Row("LPOS <key> <element> (RANK|COUNT|MAXLEN|<odd>)+", 2),
        Row("LMOVE <key> <key> (LEFT|RIGHT) (LEFT|RIGHT)", 12),
        Row("LMOVE <key> <key> (LEFT|<odd>) (RIGHT|<odd>)", 2),
        Row("RPOPLPUSH <key> <key>", 8),
        Row("LMPOP (1 <key>|2 <key> <key>) (LEFT|RIGHT) [COUNT <count>]", 12),
        Row("LMPOP <count> <key> <key> (LEFT|RIGHT|<odd>) "
            "(COUNT <count>|COUNT|<odd>)*", 4),
        Row("(GET|INCR|STRLEN|GETDEL|APPEND) <key>", 6),
        Row("(SET|APPEND) <key> <element>", 6),
        Row("(DEL|UNLINK|EXISTS|TYPE) <key>", 6),
        Row("OBJECT ENCODING <key>", 4),
        Row("(COPY|RENAME|RENAMENX) <key> <key>", 6),
        Row("COPY <key> <key> REPLACE", 4),
        Row("MGET <key> <key>", 2),
        Row("DEBUG DIGEST-VALUE <key> <key>", 4, more=True),
        Row("CONFIG SET list-max-listpack-size <node>", 3, strict=True),
        Row("CONFIG GET (list-max-listpack-size|list-max-ziplist-size)", 1,
            strict=True),
    ),
)
