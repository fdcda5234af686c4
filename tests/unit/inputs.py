"""What redis-server is asked: spellings that lie near every border.

Random ones are drawn from small alphabets, where every byte matters to the
parser under test. The seed is fixed, so that a run asks the same again.
"""

from __future__ import annotations

import random

SEED = 7015


def draw(rng: random.Random, alphabet: bytes, longest: int) -> bytes:
    """Up to `longest` bytes of the alphabet."""
    return bytes(rng.choice(alphabet) for _ in range(rng.randint(0, longest)))


def many(salt: int, alphabet: bytes, longest: int, count: int) -> list[bytes]:
    """`count` different ones, the same in every run."""
    rng = random.Random(SEED + salt)
    found: dict[bytes, None] = {}
    while len(found) < count:
        found[draw(rng, alphabet, longest)] = None
    return list(found)


def integers() -> list[bytes]:
    """Around zero, the ends of 64 bits, and what strtoll would take."""
    edges = [0, 1, 9, 10, 99, 100, 2**31, 2**32, 10**18, 10**19, 2**63, 2**64, 10**20]
    near = {sign * (edge + step) for edge in edges for sign in (1, -1) for step in (-1, 0, 1)}
    odd = b"-0|+0|00|+1|01|-01| 1|1 |-|--1|0x10|1e3|1.0|1_0||\t1|1\n|1\x00|- 1|-00".split(b"|")
    return [b"%d" % number for number in sorted(near)] + odd + many(1, b"0129-", 21, 60)


def floats() -> list[bytes]:
    """What strtod takes, and what Redis takes of it."""
    plain = (
        b"0 -0 0.0 1 -1 3.1 0.1 -0.1 1.5 1e3 1E3 1e+3 1e-3 .5 5. -.5 . - + +1 +.5 e5 1e 1e+ "
        b"1e5.5 0x1 0x1p4 0x.8p1 0x 0xg 0X1A 1d 1f 1L inf -inf +inf INF Infinity -infinity infinit "
        b"infx nan NaN -nan nan(1) 1e308 1.7976931348623157e308 1.7976931348623159e308 1e309 -1e309 "
        b"1e-308 1e-320 4.9e-324 2e-324 1e-400 -1e-400 0e999 1e600 1e5000 1e-4950 1e-5000 "
        b"9007199254740993 9999999999999999 10000000000000000 -9999999999999999 99999999999999999 "
        b"100000000000000000 1e15 1e16 1e17 1e21 123456789012345678 9223372036854775807 "
        b"9223372036854775808 18446744073709551616 0.30000000000000004 1.0000000000000002 "
        b"3.14159265358979323846264338327950288 1,5 1_0 000123 -000.500 0.00000000000000001 "
        b"0.000000000000000001 -0.000000000000000001 0.00001 0.0001 123.456 1e2 5e-5 17.10 1000.00"
    ).split()
    odd = [b"", b" ", b" 1", b"1 ", b"\t1", b"1\x00", b"\x001", b"1\n", b"\v1", b"1 2", b"- 1"]
    long = [b"1" * 300, b"0." + b"0" * 290 + b"1", b"0" * 400, b"1" + b"0" * 255, b"9" * 255]
    return plain + odd + long + many(2, b"019.-e+x", 7, 120)


def memory_sizes() -> list[bytes]:
    """Units in both cases, none, unknown ones; numbers past 64 bits."""
    units = b"b B k K kb KB Kb kB m mb MB g gb GB t tb kk bk kib %".split()
    sized = [number + unit for unit in units for number in (b"1", b"100", b"007")]
    odd = (
        b"0 1 00 12345678901 -1 -1kb +1 1.5gb 1e3 k kb b gb x 0x10 0kb 18446744073709551615 "
        b"18446744073709551616 99999999999999999999999 18446744073709551615b 18014398509481984kb "
        b"18014398509481983kb 18446744073709551615kb 99999999999999999999kb 17179869184gb 20000000000gb 18446744073709551610 18446744073709551609"
    ).split()
    spaced = [b"1 kb", b" 1", b"1 ", b"1kb "]
    long = [b"1" * 127, b"0" * 126 + b"1", b"0" * 127 + b"1", b"0" * 128 + b"1kb"]
    return sized + odd + spaced + long + many(3, b"01kKmMgGbB", 4, 60)


