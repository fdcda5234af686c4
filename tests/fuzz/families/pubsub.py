"""Messages: subscriptions and their confirmations, subscriber mode, and
keyspace notifications.

Whoever subscribes is a member of a crowd. The order in which patterns, or the
channels of UNSUBSCRIBE without arguments, are gone through is each server's
own, so that a member has one of them at most where it shows.
"""

from __future__ import annotations

from fuzz.families import (expiry, geo, hashes, keyspace, lists, sets,
                           sorted_sets, sorting, streams, strings)
from fuzz.families.saying import said
from fuzz.grammar import Arg, Compiler, Dice, Family, Row

OTHERS = (strings, keyspace, expiry, lists, hashes, sets, sorted_sets, geo,
          sorting, streams)
# Not about keys, by chance, or with a walk of their own.
LEFT_OUT = ("CONFIG", "DEBUG", "OBJECT", "SCAN", "SPOP", "RANDOMKEY", "DBSIZE",
            "TTL", "XADD <auto>", "CLIENT", "INFO", "MEMORY")
EMITS = [Compiler(row.grammar).emit for module in OTHERS
         for row in module.FAMILY.rows
         if row.reply == "exact" and not row.walk and not row.pause
         and ";" not in row.grammar and not row.grammar.startswith(LEFT_OUT)]


def written(dice: Dice) -> tuple[Arg, ...]:
    """A command of another family."""
    return tuple(dice.rng.choice(EMITS)(dice))


EVE = "@eve PSUBSCRIBE __key*__:* ; CONFIG SET notify-keyspace-events <classes>"
CHANGE = ("(SET <key> <value>|DEL <key> <key>|INCR <key>|APPEND <key> x"
          "|(LPUSH|RPUSH) <key> a b|(LPOP|RPOP) <key>|LTRIM <key> 1 1"
          "|HSET <key> f v|HDEL <key> f|SADD <key> a b|SREM <key> a b"
          "|ZADD <key> 1 a|ZREM <key> a|ZINCRBY <key> 1 a|XADD <key> 9-* f v"
          "|XTRIM <key> MAXLEN 1|XDEL <key> 9-0|XGROUP CREATE <key> g $ MKSTREAM"
          "|XREADGROUP GROUP g ann STREAMS <key> '>'|XGROUP DESTROY <key> g"
          "|EXPIRE <key> (0|100)|PERSIST <key>|UNLINK <key>|GET <key>"
          "|EXISTS <key>|MSET <key> x <key> y|SET <key> x EX 100)")
ALLOWED = ("(PING|PING x|GET a|SET a b|ECHO x|NOSUCH|NOSUCH a|NOSUCH|GET|QUIT|QUIT|SELECT 1|HELLO 3"
           "|PUBLISH <channel> x|CONFIG GET timeout|BLPOP a 0)")
JOIN = "(SUBSCRIBE|PSUBSCRIBE|UNSUBSCRIBE|PUNSUBSCRIBE)"
JOIN_MORE = ("(SUBSCRIBE|PSUBSCRIBE|SSUBSCRIBE|UNSUBSCRIBE|PUNSUBSCRIBE"
             "|SUNSUBSCRIBE)")
atoms = {name: atom for module in OTHERS
         for name, atom in module.FAMILY.atoms.items()}

