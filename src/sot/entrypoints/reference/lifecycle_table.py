"""The lifecycle table as data: which statuses can follow each status on each event."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from sot.domain.values.vocabulary import EventType, OrderStatus

STORY_PREFIX = "cell/"
"""What the ids of the vectors begin with that have a story for each entry: `cell/STATUS/EVENT/OUTCOME`."""
REFUSED = "refused"


@attrs.define
class Cell:
    """An entry of the table.

    Attributes:
        before: The status before the event.
        event: The event.
        after: The statuses that can follow.
        after_of_day_order: Further ones, which only an order that does not rest overnight comes to.
        refused: Whether the command can be refused with IllegalTransition.
    """

    before: OrderStatus
    event: EventType
    after: list[OrderStatus] = attrs.field(factory=list)
    after_of_day_order: list[OrderStatus] = attrs.field(factory=list)
    refused: bool = False

    def outcomes(self) -> Iterable[tuple[str, str]]:
        """Iterate over the outcomes, each with the orders that have it: `all` or `day`."""
        yield from ((status, "all") for status in self.after)
        yield from ((status, "day") for status in self.after_of_day_order)
        if self.refused:
            yield REFUSED, "all"


def lifecycle_cells(vectors: Iterable[Mapping[str, Any]]) -> list[Cell]:
    """Read the table off the ids of the vectors that have its stories; statuses and events in their order."""
    cells = {(before, event): Cell(before, event) for before in OrderStatus for event in EventType}
    for vector in vectors:
        if vector["id"].startswith(STORY_PREFIX):
            before, event, outcome = vector["id"].removeprefix(STORY_PREFIX).split("/")
            _add(cells[OrderStatus(before), EventType(event)], outcome, vector["request"]["time_in_force"] == "DAY")
    for cell in cells.values():
        cell.after.sort(key=list(OrderStatus).index)
        cell.after_of_day_order.sort(key=list(OrderStatus).index)
    return [cell for cell in cells.values() if any(cell.outcomes())]


def _add(cell: Cell, outcome: str, of_day_order: bool) -> None:
    if outcome == REFUSED:
        cell.refused = True
    else:
        (cell.after_of_day_order if of_day_order else cell.after).append(OrderStatus(outcome))


def table_json(cells: Iterable[Cell]) -> str:
    """Return the table as JSON: a list with an object for each status and event."""
    return json.dumps([attrs.asdict(cell) for cell in cells], indent=1) + "\n"


def table_csv(cells: Iterable[Cell]) -> str:
    """Return the table as CSV: a row for each status, event and outcome."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("before", "event", "after", "orders"))
    writer.writerows((cell.before, cell.event, *outcome) for cell in cells for outcome in cell.outcomes())
    return text.getvalue()
