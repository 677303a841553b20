"""Statements, compiled once per kind of database and place.

SQLAlchemy's cache look-up, binding and naming take several times what SQLite takes to store or find a row. So each
statement is built with Core from the tables, compiled once, and run with parameters as the driver wants them.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Dialect, Text, bindparam, delete, func, insert, select, update
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import SelectBase

from sot.adapters.sqlalchemy.link import Call
from sot.adapters.sqlalchemy.models import POSITION_KEY, metadata
from sot.adapters.sqlalchemy.place import DEFAULT, Place
from sot.adapters.sqlalchemy.placed_tables import placed

Values = Mapping[str, Any]

FEED = "fact_feed"
FEED_AT_POSITION = "fact_feed at a position"
"""Entries of the feed with positions of their own, because they were recorded in another store before."""

# A table comes after those that its foreign keys name.
_TABLES = (
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
    FEED_AT_POSITION,
)
WRITE_ORDER: Mapping[str, int] = {table: index for index, table in enumerate(_TABLES)}
"""The tables by name, with their places in the order in which they are written."""
TABLE_OF: Mapping[str, str] = {**{table: table for table in _TABLES}, FEED_AT_POSITION: FEED}
"""The table of each kind of row that is written."""
# The identity of an order never changes. Leaving it out of updates also leaves its indexes alone.
_ORDER_IDENTITY = frozenset({"request_id", "venue", "venue_account", "id_scope", "symbol", "created_at"})


class CompiledStatement:
    """A statement as text for one kind of database.

    Attributes:
        text: The SQL.
        parameters: A function that converts named values to the driver's parameters.
    """

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        compiled: SQLCompiler = statement.compile(dialect=dialect)
        self.text = str(compiled)
        names = compiled.positiontup if compiled.positional else list(compiled.params)
        binds = [(name, compiled.binds[name].type.bind_processor(dialect)) for name in names or ()]
        convert = _positional_parameters(binds) if compiled.positional else _named_parameters(binds)
        # Values that belong to the statement, such as the OFFSET 0 that SQLite wants beside every LIMIT.
        fixed = {name: bind.value for name in names or () if not (bind := compiled.binds[name]).required}
        self.parameters: Callable[[Values], Any] = convert if not fixed else lambda values: convert({**fixed, **values})

    def call(self, values: Values) -> Call:
        """Return the statement with named values."""
        return Call(self.text, self.parameters(values))


def _positional_parameters(binds: list[tuple[str, Any]]) -> Callable[[Values], Any]:
    """Return a function that gives parameters by position."""
    values = [_processed(index, name, process) for index, (name, process) in enumerate(binds)]
    return _straight_code(f"({''.join(f'{value}, ' for value in values)})", binds)


def _named_parameters(binds: list[tuple[str, Any]]) -> Callable[[Values], Any]:
    """Return a function that gives parameters by name."""
    values = [f"{name!r}: {_processed(index, name, process)}" for index, (name, process) in enumerate(binds)]
    return _straight_code(f"{{{', '.join(values)}}}", binds)


def _processed(index: int, name: str, process: Any) -> str:
    """Return the code of one parameter. None, which most values are, needs no processing."""
    value = f"values[{name!r}]"
    return value if process is None else f"None if (value := {value}) is None else p{index}(value)"


def _straight_code(result: str, binds: list[tuple[str, Any]]) -> Callable[[Values], Any]:
    """Return a function of values by name, generated as straight code, since it runs for every row."""
    names: dict[str, Any] = {f"p{index}": process for index, (_, process) in enumerate(binds)}
    exec(f"def parameters(values): return {result}", names)  # the text has nothing but quoted names of columns
    parameters: Callable[[Values], Any] = names["parameters"]
    return parameters


class Statement:
    """A statement that writes."""

    def __init__(self, core: Any) -> None:
        self._core = core
        self._compiled: dict[tuple[type[Dialect], str, Place], CompiledStatement] = {}

    def compiled(self, dialect: Dialect, place: Place = DEFAULT) -> CompiledStatement:
        """Compile the statement for this kind of database and this place, once."""
        key = (type(dialect), dialect.paramstyle, place)
        compiled = self._compiled.get(key)
        if compiled is None:
            compiled = self._compiled[key] = CompiledStatement(placed(self._core, place), dialect)
        return compiled


class CompiledQuery(CompiledStatement):
    """A query as text for one kind of database.

    Attributes:
        read: A function that converts a row of the driver to one whose columns are attributes.
    """

    def __init__(self, query: SelectBase, dialect: Dialect) -> None:
        super().__init__(query, dialect)
        columns = list(query.selected_columns)
        row_type: Any = namedtuple("Row", [column.key or "" for column in columns])  # type: ignore[misc] # noqa: PYI024
        processors = [column.type.result_processor(dialect, None) for column in columns]
        self.read: Callable[[Sequence[Any]], Any] = _row_reader(row_type, processors)


def _row_reader(row_type: Any, processors: Sequence[Callable[[Any], Any] | None]) -> Callable[[Any], Any]:
    """Return a function that reads a row, generated as straight code, since it runs for every row."""
    names: dict[str, Any] = {f"p{index}": process for index, process in enumerate(processors)}
    names |= {"make": tuple.__new__, "row_type": row_type}  # without `_make`, which would count the columns again
    values = [
        f"row[{index}]" if process is None else f"p{index}(row[{index}])" for index, process in enumerate(processors)
    ]
    code = f"def read(row): return make(row_type, ({', '.join(values)},))"
    exec(code, names)  # the text has nothing but column numbers
    read: Callable[[Any], Any] = names["read"]
    return read


class Query:
    """A query whose text never changes."""

    def __init__(self, core: SelectBase) -> None:
        self._core = core
        self._compiled: dict[tuple[type[Dialect], str, Place], CompiledQuery] = {}

    def compiled(self, dialect: Dialect, place: Place = DEFAULT) -> CompiledQuery:
        """Compile the query for this kind of database and this place, once."""
        key = (type(dialect), dialect.paramstyle, place)
        compiled = self._compiled.get(key)
        if compiled is None:
            compiled = self._compiled[key] = CompiledQuery(placed(self._core, place), dialect)
        return compiled


NAME_LOCK = Query(
    select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("name", type_=Text), 0)).label("locked"))
)
"""Takes the lock of a name until the end of the transaction, on PostgreSQL."""

_names = func.unnest(bindparam("names", type_=ARRAY(Text))).column_valued("name")
NAME_LOCKS = Query(select(func.pg_advisory_xact_lock(func.hashtextextended(_names, 0)).label("locked")))
"""Takes the locks of some names in their order, as NAME_LOCK does."""


def _update(name: str, keys: Sequence[str], fixed: frozenset[str] = frozenset()) -> Statement:
    """Return the UPDATE of a row whose keys are given as `was_<name>`."""
    table = metadata.tables[name]
    changing = [column for column in table.columns if not column.primary_key and column.name not in fixed]
    values = {column.name: bindparam(column.name, type_=column.type) for column in changing}
    conditions = [table.c[key] == bindparam(f"was_{key}", type_=table.c[key].type) for key in keys]
    return Statement(update(table).where(*conditions).values(values))


def _insert(name: str) -> Statement:
    """Return the INSERT of a row; the database numbers entries of the feed."""
    table = metadata.tables[TABLE_OF[name]]
    columns = [column for column in table.columns if column.identity is None or name == FEED_AT_POSITION]
    return Statement(insert(table).values({c.name: bindparam(c.name, type_=c.type) for c in columns}))


def _equal(name: str, keys: Sequence[str]) -> list[ColumnElement[bool]]:
    table = metadata.tables[name]
    return [table.c[key] == bindparam(key, type_=table.c[key].type) for key in keys]


def _delete(name: str, *conditions: ColumnElement[bool]) -> Statement:
    return Statement(delete(metadata.tables[name]).where(*conditions))


_last_key = metadata.tables["position_checkpoints"].c.last_key
_IDENTIFIER_KEY = tuple(column.name for column in metadata.tables["order_identifiers"].primary_key.columns)

DELETES: Mapping[str, Statement] = {
    "waiting_reports": _delete("waiting_reports", *_equal("waiting_reports", ("account_id", "report_id"))),
    "order_identifiers": _delete("order_identifiers", *_equal("order_identifiers", _IDENTIFIER_KEY)),
    "position_checkpoints": _delete(
        "position_checkpoints",
        *_equal("position_checkpoints", POSITION_KEY),
        _last_key >= bindparam("since", type_=_last_key.type),
    ),
}
INSERTS: Mapping[str, Statement] = {name: _insert(name) for name in WRITE_ORDER}
UPDATES: Mapping[str, Statement] = {
    "orders": _update("orders", ("account_id", "order_id", "version"), _ORDER_IDENTITY),
    "order_costs": _update("order_costs", ("account_id", "order_id")),
    "positions": _update("positions", POSITION_KEY),
}
