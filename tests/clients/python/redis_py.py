"""A server as programs use it through redis-py: its defaults, and what its documentation shows first.

    python3 redis_py.py PORT PROTOCOL strings lists ...

It prints a line for each reply, so that two servers can be compared. A part begins with "== name". What it throws is
printed and ends that part alone.
"""

from __future__ import annotations

import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any

import redis

Client = Any  # redis.Redis, whose types change with every release
Opener = Callable[..., Client]


def show(name: str, value: object) -> None:
    print(f"{name}: {value!r}", flush=True)


def show_error(name: str, call: Callable[[], object]) -> None:
    """Shows what the call returns, or the error that it raises."""
    try:
        show(name, call())
    except (redis.RedisError, OSError) as error:
        show(name, f"{type(error).__name__} {error}")


def when_blocked(client: Client, change: Callable[[], object]) -> threading.Thread:
    """Makes the change as soon as another client waits for a key."""

    def run() -> None:
        while client.info("clients")["blocked_clients"] == 0:
            time.sleep(0.001)
        change()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def strings(client: Client, _: Opener) -> None:
    show("PING", client.ping())
    show("SET", client.set("name", "Ada", ex=100))
    show("GET", client.get("name"))
    show("GET of nothing", client.get("nothing"))
    show("SET NX", client.set("name", "Bob", nx=True))
    show("SET GET", client.set("name", "Zoë ✓", get=True))
    show("MSET", client.mset({"a": 1, "b": 2.5}))
    show("MGET", client.mget("a", "nothing", "b"))
    show("INCRBY", client.incrby("a", 41))
    show("INCRBYFLOAT", client.incrbyfloat("b", 0.1))
    show("SETRANGE", client.setrange("c", 3, "x"))
    show("bytes", client.set("bytes", bytes([0, 255, 13, 10, 128])) and client.get("bytes"))
    show("DEL", client.delete("a", "b", "nothing"))
    show("OBJECT", client.object("encoding", "c"))


def big_values(client: Client, _: Opener) -> None:
    value = b"x" * (8 * 1024 * 1024)
    show("SET", client.set("big", value))
    show("same", client.get("big") == value)
    values = [b"value:%d" % i for i in range(20000)]
    show("RPUSH of many", client.rpush("list", *values))
    show("LRANGE of many", client.lrange("list", 0, -1) == values)


def expiry(client: Client, _: Opener) -> None:
    show("SETEX", client.setex("a", 100, "x"))
    show("TTL", client.ttl("a"))
    show("EXPIRE NX", client.expire("a", 50, nx=True))
    show("EXPIREAT", client.expireat("a", 4102444800))
    show("EXPIRETIME", client.expiretime("a"))
    show("GETEX", client.getex("a", persist=True))
    show("PTTL", client.pttl("a"))
    show("PSETEX", client.psetex("b", 1, "x"))
    time.sleep(0.01)
    show("EXISTS", client.exists("a", "b"))
    show("CONFIG GET", sorted(client.config_get("maxmemory*").items()))


def lists(client: Client, _: Opener) -> None:
    show("RPUSH", client.rpush("l", "a", "b", "c", "d", "b"))
    show("LPOP count", client.lpop("l", 2))
    show("LRANGE", client.lrange("l", 0, -1))
    show("LPOS", client.lpos("l", "b", rank=-1, count=0))
    show("LMOVE", client.lmove("l", "m"))
    show("LMPOP", client.lmpop(2, "nothing", "l", direction="RIGHT", count=2))
    show("LLEN", client.llen("l"))


def hashes_and_sets(client: Client, _: Opener) -> None:
    show("HSET", client.hset("h", mapping={"name": "Ada", "born": 1815}))
    show("HGETALL", client.hgetall("h"))
    show("HGETALL of nothing", client.hgetall("nothing"))
    show("HMGET", client.hmget("h", "name", "nothing"))
    show("HINCRBYFLOAT", client.hincrbyfloat("h", "born", 0.5))
    show("HRANDFIELD", client.hrandfield("h", 5, True))
    show("SADD", client.sadd("s", 1, 2, 3))
    show("SMEMBERS", sorted(client.smembers("s")))
    show("SMISMEMBER", client.smismember("s", [1, 9]))
    show("SDIFFSTORE", client.sdiffstore("t", "s", "nothing"))
    show("SINTERCARD", client.sintercard(2, ["s", "t"], limit=2))
    show("SPOP", sorted(client.spop("s", 9)))


