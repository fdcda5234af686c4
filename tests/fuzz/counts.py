"""How often each command, each of its options and each error was seen.

What a run of ten minutes does fewer than a thousand times it hardly tests:
the table ends with the names of these.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from fuzz import wire
from fuzz.grammar import Arg

ENOUGH = 1000
LONG_RUN_SECONDS = 600
OPTION = re.compile(rb"[A-Z][A-Z-]+")
MADE_UP = frozenset((b"FOO", b"NOSUCH"))
ERROR = re.compile(rb"(?:^|(?<=\r\n))-([A-Z]+ [^\r]*)")
VARYING = re.compile(
    rb"(?<=REPLCONF option: ).*|(?<=filter-only option: ).*|(?<=Unsupported option ).*|(?<=can be specified for )\S+$|(?<!\w)'[^']*'|\"[^\"]*\"|`[^`]*`|-?\b[0-9]+\b|\(known\)|with args beginning.*")
WIDTH = 96


@dataclass
class Counts:
    """containers: commands with subcommands; options: those of a command."""

    containers: frozenset[bytes] = frozenset()
    options: Mapping[bytes, frozenset[bytes]] = field(default_factory=dict)
    commands: Counter[bytes] = field(default_factory=Counter)
    given: Counter[tuple[bytes, bytes]] = field(default_factory=Counter)
    errors: Counter[bytes] = field(default_factory=Counter)

    def command(self, argv: Sequence[Arg]) -> None:
        """Notes a command and its options."""
        words = [a.upper() for a in argv if isinstance(a, bytes)]
        if words and words[0].startswith(b"@"):  # who says it
            del words[0]
        if not words:
            return
        name = name_of(words, self.containers)
        if name not in self.options:
            name = words[0]
        if name not in self.options:
            name = b"(unknown)"
        self.commands[name] += 1
        options = self.options.get(name, frozenset())
        for word in set(words[1:]) & options:
            self.given[name, word] += 1

    def reply(self, raw: bytes, several: bool = False) -> None:
        """Notes the errors among the replies of a step, without what differs
        from one to the next; or those that reached others in a conversation."""
        for replies in errors_of_others(raw) if several else [raw]:
            for error in ERROR.findall(replies):
                self.errors[VARYING.sub(b"#", error)[:WIDTH]] += 1

    def rare(self, seconds: float) -> list[str]:
        """What ten minutes at this rate would do too seldom."""
        expected: Counter[str] = Counter()
        for name, options in self.options.items():
            expected[shown(name)] = self.commands[name]
            for word in options:
                expected[shown(name, word)] = self.given[name, word]
        for text, count in self.errors.items():
            expected[f'"{shown(text)}"'] = count
        factor = LONG_RUN_SECONDS / max(seconds, 1)
        few = [(count * factor, name) for name, count in expected.items()]
        return [f"{name} ({count:,.0f})" for count, name in sorted(few)
                if count < ENOUGH]

    def table(self, seconds: float) -> str:
        """A row a command, then the errors, then what is rare."""
        out = ["", f"{'command':28} {'runs':>9}  options"]
        for name in sorted({*self.options, *self.commands}):
            options = "  ".join(
                f"{shown(word)} {self.given[name, word]:,}"
                for word in sorted(self.options.get(name, ())))
            row = f"{shown(name):28} {self.commands[name]:>9,}  {options}"
            out.append(row.rstrip())
        out += ["", f"{'times':>9}  error"]
        out += [f"{count:>9,}  {shown(text)}"
                for text, count in self.errors.most_common()]
        rare = self.rare(seconds)
        out += ["", "In ten minutes at this rate each command, option and "
                f"error runs {ENOUGH:,} times or more"
                + (f", except {len(rare)}: {', '.join(rare)}." if rare
                   else ".")]
        return "\n".join(out)


def errors_of_others(raw: bytes) -> Iterator[bytes]:
    """The replies of a crowd, but those to the client that holds the row."""
    who = b""
    for item in wire.decode(raw).items if wire.is_reply(raw) else ():
        if item.text[:1] == b"@":
            who = item.text[1:]
        elif who:
            yield item.text


def shown(*words: bytes) -> str:
    """Bytes of a command or an error as text."""
    return " ".join(w.decode("ascii", "backslashreplace") for w in words)


def name_of(words: Sequence[bytes], containers: frozenset[bytes]) -> bytes:
    """The name of a command, with its subcommand where it has some."""
    return b" ".join(words[:2]) if words[0] in containers else words[0]


def options_in(words: Iterable[bytes]) -> frozenset[bytes]:
    """Those of a row's words that a command knows as options."""
    return frozenset(w for w in words
                     if OPTION.fullmatch(w) and w not in MADE_UP)
