"""SORT and SORT_RO of lists, sets and sorted sets, by themselves and by other keys.

Redis does not clear errno before it reads a number, so a number out of range in one command makes the next SORT fail,
too. GEORADIUS_RO does: it comes before where numbers are sorted. A sorted set of few members has its scores read
before it is sorted: only keys without subnormal scores are sorted by numbers.

Which of equal elements comes first is what a list says, so texts are sorted by other texts in keys that are lists.
"""

from __future__ import annotations

from fuzz.grammar import Dice, Family, Row

NUMBERS = (b"-7", b"-0", b"1.5", b"1e3", b"0x10", b"inf", b"-inf", b"007", b"+3", b" 4", b"")
WORDS = (b"a", b"b", b"aa", b"B", b"Z", b"zz", b"\xc3\xa4", b"\xff", b"7th")


def element(dice: Dice) -> bytes:
    """Mostly a small integer, sometimes another number; a word is rare, because it makes numbers fail."""
    way = dice.rng.random()
    if way < 0.9:
        return b"%d" % dice.rng.randrange(-9, 30)
    return dice.rng.choice(NUMBERS if way < 0.99 else WORDS)


def elements(dice: Dice) -> tuple[bytes, ...]:
    return tuple(element(dice) for _ in range(dice.rng.choice((1, 2, 5, 8, 30, 60))))


def text(dice: Dice) -> bytes:
    return dice.rng.choice(WORDS[:5]) if dice.rng.random() < 0.7 else element(dice)


CLEAR = "GEORADIUS_RO nothing 1 1 1 m ;"
SOME = "[LIMIT <sort-first> <sort-count>] (ASC|DESC)*"
GET = "(GET <sort-get>)*"

FAMILY = Family(
    name="sorting",
    since=6,
    more=True,
    atoms={
        "sort-element": element,
        "sort-elements": elements,
        "sort-text": text,
        "sort-list": (b"sorted-a", b"sorted-b"),
        "sort-set": (b"set-a", b"set-b"),
        "sort-zset": (b"zsorted-a", b"zsorted-b"),
        "sort-weight": lambda dice: b"w_%d" % dice.rng.randrange(-9, 30),
        "sort-hash": lambda dice: b"h_%d" % dice.rng.randrange(-9, 30),
        "sort-field": (b"f", b"g", b"g->"),
        "sort-by": (b"w_*", b"w_*", b"h_*->f", b"h_*->g->", b"h_*->g", b"w_*->f", b"h_*", b"no_*"),
        "sort-nosort": (b"nosort", b"#", b"", b"w_1", b"->"),
        "sort-get": (b"w_*", b"h_*->f", b"#", b"w_1", b"*", b"h_*->", b"*->f", b"", b"h_*->nothing", b"##"),
        "sort-first": (b"0", b"0", b"1", b"2", b"5", b"10", b"50", b"-1", b"9223372036854775807"),
        "sort-count": (b"1", b"2", b"3", b"5", b"10", b"20", b"0", b"-1", b"-5", b"9223372036854775807"),
        "odd-sort-number": (b"x", b"", b"1.0", b"9223372036854775808"),
    },
    rows=(
        Row("RPUSH (<sort-list>|<key>) <sort-elements>", 16),
        Row("SADD (<sort-set>|<key>) <sort-elements>", 10),
        Row("ZADD (<sort-zset>|<key>) <sort-element> <sort-element>", 16),
        Row("SET <sort-weight> <sort-element>", 16),
        Row("SET <sort-weight> <sort-text>", 4),
        Row("HSET <sort-hash> <sort-field> <sort-element>", 12),
        Row("DEL (<sort-list>|<sort-zset>|<key>|<sort-weight>|<sort-hash>)", 8),
        Row(f"{CLEAR} (SORT|SORT_RO) (<sort-list>|<sort-zset>|<sort-set>|<sort-weight>) {SOME} {GET}", 30),
        Row(f"{CLEAR} (SORT|SORT_RO) (<sort-list>|<sort-zset>|<sort-set>|<sort-hash>) BY <sort-by> {GET} {SOME}", 30),
        Row(f"{CLEAR} (SORT|SORT_RO) <sort-list> {SOME} {GET} ALPHA", 12),
        Row(f"{CLEAR} (SORT|SORT_RO) <sort-list> BY <sort-by> {SOME} {GET} ALPHA", 30),
        Row(f"{CLEAR} (SORT|SORT_RO) (<sort-list>|<sort-zset>) BY <sort-nosort> {SOME} {GET}", 16),
        Row(f"{CLEAR} SORT <sort-list> BY <sort-nosort> BY <sort-by> {SOME} BY <sort-by>", 3),
        Row(f"{CLEAR} SORT (<sort-list>|<sort-zset>) {SOME} {GET} STORE (<sort-list>|<key>)", 10),
        Row(f"{CLEAR} SORT (<sort-list>|<sort-zset>) BY <sort-by> {SOME} STORE <key> {GET}", 10),
        Row(f"{CLEAR} SORT (<sort-list>|<sort-zset>|<sort-set>) ALPHA {SOME} STORE <key>", 6),
        Row(f"{CLEAR} SORT (<sort-list>|<sort-zset>) BY <sort-nosort> {SOME} STORE <key>", 6),
        Row("SORT <key> BY <sort-nosort>", 4, "unordered", strict=True),
        Row(f"{CLEAR} SORT <sort-list> (FOO|BY|GET|LIMIT 1|LIMIT|STORE|ALPHA FOO)", 3),
        Row(f"{CLEAR} SORT <sort-list> (LIMIT <odd-sort-number> 1|LIMIT 1 <odd-sort-number>|LIMIT 1 FOO)", 2),
        Row(f"{CLEAR} SORT_RO <sort-list> STORE <key>", 1),
        Row("RPUSH sorted-words b a", 2, strict=True),
        Row("(SORT|SORT_RO) sorted-words", 8, strict=True),
        Row("LRANGE (<sort-list>|<key>) 0 -1", 8),
        Row("OBJECT ENCODING (<sort-zset>|<key>)", 6),
        Row("COMMAND (GETKEYS|GETKEYSANDFLAGS) (SORT|SORT_RO) <key> (BY <sort-by>|GET <sort-get>|LIMIT 0 1|STORE <key>|"
            "LIMIT STORE a|GET STORE|STORE)*", 3),
    ),
)
