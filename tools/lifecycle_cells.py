"""Write the lifecycle table: (status, event) -> the statuses that can follow, or refusal.

This explores all short sequences of facts, and writes for every cell of the table the shortest one that leads to it, as
a vector. `make docs` runs it; the results are committed, so that a change of the rules shows as a difference.
"""

import json
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
from lifecycle_facts import facts, last_facts, long_histories

from sot.domain.orders.commands import check_command
from sot.domain.orders.event import LocalFact, OrderEvent
from sot.domain.orders.fill import Executions
from sot.domain.orders.order import Order
from sot.domain.orders.polls import BOOKKEEPING, is_unchanged
from sot.domain.orders.replay import advance, opening_state
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import OrderRequest
from sot.domain.orders.state import OrderState
from sot.domain.values.errors import IllegalTransition
from sot.domain.values.times import time_text
from sot.domain.values.vocabulary import (
    LOCAL_EVENT_TYPES,
    VENUE_EVENT_TYPES,
    Anomaly,
    EventType,
    OrderStatus,
    Origin,
)

DEPTH, DAY_DEPTH = 4, 2
_BEFORE_LAST = 2
ROOT = Path(__file__).parent.parent
VECTORS = ROOT / "src" / "sot" / "testing" / "data" / "lifecycle_cells.json"
TABLE = ROOT / "docs" / "reference" / "lifecycle-table.md"
REQUEST = {
    "client_order_id": "X",
    "side": "BUY",
    "order_type": "LIMIT",
    "limit_price": "10",
    "time_in_force": "GTC",
    "quantity": "4",
}
DAY = {**REQUEST, "time_in_force": "DAY"}
START = datetime(2026, 1, 5, 10, tzinfo=UTC)
_TIMED = frozenset({"ORDER_STATUS", "CANCEL_REQUESTED", "REPLACE_REQUESTED", "PENDING_CANCEL", "PENDING_REPLACE"})


@attrs.define
class History:
    """An order after some facts; `written` are the facts as a vector has them, `before` the status before the last."""

    order: Order
    opening: Any
    executions: Executions
    events: list[OrderEvent]
    written: list[dict[str, Any]]
    before: OrderStatus = OrderStatus.CREATED

    def after(self, fact: Mapping[str, Any]) -> "History | None":
        """Add a fact.

        Returns:
            The history with the fact; None if the fact has no meaning here.

        Raises:
            IllegalTransition: The order does not allow it.
        """
        number = len(self.events) + 1
        fields = self._complete(fact, number)
        if fields is None:
            return None
        kind = EventType(fields["type"])
        order, before = self.order.copy(), self.order.status
        time = START + timedelta(seconds=number)
        local, report = None, None
        if kind in LOCAL_EVENT_TYPES:
            local = _local(fields, time)
            check_command(order, kind, local)
        else:
            report = VenueReport.read({"account_id": "a", "venue": "v", "exec_id": f"e{number}", **fields})
            if kind is EventType.ORDER_STATUS:
                report = attrs.evolve(report, exec_id=None)
            if kind in _TIMED:
                report = attrs.evolve(report, occurred_at=time)
        event = OrderEvent(
            account_id="a",
            order_id=order.order_id,
            sequence=number,
            type=kind,
            origin=Origin.LOCAL if local else Origin.VENUE,
            recorded_at=time,
            prev_hash="",
            fact=local,
            report=report,
            anomalies=() if report is None else _anomalies(report, self.executions),
        )
        executions = Executions(self.executions.latest())
        advance(order, self.opening, self.events, executions, event)
        written = {**fields, **({"exec_id": report.exec_id} if report and report.exec_id else {})}
        if kind in _TIMED:
            written["occurred_at"] = time_text(time)
        return History(order, self.opening, executions, [*self.events, event], [*self.written, written], before)

    def _complete(self, fact: Mapping[str, Any], number: int) -> dict[str, Any] | None:
        """Add what the fact refers to; None if there is nothing, or if the fact would be a repeat."""
        fields = dict(fact)
        kind = fields["type"]
        if kind in ("TRADE_CORRECT", "TRADE_CANCEL", "SUPPLEMENTED") and "exec_ref_id" not in fields:
            fills = [fill for fill in self.executions.latest() if not fill.busted and fill.exec_id]
            if not fills:
                return None
            fields["exec_ref_id"] = fills[-1].exec_id
        if (
            kind in LOCAL_EVENT_TYPES
            and (kind != "VOIDED" or "sequence" in fields)
            and any(fields.items() <= earlier.items() for earlier in self.written)
        ):
            return None  # the same fact again is a repeat, not another event
        if kind.endswith("_REQUESTED") and any(
            f.get("client_order_id") == fact["client_order_id"] for f in self.written
        ):
            return None  # a request needs a client order id by which no order goes
        if kind == "VOIDED" and "sequence" not in fields:
            last_types = [event.type for event in self.events[-2:]]
            if number < 4 or last_types[-1] is EventType.MARKED or last_types == [EventType.VOIDED] * 2:
                return None
            fields["sequence"] = number - 1
        if kind.startswith(("CANCEL_", "REPLACE_")) and kind.endswith(("UNKNOWN", "FAILED")):
            requested = f"{kind.split('_')[0]}_REQUESTED"
            name = fields["client_order_id"]
            if not any(f["type"] == requested and f["client_order_id"] == name for f in self.written):
                return None  # recording it would first record the request, which is another cell
        return fields


