"""Streams: entries added, trimmed, deleted and read, alone and in groups.

IDs are few, so that commands meet. Where the server chooses an ID, from its
clock, the stream is one of its own, and only shapes are compared.
"""

from __future__ import annotations

from fuzz import wire
from fuzz.grammar import Dice, Family, Row
from fuzz.wire import Reply

IDS = (b"1-1", b"2-1", b"2-2", b"3-1", b"5", b"5-2", b"7-1", b"9-0", b"0-1",
       b"0-2", b"1")
EDGES = (b"18446744073709551615-18446744073709551615", b"0-0", b"0",
         b"18446744073709551615-18446744073709551614", b"18446744073709551615",
         b"50-18446744073709551615", b"007-03")
WRONG = (b"-", b"+", b"", b"abc", b"1-x", b"-1", b"1-", b"1-2-3", b"-1-1",
         b"18446744073709551616", b"1-18446744073709551616", b"1.5", b"*",
         b"1-*", b"(1", b"1-1-*", b"9" * 130, b">", b"$")
NAMES = (b"a", b"b", b"c", b"1", b"-7", b"007", b"")


def an_id(dice: Dice) -> bytes:
    """Mostly one of a few; sometimes at an edge, sometimes none at all."""
    way = dice.rng.random()
    if way < 0.8:
        return dice.rng.choice(IDS)
    return dice.rng.choice(EDGES if way < 0.93 else WRONG)


def new_id(dice: Dice) -> bytes:
    """One that is often above the last one, and moves slowly. No -* asks for more than 50-18446744073709551615: what the
    real server says then depends on the last system call that failed."""
    way = dice.rng.random()
    if way < 0.5:
        return b"%d-*" % dice.rng.randrange(12)
    if way < 0.9:
        return b"%d-%d" % (dice.rng.randrange(60), dice.rng.randrange(3))
    other = an_id(dice)
    return b"**" if other == b"*" else other


def end(dice: Dice) -> bytes:
    """An end of a range."""
    way = dice.rng.random()
    if way < 0.5:
        return dice.rng.choice((b"-", b"+"))
    return (b"(" if way < 0.65 else b"") + an_id(dice)


def pairs(dice: Dice) -> tuple[bytes, ...]:
    """Fields with values: often the same names as before."""
    way = dice.rng.random()
    if way < 0.6:
        return (b"f", dice.rng.choice(NAMES))
    if way < 0.7:
        return (b"f", b"v" * dice.rng.choice((63, 64, 1000, 4095, 4096)))
    return tuple(dice.rng.choice(NAMES)
                 for _ in range(2 * dice.rng.randrange(1, 4)))


def without_times(reply: Reply) -> object:
    """The reply with every integer above 3 as one, a time; and without how long ago something was, which is a small
    integer, too: what follows the word idle, and the third of the four of which XPENDING makes an entry."""
    if reply.kind == ":":
        return min(int(reply.text), 4)
    items = [without_times(item) for item in reply.items]
    if [item.kind for item in reply.items] == ["$", "$", ":", ":"]:
        items[2] = "idle"
    for at, item in enumerate(reply.items[:-1]):
        if item.kind == "$" and item.text == b"idle":
            items[at + 1] = "idle"
    return (reply.kind, reply.null, reply.text, items)


def timeless(real: bytes, other: bytes) -> bool:
    """The same but for times."""
    return without_times(wire.decode(real)) == without_times(wire.decode(other))


