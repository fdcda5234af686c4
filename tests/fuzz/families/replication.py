"""Replication: roles, what a replica refuses, and what is propagated.

A server that is told to follow another finds nobody at port 1. Rows end with
the role that they began with, since in another one the rows of other families
would be refused. In a row that walks as `followed`, @rep is a replica that
reads the stream from the row's beginning on: what reaches it is compared.
"""

from __future__ import annotations

import re

from fuzz.families.client import same_clients
from fuzz.families.configuration import parameters, same_value
from fuzz.families.logs import OTHERWISE
from fuzz.families.pubsub import CHANGE, written
from fuzz.families.pubsub import FAMILY as PUBSUB
from fuzz.families.saying import said
from fuzz.grammar import Compare, Family, Row

# What is each server's own: the state of a link that cannot be made, IDs of
# histories, offsets that depend on all that was written before, and lengths.
OWN = re.compile(
    rb"\$\d+\r\n(?:# Replication|connect(?:ing)?(?=\r\n))|(?<=down_since_seconds:)-?\d+"
    rb"|(?<=replid:)[0-9a-f]{40}|(?<=replid2:)[0-9a-f]{40}|=\d+\r\ntxt:# Replication"
    rb"|(?<=\$6\r\nmaster\r\n:)\d+|(?<=offset:)-?\d+|(?<=histlen:)\d+|(?<=repl_backlog_active:)\d")
FOLLOW = "REPLICAOF 127.0.0.1 1"
ALONE = "REPLICAOF NO ONE"
# Without SPOP, whose choice is each server's own.
PASSED_ON = OTHERWISE.replace("|SPOP <key> 2", "").replace("|SPOP <key>", "")
# A time that is over keeps the key until the clock ticks, on a replica that may be written; or deletes it at once.
LASTING = CHANGE.replace("(0|100)", "100")
READ = (f"({LASTING}|GET <key>|TTL <key>|EXISTS <key>|TYPE <key>|LRANGE <key> 0 -1|PUBLISH a x|PING|ECHO x"
        "|SELECT (0|1)|HGET <key> f|SET <key>|NOSUCH|ROLE x|FLUSHALL|BLPOP <key> 0.001|XREAD BLOCK 1 STREAMS <key> $)")
READ_MORE = (f"({READ}|{READ}|FAILOVER|FAILOVER ABORT|SLAVEOF 127.0.0.1 1|REPLICAOF LOCALHOST 1|PSYNC x 1|SYNC"
             "|COMMAND COUNT x|COPY <key> <key>|GETEX <key> EX 100|GETDEL <key>|SORT <key> ALPHA STORE <key>"
             "|WAIT 0 0|DISCARD|UNWATCH|HELLO 4|MEMORY USAGE|OBJECT ENCODING <key>)")
WRONG_FAILOVER = ("TO (127.0.0.1|localhost) (1|7001|x)", "TIMEOUT (0|-1|10|x|9223372036854775808)", "FORCE",
                  "ABORT", "FOO", "TO", "TIMEOUT", "TO 127.0.0.1")


def same_place(real: bytes, other: bytes) -> bool:
    """The same replies, but for what is each server's own."""
    return OWN.sub(b"#", real) == OWN.sub(b"#", other)


COMPARE: dict[str, Compare] = {"place": same_place, "parameters": parameters(same_value),
                               "links": same_clients}