def sorted_sets(client: Client, _: Opener) -> None:
    show("ZADD", client.zadd("z", {"a": 1, "b": 2.5, "c": float("inf")}))
    show("ZADD INCR", client.zadd("z", {"a": 0.1}, incr=True))
    show("ZSCORE", client.zscore("z", "c"))
    show("ZMSCORE", client.zmscore("z", ["a", "nothing"]))
    show("ZRANGE", client.zrange("z", 0, -1, desc=True, withscores=True))
    show("ZRANGE BYSCORE", client.zrange("z", "(1", "+inf", byscore=True, offset=0, num=1))
    show("ZUNION", client.zunion({"z": 1, "y": 2}, aggregate="MAX", withscores=True))
    show("ZRANK", client.zrank("z", "b"))
    show("SORT", client.sort("z", desc=True, alpha=True))
    show("ZPOPMIN", client.zpopmin("z", 2))
    show("ZMPOP", client.zmpop(2, ["nothing", "z"], min=True))
    show("GEOADD", client.geoadd("geo", (13.361389, 38.115556, "Palermo", 15.087269, 37.502669, "Catania")))
    show("GEODIST", client.geodist("geo", "Palermo", "Catania", "km"))
    show("GEOPOS", client.geopos("geo", "Palermo", "nothing"))
    around = {"longitude": 15, "latitude": 37, "radius": 200, "unit": "km"}
    show("GEOSEARCH", client.geosearch("geo", **around, sort="ASC", withdist=True, withcoord=True))


def streams(client: Client, _: Opener) -> None:
    for i in (1, 2, 3):
        show("XADD", client.xadd("s", {"n": i}, id=f"{i}-1"))
    show("XRANGE", client.xrange("s", count=2))
    show("XREAD", client.xread({"s": "2-1"}))
    show("XREAD of nothing new", client.xread({"s": "3-1"}))
    show("XGROUP CREATE", client.xgroup_create("s", "g", "0"))
    show("XREADGROUP", client.xreadgroup("g", "ann", {"s": ">"}))
    show("XACK", client.xack("s", "g", "1-1"))
    show("XPENDING", client.xpending("s", "g"))
    show("XAUTOCLAIM", client.xautoclaim("s", "g", "bob", 0))
    show("XPENDING of one", [entry["consumer"] for entry in client.xpending_range("s", "g", "-", "+", 9)])
    show("XINFO GROUPS", client.xinfo_groups("s"))
    show("XINFO STREAM", client.xinfo_stream("s")["last-generated-id"])
    show("XTRIM", client.xtrim("s", maxlen=1))
    show_error("XADD of an old ID", lambda: client.xadd("s", {"a": "b"}, id="1-1"))


def blocking(client: Client, open_client: Opener) -> None:
    other = open_client()
    waiting = when_blocked(other, lambda: other.rpush("q", "job"))
    show("BLPOP", client.blpop(["nothing", "q"], 10))
    waiting.join()
    show("BLPOP in vain", client.blpop("q", 0.05))
    waiting = when_blocked(other, lambda: other.zadd("z", {"m": 1.5}))
    show("BZPOPMIN", client.bzpopmin("z", 10))
    waiting.join()
    waiting = when_blocked(other, lambda: other.xadd("s", {"a": "b"}, id="5-5"))
    show("XREAD BLOCK", client.xread({"s": "$"}, block=10000))
    waiting.join()
    other.close()


def pub_sub(client: Client, _: Opener) -> None:
    subscriber = client.pubsub()
    subscriber.subscribe("news")
    subscriber.psubscribe("n*")
    show("confirmed", [subscriber.get_message(timeout=5) for _ in range(2)])
    show("PUBLISH", client.publish("news", "hello"))
    show("messages", [subscriber.get_message(timeout=5) for _ in range(2)])
    show("PUBSUB NUMSUB", client.pubsub_numsub("news", "nothing"))
    subscriber.unsubscribe("news")
    show("unsubscribed", subscriber.get_message(timeout=5))
    show("PUBLISH again", client.publish("news", "bye"))
    show("message", subscriber.get_message(timeout=5))
    subscriber.close()


def transactions(client: Client, open_client: Opener) -> None:
    with client.pipeline() as pipe:
        show("EXEC", pipe.set("a", 1).incr("a").hset("h", "f", "v").hgetall("h").execute())
        show("EXEC with an error", pipe.lpush("a", "x").incr("a").execute(raise_on_error=False))

    def double(pipe: Client) -> None:
        value = int(pipe.get("a"))
        pipe.multi()
        pipe.set("a", 2 * value)

    show("transaction", client.transaction(double, "a"))
    other = open_client()
    with client.pipeline() as pipe:
        pipe.watch("a")
        other.incr("a")
        pipe.multi()
        pipe.set("a", "lost")
        show_error("EXEC after a change", pipe.execute)
    show("GET", client.get("a"))
    other.close()


