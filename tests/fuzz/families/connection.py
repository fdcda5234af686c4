"""What every connection can say: PING, ECHO, HELLO, and what nobody knows."""

from __future__ import annotations

from fuzz.grammar import Family, Row

UNKNOWN = (b"nosuch", b"", b"getx", b"nope\x00", b"foo\r\nbar", b" PING",
           b"p", b"\xff\xfe", b"'quoted'", b"n" * 127, b"n" * 128, b"n" * 129,
           b"n" * 300)
LONG_ARGS = (b"x" * 127, b"x" * 128, b"x" * 129, b"it's", b"a\nb", b"",
             b"plain", b"\x00", b"y" * 500)
VERSIONS = (b"1", b"4", b"0", b"-1", b"", b"abc", b"3.0", b"03", b" 3",
            b"9223372036854775808")

FAMILY = Family(
    name="connection",
    since=0,
    atoms={"unknown": UNKNOWN, "unknown-arg": LONG_ARGS,
           "version": VERSIONS},
    rows=(
        Row("PING", 6),
        Row("PING <value>", 6),
        Row("PING <value> <value>", 1),
        Row("ECHO <value>", 8),
        Row("ECHO <long>", 1),
        Row("ECHO", 1),
        Row("ECHO <value> <value>", 1),
        Row("<unknown> <unknown-arg>* <unknown-arg>*", 3),
        Row("HELLO [2|3]", 3, "hello"),
        Row("HELLO (2|3) SETNAME <name>", 2, "hello", more=True),
        Row("HELLO (2|3) (SETNAME <name>|SETNAME|FOO|SETNAME <name>)+", 1,
            "hello", more=True),
        Row("HELLO (2|3) FOO+", 1, "hello"),
        Row("HELLO <version>", 1, "hello"),
        Row("RESET", 2),
        Row("QUIT", 1),
        Row("QUIT <value>", 1),
    ),
)
