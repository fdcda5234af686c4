"""Where a file of the repository is to be seen on the site."""

from __future__ import annotations

from dataclasses import dataclass, field

from chain import ROOT
from pages.course import Course
from pages.highlight import highlighted_lines
from pages.lines import plain
from pages.writing import Site

SIZE_LIMIT = 200_000


@dataclass
class Sources:
    course: Course
    linked: set[str] = field(default_factory=set)  # files that need a page of their own

    def page_of(self, path: str) -> str:
        """The page that shows a file or folder, from the site's root; "" for none."""
        path = path.rstrip("/")
        room, _, rest = path.partition("/")
        if room == "stages":
            return self.page_in_stage(rest)
        where = ROOT / path
        if not where.resolve().is_relative_to(ROOT) or not where.is_file():
            return ""
        if where.stat().st_size > SIZE_LIMIT or b"\0" in where.read_bytes():
            return ""
        self.linked.add(path)
        return f"source/{path}.html"

    def page_in_stage(self, path: str) -> str:
        stage, _, file = path.partition("/")
        if stage == "more":
            return self.page_in_more(file)
        step = next((one for one in self.course.steps if one.name == stage), None)
        if not step:
            return ""
        if file in step.files:
            untouched = step.before.get(file) == step.files[file]
            return f"history/{file}.html" if untouched else f"diff/{stage}/{file}.html"
        return f"diff/{stage}/index.html"

    def page_in_more(self, path: str) -> str:
        """The page of a file of stages/more/; the stage's list for a folder."""
        folder, _, file = path.partition("/")
        step = next((one for one in self.course.steps if one.name == folder), None)
        if not step:
            return ""
        return f"diff/{folder}/more/index.html#{file}" if file in step.more else f"diff/{folder}/index.html"

    def write(self, site: Site) -> None:
        for path in sorted(self.linked):
            text = (ROOT / path).read_text(encoding="utf-8")
            lines = highlighted_lines(path, text)
            site.page(
                f"source/{path}.html",
                "source.html",
                course=self.course,
                step=None,
                name=path,
                code=plain(lines, 1, len(lines)),
            )
