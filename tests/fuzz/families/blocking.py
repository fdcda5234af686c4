"""Commands that wait, and what ends their waits: another client's commands, the
time, CLIENT UNBLOCK.

A wait of 0 is for ever, so these are said by members of a crowd, which leaves
when the row is over; others are of a millisecond.
"""

from __future__ import annotations

from fuzz.families.saying import said
from fuzz.grammar import Family, Row

WAIT = ("(BLPOP <key> 0|BLPOP <key> <key> 0|BRPOP <key> 0|BRPOP <key> <key> 0"
        "|XREAD BLOCK 0 STREAMS <key> ($|0|<wid>)"
        "|XREAD COUNT 1 BLOCK 0 STREAMS <key> <key> $ <wid>"
        "|XREADGROUP GROUP g ann BLOCK 0 STREAMS <key> '>'"
        "|XREADGROUP GROUP g bob COUNT 1 BLOCK 0 NOACK STREAMS <key> '>')")
WAIT_MORE = (f"({WAIT}|BLMOVE <key> <key> <end> <end> 0|BRPOPLPUSH <key> <key> 0"
             "|BLMPOP 0 1 <key> <end> COUNT 2|BLMPOP 0 2 <key> <key> <end>"
             "|(BZPOPMIN|BZPOPMAX) <key> 0|(BZPOPMIN|BZPOPMAX) <key> <key> 0"
             "|BZMPOP 0 2 <key> <key> (MIN|MAX) COUNT 2)")
PUSH = ("((RPUSH|LPUSH) <key> <few>+|(RPUSH|LPUSH) <key> <few>"
        "|XADD <key> <wid> f v|XADD <key> MAXLEN 0 <wid> f v|DEL <key>"
        "|XADD <key> 9-* f v|XGROUP CREATE <key> g $ MKSTREAM"
        "|XGROUP DESTROY <key> g|SET <key> x|EXPIRE <key> 0|XDEL <key> <wid>"
        "|(LPOP|RPOP) <key>|LTRIM <key> 1 -1|UNLINK <key> <key>)")
PUSH_MORE = (f"({PUSH}|{PUSH}|ZADD <key> 1 a 2 b|ZADD <key> 3 <few>|RENAME <key> <key>"
             "|COPY <key> <key> REPLACE|MOVE <key> 1|SWAPDB 0 1|FLUSHDB"
             "|LMOVE <key> <key> <end> <end>|ZINCRBY <key> 1 m|RPUSHX <key> y"
             "|LINSERT <key> BEFORE a z|ZREM <key> a|XGROUP SETID <key> g 0"
             "|XSETID <key> 99-9|RPOPLPUSH <key> <key>|LSET <key> 0 q)")

