"""A chart as text."""

import random
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest
from tests.application.accounting.test_curves import curve_of

from sot.entrypoints.terminal_chart import draw

BRAILLE = range(0x2801, 0x2900)


def walk(count):
    steps = random.Random(3)
    return [round(steps.gauss(20, 150)) for _ in range(count)]


def dots(text):
    return sum(ord(character) in BRAILLE for character in text)


@pytest.mark.parametrize(("width", "height"), [(80, 20), (60, 16), (120, 30)])
def test_it_fits(width, height):
    lines = draw(curve_of(walk(80)), "Results", UTC, width, height).plain.splitlines()
    assert len(lines) == height
    assert max(map(len, lines)) <= width


def test_its_axes_have_amounts_and_days():
    lines = draw(curve_of(walk(80)), "Results", UTC).plain.splitlines()
    assert lines[0].startswith("Results, EUR: ")
    labels = [line.split("┤")[0].strip() for line in lines if "┤" in line]
    assert "0" in labels and len(labels) >= 5
    days = lines[-2].split()
    assert days[0] == "2026-01-02" and len(days) >= 4
    assert days == sorted(set(days))


def test_labels_of_a_zone_have_its_days():
    assert "2026-01-03" in draw(curve_of(walk(80)), "Results", ZoneInfo("Asia/Tokyo")).plain.splitlines()[-2]


def test_a_few_hours_have_times():
    text = draw(curve_of([1, -2, 3]), "Results", UTC).plain
    assert "01-02 22:00" in text


@pytest.mark.parametrize("gross", [[5], [0], [-5], [0, 0], [1e-9, -1e-9], [10**12, -(10**12)]])
def test_any_curve_is_drawn(gross):
    text = draw(curve_of(list(map(str, gross))), "Results", UTC).plain
    assert len(text.splitlines()) == 20
    assert dots(text) > 0


def test_a_rise_is_higher_than_a_fall():
    """The first line with dots is near the right for a rise, near the left for a fall."""
    for gross, is_right in (([1] * 60, True), ([60, *[-1] * 59], False)):
        lines = draw(curve_of(gross), "Results", UTC).plain.splitlines()[1:]
        top = next(line for line in lines if dots(line))
        places = [place for place, character in enumerate(top) if ord(character) in BRAILLE]
        assert (min(places) > 40) == is_right


def test_no_extreme_within_a_column_is_lost():
    calm = [0] * 2000
    calm[1000:1002] = [500, -500]
    text = draw(curve_of(calm), "Results", UTC).plain
    assert sum(dots(line) == 1 for line in text.splitlines()) >= 5


def test_what_is_missing_is_said():
    assert "incomplete: no rate for BNB" in draw(curve_of([1], unvalued=["BNB"]), "Results", UTC).plain