FAMILY = Family(
    name="streams",
    since=7,
    atoms={"auto": (b"auto",), "id": an_id, "new": new_id, "end": end, "pairs": pairs,
           "group": (b"g", b"h", b"g", b"nogroup", b""),
           "beyond": (b"(18446744073709551615-18446744073709551615", b"(0-0",
                      b"(0"),
           "who": (b"ann", b"bob", b"cleo", b""),
           "most": (b"0", b"1", b"2", b"3", b"5", b"10", b"100", b"-1", b"abc",
                    b"9223372036854775807", b"9223372036854775808"),
           "sign": (b"~", b"=", b"x"),
           "idle": (b"0", b"0", b"1000000", b"-1", b"abc"),
           "read": (b"0", b"1", b"5", b"-1", b"-2", b"abc"),
           "node": (b"0", b"1", b"2", b"3", b"100"),
           "bytes": (b"0", b"1", b"50", b"4096")},
    compare={"timeless": timeless},
    reset=("CONFIG SET stream-node-max-entries 100 "
           "stream-node-max-bytes 4096",),
    rows=(
        Row("XADD <key> <new> <pairs>", 70),
        Row("XADD <key> [NOMKSTREAM] <new> <pairs>", 20),
        Row("XADD <key> (NOMKSTREAM|LIMIT <most>|MAXLEN <most>|MINID <id>"
            "|MAXLEN <sign> <most>|MINID <sign> <id>)+ <new> <pairs>", 20),
        Row("XADD <key> MAXLEN ~ <most> [LIMIT <most>] <new> <pairs>", 20),
        Row("XADD <key> MINID ~ <id> [LIMIT <most>] <new> <pairs>", 10),
        Row("XADD <key> <new> <pairs> x", 3),
        Row("XADD <auto> '*' <pairs> ; DEL <auto>", 5, "shape", strict=True),
        Row("XADD <auto> MAXLEN (~|=) <node> '*' <pairs> ; XLEN <auto> ; DEL <auto>",
            5, "shape", strict=True),
        Row("XLEN <key>", 10),
        Row("XRANGE <key> <end> <end>", 20),
        Row("XRANGE <key> - + (COUNT <most>)*", 12),
        Row("XREVRANGE <key> <end> <end> (COUNT <most>)*", 20),
        Row("XRANGE <key> - + (COUNT|FOO 1)", 2),
        Row("XDEL <key> <id>+", 25),
        Row("XTRIM <key> (MAXLEN|MINID) [<sign>] <most> (LIMIT <most>)*", 16),
        Row("XTRIM <key> (MAXLEN <most>|LIMIT <most>|FOO|MINID <id>)+", 6),
        Row("XREAD STREAMS <key> <id>", 12),
        Row("XREAD COUNT <most> STREAMS <key> <key> <id> <id>", 10),
        Row("XREAD (COUNT <most>|NOACK|GROUP g ann|FOO)+ STREAMS <key> (0|$|>)",
            8),
        Row("XREAD STREAMS <key> <key> <id>", 3),
        Row("XREAD BLOCK (-1|abc|1.5) STREAMS <key> 0", 3),
        Row("XGROUP CREATE <key> <group> (<id>|$|0|0)", 30),
        Row("XGROUP CREATE <key> <group> (0|<id>|$) "
            "(MKSTREAM|ENTRIESREAD <read>|FOO)+", 12),
        Row("XGROUP DESTROY <key> <group>", 3),
        Row("XREADGROUP GROUP g <who> STREAMS <key> '>'", 40),
        Row("XREADGROUP GROUP <group> <who> (COUNT <most>|NOACK)* "
            "STREAMS <key> ('>'|<id>|0)", 25),
        Row("XREADGROUP GROUP g <who> COUNT 1 STREAMS <key> <key> '>' '>'", 10),
        Row("XREADGROUP (GROUP g ann|NOACK|COUNT <most>|FOO)+ "
            "STREAMS <key> ('>'|$|0)", 6),
        Row("XACK <key> <group> <id>+", 15),
        Row("XPENDING <key> <group>", 16, strict=True),
        Row("XPENDING [<key>]", 3),
        Row("XPENDING <key> <group> <end> <end> <most> [<who>]", 12,
            "timeless", more=True),
        Row("XPENDING <key> <group> IDLE <idle> <end> <end> <most> [<who>]", 8,
            "timeless", more=True),
        Row("XPENDING <key> <group> (IDLE <idle>|-|+)+", 3, "timeless", more=True),
        Row("(GET|LPUSH|SADD|HGETALL) <key> a", 1),
        Row("SET <key> <value>", 0.5),
        Row("(DEL|EXISTS|TYPE|UNLINK) <key>", 8),
        Row("XADD fresh 1-1 a 1 ; XGROUP CREATE fresh g 0 ; "
            "XREADGROUP GROUP g ann STREAMS fresh ('>'|$|$)", 28),
        Row("XREAD STREAMS fresh ('>'|'>'|$)", 8),
        Row("XADD fresh (0|0-0) a 1", 6),
        Row("XADD 90 18446744073709551615-18446744073709551615 f v ; XADD 90 '*' f v ; DEL 90", 6, strict=True),
        Row("XRANGE fresh (<beyond> +|- <beyond>)", 16, strict=True),
        Row("XREVRANGE fresh (+ <beyond>|<beyond> -)", 10, strict=True),
        Row("XTRIM fresh LIMIT 0", 8),
        Row("XREADGROUP COUNT 1 NOACK STREAMS fresh '>'", 6),
        Row("OBJECT ENCODING <key>", 8),
        Row("(COPY|RENAME) <key> <key>", 6, more=True),
        Row("XGROUP SETID <key> <group> (<id>|$|<end>)", 12, more=True),
        Row("XGROUP SETID <key> <group> <id> (ENTRIESREAD <read>|FOO)+", 8,
            more=True),
        Row("XGROUP (CREATECONSUMER|DELCONSUMER) <key> <group> <who>", 10,
            more=True),
        Row("XCLAIM <key> g <who> <idle> <id>+", 16, more=True),
        Row("XCLAIM <key> <group> <who> <idle> <id>+ (IDLE <most>|TIME <most>"
            "|RETRYCOUNT <most>|FORCE|JUSTID|LASTID <id>|FOO)+", 50, more=True),
        Row("XCLAIM <key> g <who> (abc|'') <id>", 10, more=True),
        Row("XCLAIM <key> g <who> 0 <id> (FOO|JUST)", 10, more=True),
        Row("XAUTOCLAIM <key> g <who> <idle> <end>", 10, more=True),
        Row("XCLAIM fresh g ann 0 1-1 FORCE (IDLE|TIME|RETRYCOUNT) x", 20,
            more=True),
        Row("XADD fresh 1-1 a 1 ; XSETID fresh 9 ENTRIESADDED 0", 12,
            more=True),
        Row("XAUTOCLAIM <key> <group> <who> <idle> <end> "
            "(COUNT <most>|JUSTID|FOO)+", 12, more=True),
        Row("XSETID <key> <id>", 6, more=True),
        Row("XSETID <key> <id> (ENTRIESADDED <most>|MAXDELETEDID <id>|FOO)+",
            10, more=True),
        Row("XINFO STREAM <key>", 20, more=True),
        Row("XINFO STREAM <key> (FULL|FULL COUNT <most>|FOO|FULL FOO 1)", 12,
            "timeless", more=True),
        Row("XINFO GROUPS <key>", 16, more=True),
        Row("XINFO CONSUMERS <key> <group>", 10, "timeless", more=True),
        Row("DEBUG DIGEST-VALUE <key> <key>", 6, more=True),
        Row("CONFIG SET stream-node-max-entries <node>", 4, strict=True),
        Row("CONFIG SET stream-node-max-bytes <bytes>", 4, strict=True),
    ),
)