def pipelines(client: Client, _: Opener) -> None:
    pipe = client.pipeline(transaction=False)
    for i in range(5000):
        pipe.set(f"k:{i}", i)
    show("SET of many", pipe.execute() == [True] * 5000)
    show("errors among others", pipe.get("k:7").hget("k:7", "f").dbsize().execute(raise_on_error=False))


def scans(client: Client, _: Opener) -> None:
    names = [f"k:{i}" for i in range(3000)]
    client.mset(dict.fromkeys(names, "v"))
    show("SCAN", len(set(client.scan_iter("k:*", count=100))))
    client.sadd("s", *names)
    show("SSCAN", len(set(client.sscan_iter("s"))))
    show("SCAN TYPE", list(client.scan_iter(_type="set")))
    client.hset("h", mapping={"a": 1, "b": 2})
    show("HSCAN", list(client.hscan_iter("h")))
    client.zadd("z", {"a": 1.5})
    show("ZSCAN", list(client.zscan_iter("z")))
    show("KEYS", sorted(client.keys("?")))


def errors(client: Client, _: Opener) -> None:
    show_error("unknown command", lambda: client.execute_command("NOSUCH", "a", "b"))
    show_error("too few arguments", lambda: client.execute_command("GET"))
    client.set("text", "abc")
    show_error("no number", lambda: client.incr("text"))
    show_error("another type", lambda: client.sadd("text", "x"))
    show_error("no such key", lambda: client.rename("nothing", "a"))
    show_error("out of range", lambda: client.lset("nothing", 0, "x"))
    show_error("no password is set", lambda: client.auth("secret"))
    show("afterwards", client.ping())


def connections(client: Client, open_client: Opener) -> None:
    named = open_client(client_name="ann", db=3, decode_responses=True, health_check_interval=1)
    show("CLIENT GETNAME", named.client_getname())
    named.set("where", "three")
    show("GET in database 0", client.get("where"))
    number = named.client_id()
    show("CLIENT KILL", client.client_kill_filter(_id=number))
    show("GET after a reconnection", named.get("where"))
    show("the same name", named.client_getname())
    show("another id", named.client_id() != number)
    show("CLIENT LIST", sorted(entry["name"] for entry in client.client_list()))
    named.close()


def dumps(client: Client, _: Opener) -> None:
    client.hset("h", mapping={"f": "v", "n": 1})
    show("DUMP and RESTORE", client.restore("copy", 0, client.dump("h")))
    show("HGETALL", client.hgetall("copy"))
    show_error("RESTORE on a key", lambda: client.restore("copy", 0, client.dump("h")))
    show_error("RESTORE of a damaged value", lambda: client.restore("other", 0, b"what is this"))
    show("SAVE", client.save())
    show("LASTSAVE", type(client.lastsave()))


def replication(client: Client, _: Opener) -> None:
    show("ROLE", client.role())
    show("WAIT", client.set("a", "1") and client.wait(0, 10))
    show("INFO", client.info("replication")["role"])
    show_error("REPLICAOF of no port", lambda: client.replicaof("127.0.0.1", "x"))


def restart(client: Client, _: Opener) -> None:
    """Prints "up", and goes on when the server was ended and started again."""
    client.set("kept", "yes")
    first = client.info("server")["run_id"]
    print("up", flush=True)
    while True:
        try:
            if client.info("server")["run_id"] != first:
                show("GET after a restart", client.get("kept"))
                return
        except redis.ConnectionError:  # also while it loads its log
            time.sleep(0.02)


PARTS: dict[str, Callable[[Client, Opener], None]] = {
    "strings": strings, "bigValues": big_values, "expiry": expiry, "lists": lists, "hashesAndSets": hashes_and_sets,
    "sortedSets": sorted_sets, "streams": streams, "blocking": blocking, "pubSub": pub_sub, "transactions": transactions,
    "pipelines": pipelines, "scans": scans, "errors": errors, "connections": connections, "dumps": dumps, "replication": replication,
    "restart": restart,
}  # fmt: skip


def main() -> None:
    port, protocol, *names = sys.argv[1:]

    def open_client(**options: Any) -> Client:
        if protocol == "2":
            options["protocol"] = 2  # 3 is the default
        return redis.Redis(port=int(port), **options)

    for name in names:
        print(f"== {name}", flush=True)
        with open_client() as client:
            client.flushall()
            try:
                PARTS[name](client, open_client)
            except Exception:
                print("threw:", traceback.format_exc())
    print("== done")


if __name__ == "__main__":
    main()