FAMILY = Family(
    name="replication",
    since=12,
    atoms={**PUBSUB.atoms, "any": written, "read": said(READ), "read-more": said(READ_MORE),
           "passed-on": said(PASSED_ON),
           "wrong-port": (b"port", b"65536", b"-1", b"", b"1.0", b"99999999999999999999", b"TWO", b"ONE "),
           "history": (b"?", b"x", b"", b"0123456789012345678901234567890123456789"),
           "no-offset": (b"x", b"", b"1.5", b"9223372036854775808", b" 1"),
           "replicas": (b"0", b"0", b"-1", b"1", b"2", b"x", b"", b"9223372036854775808", b"1.0"),
           "wait-ms": (b"1", b"1", b"2", b"-1", b"x", b"", b"1.5", b"9223372036854775808"),
           "port": (b"7001", b"0", b"-1", b"x", b"", b"65536", b"99999999999999999999", b"1.5"),
           "long-ip": (b"x" * 255, b"x" * 256, b"192.0.2.1", b""),
           "parts": (b"", b"functions", b"functions functions", b"colours", b"functions keys", b" ", b'"functions"', b'"', b"'functions' x"),
           "parameter": (b"replicaof", b"slaveof", b"replica-*", b"slave-*", b"repl-*", b"min-*", b"master*",
                         b"replica-read-only", b"slave-read-only", b"min-slaves-to-write", b"slave-priority",
                         b"slave-announce-ip", b"slave-serve-stale-data", b"repl-ping-slave-period"),
           "failover": said("|".join(WRONG_FAILOVER))},
    compare=COMPARE,
    # A PING moves the offset, whenever it comes.
    reset=(ALONE, "CONFIG SET repl-ping-replica-period 3600", "CONFIG SET replica-serve-stale-data yes", "CONFIG SET min-replicas-to-write 0",
           "CONFIG SET min-replicas-max-lag 10", "CONFIG SET replica-read-only yes"),
    rows=(
        # Roles, and what a replica refuses.
        Row("REPLICAOF NO ONE", 20, strict=True),
        Row("REPLICAOF (127.0.0.1|''|NO) <wrong-port>", 20, strict=True),
        Row("REPLICAOF [127.0.0.1] ", 10, strict=True),
        Row("ROLE", 10, "place"),
        Row(f"{FOLLOW} ; {FOLLOW} ; REPLICAOF 127.0.0.1 <wrong-port> ; ROLE ; {ALONE} ; ROLE", 20, "place",
            strict=True),
        Row(f"{FOLLOW} ; (CONFIG GET replicaof|ROLE) ; REPLICAOF localhost 1 ; ROLE ; {ALONE} ; CONFIG GET replicaof",
            20, "place", strict=True),
        Row(f"{FOLLOW} ; <read> ; <read> ; <read> ; <read> ; {ALONE} ; <read>", 60, strict=True),
        Row(f"{FOLLOW} ; MULTI ; <read> ; <read> ; EXEC ; {ALONE} ; DISCARD", 30, strict=True),
        Row(f"MULTI ; <read> ; {FOLLOW} ; <read> ; {ALONE} ; <read> ; EXEC ; {ALONE}", 30, strict=True),
        Row(f"MULTI ; {FOLLOW} ; ROLE ; WAIT 0 0 ; EXEC ; (SET <key> x|GET <key>) ; {ALONE}", 20, "place", strict=True),
        Row(f"@ann MULTI ; @ann <read> ; @ann <read> ; {FOLLOW} ; @ann EXEC ; {ALONE}", 20, walk="crowd"),
        Row(f"@ann BLPOP <key> 0 ; @bob (XREAD BLOCK 0 STREAMS <key> $|BRPOP <key> 0|WAIT 1 0) ; {FOLLOW} ; "
            f"@cleo BLPOP <key> 0.001 ; {ALONE} ; RPUSH <key> x", 20, walk="crowd"),
        Row(f"{FOLLOW} ; CONFIG SET replica-read-only no ; <read> ; <read> ; <read> ; "
            f"CONFIG SET replica-read-only yes ; <read> ; {ALONE}", 40, strict=True),
        # WAIT, PSYNC, REPLCONF.
        Row("WAIT <replicas> <wait-ms>", 60, strict=True),
        Row("WAIT (0|x|-1) 0", 20, strict=True),
        Row("WAIT [0]", 10, strict=True),
        Row("MULTI ; <read> ; WAIT <replicas> 0 ; WAIT (0|1) <wait-ms> ; EXEC", 20, strict=True),
        Row(f"{FOLLOW} ; WAIT <replicas> <wait-ms> ; {ALONE} ; SET <key> x ; WAIT <replicas> 1", 20, strict=True),
        # With a pause, or a reply before it might be pending, or not.
        Row("PSYNC <history> <no-offset>", 20, strict=True, pause=0.0001),
        Row("PSYNC [?]", 10, strict=True),
        Row(f"{FOLLOW} ; PSYNC <history> (1|-1|x) ; {ALONE}", 20, strict=True),
        Row("REPLCONF", 10, strict=True),
        Row("REPLCONF (LISTENING-PORT <port>|IP-ADDRESS 192.0.2.1|CAPA (eof|psync2|x))+", 40, strict=True),
        Row("REPLCONF (CAPA|LISTENING-PORT) <port> (FOO x|CAPA|VERSION 7|'' x)", 20, strict=True),
        Row("REPLCONF (ACK (0|x|-1)|GETACK '*'|CAPA psync2 ACK 0|FOO x ACK 0) ; PING", 20, strict=True),
        # Everything.
        Row(f"{FOLLOW} ; INFO replication ; {ALONE} ; INFO replication", 20, "place", strict=True, more=True),
        Row(f"{FOLLOW} ; <read-more> ; <read-more> ; <read-more> ; <read-more> ; {ALONE}", 60, strict=True, more=True),
        Row(f"{FOLLOW} ; <any> ; <any> ; <any> ; {ALONE}", 40, strict=True, more=True),
        Row(f"CONFIG SET replica-serve-stale-data no ; {FOLLOW} ; <read-more> ; <any> ; <read-more> ; MULTI ; <read> ; "
            f"<any> ; EXEC ; {ALONE} ; CONFIG SET replica-serve-stale-data yes", 40, strict=True, more=True),
        Row(f"@ann MULTI ; @ann <read> ; CONFIG SET replica-serve-stale-data no ; {FOLLOW} ; @ann EXEC ; "
            f"@ann <read-more> ; {ALONE} ; CONFIG SET replica-serve-stale-data yes", 20, walk="crowd", more=True),
        Row("CONFIG SET min-replicas-to-write (1|2) ; <read-more> ; <any> ; MULTI ; <read> ; <any> ; EXEC ; "
            f"CONFIG SET min-replicas-max-lag 0 ; <read> ; {FOLLOW} ; <read> ; {ALONE} ; "
            "CONFIG SET min-replicas-to-write 0 min-replicas-max-lag 10", 40, strict=True, more=True),
        Row(f"SET w x PX 1 ; SET <key> y ; {FOLLOW} ; DEBUG SLEEP 0.002 ; EXISTS w ; GET w ; TTL w ; TYPE w ; "
            f"KEYS w ; {ALONE} ; (EXISTS w|GET w|INCR w|SET w x NX|TTL w) ; DEL w <key> <key>", 4, strict=True,
            more=True),
        # What has expired there stays until a write meets it, or another lookup, which is each server's own.
        Row(f"{FOLLOW} ; CONFIG SET replica-read-only no ; SET w x ; (EXPIRE w -1|SET w x PXAT 1|PEXPIREAT w 1|"
            "GETEX w EXAT 1) ; EXISTS w ; GET w ; TTL w ; (SET w y KEEPTTL|INCR w|RPUSH w a|SET w z NX|SET w y XX|"
            "APPEND w x|EXPIRE w 100|COPY w <key>|PERSIST w) ; TYPE w ; TTL w ; SET w x ; "
            f"CONFIG SET replica-read-only yes ; {ALONE}", 30, strict=True, more=True),
        Row("SLAVEOF NO ONE", 20, strict=True, more=True),
        Row("SLAVEOF (127.0.0.1|NO) <wrong-port>", 10, strict=True, more=True),
        Row("SYNC x", 10, strict=True, more=True),
        Row("MULTI ; (SYNC|PSYNC ? -1) ; EXEC", 20, strict=True, more=True),
        Row(f"{FOLLOW} ; (SYNC|PSYNC <history> 1 FAILOVER|PSYNC <history> 1 FOO) ; {ALONE}", 40, strict=True,
            more=True),
        Row("PING ; (SYNC|PSYNC <history> 1) ; PING", 20, strict=True, more=True),
        Row("PSYNC <history> 1 FAILOVER", 20, strict=True, more=True, pause=0.0001),
        Row("REPLCONF (RDB-ONLY (0|1|2|x)|RDB-FILTER-ONLY <parts>|IP-ADDRESS <long-ip>|CAPA eof)+", 200, strict=True,
            more=True),
        Row("REPLCONF (RDB-FILTER-ONLY <parts>|CAPA eof|CAPA x) ; PSYNC <history> <no-offset>", 100, strict=True, more=True),
        Row("REPLCONF (CAPA eof|FOO x|LISTENING-PORT <port>) (RDB-ONLY x|RDB-FILTER-ONLY <parts>)", 10, strict=True,
            more=True),
        Row("FAILOVER", 20, strict=True, more=True),
        Row("FAILOVER <failover>+", 60, strict=True, more=True),
        Row("FAILOVER (ABORT|TO 127.0.0.1 1 [FORCE] [TIMEOUT (10|0|x)]|TIMEOUT 10 [FORCE]|FORCE|FORCE FORCE)", 60,
            strict=True, more=True),
        Row(f"{FOLLOW} ; FAILOVER <failover>* ; {ALONE}", 40, strict=True, more=True),
        Row("CONFIG GET <parameter>", 20, "parameters", strict=True, more=True),
        Row("CONFIG SET (replicaof|slaveof) '127.0.0.1 1'", 10, strict=True, more=True),
        Row("CLIENT LIST TYPE (MASTER|REPLICA|SLAVE)", 20, "links", strict=True, more=True),
        Row("DEBUG CHANGE-REPL-ID", 5, strict=True, more=True),
        # What a replica gets.
        Row("<passed-on> ; <passed-on> ; <passed-on> ; <passed-on> ; <passed-on> ; <passed-on>", 60, walk="followed",
            more=True),
        Row("<passed-on> ; MULTI ; <passed-on> ; <passed-on> ; <passed-on> ; EXEC ; <passed-on>", 60, walk="followed",
            more=True),
        Row("MULTI ; <any> ; <any> ; <any> ; EXEC ; <any> ; <any>", 40, walk="followed", more=True),
        Row("SET <key> x ; @rep REPLCONF ACK (offset|0|x) ; WAIT (1|2|-1) 2 ; ROLE ; <passed-on> ; WAIT (0|1) 1 ; "
            "INFO replication", 30, walk="followed", more=True),
        Row("CONFIG SET min-replicas-to-write (1|2) ; <passed-on> ; <passed-on> ; INFO replication ; "
            "CONFIG SET min-replicas-to-write 0", 20, walk="followed", more=True),
        Row("CLIENT LIST TYPE (replica|slave|master) ; FAILOVER <failover>* ABORT ; FAILOVER FORCE ; "
            "FAILOVER TO 127.0.0.1 1 ; ROLE", 20, walk="followed", more=True),
        Row("SET <key> x ; FAILOVER [TO 127.0.0.1 7001] [TIMEOUT 100000] ; FAILOVER ; INFO replication ; "
            f"(REPLICAOF 127.0.0.1 1|{ALONE}|SLAVEOF x 1) ; (SYNC|PSYNC ? -1) ; GET <key> ; FAILOVER ABORT ; "
            "FAILOVER ABORT ; SET <key> y", 40, walk="followed", more=True),
        Row("SET <key> x ; @rep (PING|GET <key>|NOSUCH|REPLCONF FOO x|PSYNC ? -1|SET <key> y|REPLCONF CAPA eof) ; "
            "ROLE ; SET <key> z", 20, walk="followed", more=True),
        Row(f"<passed-on> ; {FOLLOW} ; ROLE ; GET <key> ; {ALONE} ; ROLE", 10, walk="followed", more=True),
    ),
)
