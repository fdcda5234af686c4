"""AUTH and the ACL commands that there are without rules for commands."""

from __future__ import annotations

from fuzz.compare import masked
from fuzz.grammar import Family, Row

HASH1 = (b"#e6c3da5b206634d7f3f3586d747ffdb36b5c675757b380c6a5fe5c570c714349")
RULES = (b"on", b"off", b"nopass", b"resetpass", b">pw1", b">pw2", b"<pw1",
         b"<pw2", b"~*", b"allkeys", b"resetkeys", b"+@all", b"-@all",
         b"allcommands", b"nocommands", b"reset", b"&*", b"allchannels",
         b"resetchannels", HASH1, b"!" + HASH1[1:], b"ON", b"#abc", b"!abc",
         b"foo", b"", b">", b"<nosuch", b"sanitize-payload",
         b"skip-sanitize-payload", HASH1.upper())
# The default user keeps its rights, or no plan would say much more.
DEFAULT_RULES = (b"on", b"off", b"nopass", b"resetpass", b">pw1", b">pw2",
                 b"<pw1", b"foo", b"~*", b"+@all", b"&*")

FAMILY = Family(
    name="users",
    since=2,
    more=True,
    atoms={
        "user": (b"default", b"alice", b"bob", b"nosuch", b"", b"a b",
                 b"default"),
        "new-user": (b"alice", b"bob", b"alice", b"bob", b"with space", b"",
                     b"nul\x00"),
        "rule": RULES,
        "default-rule": DEFAULT_RULES,
        "password": (b"pw1", b"pw2", b"", b"wrong", b"pw1"),
        "bits": (b"1", b"4", b"5", b"256", b"4096", b"4097", b"0", b"-1",
                 b"abc"),
    },
    compare={"random-text": masked(rb"[0-9a-f]")},
    # A parameter that is set to what it was is not applied, so that the
    # password must go as a parameter too.
    reset=(
        "CONFIG SET requirepass ''",
        "ACL SETUSER default resetpass on nopass ~* &* +@all "
        "sanitize-payload",
    ),
    rows=(
        Row("AUTH <password>", 3),
        Row("AUTH <user> <password>", 4),
        Row("HELLO (2|3) AUTH <user> <password> [SETNAME <name>]", 3,
            "hello"),
        Row("HELLO (2|3) (AUTH <user>|SETNAME|AUTH)", 1, "hello"),
        Row("ACL WHOAMI", 5),
        Row("ACL LIST", 4, "unordered"),
        Row("ACL USERS", 3, "unordered"),
        Row("ACL GETUSER <user>", 5),
        Row("ACL SETUSER <new-user> <rule>*", 8),
        Row("ACL SETUSER <new-user> on '>pw1' '~*' '&*' '+@all'", 4),
        Row("ACL SETUSER default <default-rule>", 1, strict=True),
        Row("ACL DELUSER <user>+", 3, strict=True),
        Row("ACL GENPASS [<bits>]", 1, "random-text"),
        Row("ACL HELP", 1, "opening"),
        Row("ACL <odd>", 1, strict=True),
        Row("CONFIG SET requirepass (pw1|pw1|<password>)", 1, strict=True),
        Row("CONFIG GET requirepass", 1),
    ),
)
