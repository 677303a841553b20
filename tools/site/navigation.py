"""The navigation of the site: which page is in which section, so that the pages themselves need no directives.

Within a section, pages stand in the order in which `docs/index.md` links to them; others follow, by their paths. A page
without a section is an error of the build.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from fnmatch import fnmatchcase
from posixpath import dirname, join, normpath

from sphinx.application import Sphinx

START = "docs/index"
SECTIONS: Mapping[str, Sequence[str]] = {
    "Start": ("README", "docs/faq", "docs/comparison", "docs/glossary"),
    "Tutorial": ("docs/tutorial/*",),
    "How-to": ("docs/how-to/*",),
    "Explanation": ("docs/explanation", "docs/explanation/*", "docs/architecture"),
    "Reference": ("docs/reference/*", "docs/reference/api/index", "docs/reference/specification/index"),
    "Decisions": ("docs/adr/index",),
    "For contributors": ("CONTRIBUTING", "SECURITY", "CHANGELOG"),
}
"""The pages of each section; `*` stands for a name within a folder."""

CHAPTERS: Mapping[str, str] = {"docs/reference/specification/index": "docs/reference/specification/*"}
"""Pages that have others under them."""

LISTS: Mapping[str, str] = {"docs/adr/index": "docs/adr/*", "docs/reference/api/index": "docs/reference/api/*"}
"""Pages that list others, which are too many for the navigation on every page."""

LABELS: Mapping[str, str] = {"README": "What it is"}
"""Names of pages in the navigation that are not their titles."""

_LINK = re.compile(r"\]\(([^)#:\s]+)\.md(?:#[^)\s]*)?\)")


def matches(page: str, pattern: str) -> bool:
    """Whether a page is one of those that a pattern means."""
    return page.count("/") == pattern.count("/") and fnmatchcase(page, pattern)


def section_of(page: str) -> str | None:
    """The section of a page; None if it has none, or is under another page."""
    return next((name for name, patterns in SECTIONS.items() if any(matches(page, one) for one in patterns)), None)


def linked_pages(text: str, page: str) -> list[str]:
    """The pages that the text of a page links to, in the order of the first links."""
    return list(dict.fromkeys(normpath(join(dirname(page), link)) for link in _LINK.findall(text)))


def in_order(pages: Collection[str], first: Sequence[str]) -> list[str]:
    """Order pages: those in `first` as they stand there, the others by their paths."""
    known = [page for page in first if page in pages]
    return known + sorted(set(pages) - set(known))


def changed(app: Sphinx, *found: object) -> list[str]:
    """The pages to read again for every build: new pages change their tables of contents."""
    return [START, *(page for page in CHAPTERS if page in app.env.found_docs)]


def add_contents(app: Sphinx, page: str, source: list[str]) -> None:
    """Add tables of contents to the start page and to chapters, when Sphinx reads them."""
    found = app.env.found_docs
    if page == START:
        groups = {name: [other for other in found if section_of(other) == name] for name in SECTIONS}
    elif page in CHAPTERS:
        groups = {"": [other for other in found if matches(other, CHAPTERS[page]) and other != page]}
    else:
        return
    linked = linked_pages(source[0], page)
    for name, pages in groups.items():
        if pages:
            source[0] += contents(in_order(pages, linked), name)


def mark_listed(app: Sphinx, document: object) -> None:
    """Tell Sphinx of a page that it need not be in the navigation, when Sphinx has read it."""
    page = app.env.docname
    if any(matches(page, pattern) for pattern in LISTS.values()):
        app.env.metadata[page]["orphan"] = True


def contents(pages: Sequence[str], caption: str) -> str:
    """A table of contents, which only the navigation shows, as the parser of Markdown reads it."""
    options = [":hidden:", *([f":caption: {caption}"] if caption else [])]
    lines = (f"{LABELS[page]} </{page}>" if page in LABELS else f"/{page}" for page in pages)
    return "\n".join(["", "```{toctree}", *options, "", *lines, "```", ""])