def _anomalies(report: VenueReport, executions: Executions) -> tuple[Anomaly, ...]:
    """The anomalies that decide what a report does."""
    if report.invalid_fields() and report.reason != "without figures":
        return (Anomaly.INVALID,)
    named = report.exec_ref_id
    is_known = named is None or executions.find(named, report.leg) is not None
    return () if is_known else (Anomaly.UNKNOWN_REFERENCE,)


def _local(fields: Mapping[str, Any], time: datetime) -> LocalFact:
    name = fields.get("client_order_id")
    return LocalFact(
        request_id=f"{ord(name):08x}-0000-0000-0000-000000000000" if name else None,
        client_order_id=fields.get("client_order_id"),
        mark=fields.get("mark"),
        target_sequence=fields.get("sequence"),
        resolved_status=fields.get("resolved_status"),
        reason=fields.get("reason"),
        occurred_at=time if fields["type"] in _TIMED else fields.get("occurred_at"),
    )


def created_order(terms: Mapping[str, str]) -> History:
    """An order that was created and not sent."""
    request = OrderRequest.read({"account_id": "a", "venue": "v", "symbol": "s", **terms})
    order = Order(
        account_id="a",
        order_id="00000000-0000-0000-0000-000000000000",
        request_id="00000000-0000-0000-0000-000000000000",
        venue="v",
        venue_account="",
        id_scope="",
        symbol="s",
        side=request.side,
        order_type=request.order_type,
        strategy_code=None,
        created_at=START,
        state=opening_state(request, None),
    )
    created = OrderEvent(
        account_id="a",
        order_id=order.order_id,
        sequence=1,
        type=EventType.CREATED,
        origin=Origin.LOCAL,
        recorded_at=START,
        prev_hash="",
    )
    return History(order, order.state.copy(), Executions(), [created], [])


def _key(history: History) -> object:
    """What decides how a history can continue."""
    state = history.order.state
    requests = tuple((r.action, r.in_doubt, r.client_order_id in ("V", "W")) for r in state.open_requests)
    names = (field.name for field in attrs.fields(OrderState))
    values = {name: getattr(state, name) for name in names if name not in BOOKKEEPING}
    values["open_requests"] = requests
    seen = frozenset(event.type for event in history.events if event.type.endswith("_REQUESTED"))
    return (
        tuple(sorted((name, str(value)) for name, value in values.items())),
        bool(history.executions.latest()),
        seen,
        history.before,  # what a VOIDED of the last event, or of that VOIDED, restores
        len(history.events),  # what a VOIDED restores depends on what came before
    )


