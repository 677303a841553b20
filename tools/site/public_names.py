"""The pages of public names: a page of `docs/reference/api` is named as a module and gets its entries.

The entries are directives of autodoc, which reads signatures and docstrings from the code. They take the place of what
a page says to readers of its Markdown.
"""

import importlib
import inspect
import re
import sys
from collections.abc import Collection, Mapping
from enum import Enum
from functools import cache
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import Any, TypeVar

from sphinx.application import Sphinx
from sphinx.pycode import ModuleAnalyzer

FOLDER = Path("docs/reference/api")
KINDS = ("Classes", "Functions", "Vocabularies", "Errors", "Values")
_WITHOUT_MEMBERS = "sot.adapters.sqlalchemy.models"  # columns are told by the schema
_LONGEST_VALUE = 60
_LINK_BACK = re.compile(r'(class="viewcode-back" href="[./]*docs/reference/api/)([\w.]+)\.html#([\w.]+)')


@cache
def modules(root: Path) -> tuple[str, ...]:
    """The public modules: those that have a page."""
    return tuple(sorted(path.stem for path in (root / FOLDER).glob("sot*.md")))


def names_of(module: ModuleType) -> list[str]:
    """The public names of a module: those that it lists, else those that it defines."""
    listed: Collection[str] | None = getattr(module, "__all__", None)
    if listed is not None:
        return sorted(listed)
    own = {name: value for name, value in vars(module).items() if getattr(value, "__module__", None) == module.__name__}
    return sorted(name for name, value in own.items() if not (name.startswith("_") or isinstance(value, TypeVar)))


def kind_of(value: Any) -> str:
    """The heading under which a value stands."""
    if isinstance(value, type):
        if issubclass(value, BaseException):
            return "Errors"
        return "Vocabularies" if issubclass(value, Enum) else "Classes"
    return "Functions" if callable(value) and hasattr(value, "__name__") else "Values"


def without_entry(root: Path, entries: Collection[str]) -> list[str]:
    """The full public names that are not among the entries of a built site."""
    names = (f"{module}.{name}" for module in modules(root) for name in names_of(importlib.import_module(module)))
    return sorted(name for name in names if name not in entries)


@cache
def homes(root: Path) -> Mapping[int, str]:
    """The full name of each class and function that is told in one place; of several, in the module of the subject."""
    found = {}
    for module in sorted(modules(root), key=len):
        face = importlib.import_module(module)
        for name in names_of(face):
            if kind_of(getattr(face, name)) != "Values":
                found[id(getattr(face, name))] = f"{module}.{name}"
    return found


def entry(module: str, name: str, root: Path) -> list[str]:
    """The directives for one name."""
    value = getattr(importlib.import_module(module), name)
    full_name, kind = f"{module}.{name}", kind_of(value)
    home = homes(root).get(id(value), full_name)
    if home != full_name:
        return [f".. py:data:: {name}", "", f"   See :py:obj:`{home}`."]
    if isinstance(value, ModuleType):
        return [f":py:mod:`{value.__name__}`"]
    if kind == "Values" or not value.__module__.startswith("sot"):
        return [f".. py:data:: {name}", *_value_options(value), "", *_indented(told_of(module, name))]
    if kind == "Functions":
        return [f".. autofunction:: {full_name}"]
    members = [] if module == _WITHOUT_MEMBERS else ["   :members:", "   :exclude-members: KINDS"]
    if any(id(base) in homes(root) for base in value.__bases__):
        members.append("   :show-inheritance:")
    directive = "autoexception" if kind == "Errors" else "autoclass"
    return [f".. {directive}:: {full_name}", *members, *(["   :undoc-members:"] if kind == "Vocabularies" else [])]


def _value_options(value: Any) -> list[str]:
    text = repr(value)
    return [f"   :value: {text}"] if isinstance(value, str | int | tuple) and len(text) <= _LONGEST_VALUE else []


def _indented(text: str) -> list[str]:
    return [f"   {line}" if line else "" for line in text.splitlines()]


def told_of(module: str, name: str) -> str:
    """What the code tells of a name: its docstring, or the one under it in the module that assigns it."""
    value = getattr(importlib.import_module(module), name)
    if isinstance(value, ModuleType) or (kind_of(value) != "Values" and value.__module__.startswith("sot")):
        return inspect.getdoc(value) or ""
    if kind_of(value) != "Values":
        return f"`{value.__qualname__}` of the package `{value.__module__.partition('.')[0]}`."
    for other, known in sorted(sys.modules.items()):
        if not other.startswith("sot.") or vars(known).get(name) is not value:
            continue
        lines = ModuleAnalyzer.for_module(other).find_attr_docs().get(("", name))
        if lines:
            return "\n".join(lines).strip()
    return ""


def summary(module: str, name: str) -> str:
    """The first paragraph of what the code tells of a name, in one line."""
    return " ".join(told_of(module, name).partition("\n\n")[0].split()).replace("|", "\\|")


def page_text(module: str, root: Path) -> str:
    """The body of the page of a module: what it is, a table of its names, and their entries by kind."""
    face = importlib.import_module(module)
    names = names_of(face)
    rows = [f"| {{py:obj}}`{name} <{module}.{name}>` | {summary(module, name)} |" for name in names]
    parts = [_rst([f".. py:module:: {module}"]), "[The Python API](index.md)", inspect.getdoc(face) or ""]
    if rows:
        parts.append("\n".join(["| name | meaning |", "| --- | --- |", *rows]))
    for kind in KINDS:
        of_kind = [name for name in names if kind_of(getattr(face, name)) == kind]
        if of_kind:
            parts += [f"## {kind}", *(_rst(entry(module, name, root)) for name in of_kind)]
    return "\n\n".join(["", *parts, ""])


def _rst(lines: list[str]) -> str:
    return "\n".join(["```{eval-rst}", *lines, "```"])


def keep_public_bases(app: Sphinx, name: str, value: type, options: object, bases: list[type]) -> None:
    """Show the bases of a class that are public."""
    bases[:] = [base for base in bases if id(base) in homes(Path(app.srcdir))]


def module_of_source(app: Sphinx, module: str, name: str) -> str | None:
    """Keep what comes from other packages out of the pages of source code; None leaves the module to Sphinx."""
    value: Any = importlib.import_module(module)
    for part in name.split("."):
        value = getattr(value, part, None)
    return None if getattr(value, "__module__", module).startswith("sot") else module


def mend_links_back(app: Sphinx, page: str, template: str, context: dict[str, Any], document: object) -> None:
    """Lead the links of a page of source code to the entries: Sphinx takes all to be in one module."""
    if page.startswith("_modules/sot/"):
        faces = sorted(modules(Path(app.srcdir)), key=len, reverse=True)

        def mended(link: re.Match[str]) -> str:
            start, face, anchor = link.groups()
            taken_for = next(other for other in faces if anchor.startswith(f"{other}."))
            return f"{start}{face}.html#{face}{anchor.removeprefix(taken_for)}"

        context["body"] = _LINK_BACK.sub(mended, context["body"])


def add_entries(app: Sphinx, page: str, source: list[str]) -> None:
    """Add the entries to the page of a module, when Sphinx reads it."""
    path = PurePosixPath(page)
    if path.parent == PurePosixPath(FOLDER) and path.name != "index":
        app.env.note_dependency(inspect.getfile(importlib.import_module(path.name)))
        heading = source[0].partition("\n")[0]
        source[0] = f"{heading}\n{page_text(path.name, Path(app.srcdir))}"
