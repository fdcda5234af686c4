"""Drawings: characters in, SVG out, in the colours of the text around them.

svgbob draws in black on white and says so in a style sheet that would hold for
the whole page. Here it leaves that out, and the site's own style sheet colours
the same classes: so a drawing follows the reader's light or dark.
"""

from __future__ import annotations

import re

from sphinxcontrib.svgbob._svgbob import to_svg

MARKER = re.compile(r"url\(#(\w+)\)|id=\"(\w+)\"")
CLASSES = re.compile(r'class="([^"]*)"')
END = re.compile(r"(start|end)_marked_(\w+)")

COLUMN = 8  # pixels for each character
LEAST = 0.75  # of its size

# For readers of the EPUB, where a drawing is a file by itself.
OWN_STYLE = """<style>
svg { color: #1f2328; background: #ffffff; }
line, path, circle, rect, polygon { stroke: currentColor; stroke-width: 1.5; stroke-linecap: round; }
text { font: 13.3px monospace; fill: currentColor; white-space: pre; }
.filled { fill: currentColor; }
.nofill, .bg_filled { fill: #ffffff; }
.broken { stroke-dasharray: 5; }
</style>"""


def marked(match: re.Match[str]) -> str:
    """The markers at the ends of a line, as attributes instead of styles."""
    ends = [found for name in match[1].split() if (found := END.fullmatch(name))]
    attributes = [f' marker-{end[1]}="url(#{end[2]})"' for end in ends]
    return match.group() + "".join(attributes)


def draw(text: str, prefix: str) -> str:
    """The SVG of a drawing. The names in it begin with the prefix: a page has several."""
    svg = str(to_svg(text, include_styles=False, include_defs=True))
    svg = CLASSES.sub(marked, svg)
    if "marker-" not in svg:
        svg = re.sub(r"\s*<defs>.*?</defs>", "", svg, flags=re.DOTALL)

    def rename(match: re.Match[str]) -> str:
        name = f"{prefix}-{match[1] or match[2]}"
        return f"url(#{name})" if match[1] else f'id="{name}"'

    return fitted(MARKER.sub(rename, svg), text)


def fitted(svg: str, text: str) -> str:
    """Lets the drawing shrink with the page. svgbob does not count what stands
    in quotes, so a drawing may be wider than it says."""
    match = re.search(r'width="(\d+)" height="(\d+)"', svg)
    if not match:
        return svg
    widest = max((len(line) for line in text.splitlines()), default=0)
    width, height = max(int(match[1]), (widest + 1) * COLUMN), int(match[2])
    # On a phone it shrinks to what can still be read; beyond that, its box scrolls.
    least = f'style="min-width: {int(width * LEAST)}px"'
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}" {least}'
    return svg.replace(match.group(), size, 1)


def standalone(svg: str) -> str:
    return svg.replace(">", f">{OWN_STYLE}", 1)
