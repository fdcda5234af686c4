"""Conversations: commands whose replies only agree when followed to the end."""

from __future__ import annotations

import re
import select
import time
from collections import defaultdict
from collections.abc import Callable, Sequence

from fuzz import wire
from fuzz.link import Link

Walk = Callable[[Link, Sequence[bytes]], bytes]
SEPARATOR = b"\x00;\x00"  # between the commands of a conversation
IDENT = re.compile(rb"\$2\r\nid\r\n:\d+")  # in a reply to HELLO
CLOSED_SECONDS = 0.02  # for the others, when it can't be asked any more
MOST_ROUNDS = 10_000
DATABASES = 16  # SWAPDB can bring a key into any


def parts_of(argv: Sequence[bytes]) -> list[list[bytes]]:
    """The commands of a conversation."""
    parts: list[list[bytes]] = [[]]
    for arg in argv:
        if arg == SEPARATOR:
            parts.append([])
        else:
            parts[-1].append(arg)
    return parts


def scan(link: Link, argv: Sequence[bytes]) -> bytes:
    """Follows a cursor until it is 0; the elements, sorted, each once.  What
    another cursor than 0 leads to is each server's own."""
    seen: set[wire.Reply] = set()
    words = list(argv)
    place = 1 if words[0].upper() == b"SCAN" else 2
    fresh = len(words) > place and words[place] == b"0"
    for _ in range(MOST_ROUNDS):
        raw = link.ask(*words)
        if raw[:1] != b"*":
            return raw
        if not fresh:
            return b"+a page\r\n"
        cursor, page = wire.decode(raw).items
        seen.update(page.items)
        if cursor.text == b"0":
            found = sorted(item.text for item in seen)
            return wire.request(found)
        words[place] = cursor.text
    return b"a cursor that does not come to its end"


SWEEP = (b"SCAN", b"0", b"COUNT", b"1000000")


def sweep(link: Link) -> None:
    """Makes all keys go that have expired and are still stored."""
    link.ask(*SWEEP)
    other = Link(link.port)
    for db in range(DATABASES):
        other.ask(b"SELECT", b"%d" % db)
        other.ask(*SWEEP)
    other.finish()


def swept(link: Link, argv: Sequence[bytes]) -> bytes:
    """A command that sees expired keys as long as they are stored."""
    sweep(link)
    return link.ask(*argv)


def random_key(link: Link, argv: Sequence[bytes]) -> bytes:
    """RANDOMKEY's reply must be a key that exists, or nil.  It removes those
    expired keys that it meets."""
    sweep(link)
    raw = link.ask(*argv)
    if raw[:1] != b"$":
        return raw
    key = wire.decode(raw)
    if key.null:
        return raw
    return b"$6\r\na key \r\n" + link.ask(b"EXISTS", key.text)


def pop(link: Link, argv: Sequence[bytes]) -> bytes:
    """SPOP's reply. What each server chose is added again, so that their
    sets stay equal."""
    raw = link.ask(*argv)
    if raw[:1] in (b"$", b"*", b"~"):
        reply = wire.decode(raw)
        popped = reply.items or (() if raw[:1] != b"$" or reply.null else (reply,))
        if popped:
            link.ask(b"SADD", argv[1], *sorted(item.text for item in popped))
    return raw


def monitor(link: Link, argv: Sequence[bytes]) -> bytes:
    """Another connection watches while this one runs the command `argv`;
    what it saw, without time and address, and the reply."""
    watcher = Link(link.port)
    watcher.ask(b"PING")
    entered = watcher.ask(b"MONITOR")
    reply = link.ask(*argv)
    seen = b""
    if entered[:1] == b"+":
        ended = link.ask(b"ECHO", b"the end")[:1] == b"$"
        while ended and b"the end" not in seen and watcher.open and not watcher.broken:
            line = watcher.reply()
            mark = line.find(b"] ")
            seen += line[mark + 1:] if mark > 0 else line
    watcher.finish()
    return b"$%d\r\n%s\r\n" % (len(seen), seen) + entered + reply


