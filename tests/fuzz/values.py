"""The values that commands are made of, chosen where implementations break.

Few keys, so that commands meet; numbers at the limits of every integer type;
strings at the lengths where an encoding changes.
"""

from __future__ import annotations

from fuzz.grammar import Atom, Dice

KEYS = (b"a", b"b", b"c", b"key:1", b"key:2", b"aXc", b"",
        b"bin\x00\xff\r\n")
INTEGERS = (b"0", b"1", b"-1", b"2", b"7", b"10", b"-10", b"100", b"9999",
            b"10000", b"2147483647", b"-2147483648", b"4294967296",
            b"9223372036854775807", b"-9223372036854775808",
            b"9223372036854775806", b"-9223372036854775807")
NOT_INTEGERS = (b"9223372036854775808", b"-9223372036854775809",
                b"18446744073709551615", b"18446744073709551616",
                b"99999999999999999999", b"", b" 1", b"1 ", b"+1", b"01",
                b"-0", b"00", b"1.0", b"1e3", b"0x10", b"--1", b"-", b"+",
                b"abc", b"12a", b"1\x00", b"nan", b"inf")
FLOATS = (b"0.1", b"-0.1", b"3.0", b"1.5", b"5e3", b"-1e-5", b"1e400",
          b"1e308", b"1e-320", b"inf", b"-inf", b"+inf", b"nan", b"0x1p3",
          b"3.14159265358979323846", b"1e17", b"1e20", b"1e15",
          b"0.00000000000000001", b"123456789012345678901234567890", b".5",
          b"5.", b"1e", b"1.2.3", b" 1.5", b"1.5 ", b"infinity", b"-0.0",
          b"1E5", b"+1.5", b"1,5", b"0.30000000000000004", b"1e4932",
          b"17179869184.000001", b"-nan")
TEXTS = (b"", b"x", b"ab", b"hello", b"Hello World", b"foobar", b"a\x00b",
         b"\xff\xfe\x00\r\n", b"ohmytext", b"mynewtext", b"\r\n", b'"q"\\',
         b"*1\r\n", b"\xc3\xa9\xe2\x82\xac")
EDGES = (43, 44, 45, 63, 64, 65, 127, 128, 255, 256, 511, 1000)
INDEXES = (b"0", b"1", b"2", b"3", b"5", b"-1", b"-2", b"-3", b"-5", b"10",
           b"-10", b"43", b"44", b"-44", b"-45", b"1000", b"-1000",
           b"2147483647", b"-2147483648", b"9223372036854775807",
           b"-9223372036854775808", b"abc", b"", b"9223372036854775808")
OFFSETS = (b"0", b"1", b"2", b"5", b"10", b"43", b"44", b"45", b"100",
           b"1000", b"-1", b"536870912", b"536870913", b"2147483647",
           b"4294967296", b"9223372036854775807", b"-9223372036854775808",
           b"x", b"")
PATTERNS = (b"*", b"?", b"a*", b"*c", b"a?c", b"a[A-Z]c", b"a[^X]c", b"[ab]",
            b"[^a]", b"[a-c]", b"[c-a]", b"key:*", b"key:[0-9]", b"\\a", b"",
            b"[", b"[a", b"a\\", b"[]", b"[^]", b"**", b"*?*", b"*key*",
            b"bin*", b"*\xff*", b"[\\a-c]", b"A*", b"a[-", b"[a-", b"nosuch")
DBS = (b"0", b"0", b"1", b"1", b"2", b"3")
ODD_DBS = (b"-1", b"16", b"15", b"99", b"abc", b"", b"2147483648",
           b"-9223372036854775808", b"9223372036854775808", b"1.0", b" 1")
COUNTS = (b"1", b"2", b"3", b"10", b"100", b"1000", b"0", b"-1", b"abc", b"",
          b"9223372036854775807", b"9223372036854775808")
NAMES = (b"alice", b"bob", b"conn-1", b"x", b"", b"with space", b"new\nline",
         b"tab\t", b"\x7f", b"\xe9", b"!", b"~", b"a" * 100)


def value(dice: Dice) -> bytes:
    """What one stores: a number, a text, something at an edge."""
    way = dice.rng.random()
    if way < 0.30:
        return dice.rng.choice(INTEGERS)
    if way < 0.40:
        return str(dice.rng.randrange(-(10 ** 4), 10 ** 4)).encode()
    if way < 0.50:
        return dice.rng.choice(FLOATS)
    if way < 0.55:
        return dice.rng.choice(NOT_INTEGERS)
    if way < 0.85:
        return dice.rng.choice(TEXTS)
    letters = dice.rng.choice((b"x", b"ab", b"abc\x00", b"0123456789"))
    return (letters * 1000)[:dice.rng.choice(EDGES)]


def integer(dice: Dice) -> bytes:
    """Mostly a 64-bit integer; sometimes nearly one."""
    if dice.rng.random() < 0.15:
        return dice.rng.choice(NOT_INTEGERS)
    if dice.rng.random() < 0.5:
        return str(dice.rng.randrange(-20, 21)).encode()
    return dice.rng.choice(INTEGERS)


def number(dice: Dice) -> bytes:
    """An increment for floats."""
    way = dice.rng.random()
    if way < 0.5:
        return dice.rng.choice(FLOATS)
    if way < 0.7:
        return dice.rng.choice(INTEGERS)
    return f"{dice.rng.uniform(-1000, 1000):.{dice.rng.randrange(18)}f}".encode()


def key(dice: Dice) -> bytes:
    """One of a few keys; mostly one of those that this plan is about."""
    return dice.rng.choice(
        dice.hot if dice.hot and dice.rng.random() < 0.75 else KEYS)


def db(dice: Dice) -> bytes:
    """The number of a database, rarely one that there is not."""
    return dice.rng.choice(DBS if dice.rng.random() < 0.85 else ODD_DBS)


def long_text(dice: Dice) -> bytes:
    """A value larger than the servers' first reads and reply buffers."""
    size = dice.rng.choice((16383, 16384, 16385, 32767, 40000, 70000))
    return dice.rng.choice((b"y", b"yz", b"0123456789")) * (size // 2)


def odd(dice: Dice) -> bytes:
    """Anything, where something else was expected."""
    lists = (INTEGERS, NOT_INTEGERS, TEXTS, KEYS, FLOATS)
    return dice.rng.choice(dice.rng.choice(lists))


ATOMS: dict[str, Atom] = {
    "key": key,
    "value": value,
    "integer": integer,
    "number": number,
    "text": TEXTS,
    "long": long_text,
    "index": INDEXES,
    "offset": OFFSETS,
    "pattern": PATTERNS,
    "db": db,
    "count": COUNTS,
    "name": NAMES,
    "odd": odd,
}
