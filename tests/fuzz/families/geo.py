"""Places: sorted sets with geohashes as scores, and searches by circle and box, also at the edges of the map."""

from __future__ import annotations

from fuzz.grammar import Dice, Family, Row

LONGITUDES = (b"180", b"-180", b"179.9999999", b"-179.9999", b"0", b"90", b"-90", b"1e1", b"0x10")
LATITUDES = (b"85.05112878", b"-85.05112878", b"85", b"-85", b"66", b"-66.1", b"80", b"-80.1", b"0", b".5")
ODD_NUMBERS = (b"181", b"-180.1", b"86", b"nan", b"inf", b"-inf", b"1e300", b"x", b"", b" 1", b"1e400")
RADII = (b"0", b"0.0001", b"1", b"5000", b"6000000", b"20015000", b"50000000", b"1e300", b"inf")


def place(dice: Dice) -> tuple[bytes, bytes]:
    """Mostly near one place, so that there is something to find; some are exactly equal."""
    rng = dice.rng
    way = rng.random()
    if way < 0.1:
        return rng.choice(LONGITUDES), rng.choice(LATITUDES)
    if way < 0.4:
        return b"%d.5" % rng.randrange(10, 13), b"%d" % rng.randrange(37, 40)
    if way < 0.8:
        return b"%.6f" % rng.gauss(11.5, 1), b"%.6f" % rng.gauss(38, 1)
    return b"%.4f" % rng.uniform(-180, 180), b"%.4f" % rng.uniform(-85, 85)


def odd_place(dice: Dice) -> tuple[bytes, bytes]:
    """One of the two is not on the map, or not a number."""
    pair = [b"1", b"1"]
    pair[dice.rng.randrange(2)] = dice.rng.choice(ODD_NUMBERS)
    return pair[0], pair[1]


def length(dice: Dice) -> bytes:
    if dice.rng.random() < 0.15:
        return dice.rng.choice(RADII)
    return b"%.3f" % 10 ** dice.rng.uniform(0, 7) if dice.rng.random() < 0.1 else b"%d" % 10 ** dice.rng.uniform(1, 6.5)


def members(dice: Dice) -> tuple[bytes, ...]:
    """Places with their members: a few, or so many that a listpack cannot have them."""
    count = dice.rng.choice((1, 1, 2, 3, 5, 8, 20, 130))
    return tuple(arg for _ in range(count) for arg in (*place(dice), member(dice)))


def member(dice: Dice) -> bytes:
    return b"m%d" % dice.rng.randrange(150) if dice.rng.random() < 0.95 else dice.rng.choice((b"", b"7", b"x" * 65))


CENTER = "(FROMLONLAT <place>|FROMMEMBER <member>)"
SHAPE = "(BYRADIUS <length> <unit>|BYBOX <length> <length> <unit>)"
REPLIES = "(WITHDIST|WITHHASH|WITHCOORD)*"
SOME = "[ASC|DESC] [COUNT <count> [ANY]]"

