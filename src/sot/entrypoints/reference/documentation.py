"""The pages of the documentation that the bundle has, with links that stay inside it."""

import posixpath
import re
from collections.abc import Container, Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import sot

GLOSSARY = "glossary.md"
REFERENCE = "reference"
LEFT_OUT = frozenset({f"{REFERENCE}/{name}.md" for name in ("campaigns", "mutation")})
"""Pages about how the tests of this library are looked for gaps."""

_PARTS = re.compile(r"^```.*?^```|(?P<link>\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]+)\))", re.MULTILINE | re.DOTALL)


def documentation_files() -> dict[str, str]:
    """Read the pages, and the documents beside them, by their paths in the bundle.

    Raises:
        OSError: This installation has no documentation.
    """
    folder = _documentation()
    texts = dict(_texts(folder / REFERENCE, REFERENCE))
    texts[GLOSSARY] = (folder / GLOSSARY).read_text("utf-8")
    kept = {path: text for path, text in sorted(texts.items()) if path not in LEFT_OUT}
    return {path: close_links(path, text, kept) if path.endswith(".md") else text for path, text in kept.items()}


def close_links(page: str, text: str, paths: Container[str]) -> str:
    """Return a page in which only links that lead to other files of the bundle, or to the web, are left.

    A link to anything else becomes its text, in italics.

    Args:
        page: The path of the page.
        text: The page.
        paths: The paths of the bundle.
    """

    def closed(match: re.Match[str]) -> str:
        if match["link"] is None or "://" in match["target"]:
            return match[0]
        path = match["target"].partition("#")[0]
        inside = not path or posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) in paths
        return match[0] if inside else f"*{match['text']}*"

    return _PARTS.sub(closed, text)


def _documentation() -> Traversable:
    """The folder of the documentation: in a wheel among the package's data, else that of the source tree."""
    packaged = files("sot.entrypoints") / "data" / "docs"
    return packaged if packaged.is_dir() else Path(sot.__file__).parents[2] / "docs"


def _texts(folder: Traversable, path: str) -> Iterator[tuple[str, str]]:
    for entry in folder.iterdir():
        inner = f"{path}/{entry.name}"
        if entry.is_dir():
            yield from _texts(entry, inner)
        elif entry.name.endswith((".md", ".json")):
            yield inner, entry.read_text("utf-8")