FAMILY = Family(
    name="pubsub",
    since=8,
    atoms={**atoms,
           "written": written, "change": said(CHANGE), "allowed": said(ALLOWED),
           "any": said(ALLOWED.replace("|PUBLISH <channel> x", "")),
           "join": said(f"{JOIN} <channel>"), "joins": said(f"{JOIN} <channel>+"),
           "joins-more": said(f"{JOIN_MORE} <channel>+"),
           "takes": said("(BLPOP <key> 0|BRPOP <key> <key> 0)"),
           "takes-more": said(
               "(BLMOVE <key> <key> LEFT RIGHT 0|BLMPOP 0 1 <key> RIGHT"
               "|BZPOPMIN <key> 0|BZMPOP 0 1 <key> MAX COUNT 2"
               "|XREADGROUP GROUP g eve BLOCK 0 STREAMS <key> '>')"),
           "gives": said("(RPUSH <key> a b|ZADD <key> 1 a|XADD <key> 9-* f v)"),
           "nosuch": (b"NOSUCH", b"SUBSCRIBED", b"PSUB"),
           "channel": (b"news", b"a", b"b", b"", b"a\x00\r\n", b"news.x", b"*"),
           "topic": (b"news*", b"*", b"a", b"[ab]", b"n?ws", b"", b"x*", b"a\\*"),
           "classes": (b"KEA", b"KEA", b"KEg$lshzxetnm", b"Eg$lshzxetnm", b"Kg$lshzt", b"EA",
                       b"E$", b"Kl", b"Ez", b"EgxE", b"Km", b"En", b"", b"A"),
           "letters": (b"KEA", b"AKE", b"g$lshzxetdnKEm", b"K", b"", b"q",
                       b"KEx", b"mnKE", b"KEAA", b"A ", b"Kd")},
    reset=("CONFIG SET notify-keyspace-events ''",),
    rows=(
        Row("<nosuch> x", 16, strict=True),
        Row("PUBLISH <channel> <value>", 6),
        Row("(SUBSCRIBE|PSUBSCRIBE)", 2, strict=True),
        Row("(UNSUBSCRIBE|PUNSUBSCRIBE)", 3, strict=True),
        Row("(UNSUBSCRIBE|PUNSUBSCRIBE) <channel>", 3, strict=True),
        Row("CONFIG SET notify-keyspace-events (q|q_|'A,')", 24,
            strict=True),
        Row("CONFIG SET notify-keyspace-events <letters> ; "
            "CONFIG GET notify-keyspace-events", 16, strict=True),
        Row("@ann <joins> ; @ann <joins> ; @ann <allowed> ; "
            "@ann <join> ; @ann <allowed>", 14, walk="crowd"),
        Row("@ann3 <joins> ; @ann3 <joins> ; @ann3 (PING|GET a|SET b c) "
            "; @ann3 <join>", 4, walk="crowd"),
        Row("@ann3 <joins> ; @ann3 <joins> ; @ann3 <any> "
            "; @ann3 <join>", 10, walk="crowd", more=True),
        Row("@ann SUBSCRIBE <channel>+ ; @bob3 PSUBSCRIBE <topic> ; "
            "@cleo SUBSCRIBE <channel> ; @dora PSUBSCRIBE <topic> ; "
            "PUBLISH <channel> <value> ; @bob3 PUBLISH <channel> x ; "
            "@ann UNSUBSCRIBE <channel> ; PUBLISH <channel> y ; "
            "@cleo UNSUBSCRIBE ; @dora PUNSUBSCRIBE ; PUBLISH <channel> z", 20,
            walk="crowd"),
        Row("@ann SUBSCRIBE <channel> ; @ann PSUBSCRIBE <topic> ; "
            "PUBLISH <channel> x ; @ann (UNSUBSCRIBE|PUNSUBSCRIBE) ; "
            "PUBLISH <channel> y ; @ann (UNSUBSCRIBE|PUNSUBSCRIBE) ; "
            "@ann (PING|GET a)", 10, walk="crowd"),
        # Sharded channels, PUBSUB, silence.
        Row("SPUBLISH <channel> <value>", 5),
        Row("SSUBSCRIBE", 2, strict=True),
        Row("SUNSUBSCRIBE [<channel>]", 4, strict=True),
        Row("PUBSUB (CHANNELS|SHARDCHANNELS) [<topic>]", 6, strict=True),
        Row("PUBSUB CHANNELS <topic> x", 40, strict=True),
        Row("PUBSUB (NUMSUB|SHARDNUMSUB) <channel>*", 24, strict=True),
        Row("PUBSUB NUMPAT [x]", 6, strict=True),
        Row("PUBSUB (FOO|NUMSUBS) x", 40, strict=True),
        Row("PUBSUB HELP", 30, "opening", strict=True),
        Row("@ann <joins-more> ; @ann <joins-more> ; "
            "@ann <allowed> ; @ann RESET ; @ann <allowed>", 30, walk="crowd",
            more=True),
        Row("@ann SSUBSCRIBE <channel>+ ; @bob3 SSUBSCRIBE <channel> ; "
            "@bob3 SUBSCRIBE <channel> ; SPUBLISH <channel> <value> ; "
            "@bob3 SPUBLISH <channel> x ; PUBLISH <channel> y ; "
            "@bob3 SUNSUBSCRIBE ; SPUBLISH <channel> z", 12, walk="crowd",
            more=True),
        Row("@ann SUBSCRIBE <channel> ; @bob SUBSCRIBE <channel> ; "
            "@bob PSUBSCRIBE <topic>+ ; @cleo SSUBSCRIBE <channel> ; "
            "PUBSUB NUMSUB <channel>* ; PUBSUB NUMPAT ; "
            "PUBSUB SHARDCHANNELS <topic> ; PUBSUB SHARDNUMSUB <channel>* ; "
            "@bob UNSUBSCRIBE ; PUBSUB CHANNELS <topic> ; PUBSUB CHANNELS", 12,
            walk="crowd", more=True),
        Row("@ann SUBSCRIBE news ; @ann3 SUBSCRIBE news ; "
            "@ann3 CLIENT REPLY (OFF|SKIP) ; @ann3 SUBSCRIBE a ; "
            "PUBLISH (news|a) x ; @ann3 PING ; @ann3 CLIENT REPLY ON ; "
            "@ann (PING|QUIT) ; PUBLISH news y", 8, walk="crowd", more=True),
        # Events: of the lesson, and of everything.
        Row(f"{EVE} ; <change> ; <change> ; <change>", 12, walk="crowd"),
        Row(f"{EVE} ; <written> ; <written>", 40, walk="crowd", more=True),
        Row(f"{EVE} ; @ann <takes> ; (LPUSH|RPUSH) <key> a b ; RPUSH <key> c",
            8, walk="crowd"),
        Row(f"{EVE} ; @ann <takes-more> ; <gives> ; RPUSH <key> c", 12,
            walk="crowd", more=True),
    ),
)
