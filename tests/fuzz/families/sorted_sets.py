"""Sorted sets: members added, moved, ranked, popped, drawn and scanned, ranges of all kinds, and unions.

Ranges by lex are asked of one key whose scores are all equal: of others Redis does not say what they are. Settings of
what is packed change on the way, so that a few members are too many.
"""

from __future__ import annotations

from fuzz.grammar import Dice, Family, Row

MEMBERS = (b"a", b"b", b"c", b"d", b"e", b"1", b"-7", b"007", b"", b"B",
           b"ab", b"a\x00")
SCORES = (b"0", b"1", b"2", b"3", b"5", b"-1", b"1.5", b"-0", b"inf",
          b"-inf", b"0.1", b"1e3", b"3.0e-5", b"1e17", b"1e-320", b"0x10",
          b"4503599627370497", b"-4503599627370496.5", b"10000000000000000",
          b"12345678901234567890", b"100", b"4096", b"-4097")
NO_SCORES = (b"abc", b"nan", b"", b" 1", b"1 ", b"1e400", b"1e-400", b"-nan",
             b"(1", b"1\x00")
BOUNDS = (b"-inf", b"+inf", b"inf", b"0", b"1", b"2", b"3", b"5", b"(0",
          b"(1", b"(2", b"(3", b"(-inf", b"(+inf", b"-1", b"1.5", b"(1.5",
          b"100", b"", b"(", b" 1", b"0x10", b"1e400", b"1\x00")
NO_BOUNDS = (b"abc", b"nan", b"((1", b"[1", b"1x", b"(nan", b"1 ")
LEX = (b"-", b"+", b"[a", b"(a", b"[b", b"(b", b"[c", b"[", b"(", b"[1",
       b"(007", b"[B", b"[zz", b"[a\x00")
NO_LEX = (b"a", b"", b"-x", b"+1", b" [a")
LENGTHS = (3, 4, 63, 64, 65, 100, 4095, 4096)


def member(dice: Dice) -> bytes:
    """Mostly one of a few, so that others find it again."""
    if dice.rng.random() < 0.96:
        return dice.rng.choice(MEMBERS)
    return b"m" * dice.rng.choice(LENGTHS)


def score(dice: Dice) -> bytes:
    """Often a small integer, so that members share it."""
    if dice.rng.random() < 0.5:
        return b"%d" % dice.rng.randrange(6)
    return dice.rng.choice(SCORES)


def pairs(dice: Dice) -> tuple[bytes, ...]:
    """Scores with their members, sometimes very many of them."""
    if dice.rng.random() < 0.02:
        many = dice.rng.choice((127, 128, 129, 200))
        return tuple(b"%d" % i if i % 2 == 0 else b"n%d" % i
                     for i in range(2 * many))
    return tuple(w for _ in range(dice.rng.randrange(1, 5))
                 for w in (score(dice), member(dice)))


def bound(dice: Dice) -> bytes:
    if dice.rng.random() < 0.97:
        return dice.rng.choice(BOUNDS)
    return dice.rng.choice(NO_BOUNDS)


def lex(dice: Dice) -> bytes:
    if dice.rng.random() < 0.97:
        return dice.rng.choice(LEX)
    return dice.rng.choice(NO_LEX)


UNION = "(1 <key>|2 <key> <key>|3 <key> <key> <key>)"
WEIGHED = ("(1 <key> WEIGHTS <weight>|2 <key> <key> WEIGHTS <weight> <weight>"
           "|3 <key> <key> <key> WEIGHTS <weight> <weight> <weight>)")
HOW = "[AGGREGATE (SUM|MIN|MAX)]"
CUT = "[LIMIT <offset> <most>]"