def frames(data: bytes) -> list[bytes]:
    """The replies and messages in what has reached a client."""
    found: list[bytes] = []
    while data:
        try:
            end = wire.frame(data)
        except wire.Malformed:
            end = -1
        if end < 0:
            return [*found, data]
        found.append(data[:end])
        data = data[end:]
    return found


class Crowd:
    """Clients of a conversation besides the one that holds it. What keys that
    expire cause comes at a time of its own, and is left out."""

    def __init__(self, link: Link, has_ids: bool) -> None:
        self.link = link
        self.has_ids = has_ids
        self.members: dict[bytes, Link] = {}

    def member(self, name: bytes) -> Link:
        """The client of that name, which joins when it first speaks."""
        if name not in self.members:
            member = self.members[name] = Link(self.link.port, 2.0)
            if self.has_ids:
                raw = member.ask(b"CLIENT", b"ID")
                member.ident = raw[1:-2] if raw[:1] == b":" else b"0"
            if name.endswith(b"3"):
                member.ask(b"HELLO", b"3")
        return self.members[name]

    def say(self, name: bytes, argv: Sequence[bytes]) -> list[bytes]:
        """One command. Returns what comes of it, to whom."""
        words = [self.members[arg[3:]].ident
                 if arg[:3] == b"id:" and arg[3:] in self.members else arg
                 for arg in argv]
        if name:
            self.member(name).send(wire.request(words))
            return []
        return [b"@", self.link.ask(*words)]

    def heard(self, name: bytes) -> list[bytes]:
        """What has reached a member by now."""
        member = self.members[name]
        while member.open and select.select([member.socket], [], [], 0)[0]:
            if member._fill():
                break
        data = bytes(member.buffer)
        member.buffer.clear()
        got = [raw for raw in frames(data) if b":expired\r\n" not in raw
               and b"\r\nexpired\r\n" not in raw]
        return got if member.open else [*got, wire.CLOSED]


READ_BYTES = 8192  # of a long command, in a turn of the real server at least