def byte_counts() -> list[int]:
    """Around each unit of 1024."""
    powers = [1024**power for power in range(1, 6)]
    near = {power + step for power in powers for step in (-1, 0, 1, power // 2, power // 3)}
    return sorted(near | {1, 999, 123456789, 2**63, 2**64 - 1})


def glob_keys() -> list[bytes]:
    """48 short keys, so that a set of them fits a number."""
    fixed = [b"", b"a", b"b", b"ab", b"abc", b"[", b"]", b"^", b"-", b"\\", b"*", b"?", b"\xff", b"a-"]
    drawn = many(4, b"abcABz^-]\\\xe9", 6, 60)
    return (fixed + [key for key in drawn if key not in fixed])[:48]


def glob_patterns() -> list[bytes]:
    """Every special byte beside every other; long runs of stars."""
    fixed = [
        b"", b"**", b"*?", b"?*", b"a*", b"*a", b"[", b"[^", b"[a", b"[^a", b"[a-", b"[a-]", b"[z-a]", b"[]",
        b"[^]", b"[]a]", b"\\", b"a\\", b"[\\", b"[\\]", b"[\\]]", b"[a\\-c]", b"[a-\\]", b"[^\\a]", b"*[",
        b"*[^", b"*\\", b"\\*", b"\\?", b"[*]", b"[?]", b"?", b"??", b"[a-c]*", b"[^a-c]*", b"[a-\xff]",
        b"[\x80-\xff]", b"\\\\", b"*\\\\*", b"a*b*c", b"[[]", b"[a-b-c]", b"[--]", b"[^^]", b"***a***",
    ]  # fmt: skip
    pieces = [b"*", b"*", b"?", b"[", b"]", b"^", b"-", b"\\", b"a", b"b", b"c", b"A", b"[a-c]", b"[^b]"]
    rng = random.Random(SEED + 5)
    found = dict.fromkeys(fixed)
    while len(found) < 600:
        found[b"".join(rng.choice(pieces) for _ in range(rng.randint(1, 7)))] = None
    return [pattern for pattern in found if pattern != b"*"]  # KEYS does not match that one


def command_patterns() -> list[bytes]:
    """Patterns for names, in any case."""
    fixed = b"GET get G* *SET [g]* [G]* [E-H]* [e-H]* [^A-Y]* \\G* [\\G]* *[a-z]x* X* s?t [S-a]* A* *AD* *[AZ]*".split()
    rng = random.Random(SEED + 6)
    pieces = [b"*", b"*", b"?", b"[a-m]", b"[N-z]", b"[^E]", b"s", b"S", b"e", b"E", b"t", b"g", b"\\E"]
    found = dict.fromkeys(fixed)
    while len(found) < 150:
        found[b"".join(rng.choice(pieces) for _ in range(rng.randint(1, 5)))] = None
    return [pattern for pattern in found if pattern != b"*"]


def quoted_bytes() -> list[bytes]:
    """Every byte, alone and between others."""
    return [bytes([byte]) for byte in range(256)] + [b"", b"two words", b'a"b\\c', bytes(range(40))]


def inline_lines() -> list[bytes]:
    """Arguments as people type them, and broken ones."""
    fixed = [
        b"a", b"a b", b" a  b ", b'"a b"', b"'a b'", b'"a"b', b"'a'b", b'a"b"', b"a'b'", b'"', b"'", b'a"',
        b'"\\x41"', b'"\\x4"', b'"\\xzz"', b"'\\x41'", b'"\\n\\r\\t\\b\\a\\q\\\\\\""', b"'\\n\\''", b'"\\', b"'\\",
        b"\\x41", b"\\n", b'""', b"''", b'"" \'\'', b'"a"\tb', b"a\tb", b"a\vb", b"\va", b'"a"\vb', b'"a"\fb',
        b"a\rb", b'"\\xfF\\x00"', b'"\\', b'"a\\"', b"'a\\'", b'"a\'b"', b"'a\"b'", b"\xe9 \xff", b'"\xe9"',
    ]  # fmt: skip
    return fixed + many(7, b"ab \"'\\xn4\t", 9, 300)
