"""Keys of any type, and the databases that they live in."""

from __future__ import annotations

from fuzz.grammar import Family, Row

FAMILY = Family(
    name="keyspace",
    since=2,
    atoms={
        "cursor": (b"1", b"5", b"64", b"18446744073709551615"),
        "odd-cursor": (b"abc", b"", b"1x", b" 1", b"1 ",
                       b"18446744073709551616", b"1.0"),
        "type-name": (b"string", b"list", b"set", b"zset", b"hash", b"stream",
                      b"STRING", b"foo", b""),
    },
    rows=(
        Row("DEL <key>+", 10),
        Row("UNLINK <key>+", 4),
        Row("EXISTS <key>+", 8),
        Row("TOUCH <key>+", 4),
        Row("TYPE <key>", 6),
        Row("RENAME <key> <key>", 10),
        Row("RENAMENX <key> <key>", 10),
        Row("COPY <key> <key>", 6),
        Row("COPY <key> <key> (DB <db>|REPLACE)+", 12),
        Row("COPY <key> <key> (DB|REPLACE|FOO|DB <db>)+", 2),
        Row("MOVE <key> <db>", 10),
        Row("SELECT <db>", 8),
        Row("SELECT (16|99|-1)", 2),
        Row("SWAPDB <db> <db>", 4),
        Row("SWAPDB (abc <db>|<db> abc)", 4),
        Row("DBSIZE", 6),
        Row("RANDOMKEY", 4, walk="randomkey"),
        Row("KEYS <pattern>", 12, "unordered"),
        Row("SCAN 0", 4, walk="scan"),
        Row("SCAN 0 (MATCH <pattern>|COUNT <count>|TYPE <type-name>)+", 10,
            walk="scan"),
        Row("SCAN 0 (MATCH|COUNT|TYPE|FOO|COUNT <count>)+", 2, walk="scan"),
        Row("SCAN <odd-cursor> [COUNT <count>|MATCH <pattern>]", 1,
            walk="scan"),
        Row("SCAN <cursor> [COUNT <count>]", 1, walk="scan"),
        Row("FLUSHDB [SYNC|ASYNC|FOO]", 4),
        Row("FLUSHALL [SYNC|ASYNC|FOO]", 4),
    ),
)
