"""Draw docs/pictures/lifecycle.svg: the statuses of an order in groups, with the ordinary ways between them.

Every arrow is a transition of the lifecycle table (`lifecycle_cells.py`): one that is not there is an error. An arrow
from a group is drawn because the table has it for each status in the group. `make docs` runs this.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import attrs
from field_tables import ROOT, write_file
from lifecycle_cells import VECTORS
from svg import Point, arrow, box, drawing, label, text

from sot.domain.values.vocabulary import EventType, OrderStatus

PICTURE = ROOT / "docs" / "pictures" / "lifecycle.svg"
SIZE = (1000, 560)
NODE = (132, 36)


@attrs.frozen
class Group:
    """Statuses that stand together in a box."""

    title: str
    corner: Point
    size: Point
    nodes: Mapping[OrderStatus, Point]
    is_inner: bool = False
    title_at: Point | None = None


S = OrderStatus
GROUPS = (
    Group("not at the venue", (16, 48), (172, 496), {S.CREATED: (98, 112), S.FAILED: (98, 262)}),
    Group(
        "open: more may execute",
        (212, 48),
        (540, 456),
        {S.PENDING_NEW: (306, 112), S.NEW: (482, 112), S.PARTIALLY_FILLED: (668, 112)},
    ),
    Group(
        "a request is under way",
        (388, 228),
        (352, 84),
        {S.PENDING_REPLACE: (470, 262), S.PENDING_CANCEL: (658, 262)},
        is_inner=True,
        title_at=(470, 302),
    ),
    Group(
        "waits at the venue",
        (388, 366),
        (352, 126),
        {S.SUSPENDED: (470, 414), S.STOPPED: (658, 414), S.DONE_FOR_DAY: (564, 464)},
        is_inner=True,
    ),
    Group(
        "over",
        (796, 48),
        (188, 496),
        {S.FILLED: (890, 112), S.CANCELED: (890, 262), S.EXPIRED: (890, 350), S.REJECTED: (890, 516)},
    ),
    Group("settled for the day", (806, 394), (168, 84), {S.CALCULATED: (890, 442)}, is_inner=True),
)
OPEN = tuple(chain.from_iterable(group.nodes for group in GROUPS[1:4]))
WAITING = tuple(GROUPS[3].nodes)
OVER = tuple(GROUPS[4].nodes)


@attrs.frozen
class Way:
    """An arrow: the event by which each of some statuses leads to another one, along some points."""

    before: Sequence[OrderStatus]
    event: EventType
    after: OrderStatus
    points: Sequence[Point]
    words_at: Point
    style: str = "way"
    words: str | None = None


E = EventType
WAYS = (
    Way([S.CREATED], E.SUBMITTED, S.PENDING_NEW, [(164, 112), (239, 112)], (168, 102)),
    Way([S.PENDING_NEW], E.NEW, S.NEW, [(372, 112), (415, 112)], (378, 102)),
    Way([S.NEW], E.TRADE, S.PARTIALLY_FILLED, [(548, 112), (601, 112)], (554, 102)),
    Way([S.PARTIALLY_FILLED], E.TRADE, S.FILLED, [(734, 112), (823, 112)], (756, 102)),
    Way([S.NEW], E.TRADE, S.FILLED, [(482, 94), (482, 78), (890, 78), (890, 93)], (690, 72)),
    Way([S.NEW], E.REPLACE_REQUESTED, S.PENDING_REPLACE, [(452, 130), (452, 243)], (446, 190)),
    Way([S.PENDING_REPLACE], E.REPLACED, S.NEW, [(500, 244), (500, 131)], (506, 210)),
    Way([S.PARTIALLY_FILLED], E.CANCEL_REQUESTED, S.PENDING_CANCEL, [(692, 130), (692, 243)], (686, 162)),
    Way([S.NEW], E.CANCEL_REQUESTED, S.PENDING_CANCEL, [(540, 130), (618, 243)], (0, 0), words=""),
    Way([S.PENDING_CANCEL], E.CANCELED, S.CANCELED, [(724, 262), (823, 262)], (756, 252)),
    Way([S.PENDING_NEW], E.REJECTED, S.REJECTED, [(280, 130), (280, 516), (824, 516)], (288, 486), "other"),
    Way([S.PENDING_NEW], E.FAILED, S.FAILED, [(256, 130), (256, 262), (165, 262)], (186, 254), "other"),
    Way(OPEN, E.TRADE, S.FILLED, [(752, 150), (840, 150), (840, 131)], (756, 166), "other"),
    Way(OPEN, E.CANCELED, S.CANCELED, [(752, 306), (890, 306), (890, 281)], (758, 322), "other"),
    Way(OPEN, E.EXPIRED, S.EXPIRED, [(752, 350), (824, 350)], (757, 366), "other"),
    Way(WAITING, E.CALCULATED, S.CALCULATED, [(740, 442), (824, 442)], (0, 0), "other", ""),
    Way(
        [S.NEW],
        E.SUSPENDED,
        S.SUSPENDED,
        [(430, 130), (430, 146), (372, 146), (372, 429), (388, 429)],
        (0, 0),
        "other",
        "",
    ),
    Way([S.NEW], E.STOPPED, S.STOPPED, [], (0, 0), "other", ""),
    Way([S.NEW], E.DONE_FOR_DAY, S.DONE_FOR_DAY, [], (0, 0), "other", ""),
)


def table() -> set[tuple[str, str, str]]:
    """The transitions of the lifecycle table: status, event, status."""
    stories = json.loads(VECTORS.read_text("utf-8"))
    cells = (tuple(story["id"].split("/")[1:4]) for story in stories)
    return {(before, event, after) for before, event, after in cells if after != "refused"}


def check(transitions: set[tuple[str, str, str]]) -> None:
    """Check that every status has a place, and that every arrow is in the table.

    Raises:
        ValueError: The picture shows something else.
    """
    placed = list(chain.from_iterable(group.nodes for group in GROUPS))
    if sorted(placed) != sorted(OrderStatus):
        raise ValueError("each status has one place in the picture")
    for way in WAYS:
        for before in way.before:
            if (before, way.event, way.after) not in transitions:
                raise ValueError(f"the table has no {way.event} from {before} to {way.after}")


def description(transitions: set[tuple[str, str, str]]) -> str:
    """The picture in words."""
    ordinary = [f"{way.before[0]} by {way.event} to {way.after}" for way in WAYS if way.style == "way"]
    groups = [f"{group.title}: {', '.join(group.nodes)}" for group in GROUPS]
    back = sorted({event for before, event, after in transitions if before in OVER and after in OPEN})
    return (
        f"Groups of statuses. {'; '.join(groups)}. Ordinary ways: {'; '.join(ordinary)}. "
        f"An order that is over may be open again by {', '.join(back)}."
    )


def parts() -> Iterator[str]:
    """What is drawn: groups, arrows, statuses, and the words on arrows above all."""
    for group in GROUPS:
        yield box(group.corner, group.size, "inner" if group.is_inner else "group")
        beside = (group.corner[0] + 10, group.corner[1] + 20)
        yield text(group.title_at or beside, group.title, anchor="middle" if group.title_at else "start")
    for way in WAYS:
        if way.points:
            yield arrow(way.points, way.style)
    for name, (x, y) in chain.from_iterable(group.nodes.items() for group in GROUPS):
        yield box((x - NODE[0] / 2, y - NODE[1] / 2), NODE, "node")
        yield text((x, y + 4.5), name, "name", "middle")
    for way in WAYS:
        words = way.event if way.words is None else way.words
        if words:
            anchor = "end" if way.event.endswith("_REQUESTED") else "start"
            yield label(way.words_at, words, anchor)
    yield text(
        (16, 30),
        "An order, from its intent to its end. Thick: the ordinary ways. From a group: from each of its statuses.",
        "name-of-picture",
    )


def render() -> str:
    """The picture."""
    transitions = table()
    check(transitions)
    return drawing(SIZE, "The lifecycle of an order", description(transitions), parts())


if __name__ == "__main__":
    sys.exit(write_file(PICTURE, render()))
