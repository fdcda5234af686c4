"""The CLIENT commands: names, lists, kills, pauses, silence."""

from __future__ import annotations

import re
from collections import Counter

from fuzz import wire
from fuzz.grammar import Dice, Family, Ref, Row

# What a client's line says that is the same on every server.
STABLE = (b"name", b"flags", b"db", b"sub", b"psub", b"ssub", b"multi",
          b"watch", b"cmd", b"user", b"redir", b"resp")
FIELD = re.compile(rb"([a-z-]+)=(.*?)(?= [a-z-]+=|$)", re.DOTALL)


def lines(raw: bytes) -> tuple[str, Counter[tuple[bytes, ...]]]:
    """Client lines with the names of all fields, and the stable values."""
    reply = wire.decode(raw)
    out = []
    for line in reply.text.split(b"\n"):
        fields = FIELD.findall(line)
        out.append(tuple(name + b"=" + (value if name in STABLE else b"#")
                         for name, value in fields))
    return reply.kind, Counter(out)


def same_clients(real: bytes, other: bytes) -> bool:
    """The same clients, but for addresses, ages and buffer sizes."""
    return lines(real) == lines(other)


def own_id(dice: Dice) -> Ref:
    """The id of a connection of this plan."""
    return Ref("id", dice.rng.choice("ab"))


def own_address(dice: Dice) -> Ref:
    """The address of a connection of this plan."""
    return Ref("addr", dice.rng.choice("ab"))


FAMILY = Family(
    name="client",
    since=1,
    atoms={
        "client-id": own_id,
        "client-addr": own_address,
        "server-addr": lambda dice: Ref("laddr", "a"),
        "odd-id": (b"0", b"-1", b"999999999", b"abc", b"", b"1x",
                   b"9223372036854775807", b"9223372036854775808"),
        "odd-addr": (b"127.0.0.1:1", b"1.2.3.4:5", b"", b"localhost",
                     b"[::1]:6379", b"/tmp/nosuch:0"),
        "type": (b"normal", b"master", b"replica", b"slave", b"pubsub",
                 b"NORMAL", b"foo", b""),
        "lists-type": (b"normal", b"master", b"replica", b"slave", b"pubsub",
                       b"Normal", b"foo", b""),
        "pause": (b"0", b"1", b"5", b"10", b"-1", b"abc", b"", b"1.5"),
        "user": (b"default", b"nosuch", b"", b"alice"),
    },
    compare={"clients": same_clients},
    reset=("CLIENT UNPAUSE",),
    rows=(
        Row("CLIENT ID", 4, "integer"),
        Row("CLIENT GETNAME", 6),
        Row("CLIENT SETNAME <name>", 8),
        Row("CLIENT INFO", 4, "clients"),
        Row("CLIENT LIST", 4, "clients"),
        Row("CLIENT LIST TYPE <lists-type>", 4, "clients"),
        Row("CLIENT LIST ID (<client-id>|<odd-id>)+", 3, "clients"),
        Row("CLIENT LIST (TYPE <lists-type>|ID <client-id>|FOO|ID|TYPE)+", 2,
            "clients"),
        Row("CLIENT KILL (<client-addr>|<odd-addr>)", 2),
        Row("CLIENT KILL ID (<client-id>|<odd-id>)", 2),
        Row("CLIENT KILL ADDR (<client-addr>|<odd-addr>)", 2),
        Row("CLIENT KILL LADDR <odd-addr>", 2),
        Row("CLIENT KILL LADDR <server-addr> [SKIPME (yes|no)]", 0.5),
        Row("CLIENT KILL (ID (<client-id>|<odd-id>)|ADDR (<client-addr>"
            "|<odd-addr>)|LADDR <odd-addr>|TYPE <type>|USER <user>"
            "|SKIPME (yes|no|YES|foo))+ ID (<client-id>|<odd-id>)", 3),
        Row("CLIENT KILL (ID|ADDR|TYPE|USER|SKIPME|FOO <odd-id>)+", 1),
        Row("CLIENT KILL (TYPE <type>|USER <user>|SKIPME yes)+ SKIPME yes", 1,
            "integer"),
        Row("CLIENT REPLY ON", 2),
        Row("CLIENT REPLY (FOO|<odd>)", 1, strict=True),
        Row("CLIENT REPLY OFF ; PING ; ECHO <value> ; CLIENT REPLY ON "
            "; PING", 2, strict=True),
        Row("CLIENT REPLY SKIP ; PING ; ECHO <value>", 2, strict=True),
        Row("CLIENT REPLY OFF ; CLIENT REPLY SKIP ; PING ; <unknown> "
            "; CLIENT REPLY ON", 1, strict=True),
        Row("CLIENT REPLY SKIP ; CLIENT REPLY ON ; PING", 1, strict=True),
        Row("CLIENT REPLY SKIP ; <unknown> ; PING", 1, strict=True),
        Row("CLIENT NO-EVICT (ON|OFF|on|foo)", 3),
        # A pause that outlives its step would also keep expired keys.
        Row("CLIENT PAUSE <pause> [WRITE|ALL|FOO] ; PING ; CLIENT UNPAUSE",
            1, strict=True),
        Row("CLIENT UNPAUSE", 3),
        Row("CLIENT HELP", 1, "opening"),
        Row("CLIENT", 1),
        Row("CLIENT <odd> <value>*", 1, strict=True),
    ),
)
