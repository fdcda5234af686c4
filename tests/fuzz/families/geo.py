"""Places: sorted sets with geohashes as scores, and searches by circle and box, also at the edges of the map."""

from __future__ import annotations

from fuzz.grammar import Arg, Dice, Family, Row

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


def key(dice: Dice) -> Arg:
    """Mostly one that nothing else uses, so that it is a sorted set."""
    return dice.rng.choice((b"places-a", b"places-b")) if dice.rng.random() < 0.9 else dice.pick("key")[0]


CENTER = "(FROMLONLAT <geo-place>|FROMMEMBER <geo-member>)"
SHAPE = "(BYRADIUS <geo-length> <geo-unit>|BYBOX <geo-length> <geo-length> <geo-unit>)"
REPLIES = "(WITHDIST|WITHHASH|WITHCOORD)*"
SOME = "[ASC|DESC] [COUNT <geo-count> [ANY]]"

FAMILY = Family(
    name="geo",
    since=6,
    more=True,
    atoms={
        "geo-key": key,
        "geo-place": place,
        "odd-geo-place": odd_place,
        "geo-length": length,
        "geo-member": member,
        "geo-places": members,
        "geo-unit": (b"m", b"km", b"ft", b"mi", b"KM", b"Mi"),
        "odd-geo-unit": (b"yd", b"", b"kmm"),
        "odd-geo-length": (b"-1", b"-0.5", b"-1e9", b"x", b"nan", b""),
        "geo-count": (b"1", b"2", b"3", b"5", b"7", b"10", b"20", b"100", b"9223372036854775807"),
        "odd-geo-count": (b"0", b"-1", b"x", b"1.0"),
        "geo-score": (b"-5", b"0", b"3.7", b"4503599627370496", b"1e18", b"1e19", b"1e30", b"inf", b"-inf"),
    },
    rows=(
        Row("GEOADD <geo-key> <geo-places>", 30),
        Row("GEOADD <geo-key> (NX|XX|CH)* <geo-places>", 20),
        Row("GEOADD <geo-key> <geo-places> <odd-geo-place> <geo-member>", 2),
        Row("GEOADD <geo-key> (NX|XX|CH)* <geo-place> <geo-member> x", 2),
        Row("GEOPOS <geo-key> <geo-member>*", 8),
        Row("GEOHASH <geo-key> <geo-member>*", 8),
        Row("GEODIST <geo-key> <geo-member> <geo-member> [<geo-unit>]", 8),
        Row("GEODIST <geo-key> <geo-member> <geo-member> (<odd-geo-unit>|m x)", 1),
        Row(f"GEOSEARCH <geo-key> {CENTER} {SHAPE} {SOME} {REPLIES}", 40),
        Row(f"GEOSEARCH <geo-key> {SHAPE} {REPLIES} {SOME} {CENTER}", 8),
        Row(f"GEOSEARCHSTORE <geo-key> <geo-key> {CENTER} {SHAPE} {SOME} [STOREDIST]", 16),
        Row("(GEORADIUS|GEORADIUS_RO) <geo-key> <geo-place> <geo-length> <geo-unit> "
            f"{REPLIES} {SOME}", 10),
        Row("(GEORADIUSBYMEMBER|GEORADIUSBYMEMBER_RO) <geo-key> <geo-member> <geo-length> "
            f"<geo-unit> {SOME} {REPLIES}", 10),
        Row("(GEORADIUS <geo-key> <geo-place>|GEORADIUSBYMEMBER <geo-key> <geo-member>) "
            f"<geo-length> <geo-unit> {SOME} (STORE|STOREDIST) <geo-key>", 12),
        Row("(GEORADIUS_RO <geo-key> <geo-place>|GEORADIUSBYMEMBER_RO <geo-key> <geo-member>) "
            "<geo-length> <geo-unit> (STORE|STOREDIST) <geo-key>", 1),
        Row("(GEORADIUS <geo-key> <geo-place>|GEORADIUSBYMEMBER <geo-key> <geo-member>) "
            "<geo-length> <geo-unit> STORE <geo-key> (WITHDIST|WITHHASH|WITHCOORD)", 1),
        Row("(GEORADIUS <geo-key> <odd-geo-place>|GEORADIUS_RO <geo-key> <geo-place>) "
            "(<odd-geo-length> <geo-unit>|<geo-length> <odd-geo-unit>)", 1),
        Row("GEORADIUSBYMEMBER <geo-key> <geo-member> (<odd-geo-length> <geo-unit>|"
            "<geo-length> <odd-geo-unit>|<geo-length> <geo-unit> FOO)", 1),
        Row(f"GEOSEARCH <geo-key> {CENTER} {CENTER} {SHAPE}", 2),
        Row(f"GEOSEARCH <geo-key> {CENTER} {SHAPE} {SHAPE}", 2),
        Row(f"GEOSEARCH <geo-key> {CENTER} ASC WITHDIST WITHHASH", 1),
        Row(f"GEOSEARCH <geo-key> {SHAPE} ASC WITHDIST WITHHASH", 1),
        Row(f"GEOSEARCH <geo-key> {CENTER} {SHAPE} (ANY|COUNT|FOO|STORE <geo-key>|"
            "STOREDIST|COUNT <odd-geo-count>)", 5),
        Row("GEOSEARCH <geo-key> FROMLONLAT <odd-geo-place> BYRADIUS 1 km", 1),
        Row(f"GEOSEARCH <geo-key> {CENTER} (BYRADIUS <odd-geo-length> <geo-unit>|"
            "BYRADIUS <geo-length> <odd-geo-unit>|BYBOX <odd-geo-length> <geo-length> <geo-unit>|"
            "BYBOX <geo-length> <odd-geo-length> <geo-unit>|BYBOX <geo-length> <geo-length> "
            "<odd-geo-unit>)", 4),
        Row(f"GEOSEARCHSTORE <geo-key> <geo-key> {CENTER} {SHAPE} (WITHDIST|WITHHASH|"
            "WITHCOORD|ANY|STORE <geo-key>)", 2),
        Row("SET <geo-key> text ; DEL <geo-key>", 2),
        Row("ZADD <geo-key> <geo-score> <geo-member>", 2),
        Row("ZRANGE <geo-key> 0 -1 WITHSCORES", 10),
        Row("ZREM <geo-key> <geo-member>", 4),
        Row("(DEL|TYPE) <geo-key>", 3),
        Row("OBJECT ENCODING <geo-key>", 4),
        Row("COMMAND (GETKEYS|GETKEYSANDFLAGS) (GEORADIUS <geo-key> <geo-place>|"
            "GEORADIUSBYMEMBER <geo-key> <geo-member>|GEORADIUS_RO <geo-key> <geo-place>) "
            "<geo-length> <geo-unit> (ASC|STORE <geo-key>|STOREDIST <geo-key>|STORE)*", 2),
    ),
)