FAMILY = Family(
    name="sorted-sets",
    since=6,
    atoms={"member": member, "score": score, "pairs": pairs, "bound": bound,
           "lex": lex, "no-score": NO_SCORES, "no-bound": NO_BOUNDS,
           "no-lex": NO_LEX,
           "offset": (b"0", b"1", b"2", b"5", b"100", b"-1",
                      b"9223372036854775807"),
           "most": (b"0", b"1", b"2", b"5", b"100", b"-1", b"-5",
                    b"9223372036854775807"),
           "weight": (b"1", b"2", b"-1", b"0", b"0.5", b"inf", b"-inf"),
           "draws": (b"1", b"2", b"5", b"-1", b"-2", b"-5", b"-30", b"100",
                     b"1000", b"0", b"9223372036854775807", b"abc", b""),
           "no-draws": (b"-9223372036854775808", b"9223372036854775808",
                        b"1.0"),
           "too-many": (b"4611686018427387904", b"-4611686018427387904",
                        b"9223372036854775807", b"-9223372036854775807"),
           "pops": (b"1", b"2", b"3", b"5", b"100", b"0", b"-1", b"abc",
                    b"9223372036854775807", b"9223372036854775808"),
           "numkeys": (b"0", b"-1", b"1", b"2", b"3", b"4", b"abc",
                       b"9223372036854775807"),
           "odd-cursor": (b"abc", b"", b"1x", b" 1",
                          b"18446744073709551616"),
           "limit": (b"0", b"1", b"2", b"3", b"4", b"8", b"128", b"-1",
                     b"abc"),
           "length": (b"0", b"1", b"2", b"3", b"64", b"1kb", b"-1", b"abc")},
    reset=("CONFIG SET zset-max-listpack-entries 128 "
           "zset-max-listpack-value 64",),
    rows=(
        Row("ZADD <key> <pairs>", 70),
        Row("ZADD <key> (NX|XX|GT|LT|CH)+ <pairs>", 30),
        Row("ZADD <key> (INCR|CH INCR|XX INCR|GT INCR|INCR LT|NX INCR) "
            "<score> <member>", 20),
        Row("ZADD <key> (NX XX|NX XX|GT LT|NX GT|LT NX) <pairs>", 12),
        Row("ZADD <key> INCR <score> <member> <score> <member>", 8),
        Row("ZADD <key> [NX] <pairs> <member>", 4),
        Row("ZADD <key> <no-score> <member>", 4),
        Row("ZADD ends inf up -inf down", 20, strict=True),
        Row("ZINCRBY ends -inf up", 16, strict=True),
        Row("ZADD ends INCR inf down", 16, strict=True),
        Row("ZINCRBY <key> <score> <member>", 24),
        Row("ZINCRBY <key> <no-score> <member>", 3),
        Row("ZREM <key> <member>+", 26),
        Row("(ZSCORE|ZRANK|ZREVRANK) <key> <member>", 30),
        Row("ZCARD <key>", 8),
        Row("ZRANGE <key> <index> <index> [REV] [WITHSCORES]", 24),
        Row(f"ZRANGE <key> <bound> <bound> BYSCORE [REV] [WITHSCORES] {CUT}",
            30),
        Row(f"ZRANGE lex <lex> <lex> BYLEX [REV] {CUT}", 30, strict=True),
        Row("ZRANGE <key> <index> <index> LIMIT <offset> <most>", 8),
        Row("ZRANGE lex <lex> <lex> BYLEX WITHSCORES", 8, strict=True),
        Row("ZRANGE <key> <bound> <bound> "
            "(BYSCORE|REV|FOO|LIMIT 1|LIMIT a 1|LIMIT 1 a)+", 6),
        Row("ZRANGE <key> (<no-bound> <bound>|<bound> <no-bound>) BYSCORE",
            4),
        Row("ZRANGE lex (<no-lex> <lex>|<lex> <no-lex>) BYLEX", 4,
            strict=True),
        Row("ZADD lex 0 <member> 0 <member>", 20, strict=True),
        Row("ZREM lex <member>", 6, strict=True),
        Row(f"(ZRANGEBYSCORE|ZREVRANGEBYSCORE) <key> <bound> <bound> "
            f"[WITHSCORES] {CUT}", 20),
        Row(f"(ZRANGEBYLEX|ZREVRANGEBYLEX) lex <lex> <lex> {CUT}", 16,
            strict=True),
        Row("ZREVRANGE <key> <index> <index> [WITHSCORES]", 8),
        Row("(ZRANGEBYSCORE|ZREVRANGE|ZREVRANGEBYSCORE) <key> 0 5 "
            "(BYSCORE|REV|LIMIT 1|LIMIT 0 1)", 4),
        Row("ZCOUNT <key> <bound> <bound>", 8),
        Row("ZLEXCOUNT lex <lex> <lex>", 8, strict=True),
        Row("ZREMRANGEBYRANK <key> <index> <index>", 8),
        Row("ZREMRANGEBYSCORE <key> <bound> <bound>", 8),
        Row("ZREMRANGEBYLEX lex <lex> <lex>", 6, strict=True),
        Row("ZRANGESTORE <key> <key> <index> <index> [REV]", 8),
        Row(f"ZRANGESTORE <key> <key> <bound> <bound> BYSCORE [REV] {CUT}",
            8),
        Row(f"ZRANGESTORE <key> lex <lex> <lex> BYLEX [REV] {CUT}", 8,
            strict=True),
        Row("ZRANGESTORE <key> <key> 0 5 (WITHSCORES|LIMIT 0 1|FOO)", 3),
        Row("ZMSCORE <key> <member>+", 8),
        Row("(ZPOPMIN|ZPOPMAX) <key>", 10),
        Row("(ZPOPMIN|ZPOPMAX) <key> <pops>", 10),
        Row("(ZPOPMIN|ZPOPMAX) <key> <pops> <odd>", 2),
        Row(f"ZMPOP {UNION} (MIN|MAX) [COUNT <pops>]", 10),
        Row("ZMPOP <numkeys> <key> <key> (MIN|MAX|LEFT) "
            "(COUNT 1|COUNT|FOO 1)*", 8),
        Row("ZMPOP 1 <key> (MIN|MAX) COUNT <pops>", 6),
        Row("ZRANDMEMBER <key>", 6, "kind"),
        Row("ZRANDMEMBER <key> <draws>", 8, "shape", strict=True),
        Row("ZRANDMEMBER <key> <draws> WITHSCORES", 8, "shape", strict=True),
        Row("ZRANDMEMBER <key> (<no-draws>|<draws> FOO|<draws> WITHSCORES x)",
            3, "shape", strict=True),
        Row("ZRANDMEMBER nokey <too-many> WITHSCORES", 3, strict=True),
        Row("ZSCAN <key> 0", 6, walk="scan"),
        Row("ZSCAN <key> 0 (MATCH <pattern>|COUNT <count>)+", 8, walk="scan"),
        Row("ZSCAN <key> 0 (MATCH|COUNT|TYPE zset|FOO|COUNT <count>)+", 6,
            walk="scan"),
        Row("ZSCAN <key> <odd-cursor> (COUNT <count>)*", 2, walk="scan"),
        Row(f"(ZUNION|ZINTER) {UNION} {HOW} [WITHSCORES]", 16),
        Row(f"(ZUNION|ZINTER) {WEIGHED} {HOW} [WITHSCORES]", 16),
        Row(f"ZDIFF {UNION} [WITHSCORES]", 10),
        Row(f"(ZUNIONSTORE|ZINTERSTORE) <key> {UNION} {HOW}", 12),
        Row(f"(ZUNIONSTORE|ZINTERSTORE) <key> {WEIGHED} {HOW}", 12),
        Row(f"ZDIFFSTORE <key> {UNION}", 10),
        Row(f"ZINTERCARD {UNION} (LIMIT <offset>)*", 8),
        Row("(ZUNION|ZINTER|ZDIFF|ZINTERCARD) <numkeys> <key> <key> "
            "(WEIGHTS 1|WEIGHTS 1 1|AGGREGATE FOO|AGGREGATE|LIMIT 1|"
            "LIMIT a|WITHSCORES|FOO)*", 12),
        Row("ZINTERCARD 1 <key> (WITHSCORES|WEIGHTS 1|AGGREGATE SUM)", 4),
        Row("(ZUNIONSTORE|ZINTERSTORE|ZDIFFSTORE) <key> <numkeys> <key> <key>"
            " (WEIGHTS 1|AGGREGATE|WITHSCORES|FOO)*", 8),
        Row("(ZUNION|ZINTER) 2 nokey nokey WEIGHTS 1 abc", 10),
        Row("(ZUNION|ZINTER|ZDIFF|ZINTERCARD) 0 <key>", 12),
        Row("(ZUNIONSTORE|ZINTERSTORE|ZDIFFSTORE) <key> 0 <key>", 12),
        Row("SADD <key> <member>+", 8),
        Row("(GET|INCR|APPEND|LPUSH|SMEMBERS|HGET|LLEN) <key> <member>", 4),
        Row("SET <key> <member>", 4),
        Row("(DEL|UNLINK|EXISTS|TYPE) <key>", 6),
        Row("OBJECT ENCODING <key>", 10),
        Row("(COPY|RENAME|RENAMENX) <key> <key>", 6),
        Row("COPY <key> <key> REPLACE", 4),
        Row("DEBUG DIGEST-VALUE <key> <key>", 4, more=True),
        Row("CONFIG SET zset-max-listpack-entries <limit>", 3, strict=True),
        Row("CONFIG SET zset-max-listpack-value <length>", 3, strict=True),
        Row("CONFIG SET zset-max-ziplist-entries <limit> "
            "zset-max-ziplist-value <length>", 1, strict=True),
        Row("CONFIG GET (zset-max-listpack-entries|zset-max-ziplist-value)",
            1, strict=True),
    ),
)
