"""An order as a page of tables: state, timeline, executions, costs, profit and loss."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from rich.console import Group
from rich.table import Table
from rich.text import Text

from sot.application.orders.explanation import Explanation
from sot.application.queries.history import HistoryQueries
from sot.application.queries.timeline import TimelineEntry
from sot.application.views.orders import amount_difference
from sot.domain.accounting.costs import OrderCosts
from sot.domain.accounting.pnl import OrderPnl
from sot.domain.orders.fill import Fill
from sot.domain.orders.order import Order
from sot.entrypoints.fitted_table import properties
from sot.entrypoints.terminal import amounts, new_table, number, short_time, status_style, status_text, value_text

Part = Table | Text | Group


def order_page(history: HistoryQueries, order: Order, mark: Decimal | None, rates: Mapping[str, Decimal]) -> list[Part]:
    """Build the parts of the page, top to bottom.

    Args:
        history: The history to read.
        order: The order.
        mark: The price to value the order at; None shows the latest recorded profit and loss.
        rates: Units of the settlement currency per unit of a fee currency.
    """
    order_id = order.order_id
    fills = list(history.fills(order_id))
    parts: list[Part] = [_head(order, history.explain(order_id)), timeline_table(list(history.timeline(order_id)))]
    if fills:
        parts += [fills_table(history, fills), costs_table(history.costs(order_id), rates)]
    pnl = history.pnl(order_id, mark, rates)
    if pnl is not None:
        parts.append(pnl_table(pnl))
    return parts


def _terms(order: Order) -> str:
    state = order.state
    terms = [str(order.side or "?"), number(order.order_quantity)]
    if order.order_quantity is None and state.quote_quantity is not None:
        terms[1] = f"for {number(state.quote_quantity)} of the quote currency:"
    terms += [order.symbol, str(order.order_type or "")]
    terms += [f"limit {number(state.limit_price)}"] if state.limit_price is not None else []
    terms += [f"stop {number(state.stop_price)}"] if state.stop_price is not None else []
    terms += [str(state.time_in_force)] if state.time_in_force is not None else []
    return " ".join(term for term in terms if term)


def _in_short(explanation: Explanation) -> str:
    decided_by = explanation.sequence
    return explanation.words + (f" See event {decided_by}." if decided_by is not None else "")


def _head(order: Order, explanation: Explanation) -> Table:
    state = order.state
    rows: list[tuple[str, str | Text]] = [
        ("order", _terms(order)),
        ("status", status_text(order)),
        ("in short", _in_short(explanation)),
        (
            "executed",
            number(order.cum_quantity) + (f" at {number(order.avg_price)}" if order.avg_price is not None else ""),
        ),
        ("unproven", f"{number(state.provisional_quantity)} that the venue reports without executions")
        if state.provisional_quantity
        else ("", ""),
        ("left", number(order.leaves_quantity, "not known")),
        ("account", f"{order.account_id} at {order.venue} {order.venue_account}".rstrip()),
        ("strategy", order.strategy_code or ""),
        ("client order id", order.client_order_id or ""),
        ("venue order id", order.venue_order_id or ""),
        ("order id", order.order_id),
        ("request id", order.request_id or "none: found at the venue"),
    ]
    return properties("", rows)


def timeline_table(entries: Sequence[TimelineEntry], title: str = "Timeline") -> Table:
    """A table of events: what each changed, and why."""
    table = new_table(title)
    table.add_column("#", justify="right")
    for name in ("time", "event", "status after", "what changed", "said", "odd"):
        table.add_column(name)
    for entry in entries:
        event = entry.event
        table.add_row(
            str(event.sequence),
            short_time(event.happened_at),
            f"{event.type}" + ("" if event.origin in ("LOCAL", "VENUE") else f" ({event.origin})"),
            Text(str(entry.status), style=status_style(entry.status)),
            ", ".join(_change(name, pair) for name, pair in entry.changed.items() if name != "status"),
            entry.description,
            Text(", ".join(event.anomalies), style="yellow"),
        )
    return table


def _change(name: str, pair: tuple[object, object]) -> str:
    before, after = map(value_text, pair)
    if not before:
        return f"{name} {after}"
    if not after:
        return f"{name} {before} no more"
    return f"{name} {before} → {after}"


def fills_table(history: HistoryQueries, fills: Sequence[Fill]) -> Table:
    """A table of the executions that hold, in their latest version."""
    has_amounts = any(fill.amount is not None for fill in fills)
    table = new_table("Executions", keep=("time", "side", "quantity", "price", "fees"))
    table.add_column("time", no_wrap=True)
    table.add_column("side")
    table.add_column("quantity", justify="right")
    table.add_column("price", justify="right")
    for name in ("fees", "liquidity", "exec id"):
        table.add_column(name)
    if has_amounts:
        table.add_column("amount", justify="right")
    for fill in fills:
        fees = ", ".join(f"{number(fee.amount)} {fee.currency}" for fee in fill.fees)
        table.add_row(
            short_time(fill.happened_at),
            fill.side,
            number(fill.quantity),
            number(fill.price),
            fees,
            fill.liquidity or "",
            fill.exec_id or "",
            *([_amount(history, fill)] if has_amounts else []),
        )
    return table


def _amount(history: HistoryQueries, fill: Fill) -> str:
    """The stated amount, with what it is more than the exact value."""
    difference = amount_difference(history, fill)
    return number(fill.amount) + (f" (differs by {number(difference)})" if difference else "")


def costs_table(costs: OrderCosts, rates: Mapping[str, Decimal]) -> Table:
    """A table of what the executions cost."""
    currency = costs.currency or ""
    total, unvalued = costs.fee_total(rates)
    rate = costs.effective_rate(rates)
    slippage = costs.slippage
    rows: list[tuple[str, str | Text]] = [
        ("notional", f"{number(costs.notional)} {currency}"),
        ("maker, taker", f"{number(costs.maker_notional)}, {number(costs.taker_notional)} {currency}"),
        ("average price", number(costs.avg_price)),
        ("fees", amounts(costs.fees)),
        ("fees in all", f"{number(total)} {currency}" + (f" = {number(rate)} bps" if rate is not None else "")),
        ("without a rate", Text(amounts(unvalued), style="yellow") if unvalued else ""),
        ("slippage", "" if slippage is None else f"{number(slippage)} = {number(costs.slippage_rate)} bps"),
    ]
    return properties("Costs", rows)


def pnl_table(pnl: OrderPnl) -> Table:
    """A table of the profit and loss of the order at a mark."""
    rows: list[tuple[str, str | Text]] = [
        ("gross", f"{number(pnl.gross)} {pnl.currency}"),
        ("fees paid apart", f"{number(pnl.realized)} {pnl.currency}"),
        ("net", Text(f"{number(pnl.net)} {pnl.currency}", style="green" if pnl.net >= 0 else "red")),
        ("not valued", Text(amounts(pnl.unvalued) + " (give --rate)", style="yellow") if pnl.unvalued else ""),
    ]
    return properties(f"Profit and loss at {number(pnl.mark)}", rows)