def _changed_nothing(before: History, after: History) -> bool:
    """Whether a status changed nothing: no history continues from it."""
    return after.events[-1].type is EventType.ORDER_STATUS and is_unchanged(before.order.state, after.order.state)


Cells = dict[tuple[OrderStatus, EventType], dict[str, list[dict[str, Any]]]]


def explore(terms: Mapping[str, str] = REQUEST, depth: int = DEPTH) -> Cells:
    """Find every cell that a history of limited length reaches, and the shortest history for each outcome.

    Args:
        terms: The request.
        depth: The greatest number of facts before the last one.
    """
    cells: Cells = {}
    created = created_order(terms)
    start = created.after({"type": "SUBMITTED"})
    assert start is not None
    start.written.clear()
    variants = list(facts())
    from_venue = [fact for fact in variants if fact["type"] in VENUE_EVENT_TYPES]
    for fact in [{"type": "SUBMITTED"}, {"type": "FAILED"}, *from_venue]:
        after = created.after(fact)  # a venue event makes an external order
        if after is not None:
            cell = cells.setdefault((OrderStatus.CREATED, EventType(fact["type"])), {})
            cell.setdefault(after.order.status, [{**after.written[-1], "expect": {"status": str(after.order.status)}}])
    last = list(last_facts())
    queue = deque([start])
    seen = {_key(start)}
    while queue:
        history = queue.popleft()
        for fact in [*variants, *(last if len(history.written) <= _BEFORE_LAST else [])]:
            after = _add_cell(cells, history, fact)
            if after is None or _changed_nothing(history, after) or fact in last:
                continue
            if len(after.written) <= depth and (key := _key(after)) not in seen:
                seen.add(key)
                queue.append(after)
    for *earlier, fact in long_histories():
        _add_cell(cells, _after_all(start, earlier), fact)
    unsent = _after_all(start, [{"type": "VOIDED", "sequence": 2}])
    for fact in [*variants, *last, {"type": "VOIDED", "sequence": 3}]:
        _add_cell(cells, unsent, fact)
    return cells


def _after_all(history: History, story: Sequence[Mapping[str, Any]]) -> History:
    for fact in story:
        after = history.after(fact)
        assert after is not None
        history = after
    return history


def _add_cell(cells: Cells, history: History, fact: Mapping[str, Any]) -> History | None:
    """Add the outcome of a fact to its cell.

    Returns:
        The history with the fact; None if the fact is refused, or has no meaning here.
    """
    kind = EventType(fact["type"])
    try:
        after = history.after(fact)
    except IllegalTransition:
        outcome, story = "refused", [*history.written, {**fact, "refused": "IllegalTransition"}]
        after = None
    else:
        if after is None:
            return None
        outcome = str(after.order.status)
        story = [*after.written[:-1], {**after.written[-1], "expect": {"status": outcome}}]
    cells.setdefault((history.order.status, kind), {}).setdefault(outcome, story)
    return after


def all_cells() -> tuple[Cells, Cells]:
    """The cells of an order that rests overnight, and those that a day order alone has."""
    cells, of_day = explore(), explore(DAY, DAY_DEPTH)
    alone = {
        cell: {outcome: story for outcome, story in outcomes.items() if outcome not in cells.get(cell, {})}
        for cell, outcomes in of_day.items()
    }
    return cells, {cell: outcomes for cell, outcomes in alone.items() if outcomes}


