"""Strings: stored, counted with, cut and compared."""

from __future__ import annotations

from fuzz.grammar import Family, Row

FAMILY = Family(
    name="strings",
    since=2,
    atoms={
        "big": (b"big",),
        "minimum": (b"0", b"1", b"2", b"3", b"4", b"5", b"-1", b"100",
                    b"abc", b"", b"9223372036854775808"),
    },
    rows=(
        Row("SET <key> <value>", 40),
        Row("SET <key> <value> (NX|XX|GET)+", 15),
        Row("SET <key> <value> (NX|XX|GET|FOO)+", 4),
        Row("SET <key>", 1),
        Row("GET <key>", 25),
        Row("GETSET <key> <value>", 8),
        Row("GETDEL <key>", 5),
        Row("SETNX <key> <value>", 8),
        Row("MSET (<key> <value>)+", 8),
        Row("MSETNX (<key> <value>)+", 6),
        Row("MSET (<key> <value>)+ <key>", 1),
        Row("MSETNX (<key> <value>)+ <key>", 1),
        Row("MGET <key>+", 8),
        Row("APPEND <key> <value>", 20),
        Row("STRLEN <key>", 8),
        Row("INCR <key>", 15),
        Row("DECR <key>", 10),
        Row("INCRBY <key> <integer>", 15),
        Row("DECRBY <key> <integer>", 15),
        Row("DECRBY <key> -9223372036854775808", 2),
        Row("INCRBYFLOAT <key> <number>", 20),
        Row("GETRANGE <key> <index> <index>", 15),
        Row("SUBSTR <key> <index> <index>", 4),
        Row("SETRANGE <key> <offset> <value>", 15),
        Row("SETRANGE <key> <offset> <text>", 6),
        Row("LCS <key> <key>", 4),
        Row("LCS <key> <key> (LEN|IDX|WITHMATCHLEN|MINMATCHLEN <minimum>)+",
            8),
        Row("LCS <key> <key> IDX (WITHMATCHLEN|MINMATCHLEN <minimum>)*", 8),
        Row("LCS <key> <key> (LEN|IDX|FOO|MINMATCHLEN)+", 2),
        Row("SET <big> <long>", 1),
        Row("APPEND <big> <long>", 1),
        Row("GET <big>", 1),
        Row("STRLEN <big>", 1),
        Row("MGET <key> <big> <key>", 1),
        Row("CLIENT PAUSE 5 WRITE ; GET <key> ; SET <key> <value> "
            "; GET <key>", 0.5, strict=True),
        Row("SET a ohmytext ; SET b mynewtext ; LCS a b IDX", 1),
    ),
)
