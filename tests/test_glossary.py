"""The glossary explains every public name, once and in order."""

import importlib
import importlib.util
import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parent.parent / "docs" / "glossary.md").read_text("utf-8").strip()
ENTRY = re.compile(r"^\*\*([^*]+)\*\*(?: \(([^)]*)\))?: (.+?)(?=\n\n|\Z)", re.MULTILINE | re.DOTALL)
ENTRIES = ENTRY.findall(re.sub(r"(?<!\n)\n(?!\n)", " ", PAGE))
PUBLIC = ("sot", "sot.venue", "sot.audit", "sot.queries", "sot.accounting", "sot.importing")


def public_names() -> list[str]:
    """The names of the public modules, as far as these exist."""
    modules = [importlib.import_module(name) for name in PUBLIC if importlib.util.find_spec(name)]
    return sorted({name for module in modules for name in module.__all__})


def as_words(name: str) -> str:
    """OrderEvent as "order event"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


@pytest.mark.parametrize("name", public_names())
def test_explains_every_public_name(name):
    terms = {term.lower() for term, _, _ in ENTRIES}
    in_code = {word for _, names, _ in ENTRIES for word in re.findall(r"`([^`]+)`", names)}
    assert name in in_code or as_words(name) in terms


def test_has_no_term_and_no_name_twice():
    terms = [term.lower() for term, _, _ in ENTRIES]
    in_code = [word for _, names, _ in ENTRIES for word in re.findall(r"`([^`]+)`", names)]
    assert len(terms) > 150
    assert len(terms) == len(set(terms))
    assert len(in_code) == len(set(in_code))


def test_is_in_alphabetical_order():
    terms = [term.lower() for term, _, _ in ENTRIES]
    assert terms == sorted(terms)
    letters = re.findall(r"^## (.)$", PAGE, flags=re.MULTILINE)
    assert letters == sorted({term[0].upper() for term in terms})


def test_every_explanation_is_a_sentence_or_two():
    for term, _, text in ENTRIES:
        assert text.endswith("."), term
        assert len(text) < 260, term


def test_every_paragraph_is_an_entry():
    paragraphs = [part for part in PAGE.split("\n\n")[2:] if not part.startswith("## ")]
    assert len(paragraphs) == len(ENTRIES)