FAMILY = Family(
    name="blocking",
    since=8,
    atoms={"wait": said(WAIT), "wait-more": said(WAIT_MORE),
           "push": said(PUSH), "push-more": said(PUSH_MORE),
           "behind": said(f"(PING|ECHO x|INCR n|{WAIT})"),
           "soon-over": said("((BLPOP|BRPOP) none <soon>"
                             "|XREAD BLOCK 1 STREAMS none $)"),
           "soon-over-more": said("(BLMOVE none none LEFT LEFT <soon>"
                                  "|BZPOPMIN none <soon>|BZMPOP <soon> 1 none MIN"
                                  "|BLMPOP <soon> 1 none LEFT)"),
           "chain": said("(BRPOPLPUSH l3 l1 0|BLPOP l3 l1 0"
                         "|BLMPOP 0 2 l1 l3 LEFT COUNT 2)"),
           "chain-end": said("(BLPOP l1 l2 0|BRPOP l3 0)"),
           "wid": (b"1-1", b"2-1", b"3-1", b"5", b"7-2", b"9-1"),
           "few": (b"a", b"b", b"1", b"", b"xyz"),
           "end": (b"LEFT", b"RIGHT"),
           "soon": (b"0.001", b"0.0001", b"1e-3", b".002", b"0x0.01p0"),
           "never": (b"abc", b"", b"-1", b"-0.5", b"nan", b"1e30", b" 1",
                     b"9223372036854775808", b"-inf", b"1.5x"),
           "popped": (b"1", b"2", b"0", b"-1", b"abc", b"9223372036854775807"),
           "no-id": (b"0", b"-1", b"999999999", b"abc", b"", b"1x")},
    rows=(
        # Errors, and a time that is soon over.
        Row("(BLPOP|BRPOP) <key>+ <soon>", 8, strict=True),
        Row("(BLPOP|BRPOP) <key>+ <never>", 24, strict=True),
        Row("(BLPOP|BRPOP) <key>", 3, strict=True),
        Row("XREAD (COUNT 2|BLOCK 1)+ STREAMS <key> ($|0|<wid>)", 6,
            strict=True),
        Row("XREAD BLOCK (1|-1|abc|1.5) STREAMS <key> <key> $ (0|<wid>)", 16,
            strict=True),
        Row("XREADGROUP GROUP (g|nogroup) ann (BLOCK 1|NOACK|COUNT 1)* "
            "STREAMS <key> ('>'|0)", 6, strict=True),
        Row("XREADGROUP GROUP g ann BLOCK (-1|abc|1.5) STREAMS <key> '>'", 24,
            strict=True),
        Row("BLMOVE <key> <key> <end> (LEFT|RIGHT|FOO) (<soon>|<never>)", 24,
            strict=True),
        Row("BLMOVE <key> <key> (LEFT|RIGHT) <end> <soon>", 24, strict=True),
        Row("BRPOPLPUSH <key> <key> (<soon>|<never>)", 6, strict=True),
        Row("BLMPOP (<soon>|<never>) (1 <key>|2 <key> <key>|0 <key>|abc <key>|3 <key>) "
            "(LEFT|RIGHT|FOO) (COUNT <popped>|FOO|COUNT)*", 24, strict=True),
        Row("BLMPOP <soon> 2 <key> <key> (LEFT|RIGHT) [COUNT <popped>]", 8,
            strict=True),
        Row("(BZPOPMIN|BZPOPMAX) <key>+ (<soon>|<soon>|<never>)", 10,
            strict=True),
        Row("BZMPOP (<soon>|<never>) (1 <key>|2 <key> <key>|0 <key>|abc <key>) "
            "(MIN|MAX|FOO) (COUNT <popped>|FOO|COUNT)*", 24, strict=True),
        Row("BZMPOP <soon> 2 <key> <key> (MIN|MAX) [COUNT <popped>]", 8,
            strict=True),
        Row("CLIENT UNBLOCK <no-id> [(TIMEOUT|ERROR|FOO)]", 60, strict=True),
        Row("BLMPOP <soon> 1 <key> LEFT COUNT (0|-1|abc)", 24, strict=True),
        Row("BZMPOP <soon> (0|-1|abc) <key> MIN", 24, strict=True),
        Row("CLIENT UNBLOCK <no-id> (FOO|timeouts|now) [x]", 80, strict=True),
        # Others serve.
        Row("@ann <wait> ; <push> ; <push>", 20, walk="crowd"),
        Row("@ann <wait> ; @bob3 <wait> ; @cleo <wait> ; <push> ; <push> ; "
            "<push> ; <push>", 30, walk="crowd"),
        Row("@ann <wait-more> ; <push-more> ; <push-more>", 20, walk="crowd",
            more=True),
        Row("@ann <wait-more> ; @bob3 <wait-more> ; @cleo <wait-more> ; "
            "<push-more> ; <push-more> ; <push-more> ; <push-more>", 40,
            walk="crowd", more=True),
        # Chains, on keys that hold nothing else.
        Row("DEL l1 l2 l3 ; @ann BLMOVE l1 l2 <end> <end> 0 ; "
            "@bob BLMOVE l2 (l3|l1) <end> <end> 0 ; "
            "@cleo3 <chain> ; "
            "@dora <chain-end> ; (RPUSH|LPUSH) (l1|l2|l3) <few>+ ; "
            "RPUSH (l1|l2) <few> ; LRANGE l1 0 -1 ; LRANGE l2 0 -1 ; "
            "LRANGE l3 0 -1 ; DEL l1 l2 l3", 12, walk="crowd", more=True),
        # What follows a command that waits, and what ends a wait besides.
        Row("@ann <wait> ; @ann <behind> ; <push> ; <push> ; "
            "DEL n", 10, walk="crowd"),
        Row("@ann <wait-more> ; CLIENT UNBLOCK id:ann [(TIMEOUT|ERROR|FOO)] ; <push-more> "
            "; CLIENT UNBLOCK id:ann", 10, walk="crowd", more=True),
        Row("@ann <wait-more> ; @bob <wait-more> ; CLIENT KILL ID id:ann ; "
            "<push-more> ; <push-more>", 24, walk="crowd", more=True),
        Row("@ann CLIENT REPLY (OFF|SKIP) ; @ann <wait-more> ; @bob <wait-more> ; "
            "<push-more> ; <push-more> ; @ann PING", 10, walk="crowd",
            more=True),
        Row("@ann <wait-more> ; @bob <wait-more> ; CLIENT PAUSE 2000 WRITE ; "
            "@cleo <push-more> ; @dora3 <wait-more> ; @eve <push-more> ; "
            "@fay PUBLISH news x ; CLIENT UNPAUSE ; PING ; <push-more>", 16,
            walk="crowd", more=True),
        Row("@ann BLPOP nokey 0 ; CLIENT UNBLOCK id:ann (TIMEOUT|ERROR) ; "
            "CLIENT UNBLOCK id:ann FOO", 90, walk="crowd", more=True),
        Row("DEL st ; XGROUP CREATE st g $ MKSTREAM ; "
            "@ann XREADGROUP GROUP g ann BLOCK 0 STREAMS st '>' ; "
            "(DEL|UNLINK|GET) st ; DEL st", 30, walk="crowd"),
        Row("DEL st ; XGROUP CREATE st g $ MKSTREAM ; "
            "@ann3 XREADGROUP GROUP g ann BLOCK 0 STREAMS st '>' ; "
            "XGROUP DESTROY st (g|g|h) ; DEL st", 90, walk="crowd"),
        Row("DEL none ; @ann <soon-over> ; @ann", 6, walk="crowd"),
        Row("DEL none ; @ann3 <soon-over-more> ; @ann3 ; @ann3 PING", 6,
            walk="crowd", more=True),
    ),
)
