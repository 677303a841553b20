"""The drawn pictures can be read aloud, and the lifecycle shows nothing that its table does not have."""

from xml.etree import ElementTree

import attrs
import pytest

from sot.domain.values.vocabulary import EventType, OrderStatus
from tests.support.site_tools import tool

SVG = "{http://www.w3.org/2000/svg}"
lifecycle = tool("lifecycle_picture")
report = tool("report_picture")


@pytest.mark.parametrize("picture", [lifecycle, report], ids=lambda picture: picture.PICTURE.stem)
def test_a_picture_is_drawn_the_same_each_time_and_has_a_title_and_a_description(picture):
    text = picture.render()
    assert text == picture.render() == picture.PICTURE.read_text("utf-8")
    root = ElementTree.fromstring(text)
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title")
    assert len(root.findtext(f"{SVG}desc")) > 100


def test_the_lifecycle_names_every_status_and_its_ways():
    root = ElementTree.fromstring(lifecycle.render())
    shown = [node.text for node in root.iter(f"{SVG}text") if node.get("class") == "name"]
    assert sorted(shown) == sorted(OrderStatus)
    told = root.findtext(f"{SVG}desc")
    assert "CREATED by SUBMITTED to PENDING_NEW" in told
    assert "PARTIALLY_FILLED by TRADE to FILLED" in told
    assert "open again by RESOLVED" not in told
    assert "TRADE_CANCEL" in told


@pytest.mark.parametrize("before", [OrderStatus.FAILED, OrderStatus.PENDING_NEW])
def test_an_arrow_that_the_table_does_not_have_is_refused(before, monkeypatch):
    wrong = attrs.evolve(lifecycle.WAYS[0], before=[before], event=EventType.SUBMITTED)
    monkeypatch.setattr(lifecycle, "WAYS", (*lifecycle.WAYS, wrong))
    with pytest.raises(ValueError, match=f"the table has no SUBMITTED from {before}"):
        lifecycle.render()


def test_a_status_without_a_place_is_refused(monkeypatch):
    monkeypatch.setattr(lifecycle, "GROUPS", lifecycle.GROUPS[:-1])
    with pytest.raises(ValueError, match="each status has one place"):
        lifecycle.render()