def crowd(link: Link, argv: Sequence[bytes]) -> bytes:
    """Several clients, each of which says its part; what reaches whom after
    each. Where one of them lets time go by, it is told at the end."""
    parts = parts_of(argv)
    group, told = Crowd(link, any(arg[:3] == b"id:" for arg in argv)), []
    at_the_end: dict[bytes, list[bytes]] = defaultdict(list)
    in_time = all(part[1:] or part[:1] and part[0][:1] != b"@" for part in parts)
    for part in parts:
        name = part.pop(0)[1:] if part and part[0][:1] == b"@" else b""
        if part:
            told += group.say(name, part)
        elif name and not at_the_end[name]:
            select.select([group.member(name).socket], [], [], 2)
        # Who is served has it after that, if what was said is read at once.
        for _ in range((2 if name else 1) + sum(map(len, part)) // READ_BYTES):
            if link.ask(b"PING") == wire.CLOSED:
                time.sleep(CLOSED_SECONDS)
        for other in sorted(group.members):
            heard = group.heard(other)
            at_the_end[other] += heard
            told += [b"@" + other, *heard] if heard and in_time else []
    for other in sorted(at_the_end) if not in_time else ():
        told += [b"@" + other, *at_the_end[other]]
    for member in group.members.values():
        member.finish()
    return wire.request(IDENT.sub(b"$2\r\nid\r\n:0", raw) for raw in told)


LOG_SECONDS = 5  # for a log to begin


def begin_log(link: Link) -> bool:
    """Switches the log on, and waits until it has a base."""
    if link.ask(b"CONFIG", b"SET", b"appendonly", b"yes") != b"+OK\r\n":
        return False
    end = time.monotonic() + LOG_SECONDS
    while time.monotonic() < end:
        told = link.ask(b"INFO", b"persistence")
        if (b"aof_rewrite_in_progress:0" in told
                and b"aof_rewrite_scheduled:0" in told):
            return b"aof_last_bgrewrite_status:ok" in told
        time.sleep(0.005)
    return False


def log(link: Link, argv: Sequence[bytes]) -> bytes:
    """Commands, and then the log in place of the data: whether that is the
    same as before.  Where keys expire it may be less by then."""
    parts = parts_of(argv)
    last = parts.pop()
    if not begin_log(link):
        return b"the log does not begin"
    for part in parts:
        link.ask(*part)
    link.ask(b"DISCARD")
    before = link.ask(b"DEBUG", b"DIGEST")
    reply = link.ask(*last)
    after = link.ask(b"DEBUG", b"DIGEST")
    if before != after and b",expires=0," in link.ask(b"INFO", b"keyspace"):
        return reply + b"other data: " + before + after
    return reply


PLACE = re.compile(rb"master_replid:([0-9a-f]{40}).*master_repl_offset:(\d+).*repl_backlog_active:(\d)", re.DOTALL)
PINGED = re.compile(re.escape(wire.request([b"PING"])), re.IGNORECASE)
# Times in a stream, and what a client or a history has for itself.
OWN_HERE = re.compile(
    rb"(?<=replid:)[0-9a-f]{40}|(?<=replid2:)[0-9a-f]{40}|(?<!\d)\d{13}(?!\d)|[$=]\d+\r\n(?=txt:|id=|# Repl|connect(?:ing)?\r\n)"
    rb"|(?<=\r\n)connect(?:ing)?(?=\r\n)"
    rb"|(?<=lag=)-?\d+|(?<=histlen:)\d+|(?<=first_byte_offset:)\d+|(?<=second_repl_offset:)-?\d+|(?<=active:)\d"
    rb"|\b(id|l?addr|fd|age|idle|qbuf|qbuf-free|argv-mem|multi-mem|rbs|rbp|obl|oll|omem|tot-mem)=\S*")
OFFSET = re.compile(rb"(?<=offset=)\d+|(?<=repl_offset:)\d+|(?<=\$6\r\nmaster\r\n:)\d+|(?<=\$4\r\n7001\r\n)\$\d+\r\n\d+")


CRON_SECONDS = 1.1


def begin_stream(link: Link) -> None:
    """Lets a server have a stream from now on, as its first replica does, and
    waits for the PING that may come with the next cron."""
    first = Link(link.port)
    if first.ask(b"PSYNC", b"?", b"-1")[:1] == b"+":
        while b"REDIS" not in first.buffer and not first._fill():
            pass
        time.sleep(CRON_SECONDS)
    first.finish()


def place(link: Link) -> tuple[bytes, int] | None:
    """The history of a primary and its offset, once there is a stream."""
    for _ in range(2):
        found = PLACE.search(link.ask(b"INFO", b"replication"))
        if found and found[3] == b"1":
            return found[1], int(found[2])
        begin_stream(link)
    return None


def plain(said: bytes) -> bytes:
    """A command of the stream. One server may pass IDs on as they were
    written, 07, where the other has 7-0."""
    if not wire.is_reply(said) or b"$4\r\nXADD" not in said.upper():
        return said
    return wire.request(
        b"-".join(b"%d" % int(part) for part in (item.text + b"-0").split(b"-")[:2])
        if re.fullmatch(rb"\d+(-\d+)?", item.text) else item.text
        for item in wire.decode(said).items)


class Follower:
    """A replica that loads nothing: it continues where the stream is, and
    keeps what it gets."""

    def __init__(self, link: Link, history: bytes, offset: int) -> None:
        self.link = link
        self.replica = Link(link.port, 2.0)
        for words in ((b"LISTENING-PORT", b"7001"), (b"CAPA", b"psync2")):
            self.replica.ask(b"REPLCONF", *words)
        self.entered = self.replica.ask(b"PSYNC", history, b"%d" % (offset + 1))
        heard = link.ask(b"PUBLISH", b"begins", b"x")[:1] == b":"
        self.follows = heard and self.entered.startswith(b"+CONTINUE")
        if self.follows:
            self.replica.until(b"begins")
        now = place(link)
        self.start = now[1] if now else offset

    def say(self, words: Sequence[bytes]) -> None:
        """Says something, and gives the primary two turns to read it."""
        if b"offset" in words:
            now = place(self.link)
            words = [b"%d" % now[1] if now and w == b"offset" else w for w in words]
        self.replica.send(wire.request(words))
        self.link.ask(b"PING")
        self.link.ask(b"PING")

    def relative(self, raw: bytes) -> bytes:
        """Offsets counted from where it began, which is elsewhere on each server."""
        def count(found: re.Match[bytes]) -> bytes:
            offset = int(found[0].split(b"\n")[-1])
            return b"%d" % (offset - self.start if offset >= self.start else offset)
        return OWN_HERE.sub(b"#", OFFSET.sub(count, raw))

    def stream(self) -> bytes:
        """All that has reached it."""
        self.link.ask(b"DISCARD")
        if self.link.ask(b"PUBLISH", b"ends", b"x")[:1] != b":":
            return b""
        said = self.replica.until(b"$4\r\nends")
        return PINGED.sub(b"", b"".join(map(plain, frames(said))))


def followed(link: Link, argv: Sequence[bytes]) -> bytes:
    """Commands while a replica follows: their replies, and the stream."""
    where = place(link)
    if where is None:
        return b"$2\r\nno\r\n"
    follower = Follower(link, *where)
    if not follower.follows:
        follower.replica.finish()
        return b"$2\r\nno\r\n"
    told = [follower.entered[:9]]
    for part in parts_of(argv):
        if part[0] == b"@rep":
            follower.say(part[1:])
        elif part[0].upper() == b"INFO" and part[1:] != [b"replication"]:
            continue  # a plan that was cut short
        else:
            told.append(follower.relative(link.ask(*part)))
    told.append(follower.relative(follower.stream()))
    follower.replica.finish()
    return wire.request(told)


COPY_SECONDS = 3  # for a replica that was dropped to come again


def replica_port(link: Link) -> int:
    """Where the first replica listens, once there is one; 0 without."""
    end = time.monotonic() + COPY_SECONDS
    while time.monotonic() < end:
        role = wire.decode(link.ask(b"ROLE"))
        if len(role.items) == 3 and role.items[2].items:
            return int(role.items[2].items[0].items[1].text)
        time.sleep(0.01)
    return 0


def copied(link: Link, _: Sequence[bytes]) -> bytes:
    """Whether a replica has the data and the offset of its primary. What
    expires in between is another difference once only."""
    sweep(link)
    seen: list[bytes] = []
    for _attempt in range(3):
        port = replica_port(link)
        if port == 0:
            return b"+no replica\r\n"
        acknowledged = link.ask(b"WAIT", b"1", b"%d" % (COPY_SECONDS * 1000))
        replica = Link(port)
        seen = [acknowledged] + [side.ask(*words) for words in ((b"DEBUG", b"DIGEST"), (b"ROLE",))
                                 for side in (link, replica)]
        replica.finish()
        offsets = wire.decode(seen[3]).items[1:2], wire.decode(seen[4]).items[4:5]
        if acknowledged == b":1\r\n" and seen[1] == seen[2] and offsets[0] == offsets[1]:
            return b"+a copy\r\n"
    return b"$%d\r\n%s\r\n" % (len(b"".join(seen)), b"".join(seen))


WALKS: dict[str, Walk] = {
    "copied": copied,
    "followed": followed,
    "log": log,
    "swept": swept,
    "scan": scan,
    "randomkey": random_key,
    "pop": pop,
    "monitor": monitor,
    "crowd": crowd,
}
