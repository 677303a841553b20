"""Pages of Markdown: their headings, anchors, sections and links."""

import re
from pathlib import Path

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)


def prose(page: Path) -> str:
    """A page without its code blocks."""
    return re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)


def anchor(heading: str) -> str:
    """The anchor of a heading, as code hosts make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings."""
    return {anchor(heading) for _, heading in _HEADING.findall(prose(page))}


def section(page: Path, name: str) -> str:
    """The text under the heading with an anchor, up to the next one of its rank, code included; '' if there is none."""
    text = page.read_text("utf-8")
    fenced = [range(*block.span()) for block in re.finditer(r"^```.*?^```", text, flags=re.MULTILINE | re.DOTALL)]
    headings = [found for found in _HEADING.finditer(text) if not any(found.start() in block for block in fenced)]
    for number, found in enumerate(headings):
        if anchor(found[2]) == name:
            after = (later.start() for later in headings[number + 1 :] if len(later[1]) <= len(found[1]))
            return text[found.start() : next(after, None)]
    return ""


def linked_pages(page: Path) -> set[Path]:
    """The pages of Markdown that a page links to."""
    targets = (link.partition("#")[0] for link in LINK.findall(prose(page)) if "://" not in link)
    return {(page.parent / target).resolve() for target in targets if target.endswith(".md")}
