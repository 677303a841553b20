"""The links of a built site: each leads to a file and an anchor of the site, and nothing is loaded from elsewhere."""

import html
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote

_TARGET = re.compile(r'<(\w+)\b[^>]*?\s(?:href|src)="([^"]*)"')
_ANCHOR = re.compile(r'\s(?:id|name)="([^"]*)"')
_ELSEWHERE = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_IN_STYLE = re.compile(r"""(?:@import\s+|url\()\s*["']?((?:https?:)?//[^"')\s]+)""")


def problems(site: Path) -> list[str]:
    """Return what is wrong with the links of a site, a line each."""
    found = [problem for page in sorted(site.rglob("*.html")) for problem in _of_page(site, page)]
    for style in sorted(site.rglob("*.css")):
        loaded = _IN_STYLE.findall(style.read_text("utf-8"))
        found += [f"{style.relative_to(site)}: loads {address}" for address in loaded]
    return found


def _of_page(site: Path, page: Path) -> Iterator[str]:
    name = page.relative_to(site)
    for tag, target in sorted(set(_TARGET.findall(page.read_text("utf-8")))):
        address = html.unescape(target)
        if _ELSEWHERE.match(address):
            if tag != "a":
                yield f"{name}: loads {address}"
        elif not _ADDRESS.match(address) and not _leads_somewhere(page, address):
            yield f"{name}: broken link {address}"


def _leads_somewhere(page: Path, address: str) -> bool:
    path, _, anchor = address.partition("#")
    target = page if not path else page.parent / unquote(path.partition("?")[0])
    if not target.is_file():
        return False
    return not anchor or target.suffix != ".html" or unquote(anchor) in _anchors(target.resolve())


@cache
def _anchors(page: Path) -> frozenset[str]:
    return frozenset(html.unescape(anchor) for anchor in _ANCHOR.findall(page.read_text("utf-8")))