FAMILY = Family(
    name="geo",
    since=6,
    more=True,
    atoms={
        "place": place,
        "odd-place": odd_place,
        "length": length,
        "member": member,
        "places": members,
        "unit": (b"m", b"km", b"ft", b"mi", b"KM", b"Mi"),
        "odd-unit": (b"yd", b"", b"kmm"),
        "odd-length": (b"-1", b"x", b"nan", b""),
        "count": (b"1", b"2", b"3", b"5", b"7", b"10", b"20", b"100", b"9223372036854775807"),
        "odd-count": (b"0", b"-1", b"x", b"1.0"),
        "score": (b"-5", b"0", b"3.7", b"4503599627370496", b"1e18", b"1e19", b"1e30", b"inf", b"-inf"),
    },
    rows=(
        Row("GEOADD <key> <places>", 30),
        Row("GEOADD <key> (NX|XX|CH)* <places>", 20),
        Row("GEOADD <key> <places> <odd-place> <member>", 2),
        Row("GEOADD <key> (NX|XX|CH)* <place> <member> x", 2),
        Row("GEOPOS <key> <member>*", 8),
        Row("GEOHASH <key> <member>*", 8),
        Row("GEODIST <key> <member> <member> [<unit>]", 8),
        Row("GEODIST <key> <member> <member> (<odd-unit>|m x)", 1),
        Row(f"GEOSEARCH <key> {CENTER} {SHAPE} {SOME} {REPLIES}", 40),
        Row(f"GEOSEARCH <key> {SHAPE} {REPLIES} {SOME} {CENTER}", 8),
        Row(f"GEOSEARCHSTORE <key> <key> {CENTER} {SHAPE} {SOME} [STOREDIST]", 16),
        Row("(GEORADIUS|GEORADIUS_RO) <key> <place> <length> <unit> "
            f"{REPLIES} {SOME}", 10),
        Row("(GEORADIUSBYMEMBER|GEORADIUSBYMEMBER_RO) <key> <member> <length> "
            f"<unit> {SOME} {REPLIES}", 10),
        Row("(GEORADIUS <key> <place>|GEORADIUSBYMEMBER <key> <member>) "
            f"<length> <unit> {SOME} (STORE|STOREDIST) <key>", 12),
        Row("(GEORADIUS_RO <key> <place>|GEORADIUSBYMEMBER_RO <key> <member>) "
            "<length> <unit> (STORE|STOREDIST) <key>", 1),
        Row("(GEORADIUS <key> <place>|GEORADIUSBYMEMBER <key> <member>) "
            "<length> <unit> STORE <key> (WITHDIST|WITHHASH|WITHCOORD)", 1),
        Row("(GEORADIUS <key> <odd-place>|GEORADIUS_RO <key> <place>) "
            "(<odd-length> <unit>|<length> <odd-unit>)", 1),
        Row("GEORADIUSBYMEMBER <key> <member> (<odd-length> <unit>|"
            "<length> <odd-unit>|<length> <unit> FOO)", 1),
        Row(f"GEOSEARCH <key> {CENTER} {CENTER} {SHAPE}", 2),
        Row(f"GEOSEARCH <key> {CENTER} {SHAPE} {SHAPE}", 2),
        Row(f"GEOSEARCH <key> {CENTER} ASC WITHDIST WITHHASH", 1),
        Row(f"GEOSEARCH <key> {SHAPE} ASC WITHDIST WITHHASH", 1),
        Row(f"GEOSEARCH <key> {CENTER} {SHAPE} (ANY|COUNT|FOO|STORE <key>|"
            "STOREDIST|COUNT <odd-count>)", 3),
        Row("GEOSEARCH <key> FROMLONLAT <odd-place> BYRADIUS 1 km", 1),
        Row(f"GEOSEARCH <key> {CENTER} (BYRADIUS <odd-length> <unit>|"
            "BYRADIUS <length> <odd-unit>|BYBOX <odd-length> <length> <unit>|"
            "BYBOX <length> <odd-length> <unit>|BYBOX <length> <length> "
            "<odd-unit>)", 2),
        Row(f"GEOSEARCHSTORE <key> <key> {CENTER} {SHAPE} (WITHDIST|WITHHASH|"
            "WITHCOORD|ANY|STORE <key>)", 2),
        Row("ZADD <key> <score> <member>", 2),
        Row("ZRANGE <key> 0 -1 WITHSCORES", 10),
        Row("ZREM <key> <member>", 4),
        Row("(DEL|TYPE) <key>", 3),
        Row("OBJECT ENCODING <key>", 4),
        Row("COMMAND (GETKEYS|GETKEYSANDFLAGS) (GEORADIUS <key> <place>|"
            "GEORADIUSBYMEMBER <key> <member>|GEORADIUS_RO <key> <place>) "
            "<length> <unit> (ASC|STORE <key>|STOREDIST <key>|STORE)*", 2),
    ),
)
