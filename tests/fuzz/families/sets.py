"""Sets: members added, removed, drawn and scanned, intsets and hash tables, and their algebra."""

from __future__ import annotations

from fuzz.grammar import Dice, Family, Row

INTEGERS = (b"1", b"2", b"3", b"4", b"5", b"-1", b"-7", b"300", b"32767",
            b"32768", b"-32768", b"-32769", b"2147483647", b"2147483648",
            b"-2147483649", b"9223372036854775807",
            b"-9223372036854775808")
WORDS = (b"a", b"b", b"c", b"007", b"", b"+1", b"9223372036854775808",
         b"1.0", b"\x00\r\n")


def member(dice: Dice) -> bytes:
    """Mostly an integer, so that there are intsets."""
    way = dice.rng.random()
    if way < 0.75:
        return dice.rng.choice(INTEGERS)
    if way < 0.97:
        return dice.rng.choice(WORDS)
    return b"m" * dice.rng.choice((64, 65, 1000))


def members(dice: Dice) -> tuple[bytes, ...]:
    """Some integers, rarely another word, and sometimes very many."""
    way = dice.rng.random()
    if way < 0.02:
        many = dice.rng.choice((511, 512, 513, 600))
        return tuple(b"%d" % i for i in range(many))
    if way < 0.8:
        return tuple(dice.rng.choice(INTEGERS)
                     for _ in range(dice.rng.randrange(1, 7)))
    return tuple(member(dice) for _ in range(dice.rng.randrange(1, 5)))


FAMILY = Family(
    name="sets",
    since=5,
    atoms={"member": member, "members": members,
           "draws": (b"1", b"2", b"5", b"-1", b"-2", b"-5", b"-30", b"100",
                     b"0", b"9223372036854775807", b"abc", b""),
           "no-draws": (b"-9223372036854775808", b"9223372036854775808",
                        b"1.0"),
           "pops": (b"1", b"2", b"3", b"5", b"100", b"0", b"-1", b"abc",
                    b"9223372036854775807", b"9223372036854775808"),
           "numkeys": (b"0", b"-1", b"1", b"2", b"3", b"4", b"abc",
                       b"9223372036854775807"),
           "most": (b"0", b"1", b"2", b"5", b"100", b"-1", b"abc"),
           "odd-cursor": (b"abc", b"", b"1x", b" 1",
                          b"18446744073709551616"),
           "limit": (b"0", b"1", b"2", b"3", b"4", b"8", b"512", b"-1",
                     b"abc")},
    reset=("CONFIG SET set-max-intset-entries 512",),
    rows=(
        Row("SADD <key> <members>", 50),
        Row("SREM <key> <member>+", 20),
        Row("SISMEMBER <key> <member>", 10),
        Row("SMISMEMBER <key> <member>+", 8),
        Row("SCARD <key>", 8),
        Row("SMEMBERS <key>", 12, "unordered"),
        Row("SMOVE <key> <key> <member>", 16),
        Row("SINTER <key>+", 12, "unordered"),
        Row("SUNION <key>+", 12, "unordered"),
        Row("SDIFF <key>+", 12, "unordered"),
        Row("(SINTERSTORE|SUNIONSTORE|SDIFFSTORE) <key> <key>+", 24),
        Row("SINTERCARD (1 <key>|2 <key> <key>|3 <key> <key> <key>) "
            "(LIMIT <most>)*", 12),
        Row("SINTERCARD <numkeys> <key> <key> (LIMIT <most>|LIMIT|FOO 1)*",
            12),
        Row("SPOP <key>", 8, "shape", walk="pop"),
        Row("SPOP <key> <pops>", 8, "shape", walk="pop"),
        Row("SPOP <key> <pops> <odd>", 1, walk="pop"),
        Row("SRANDMEMBER <key>", 6, "kind"),
        Row("SRANDMEMBER <key> <draws>", 10, "shape", strict=True),
        Row("SRANDMEMBER <key> (<no-draws>|<draws> x)", 2, strict=True),
        Row("SSCAN <key> 0", 6, walk="scan"),
        Row("SSCAN <key> 0 (MATCH <pattern>|COUNT <count>)+", 8, walk="scan"),
        Row("SSCAN <key> 0 (MATCH|COUNT|TYPE set|FOO|COUNT <count>)+", 4,
            walk="scan"),
        Row("SSCAN <key> <odd-cursor> (COUNT <count>)*", 2, walk="scan"),
        Row("(GET|INCR|APPEND|LPUSH|HGET|HSET|LLEN) <key> <member>", 4),
        Row("SET <key> <member>", 4),
        Row("(DEL|UNLINK|EXISTS|TYPE) <key>", 6),
        Row("OBJECT ENCODING <key>", 8),
        Row("(COPY|RENAME|RENAMENX) <key> <key>", 6),
        Row("COPY <key> <key> REPLACE", 4),
        Row("DEBUG DIGEST-VALUE <key> <key>", 4, more=True),
        Row("CONFIG SET set-max-intset-entries <limit>", 3, strict=True),
        Row("CONFIG GET set-max-intset-entries", 1, strict=True),
    ),
)
