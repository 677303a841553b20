"""The mappings in the documentation are read as they stand."""

import re
from pathlib import Path

import pytest

from sot.adapters.imports.csv_mapping.mapping import read_mapping

DOCS = Path(__file__).parents[4] / "docs"
BLOCKS = re.findall(
    r"^```toml\n(.*?)^```", (DOCS / "how-to" / "import.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
)
MAPPINGS = [block for block in BLOCKS if "entry-points" not in block]
SNIPPETS = re.findall(
    r"`((?:time|pair|quantity|price|multiplier|realized) = \{.*?\})`",
    (DOCS / "how-to" / "import.md").read_text("utf-8"),
)


@pytest.mark.parametrize("block", MAPPINGS)
def test_blocks(block):
    text = block if block.startswith("title") else 'title = "a part"\n' + block
    assert read_mapping(text, "docs")


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_snippets(snippet):
    key = snippet.partition(" ")[0]
    lines = {"time": 'time = "T"', "quantity": 'quantity = "Q"', "price": 'price = "P"'}
    terms = {"symbol": 'symbol = "S"', "quote": 'quote = "C"', "kind": 'kind = "SPOT"'}
    (terms if key in ("pair", "multiplier") else lines)[key] = snippet
    text = ['title = "a part"', "[[trade]]", *lines.values(), "[trade.instrument]", *terms.values()]
    assert read_mapping("\n".join(text), "docs").trades


def test_there_are_some():
    assert (len(MAPPINGS), len(SNIPPETS) >= 8) == (3, True)