def cell_vectors(cells: Cells, terms: Mapping[str, str] = REQUEST) -> list[dict[str, Any]]:
    """One vector for each outcome of each cell."""
    vectors = []
    for (status, event), outcomes in sorted(cells.items()):
        for outcome, story in sorted(outcomes.items()):
            number = "2" if event in LOCAL_EVENT_TYPES and outcome != "refused" else "1"
            vectors.append(
                {
                    "format": "sot-vector/1",
                    "kind": "lifecycle",
                    "id": f"cell/{status}/{event}/{outcome}",
                    "source": "sot, generated from the rules",
                    "rules": [f"EVENT-{event}-{number}"],
                    "request": terms,
                    **({"submitted": False} if status is OrderStatus.CREATED and len(story) == 1 else {}),
                    "facts": story,
                }
            )
    return vectors


def table(cells: Cells, of_day: Cells) -> str:
    """The table as Markdown."""
    lines = [
        "# The lifecycle table",
        "",
        "`make docs` generates this page from the code, to look things up; [the rules](specification/index.md) decide.",
        "`lifecycle_cells.json` among the bundled vectors has a story for every entry, and the tests run each story on",
        "every store.",
        "",
        "Each table shows the statuses that an order can have before the event, and those that can follow.",
        "",
        "- *refused*: the command raises IllegalTransition and writes nothing.",
        "- *of a day order*: only an order that does not rest overnight comes to this status.",
        "- Events of the venue are never refused. After CREATED they begin an external order.",
        "- ATTRIBUTED is not shown: it only closes external orders.",
        "",
        "It was made from histories of up to five facts after SUBMITTED (of a day order, three) of one limit order",
        "for 4 units, with a cancel and a replacement that are answered, and one of each that are not. Of histories",
        "of one length that lead to the same state only the first is continued, though a VOIDED may tell them apart",
        "later. A report that is INVALID, of a leg, with another reported status or of an unknown execution comes",
        "last, after at most two others; so does a second SUBMITTED or FAILED. After CREATED come the events of an",
        "order whose SUBMITTED is void, too.",
        "",
        "So each transition that is shown can happen, and those of the bundled vectors are all shown. It does not",
        "show all: other quantities, longer histories, or a VOIDED of something earlier may have more. The rules",
        "decide.",
        "",
    ]
    for title, kinds in (("Events of ours", LOCAL_EVENT_TYPES), ("Events of the venue", VENUE_EVENT_TYPES)):
        lines += [f"## {title}", ""]
        for kind in kinds:
            rows = [(status, _outcomes(cells, of_day, status, kind)) for status in OrderStatus]
            if any(outcomes for _, outcomes in rows):
                lines += [f"### {kind}", "", "| before | after |", "| --- | --- |"]
                lines += [f"| {status} | {', '.join(outcomes)} |" for status, outcomes in rows if outcomes]
                lines.append("")
    return "\n".join(lines)


def _outcomes(cells: Cells, of_day: Cells, status: OrderStatus, kind: EventType) -> list[str]:
    """What can follow, in words."""
    all_orders, day_orders = cells.get((status, kind), {}), of_day.get((status, kind), {})
    statuses = [str(after) for after in OrderStatus if after in all_orders]
    statuses += [f"{after} *of a day order*" for after in OrderStatus if after in day_orders]
    return [*statuses, *(["*refused*"] if "refused" in all_orders else [])]


def render() -> dict[Path, str]:
    """The files and their contents."""
    cells, of_day = all_cells()
    vectors = [*cell_vectors(cells), *cell_vectors(of_day, DAY)]
    return {VECTORS: json.dumps(vectors, indent=1) + "\n", TABLE: table(cells, of_day)}


def main() -> int:
    """Write the files; with --check only report which are stale."""
    stale = []
    for path, text in render().items():
        if not path.exists() or path.read_text("utf-8") != text:
            stale.append(path)
            if "--check" not in sys.argv:
                path.write_text(text, "utf-8")
    for path in stale:
        print(f"{'stale' if '--check' in sys.argv else 'written'}: {path.relative_to(ROOT)}")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
