"""Conversations: commands whose replies only agree when followed to the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fuzz import wire
from fuzz.link import Link

Walk = Callable[[Link, Sequence[bytes]], bytes]
MOST_ROUNDS = 10_000
DATABASES = 16  # SWAPDB can bring a key into any


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


WALKS: dict[str, Walk] = {
    "swept": swept,
    "scan": scan,
    "randomkey": random_key,
    "pop": pop,
    "monitor": monitor,
}
