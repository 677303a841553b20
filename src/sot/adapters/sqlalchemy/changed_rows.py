"""What a migration changes in derived rows: it derives them again by the present rules, and lists what differs."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection, text

from sot.adapters.sqlalchemy.place import Place

DerivedRows = Mapping[tuple[str, ...], Sequence[tuple[str, ...]]]
"""The figures of orders and positions, by their keys."""

_ORDER_FIGURES = ("status", "order_quantity", "cum_quantity", "leaves_quantity", "notional")
_POSITION_FIGURES = ("quantity", "entry_value", "realized_gross", "closed_fees")
_ORDERS = f"SELECT account_id, order_id, {', '.join(_ORDER_FIGURES)} FROM {{orders}}"
# Positions of several accounts at the venue were one before version 7.
_POSITIONS = (
    f"SELECT account_id, venue, symbol, position_side, position_id, {', '.join(_POSITION_FIGURES)} FROM {{positions}}"
)
_KEYS = ((_ORDERS, "order", 2, _ORDER_FIGURES), (_POSITIONS, "position", 5, _POSITION_FIGURES))


def read_derived_rows(connection: Connection, place: Place) -> DerivedRows:
    """Read the figures of all orders and positions."""
    found: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for query, kind, length, _ in _KEYS:
        for row in connection.execute(text(place.sql(query))):
            values = tuple(map(str, row))
            found.setdefault((kind, *values[:length]), []).append(values[length:])
    return {key: sorted(figures) for key, figures in found.items()}


def changes(before: DerivedRows, after: DerivedRows) -> Iterator[str]:
    """Say for each order and position what differs, in words."""
    names = {kind: figures for _, kind, _, figures in _KEYS}
    for key in sorted({*before, *after}):
        old, new = before.get(key, ()), after.get(key, ())
        if old != new:
            yield f"{key[0]} {' '.join(filter(None, key[1:]))}: {_difference(names[key[0]], old, new)}"


def _difference(names: Sequence[str], old: Sequence[tuple[str, ...]], new: Sequence[tuple[str, ...]]) -> str:
    if len(old) != 1 or len(new) != 1:
        return f"{len(old)} before, {len(new)} now"
    return ", ".join(
        f"{name} {was} -> {now}" for name, was, now in zip(names, old[0], new[0], strict=True) if was != now
    )
