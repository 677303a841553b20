"""Plain drawings as SVG: boxes, texts and arrows, readable on a light and on a dark page, and the same in every run."""

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

Point = tuple[float, float]

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif"
STYLE = f"""
text {{ font: 13px {FONT}; fill: #1d2733; }}
.node {{ fill: #ffffff; stroke: #38516e; stroke-width: 1.5; }}
.name {{ font-weight: 600; text-anchor: middle; }}
.group {{ fill: #eef2f7; stroke: #c3cedb; }}
.inner {{ fill: #e2e9f1; stroke: none; }}
.label {{ font-size: 12px; fill: #44566b; }}
.halo {{ font-size: 12px; stroke: #eef2f7; stroke-width: 4; stroke-linejoin: round; }}
.way {{ fill: none; stroke: #1f5fa8; stroke-width: 3; stroke-linejoin: round; marker-end: url(#thick); }}
.other {{ fill: none; stroke: #7b8da1; stroke-width: 1.25; stroke-linejoin: round; marker-end: url(#thin); }}
.dashed {{ stroke-dasharray: 5 4; }}
""".strip()
MARKERS = """
<marker id="thick" markerUnits="userSpaceOnUse" markerWidth="12" markerHeight="12" refX="10" refY="6" orient="auto">
<path d="M0 0 L12 6 L0 12 Z" fill="#1f5fa8"/></marker>
<marker id="thin" markerUnits="userSpaceOnUse" markerWidth="9" markerHeight="9" refX="8" refY="4.5" orient="auto">
<path d="M0 0 L9 4.5 L0 9 Z" fill="#7b8da1"/></marker>
""".strip()


def box(corner: Point, size: Point, style: str) -> str:
    """A rectangle with round corners."""
    return (
        f'<rect class="{style}" x="{corner[0]:g}" y="{corner[1]:g}" width="{size[0]:g}" height="{size[1]:g}" rx="6"/>'
    )


def text(at: Point, words: str, style: str = "label", anchor: str = "start") -> str:
    """A line of text; its baseline is at the point."""
    return f'<text class="{style}" x="{at[0]:g}" y="{at[1]:g}" text-anchor="{anchor}">{escape(words)}</text>'


def label(at: Point, words: str, anchor: str = "start") -> str:
    """A line of text over lines, which it hides around itself."""
    return text(at, words, "halo", anchor) + "\n" + text(at, words, "label", anchor)


def arrow(points: Sequence[Point], style: str) -> str:
    """An arrow along straight lines, to the last point."""
    path = " L".join(f"{x:g} {y:g}" for x, y in points)
    return f'<path class="{style}" d="M{path}"/>'


def drawing(size: Point, title: str, description: str, parts: Iterable[str]) -> str:
    """A whole drawing, with a title and a description for those who do not see it."""
    width, height = size
    attributes = f'width="{width:g}" height="{height:g}" role="img" aria-labelledby="title description"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" {attributes}>',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="description">{escape(description)}</desc>',
        f"<style>\n{STYLE}\n</style>",
        f"<defs>\n{MARKERS}\n</defs>",
        f'<rect width="{width:g}" height="{height:g}" rx="8" fill="#f9fbfd"/>',
        *parts,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"
