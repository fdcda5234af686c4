"""The append-only log: commands are executed, and then the log in place of the data."""

from __future__ import annotations

from fuzz.families.pubsub import CHANGE, written
from fuzz.families.pubsub import FAMILY as PUBSUB
from fuzz.families.saying import said
from fuzz.families.transactions import TOUCH_MORE
from fuzz.grammar import Family, Row

# Commands whose effects are not what was sent.
OTHERWISE = (f"({CHANGE}|{TOUCH_MORE}|INCRBYFLOAT <key> 0.1|HINCRBYFLOAT <key> f 0.1|SPOP <key>|SPOP <key> 2"
             "|GETEX <key> EX 100|SETEX <key> 100 v|EXPIRE <key> -1|XADD <key> * f v|XADD <key> MAXLEN 1 * f v"
             "|XCLAIM <key> g bob 0 9-0|XAUTOCLAIM <key> g bob 0 0|XREADGROUP GROUP g ann NOACK STREAMS <key> '>'"
             "|XREADGROUP GROUP g ann STREAMS <key> 0|LMPOP 1 <key> LEFT COUNT 2|ZMPOP 1 <key> MIN|BLPOP <key> 0.001"
             "|BRPOPLPUSH <key> <key> 0.001|SORT <key> ALPHA STORE <key>|GEOADD <key> 1 2 a"
             "|RESTORE <key> 0 x|COPY <key> <key> DB 1|SWAPDB 0 1|SELECT (0|1|2)|FLUSHDB|XGROUP DELCONSUMER <key> g ann"
             "|ZRANGESTORE <key> <key> 0 -1|LINSERT <key> BEFORE a x|RENAMENX <key> <key>|MOVE <key> 1)")

FAMILY = Family(
    name="logs",
    since=11,
    more=True,
    atoms={**PUBSUB.atoms, "any": written, "otherwise": said(OTHERWISE)},
    rows=(
        Row("BGREWRITEAOF now", weight=0.2, strict=True),
        Row("<otherwise> ; <otherwise> ; <otherwise> ; <otherwise> ; <otherwise> ; <otherwise> ; DEBUG LOADAOF",
            weight=4, walk="log", strict=True),
        Row("<otherwise> ; MULTI ; <otherwise> ; <otherwise> ; EXEC ; <otherwise> ; DEBUG LOADAOF",
            weight=2, walk="log", strict=True),
    ),
    reset=("CONFIG SET appendonly no",),
)
