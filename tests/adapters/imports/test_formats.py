"""Every format is documented, and says what it reads."""

from pathlib import Path

import pytest

from sot.entrypoints.readers import reader_formats

PAGE = (Path(__file__).parents[3] / "docs" / "how-to" / "import.md").read_text("utf-8")


@pytest.mark.parametrize("name", sorted(reader_formats()))
def test_is_in_the_table(name):
    assert reader_formats()[name]().title
    *_, ending = name.split("-")
    assert f"`{name}`" in PAGE or f"`-{ending}`" in PAGE
