"""Draw docs/pictures/report.svg: the way of a venue's report to the position. `make docs` runs this."""

import sys
from collections.abc import Iterator

from field_tables import ROOT, write_file
from svg import arrow, box, drawing, text

PICTURE = ROOT / "docs" / "pictures" / "report.svg"
SIZE = (1000, 214)
STEPS = (
    ("report", "what the venue said"),
    ("names", "which order?"),
    ("recognition", "said before?"),
    ("event", "a fact, hashed"),
    ("state", "fold: the status"),
    ("execution", "fold: quantity, fees"),
    ("position", "fold: cost, result"),
)
ASIDE = {
    "names": ("no order, or several:", "it waits, and is listed"),
    "recognition": ("told again:", "REPEATED"),
    "event": ("odd, never refused:", "anomalies are data on it"),
}
WIDTH, HEIGHT, STRIDE, LEFT, TOP = 122, 52, 141, 14, 56
FIRST_DERIVED = 4


def parts() -> Iterator[str]:
    """Boxes from left to right, and below them where a report goes instead."""
    derived = LEFT + FIRST_DERIVED * STRIDE
    yield box((derived - 9, 16), (SIZE[0] - derived + 4, 108), "group")
    yield text((derived, 36), "derived from events, and can be rebuilt")
    yield text((LEFT, 36), "recorded, and never changed")
    for number, (name, words) in enumerate(STEPS):
        left = LEFT + number * STRIDE
        middle = left + WIDTH / 2
        if number:
            yield arrow([(left - STRIDE + WIDTH, TOP + HEIGHT / 2), (left - 1, TOP + HEIGHT / 2)], "way")
        yield box((left, TOP), (WIDTH, HEIGHT), "node")
        yield text((middle, TOP + 22), name, "name", "middle")
        yield text((middle, TOP + 41), words, "label", "middle")
        if name in ASIDE:
            yield arrow([(middle, TOP + HEIGHT), (middle, TOP + HEIGHT + 44)], "other")
            for line, aside in enumerate(ASIDE[name]):
                yield text((middle, TOP + HEIGHT + 64 + 18 * line), aside, "label", "middle")


def render() -> str:
    """The picture."""
    steps = ", ".join(f"{name} ({words})" for name, words in STEPS)
    aside = "; ".join(f"at {name}: {' '.join(words)}" for name, words in ASIDE.items())
    return drawing(SIZE, "The way of a report", f"In order: {steps}. {aside}.", parts())


if __name__ == "__main__":
    sys.exit(write_file(PICTURE, render()))
