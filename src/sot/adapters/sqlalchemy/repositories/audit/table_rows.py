"""Rows of a table as they are stored: read one by one, so that one that cannot be read stands alone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Dialect, select

from sot.adapters.sqlalchemy.repositories.audit.stored_facts import UNREADABLE
from sot.adapters.sqlalchemy.statements import Query
from sot.adapters.sqlalchemy.types import Amount, Flag, is_stored_form, stored_form
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer


class UnreadableRow(NamedTuple):
    """A row with a column that cannot be read."""

    account_id: str
    key: str
    problem: str


@cache
def all_rows(model: Any) -> Query:
    """Return the query of all rows of a table, by primary key."""
    table = model.__table__
    return Query(select(*table.columns).order_by(*table.primary_key.columns))


def read_rows(buffer: WriteBuffer, model: Any) -> Iterator[Any]:
    """Iterate over all rows of a table by primary key; an unreadable one is an `UnreadableRow`."""
    buffer.flush()
    for stored in buffer.stream_raw(all_rows(model), {}):
        yield read_row(buffer, model, stored)


def read_row(buffer: WriteBuffer, model: Any, stored: Sequence[Any]) -> Any:
    """Read a row as the driver returned it; an unreadable one is an `UnreadableRow`."""
    try:
        row = buffer.compiled(all_rows(model)).read(stored)
        problem = _other_form(model, stored, row)
    except UNREADABLE as error:
        problem = f"a column cannot be read ({error})"
    return row if problem is None else UnreadableRow(str(stored[0]), str(stored[1]), problem)


def key_of(model: Any, row: Any) -> str:
    """Return the primary key of a row, without the account, for messages."""
    if isinstance(row, UnreadableRow):
        return row.key
    names = [column.name for column in model.__table__.primary_key.columns if column.name != "account_id"]
    return " ".join(str(getattr(row, name)) for name in names)


@cache
def _columns_with_one_form(model: Any) -> Sequence[tuple[int, Any]]:
    """Return the columns, with their places, whose values could be stored in several forms."""
    columns = enumerate(model.__table__.columns)
    return [(index, column) for index, column in columns if isinstance(column.type, (Amount, Flag))]


def _other_form(model: Any, stored: Sequence[Any], row: Any) -> str | None:
    """Return the problem of a column whose value is stored in another form than its own."""
    for index, column in _columns_with_one_form(model):
        if not is_stored_form(column.type, stored[index], row[index]):
            return f"{column.name}: {str(stored[index])!r} is not how {row[index]} is stored"
    return None


class StoredForm:
    """The one form in which the rows of a table are stored: two rows of one form are equal in every character.

    Attributes:
        of: Returns the form of a row with some values, by column.
        of_stored: Returns the form of a row that the driver returned.
    """

    def __init__(self, model: Any, dialect: Dialect) -> None:
        columns = list(model.__table__.columns)
        forms = [stored_form(column.type, dialect) for column in columns]
        names = [repr(column.name) for column in columns]
        self.of: Callable[[Mapping[str, Any]], Sequence[Any]] = _converter(names, [form.write for form in forms])
        places, reads = list(map(str, range(len(columns)))), [form.read for form in forms]
        # On SQLite rows come in their form.
        self.of_stored: Callable[[Sequence[Any]], Sequence[Any]] = _converter(places, reads) if any(reads) else tuple


def _converter(keys: Sequence[str], conversions: Sequence[Callable[[Any], Any] | None]) -> Callable[[Any], Any]:
    """Return a function that makes a tuple of some items of a row, as straight code: it runs for every row."""
    names: dict[str, Any] = {f"c{place}": convert for place, convert in enumerate(conversions)}
    values = [
        f"row[{key}]" if convert is None else f"None if (v := row[{key}]) is None else c{place}(v)"
        for place, (key, convert) in enumerate(zip(keys, conversions, strict=True))
    ]
    exec(f"def convert(row): return ({', '.join(values)},)", names)  # made of our own tables only
    converter: Callable[[Any], Any] = names["convert"]
    return converter
