"""The difference pages: for each stage an overview, and a page for each file it touches."""

from __future__ import annotations

from dataclasses import dataclass, field

from markupsafe import Markup

from pages import trying
from pages.course import Course, Step
from pages.definitions import definitions
from pages.differences import FileDifference, Hunk, compare
from pages.highlight import highlighted_lines
from pages.history import FileHistory, unique_names
from pages.lines import ChangedLines, plain
from pages.places import Place, Places, read_places
from pages.testpages import target_of, told_steps
from pages.tree import SIGNS, rooms
from pages.writing import Site
from reading import first_sentence, in_order
from weave.figures import TOGETHER, commands_in

SHORT_GAP = 5  # lines


@dataclass
class Part:
    """A piece of a page: a hunk, lines of a new file that belong together, or a gap."""

    kind: str  # "hunk", "lines" or "gap"
    title: str
    code: Markup
    anchor: str = ""
    places: list[Place] = field(default_factory=list)
    names: list[tuple[str, int]] = field(default_factory=list)  # quotes that begin here, and their lines
    reasons: list[tuple[str, str]] = field(default_factory=list)  # what leads to the chapter, and where
    short: bool = False  # a gap that is not worth folding


@dataclass(frozen=True)
class Outline:
    """A definition of the file, and what other stages do to it."""

    name: str
    line: int
    born: str
    changed_in: list[str]


@dataclass(frozen=True)
class MoreFile:
    """A file of stages/more/: its length, and what it says of itself."""

    path: str
    lines: int
    says: str
    code: Markup


@dataclass
class Section:
    """A section of the chapter, with the quotes of each file and where the difference has them."""

    heading: str
    target: str
    greens: list[tuple[str, str]]  # what turns green with it, and where that is shown
    files: dict[str, list[tuple[str, str]]] = field(default_factory=dict)


def span(first: int, last: int) -> str:
    return f"line {first}" if first == last else f"lines {first} to {last}"


class FilePage:
    """The page of one file in one step of the course."""

    def __init__(self, step: Step, file: FileDifference, places: Places):
        self.step, self.file, self.places = step, file, places
        self.linked = step.chapter is not None
        self.old_text = step.before.get(file.path, "")
        self.new_text = step.files.get(file.path, "")
        self.old = highlighted_lines(file.path, self.old_text) if self.old_text else ()
        self.new = highlighted_lines(file.path, self.new_text) if self.new_text else ()
        self.unnamed = {place.number: place for place in places.by_path.get(file.path, [])}

    def parts(self) -> list[Part]:
        found = self.whole() if self.file.kind == "new" else self.changed()
        number, heading = 0, ""
        for part in found:
            if part.kind != "gap":
                number += 1
                part.anchor = f"h{number}"
                heading = self.give_reasons(part, heading)
        return found

    def give_reasons(self, part: Part, heading: str) -> str:
        """Names the section that explains a part; where it is the one of the part
        above, what is quoted there. Returns the section."""
        for place in part.places:
            text = place.label if place.heading == heading and place.label else place.heading
            heading = place.heading
            if text not in [known for known, _ in part.reasons]:
                part.reasons.append((text, place.target))
        return heading

    def names_in(self, first: int, last: int) -> list[tuple[str, int]]:
        """Anchors of the quotes whose first line is here; each is given once."""
        here = [
            p for p in self.unnamed.values() if p.new_lines and first <= min(p.new_lines) <= last
        ]
        for place in here:
            del self.unnamed[place.number]
        return [(place.anchor, min(place.new_lines)) for place in here]

    def owners(self) -> list[Place | None]:
        """The quote of each line. An empty line belongs to what stands above it."""
        owners: list[Place | None] = []
        for number, text in enumerate(self.new_text.split("\n")[: len(self.new)], 1):
            owner = self.places.of_line(self.file.path, number)
            if not text.strip() and not owner and owners:
                owner = owners[-1]
            owners.append(owner)
        return owners

    def cuts(self) -> list[int]:
        """The lines of a new file at which a part begins: where another quote
        explains it, or, without a chapter, at each definition."""
        owners = self.owners()
        if any(owners):
            return [n for n in range(1, len(owners) + 1) if n == 1 or owners[n - 1] != owners[n - 2]]
        found = definitions(self.file.path, self.new_text)
        return sorted({1} | {d.first for d in found if d.kind == "function"})

    def whole(self) -> list[Part]:
        cuts = self.cuts()
        parts = []
        for first, after in zip(cuts, [*cuts[1:], len(self.new) + 1], strict=True):
            last = after - 1
            place = self.places.of_line(self.file.path, first)
            parts.append(
                Part(
                    "lines",
                    span(first, last),
                    plain(self.new, first, last),
                    places=[place] if place else [],
                    names=self.names_in(first, last),
                )
            )
        return parts

    def gap(self, first: int, last: int) -> list[Part]:
        if first > last:
            return []
        title = f"{last - first + 1} lines untouched" if last > first else "1 line untouched"
        names = self.names_in(first, last)
        short = last - first < SHORT_GAP
        return [Part("gap", title, plain(self.new, first, last), names=names, short=short)]

    def hunk(self, hunk: Hunk, draw: ChangedLines) -> Part:
        first, last = hunk.first("new"), hunk.last("new")
        return Part(
            "hunk",
            span(first, last) if last else "all of it",
            draw.unified(hunk.runs) + draw.split(hunk.runs),
            places=self.places.of_hunk(self.file.path, hunk),
            names=self.names_in(first, last),
        )

    def notes(self) -> dict[int, tuple[str, str]]:
        """Lines that come at which another quote begins to explain them. A hunk may
        be long, and belong to several steps."""
        if not self.linked:
            return {}
        found = {}
        up = "../" * (self.file.path.count("/") + 2)
        for hunk in self.file.hunks:
            before = None
            for row in hunk.rows:
                place = row.sign == "+" and self.places.of_line(self.file.path, row.new or 0)
                if place and place != before and row.new:
                    found[row.new] = (f"{place.heading}: {place.label}", up + place.target)
                    before = place
        return found

    def changed(self) -> list[Part]:
        draw = ChangedLines(self.old, self.new, self.old_text, self.new_text)
        draw.notes = self.notes()
        parts: list[Part] = []
        done = 0
        for hunk in self.file.hunks:
            if self.file.kind == "changed":
                parts += self.gap(done + 1, hunk.first("new") - 1)
            parts.append(self.hunk(hunk, draw))
            done = hunk.last("new")
        if self.file.kind == "changed":
            parts += self.gap(done + 1, len(self.new))
        return parts

    def outline(self, history: FileHistory | None) -> list[Outline]:
        if not history or self.file.kind == "gone":
            return []
        found = []
        for name, definition in unique_names(definitions(self.file.path, self.new_text)):
            life = history.lives[name]
            line = min(definition.first, len(self.new))
            found.append(Outline(name, line, life.versions[0].stage, life.changed_in))
        return found


