"""Statements, compiled once per kind of database.

Caching what it compiled, binding and naming cost SQLAlchemy several times what SQLite takes to store or find a row. So
each statement is built with Core from the tables, compiled once, and run with parameters as the driver wants them.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Dialect, bindparam, insert, update
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import SelectBase

from sot.adapters.sqlalchemy.models import POSITION_KEY, metadata

Values = Mapping[str, Any]

FEED = "fact_feed"
PLACED = "fact_feed at a position"
"""Rows of the feed whose position is given, since they were recorded elsewhere before."""

# A row comes after those that its foreign keys name.
IN_ORDER: tuple[str, ...] = (
    "instruments",
    "order_requests",
    "order_decision_context",
    "order_risk_checks",
    "order_request_withdrawals",
    "unattributed_reports",
    "waiting_reports",
    "orders",
    "order_identifiers",
    "order_events",
    "order_fills",
    "order_costs",
    "order_pnl",
    "account_events",
    "positions",
    "position_checkpoints",
    "order_states",
    "exchange_reconciliation",
    "checkpoints",
    "api_keys",
    "idempotency_records",
    FEED,
    PLACED,
)
# What an order is never changes; to leave it out of updates also leaves its indexes alone.
_NEVER_CHANGES = frozenset({"request_id", "venue", "venue_account", "id_scope", "symbol", "created_at"})


class Prepared:
    """A statement as text for one kind of database; `parameters` makes the driver's parameters of named values."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        compiled: SQLCompiler = statement.compile(dialect=dialect)
        self.text = str(compiled)
        names = compiled.positiontup if compiled.positional else list(compiled.params)
        plan = [(name, compiled.binds[name].type.bind_processor(dialect)) for name in names or ()]
        made = _tuples(plan) if compiled.positional else _mappings(plan)
        # What the statement itself fixes, such as the OFFSET 0 that SQLite wants beside every LIMIT.
        fixed = {name: bind.value for name in names or () if not (bind := compiled.binds[name]).required}
        self.parameters: Callable[[Values], Any] = made if not fixed else lambda values: made({**fixed, **values})


def _tuples(plan: list[tuple[str, Any]]) -> Callable[[Values], Any]:
    """Parameters by place. Most values are absent, and absent ones need no processing."""
    names = [name for name, _ in plan]
    if not names:
        return lambda values: ()
    pick: Callable[[Values], Sequence[Any]] = (
        itemgetter(*names) if len(names) > 1 else lambda values: [values[names[0]]]
    )
    processed = [(place, process) for place, (_, process) in enumerate(plan) if process is not None]

    def parameters(values: Values) -> Sequence[Any]:
        picked = list(pick(values))
        for place, process in processed:
            value = picked[place]
            if value is not None:
                picked[place] = process(value)
        return tuple(picked)

    return parameters


def _mappings(plan: list[tuple[str, Any]]) -> Callable[[Values], Any]:
    return lambda values: {name: values[name] if process is None else process(values[name]) for name, process in plan}


class Statement:
    """A statement that writes."""

    def __init__(self, core: Any) -> None:
        self._core = core
        self._prepared: dict[tuple[type[Dialect], str], Prepared] = {}

    def prepared(self, dialect: Dialect) -> Prepared:
        """The statement for this kind of database."""
        key = (type(dialect), dialect.paramstyle)
        found = self._prepared.get(key)
        if found is None:
            found = self._prepared[key] = self._prepare(dialect)
        return found

    def _prepare(self, dialect: Dialect) -> Prepared:
        return Prepared(self._core, dialect)


class PreparedQuery(Prepared):
    """A query; `read` makes rows, whose columns are attributes, of what the driver gives."""

    def __init__(self, query: SelectBase, dialect: Dialect) -> None:
        super().__init__(query, dialect)
        columns = list(query.selected_columns)
        row_type: Any = namedtuple("Row", [column.key or "" for column in columns])  # type: ignore[misc] # noqa: PYI024
        processes = [column.type.result_processor(dialect, None) for column in columns]
        self.read: Callable[[Sequence[Any]], Any] = _reader(row_type._make, processes)


def _reader(make: Callable[[Any], Any], processes: Sequence[Callable[[Any], Any] | None]) -> Callable[[Any], Any]:
    """Makes a row, each value by its process: as straight code, since this runs for every row that is read."""
    names: dict[str, Any] = {"make": make, **{f"p{place}": process for place, process in enumerate(processes)}}
    values = [
        f"row[{place}]" if process is None else f"p{place}(row[{place}])" for place, process in enumerate(processes)
    ]
    exec(f"def read(row): return make(({', '.join(values)},))", names)  # made of numbers only
    read: Callable[[Any], Any] = names["read"]
    return read


class Query:
    """A query whose text never changes."""

    def __init__(self, core: SelectBase) -> None:
        self._core = core
        self._prepared: dict[tuple[type[Dialect], str], PreparedQuery] = {}

    def prepared(self, dialect: Dialect) -> PreparedQuery:
        """The query for this kind of database."""
        key = (type(dialect), dialect.paramstyle)
        found = self._prepared.get(key)
        if found is None:
            found = self._prepared[key] = PreparedQuery(self._core, dialect)
        return found


def _update(name: str, keys: Sequence[str], fixed: frozenset[str] = frozenset()) -> Statement:
    """Changes the row whose keys are given as `was_<name>`."""
    table = metadata.tables[name]
    changing = [column for column in table.columns if not column.primary_key and column.name not in fixed]
    values = {column.name: bindparam(column.name, type_=column.type) for column in changing}
    wanted = [table.c[key] == bindparam(f"was_{key}", type_=table.c[key].type) for key in keys]
    return Statement(update(table).where(*wanted).values(values))


def _insert(name: str) -> Statement:
    """A new row; a position in the feed is given by the database."""
    table = metadata.tables[FEED if name == PLACED else name]
    given = [column for column in table.columns if column.identity is None or name == PLACED]
    return Statement(insert(table).values({c.name: bindparam(c.name, type_=c.type) for c in given}))


INSERTS: Mapping[str, Statement] = {name: _insert(name) for name in IN_ORDER}
UPDATES: Mapping[str, Statement] = {
    "orders": _update("orders", ("account_id", "order_id", "version"), _NEVER_CHANGES),
    "order_costs": _update("order_costs", ("account_id", "order_id")),
    "positions": _update("positions", POSITION_KEY),
}
