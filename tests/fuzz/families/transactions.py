"""Transactions: what is queued, what EXEC does with it, and keys that are watched
while another client changes them.

A client that has begun a transaction and does not end it would queue all that
follows, so these rows are never spoiled. Where a second client comes between,
each is a member of a crowd.
"""

from __future__ import annotations

from fuzz.families.blocking import PUSH, PUSH_MORE, WAIT, WAIT_MORE
from fuzz.families.blocking import FAMILY as BLOCKING
from fuzz.families.pubsub import CHANGE, written
from fuzz.families.pubsub import FAMILY as PUBSUB
from fuzz.families.saying import said
from fuzz.grammar import Family, Row

# Whoever touches keys: some of it is no change, and some of it is refused.
TOUCH = (f"({CHANGE}|{CHANGE}|FLUSHALL|SELECT (0|1)|XACK <key> g 9-0|SET <key>"
         "|SET <key> x NX|EXPIRE <key> -1|NOSUCH <key>|DBSIZE|HGET <key> f"
         "|LRANGE <key> 0 -1|ZRANGE <key> 0 -1|XADD <key> 9-* f v|TYPE <key>)")
TOUCH_MORE = (f"({TOUCH}|{TOUCH}|FLUSHDB|SWAPDB 0 1|RENAME <key> <key>"
              "|COPY <key> <key> REPLACE|MOVE <key> 1|GETDEL <key>|GETEX <key>"
              "|XGROUP SETID <key> g 0|XSETID <key> 99-9|TOUCH <key>"
              "|XGROUP CREATECONSUMER <key> g ann|XCLAIM <key> g bob 0 9-0"
              "|SMOVE <key> <key> a|LMOVE <key> <key> LEFT RIGHT|SETRANGE <key> 0 x"
              "|SUNIONSTORE <key> <key>|ZUNIONSTORE <key> 1 <key>|SWAPDB 1 1)")
INSIDE = f"({TOUCH}|{WAIT}|PING|GET <key>|UNWATCH|PUBLISH a x|ECHO x)"
INSIDE_MORE = f"({TOUCH_MORE}|{WAIT_MORE}|SHUTDOWN FOO|SPUBLISH a x|CLIENT GETNAME)"
WATCH = "WATCH <key>+"
ANN = "@ann WATCH <key>+ ; {0} ; @ann MULTI ; @ann {1} ; {0} ; @ann {1} ; @ann EXEC"

FAMILY = Family(
    name="transactions",
    since=9,
    atoms={**PUBSUB.atoms, **BLOCKING.atoms, "any": written,
           "touch": said(TOUCH), "touch-more": said(TOUCH_MORE),
           "in": said(INSIDE), "in-more": said(INSIDE_MORE),
           "push": said(PUSH), "push-more": said(PUSH_MORE),
           "waits": said(WAIT), "waits-more": said(WAIT_MORE),
           "ends": said("(EXEC|EXEC|EXEC|DISCARD|EXEC x|DISCARD x)")},
    rows=(
        Row("(EXEC|DISCARD|UNWATCH) [x]", 10),
        Row("MULTI x", 6, strict=True),
        Row("WATCH", 6),
        Row("WATCH <key>+ ; UNWATCH", 6),
        Row("MULTI ; <in> ; <in> ; <in> ; <ends> ; EXEC", 40, strict=True),
        Row("MULTI ; <in> ; (MULTI|WATCH <key>) ; <in> ; EXEC", 20, strict=True),
        Row("MULTI ; (NOSUCH|SET <key>|OBJECT FOO x|CLIENT) ; <in> ; <ends> ; EXEC",
            16, strict=True),
        Row(f"{WATCH} ; <touch> ; MULTI ; <in> ; EXEC", 30, strict=True),
        Row("MULTI ; EXEC", 5, strict=True),
        Row(ANN.format("<touch>", "<in>"), 40, walk="crowd"),
        Row("@ann3 WATCH <key>+ ; @bob WATCH <key>+ ; <touch> ; "
            "@ann3 (UNWATCH|PING) ; @bob MULTI ; @ann3 MULTI ; @ann3 <in> ; "
            "@bob <in> ; @ann3 EXEC ; @bob EXEC", 30, walk="crowd"),
        Row("@ann <waits> ; @bob <waits> ; @cleo MULTI ; @cleo <push> ; "
            "@cleo <push> ; @cleo <push> ; @cleo EXEC", 30, walk="crowd"),
        Row("@ann SUBSCRIBE <channel> ; @bob MULTI ; @bob PUBLISH <channel> x ; "
            "@bob (SUBSCRIBE <channel>+|UNSUBSCRIBE <channel>|PSUBSCRIBE <topic>) ; "
            "@bob PUBLISH <channel> y ; @bob (PING|GET <key>) ; @bob EXEC ; "
            "@bob (MULTI|EXEC|EXEC x|QUIT)", 16, walk="crowd"),
        Row("@ann3 MULTI ; @ann3 SUBSCRIBE <channel>+ ; @ann3 PUBLISH <channel> x ; "
            "@ann3 (HELLO 2|HELLO 3|PING) ; @ann3 UNSUBSCRIBE <channel> ; "
            "@ann3 HGETALL none ; @ann3 EXEC ; @ann3 QUIT", 12, walk="crowd"),
        Row("@ann MULTI ; @ann <in> ; @ann QUIT ; GET <key>", 8, walk="crowd"),
        # Everything.
        Row("MULTI ; <any> ; <any> ; <any> ; <any> ; EXEC", 60, strict=True, more=True),
        Row("MULTI ; <in-more> ; <in-more> ; <in-more> ; <ends> ; EXEC", 40,
            strict=True, more=True),
        Row(ANN.format("<touch-more>", "<in-more>"), 40, walk="crowd", more=True),
        Row(ANN.format("<any>", "<any>"), 40, walk="crowd", more=True),
        Row("@ann <waits-more> ; @bob <waits-more> ; @cleo3 MULTI ; @cleo3 <push-more> ; "
            "@cleo3 <push-more> ; @cleo3 <push-more> ; @cleo3 EXEC", 30, walk="crowd",
            more=True),
        Row("@ann WATCH <key> ; @ann MULTI ; @ann <in> ; @ann RESET ; @ann EXEC", 8,
            walk="crowd", more=True),
        Row("@ann MULTI ; @ann PING ; @ann CLIENT REPLY (OFF|SKIP|ON) ; @ann PING ; "
            "@ann EXEC ; @ann ECHO a ; @ann CLIENT REPLY ON ; @ann ECHO b", 8,
            walk="crowd", more=True),
    ),
)