class StagePages:
    """All difference pages of one stage."""

    def __init__(self, course: Course, step: Step, histories: dict[str, FileHistory]):
        self.course, self.step, self.histories = course, step, histories
        self.places = read_places(step)
        self.linked = step.chapter is not None
        self.files = compare(step)
        self.touched = self.in_order([file for file in self.files if file.kind != "same"])

    @property
    def directory(self) -> str:
        return f"diff/{self.step.name}"

    def in_order(self, files: list[FileDifference]) -> list[FileDifference]:
        """The files in the order of `make diff`, when there is no chapter that has one."""
        if self.linked:
            return files
        by_path = {file.path: file for file in files}
        kinds: dict[str, str] = {file.path: file.kind for file in files}
        texts = {path: self.step.files.get(path, self.step.before.get(path, "")) for path in kinds}
        return [by_path[path] for path in in_order(texts, kinds)]

    def more(self) -> list[MoreFile]:
        """What stages/more/ adds with this stage, in the order of reading."""
        texts = self.step.more
        paths = in_order(texts, dict.fromkeys(texts, "new"))
        found = []
        for path in paths:
            lines = highlighted_lines(path, texts[path])
            code = plain(lines, 1, len(lines), prefix="")
            found.append(MoreFile(path, len(lines), first_sentence(texts[path]), code))
        return found

    def commands(self) -> list[str]:
        """The commands that the stage adds, the lesson's first; of one with subcommands, only that."""
        found = [name for text in [*self.step.files.values(), *self.step.more.values()] for name in commands_in(text)]
        earlier = self.course.steps[: self.course.steps.index(self.step)]
        texts = [text for step in earlier for text in [*step.files.values(), *step.more.values()]]
        old = {name for text in texts for name in commands_in(text)}
        return [name for name in dict.fromkeys(found) if name not in old and TOGETHER not in name]

    def write_more(self, site: Site) -> None:
        """A page for all of stages/more/ that comes with this stage."""
        if self.step.more:
            site.page(f"{self.directory}/more/index.html", "more.html", course=self.course, step=self.step, files=self.more())

    def common(self) -> dict[str, object]:
        steps = self.course.steps
        at = steps.index(self.step)
        return {
            "course": self.course,
            "step": self.step,
            "rooms": rooms(self.files),
            "signs": SIGNS,
            "directory": self.directory,
            "linked": self.linked,
            "earlier": steps[at - 1] if at else None,
            "later": steps[at + 1] if at + 1 < len(steps) else None,
            "added": sum(file.added for file in self.files),
            "removed": sum(file.removed for file in self.files),
        }

    def reading_order(self) -> list[Section]:
        """The chapter's sections, and what each quotes, file by file."""
        found: list[Section] = []
        for place in self.places.places:
            target = self.place_of_quote(place)
            if not target:
                continue
            if not found or found[-1].heading != place.heading:
                found.append(Section(place.heading, place.target, self.greens_of(place.heading)))
            found[-1].files.setdefault(place.path, []).append((place.label or "all of it", target))
        return found

    def greens_of(self, heading: str) -> list[tuple[str, str]]:
        names = next((told.greens for told in told_steps(self.step.number) if told.heading.title == heading), ())
        return [(name, target_of(self.step.number, self.step.name, name)) for name in names]

    def place_of_quote(self, place: Place) -> str:
        """Where the difference shows what a chapter quotes, from the site's root."""
        if place.path in {file.path for file in self.touched}:
            line = f"#{place.anchor}" if place.new_lines else ""
            return f"{self.directory}/{place.path}.html{line}"
        return f"history/{place.path}.html" if place.path in self.histories else ""

    def write(self, site: Site) -> None:
        common = self.common()
        site.page(
            f"{self.directory}/index.html",
            "stage.html",
            file=None,
            touched=self.touched,
            order=self.reading_order() if self.linked else [],
            more=self.more(),
            commands=self.commands() if trying.offers(site.root, self.step.number) else [],
            **common,
        )
        self.write_more(site)
        for i, file in enumerate(self.touched):
            page = FilePage(self.step, file, self.places)
            site.page(
                f"{self.directory}/{file.path}.html",
                "file.html",
                file=file,
                parts=page.parts(),
                outline=page.outline(self.histories.get(file.path)),
                previous=self.touched[i - 1] if i else None,
                next=self.touched[i + 1] if i + 1 < len(self.touched) else None,
                **common,
            )
