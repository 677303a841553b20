"""Views for analysts: executions, orders and positions as they are now, for tools that read tables.

An amount has two columns: its exact text, and a number under the same name with `_number`, NUMERIC on PostgreSQL, which
is exact, and REAL on SQLite, which is not. Computed figures have the number alone. Times are timestamptz on PostgreSQL,
and text in UTC on SQLite. `sot` itself does not read the views.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import Connection, text

from sot.adapters.sqlalchemy.place import DEFAULT, Place


class _Dialect(NamedTuple):
    """Expressions in the SQL of a database. `{0}` is a column, or a number."""

    exact: str
    number: str
    time: str
    true: str
    false: str
    field: str
    total: str
    ratio: str


_DIALECTS: Mapping[str, _Dialect] = {
    "sqlite": _Dialect(
        exact="{0}",
        number="CAST({0} AS REAL)",
        time="strftime('%Y-%m-%dT%H:%M:%S', ({0} - (({0} % 1000000) + 1000000) % 1000000) / 1000000, 'unixepoch')"
        " || printf('.%06dZ', (({0} % 1000000) + 1000000) % 1000000)",
        true="1",
        false="0",
        # With trusted_schema = OFF json_extract is refused in a view.
        field="(SELECT value FROM json_each({0}) WHERE key = '{1}')",
        total="(SELECT coalesce(sum(CAST(value AS REAL)), 0) FROM json_each({0}))",
        ratio="({0}) / nullif({1}, 0)",
    ),
    "postgresql": _Dialect(
        exact="CAST(trim_scale({0}) AS text)",
        number="trim_scale({0})",
        time="{0}",
        true="true",
        false="false",
        field="CAST({0} AS json) ->> '{1}'",
        total="(SELECT coalesce(sum(CAST(value AS numeric)), 0) FROM json_each_text(CAST({0} AS json)))",
        ratio="({0}) / nullif({1}, 0)",
    ),
}


class _Columns:
    """The columns of a view, as expressions over the table `alias` unless they say otherwise."""

    def __init__(self, dialect: str, alias: str) -> None:
        self.sql = _DIALECTS[dialect]
        self._alias = alias
        self._selected: list[tuple[str, str]] = []

    def plain(self, *names: str, of: str | None = None) -> None:
        """Add columns as they are."""
        self._selected += [(name, f"{of or self._alias}.{name}") for name in names]

    def amounts(self, *names: str) -> None:
        """Add amounts as text and as numbers."""
        for name in names:
            column = f"{self._alias}.{name}"
            self.add(name, self.sql.exact.format(column))
            self.add(f"{name}_number", self.sql.number.format(column))

    def times(self, *names: str) -> None:
        """Add times."""
        self._selected += [(name, self.sql.time.format(f"{self._alias}.{name}")) for name in names]

    def number(self, name: str) -> str:
        """Return an amount of the table as a number, for an expression."""
        return self.sql.number.format(f"{self._alias}.{name}")

    def add(self, name: str, expression: str) -> None:
        """Add a column that is computed."""
        self._selected.append((name, expression))

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        return [name for name, _ in self._selected]

    def select(self) -> str:
        """Return the list of a SELECT."""
        return ", ".join(f"{expression} AS {name}" for name, expression in self._selected)


class View(NamedTuple):
    """A view: its name in the default place, the names of its columns, and its query."""

    name: str
    columns: list[str]
    query: str


def views(dialect: str, place: Place = DEFAULT) -> Iterator[View]:
    """Yield the views, each after those that it reads.

    Args:
        dialect: `sqlite` or `postgresql`.
        place: Where the tables are.
    """
    for make in (_current_fills, _order_summary, _position_summary):
        yield make(dialect, place)


def creation(dialect: str, place: Place) -> list[str]:
    """Return the statements that make the views."""
    return [f"CREATE VIEW {place.qualified(view.name)} AS {view.query}" for view in views(dialect, place)]


def create_views(connection: Connection, place: Place) -> None:
    """Make the views."""
    for statement in creation(connection.dialect.name, place):
        connection.execute(text(statement.replace(":", r"\:")))


def drop_views(connection: Connection, place: Place) -> None:
    """Remove the views: tables that they read cannot be changed otherwise."""
    for view in reversed(list(views(connection.dialect.name, place))):
        connection.execute(text(f"DROP VIEW IF EXISTS {place.qualified(view.name)}"))


def _current_fills(dialect: str, place: Place) -> View:
    """Return the view of the executions that count: the last version of each, unless it is busted."""
    columns = _Columns(dialect, "f")
    columns.plain("account_id", "order_id", "execution", "version", "sequence", "exec_id", "leg")
    columns.plain("venue", "venue_account", "symbol", "position_side", "position_id", "side")
    columns.amounts("quantity", "price", "amount")
    columns.plain("fees", "liquidity", "reporting_type", "in_legs", "venue_order_id")
    columns.plain("client_order_id", "strategy_code", of="o")
    columns.times("happened_at", "occurred_at", "received_at", "recorded_at")
    columns.plain("venue_time_ns", "venue_sequence")
    query = (
        f"SELECT {columns.select()} FROM {place.qualified('order_fills')} f JOIN {place.qualified('orders')} o"
        " ON o.account_id = f.account_id AND o.order_id = f.order_id"
        f" WHERE f.busted = {columns.sql.false} AND NOT EXISTS (SELECT 1 FROM {place.qualified('order_fills')} later"
        " WHERE later.account_id = f.account_id AND later.order_id = f.order_id"
        " AND later.execution = f.execution AND later.version > f.version)"
    )
    return View("current_fills", columns.names, query)


def _order_summary(dialect: str, place: Place) -> View:
    """Return the view of the orders with their terms, figures and costs."""
    columns = _Columns(dialect, "o")
    columns.plain("account_id", "order_id", "request_id", "client_order_id", "venue_order_id")
    columns.plain("venue", "venue_account", "symbol", "side", "order_type")
    columns.plain("time_in_force", of="r")
    columns.plain("strategy_code", "status", "is_open", "in_doubt")
    columns.add("limit_price", columns.sql.field.format("o.state", "limit_price"))
    columns.add("limit_price_number", _number_of_text(dialect, columns.sql.field.format("o.state", "limit_price")))
    columns.amounts("order_quantity", "cum_quantity", "leaves_quantity", "notional")
    average = columns.sql.ratio.format(columns.number("notional"), columns.number("cum_quantity"))
    columns.add("avg_price_number", average)
    columns.plain("currency", "fees", of="c")
    executions = (
        f"(SELECT {{}} FROM {place.qualified('current_fills')} f WHERE f.account_id = o.account_id"
        " AND f.order_id = o.order_id AND coalesce(f.reporting_type, '') <> 'LEG')"
    )
    columns.add("executions", executions.format("count(*)"))
    columns.add("first_executed_at", executions.format("min(f.happened_at)"))
    columns.add("last_executed_at", executions.format("max(f.happened_at)"))
    columns.times("created_at", "updated_at")
    query = (
        f"SELECT {columns.select()} FROM {place.qualified('orders')} o"
        f" LEFT JOIN {place.qualified('order_requests')} r"
        " ON r.account_id = o.account_id AND r.request_id = o.request_id"
        f" LEFT JOIN {place.qualified('order_costs')} c ON c.account_id = o.account_id AND c.order_id = o.order_id"
    )
    return View("order_summary", columns.names, query)


def _position_summary(dialect: str, place: Place) -> View:
    """Return the view of the positions by the method AVERAGE."""
    columns = _Columns(dialect, "p")
    columns.plain("account_id", "venue", "venue_account", "symbol", "position_side", "position_id", "currency")
    columns.amounts("quantity", "entry_value")
    value = columns.number("entry_value")
    columns.add("entry_value_per_unit_number", columns.sql.ratio.format(value, f"abs({columns.number('quantity')})"))
    columns.amounts("open_fees", "realized_gross", "closed_fees")
    total = columns.sql.total.format("p.account_results")
    net = f"{columns.number('realized_gross')} - {columns.number('closed_fees')} + {total}"
    columns.add("account_total_number", total)
    columns.add("realized_net_number", net)
    columns.add("realized_paid_number", f"{net} - {columns.number('open_fees')}")
    columns.plain("fees", "unvalued", "account_results", "unvalued_results")
    missing = f"{columns.number('missing_traded')} + abs({columns.number('missing_moved')})"
    columns.add("missing_quantity_number", missing)
    complete = f"p.unvalued = '{{}}' AND p.unvalued_results = '{{}}' AND {missing} = 0"
    columns.add("complete", f"CASE WHEN {complete} THEN {columns.sql.true} ELSE {columns.sql.false} END")
    columns.plain("order_assumed")
    columns.times("opened_at", "last_at")
    return View("position_summary", columns.names, f"SELECT {columns.select()} FROM {place.qualified('positions')} p")


def _number_of_text(dialect: str, expression: str) -> str:
    return f"CAST({expression} AS {'REAL' if dialect == 'sqlite' else 'numeric'})"
