"""What a server tells of itself: OBJECT, COMMAND, INFO, DEBUG, MONITOR."""

from __future__ import annotations

import re

from fuzz import wire
from fuzz.compare import pairs
from fuzz.grammar import Family, Row
from fuzz.wire import Reply

PLACE = re.compile(rb"at:(0x[0-9a-f]+|\(nil\))|refcount:\d+")
AVERAGE = re.compile(rb"avg_ttl=\d+")
COMMANDS = (b"get", b"SET", b"mset", b"copy", b"lcs", b"object", b"config",
            b"ping", b"scan", b"object|encoding", b"config|get", b"nosuch",
            b"", b"msetnx", b"rename", b"keys", b"select", b"hello",
            b"config|foo", b"get|foo", b"client|kill", b"swapdb")


def _row(entry: Reply) -> tuple[object, ...]:
    """What clients route by: name, arity, flags, key positions, tips."""
    if len(entry.items) < 8:
        return (entry,)
    name, arity, flags, *positions, _, tips = entry.items[:8]
    return (name, arity, frozenset(flags.items), *positions, tips)


def same_commands(real: bytes, other: bytes) -> bool:
    """COMMAND INFO: the entries agree in all that _row takes."""
    a, b = wire.decode(real), wire.decode(other)
    if len(a.items) > len(COMMANDS):
        return known_commands(real, other)
    return a.kind == b.kind and list(map(_row, a.items)) == list(
        map(_row, b.items))


def known_commands(real: bytes, other: bytes) -> bool:
    """COMMAND: each entry is one of the real server's."""
    a, b = wire.decode(real), wire.decode(other)
    return a.kind == b.kind and set(map(_row, b.items)) <= set(
        map(_row, a.items))


def documented(real: bytes, other: bytes) -> bool:
    """COMMAND DOCS: the same names, in the same form."""
    a, b = wire.decode(real), wire.decode(other)
    return a.kind == b.kind and set(pairs(a)) == set(pairs(b))


def _sections(raw: bytes) -> dict[bytes, dict[bytes, bytes]]:
    out: dict[bytes, dict[bytes, bytes]] = {}
    fields: dict[bytes, bytes] = {}
    for line in wire.decode(raw).text.split(b"\r\n"):
        if line.startswith(b"# "):
            fields = out.setdefault(line[2:], {})
        elif b":" in line:
            name, _, text = line.partition(b":")
            fields[name] = text
    return out


def same_object(real: bytes, other: bytes) -> bool:
    """DEBUG OBJECT's encoding.  The rest is where a value lies, whether it
    is shared, how long it would be on disk, and its age."""
    a, b = (PLACE.sub(b"", raw).split(b" serializedlength")[0].strip()
            for raw in (real, other))
    return a == b


def same_info(real: bytes, other: bytes) -> bool:
    """INFO: sections and fields that the real server has too, and the same
    keyspace, but for average times to live."""
    if wire.decode(real).kind != wire.decode(other).kind:
        return False
    left, right = _sections(real), _sections(other)
    for section, fields in right.items():
        if section not in left or not set(fields) <= set(left[section]):
            return section in (b"Commandstats", b"Errorstats")
    keys = [{name: AVERAGE.sub(b"", text) for name, text in
             side.get(b"Keyspace", {}).items()} for side in (left, right)]
    return keys[0] == keys[1] and (b"Keyspace" in left) == (
        b"Keyspace" in right)


FAMILY = Family(
    name="introspection",
    since=2,
    atoms={
        "command": COMMANDS,
        "filter": (b"g*", b"*", b"nosuch*", b"config|*", b"", b"[sg]et"),
        "category": (b"string", b"fast", b"keyspace", b"nosuch", b"read"),
        "section": (b"server", b"clients", b"memory", b"stats", b"cpu",
                    b"keyspace", b"KEYSPACE", b"default", b"all",
                    b"everything", b"nosuch", b"", b"replication",
                    b"persistence"),
    },
    compare={
        "commands": same_commands,
        "all-commands": known_commands,
        "docs": documented,
        "info": same_info,
        "debug-object": same_object,
    },
    rows=(
        Row("OBJECT ENCODING <key>", 12),
        Row("OBJECT REFCOUNT <key>", 4, "integer"),
        Row("OBJECT HELP", 1, "opening"),
        Row("OBJECT (ENCODING|REFCOUNT)", 1),
        Row("OBJECT <odd> <key>", 1, strict=True),
        Row("DEBUG OBJECT <key>", 3, "debug-object", "swept", strict=True),
        Row("DEBUG SLEEP 0", 1, strict=True),
        Row("DEBUG ERROR (<value>|<odd>)", 3, strict=True),
        Row("DEBUG DIGEST", 3, walk="swept", strict=True),
        Row("DEBUG DIGEST-VALUE <key>*", 3, walk="swept", strict=True),
        Row("DEBUG NOSUCH", 1, strict=True),
        Row("TIME", 1, "shape"),
        Row("COMMAND COUNT", 1, "integer"),
        Row("COMMAND", 1, "all-commands"),
        Row("COMMAND LIST", 0.3, "subset"),
        Row("COMMAND LIST FILTERBY PATTERN <filter>", 1, "subset"),
        Row("COMMAND LIST FILTERBY ACLCAT <category>", 1, "subset"),
        Row("COMMAND LIST FILTERBY MODULE nosuch", 1, "subset"),
        Row("COMMAND LIST (FILTERBY|FOO|PATTERN <filter>|MODULE|ACLCAT)+", 1,
            "subset"),
        Row("COMMAND INFO <command>+", 3, "commands"),
        Row("COMMAND DOCS <command>+", 2, "docs"),
        Row("COMMAND GETKEYS SET <key> <value>", 1, strict=True),
        Row("COMMAND GETKEYS MSET (<key> <value>)+", 1, strict=True),
        Row("COMMAND GETKEYS (GET|MGET|DEL|COPY|LCS|RENAME|PING|<command>) "
            "<key>+", 30, strict=True),
        Row("COMMAND GETKEYSANDFLAGS (SET <key> <value> (GET|NX|EX)*|MSET <key> "
            "<value>|GET <key>|DEL <key>+|(COPY|RENAMENX) <key> <key>)", 10,
            strict=True),
        Row("COMMAND GETKEYS (OBJECT ENCODING|CONFIG GET|<odd>) <key>", 10,
            strict=True),
        Row("COMMAND HELP", 1, "opening"),
        Row("COMMAND <odd>", 1, strict=True),
        Row("INFO", 0.3, "info"),
        Row("INFO <section>+", 3, "info"),
        Row("INFO keyspace", 3, "info"),
        Row("GET <key>", 2, walk="monitor", strict=True),
        Row("SET <key> <value>", 2, walk="monitor", strict=True),
        Row("<unknown> <value>", 1, walk="monitor", strict=True),
        Row("SHUTDOWN (FOO|ABORT|NOSAVE ABORT|SAVE NOSAVE|NOW ABORT"
            "|FORCE ABORT)", 20, strict=True),
    ),
)
