"""Costs, snapshots of profit and loss, and states over dictionaries."""

from collections.abc import Sequence

from sot.adapters.memory.tables import Changes
from sot.domain.costs import OrderCosts
from sot.domain.pnl import OrderPnl
from sot.ports import repositories as ports
from sot.ports.records import (
    Prefix,
    StateAfter,
)


class Costs(ports.Costs):
    def __init__(self, rows: Changes[OrderCosts]) -> None:
        self._rows = rows

    def put(self, costs: OrderCosts) -> None:
        if self._rows.get(costs.order_id) is None:
            self._rows.add(costs.order_id, costs)
        else:
            self._rows.replace(costs.order_id, costs)

    def drop(self, account_id: str, order_id: str) -> None:
        self._rows.remove(order_id)

    def get(self, account_id: str, order_id: str) -> OrderCosts | None:
        return self._rows.get(order_id)


class PnlSnapshots(ports.PnlSnapshots):
    def __init__(self, rows: Changes[OrderPnl]) -> None:
        self._rows = rows

    def add(self, pnl: OrderPnl) -> None:
        self._rows.add((pnl.order_id, pnl.sequence), pnl)

    def drop(self, account_id: str, order_id: str) -> None:
        for pnl in self._rows.many("order", order_id):
            self._rows.remove((order_id, pnl.sequence))

    def list(self, account_id: str, order_id: str) -> Sequence[OrderPnl]:
        return self._rows.many("order", order_id)

    def last(self, account_id: str, order_id: str, upto: int) -> OrderPnl | None:
        return next((pnl for pnl in reversed(self.list(account_id, order_id)) if pnl.sequence <= upto), None)


class States(ports.States):
    def __init__(self, rows: Changes[StateAfter]) -> None:
        self._rows = rows

    def add(self, state: StateAfter) -> None:
        self._rows.add((state.order_id, state.sequence), state)

    def list(self, account_id: str, order_id: str) -> Sequence[StateAfter]:
        return sorted(self._rows.many("order", order_id), key=lambda state: state.sequence)

    def last(self, account_id: str, order_id: str, upto: Prefix) -> StateAfter | None:
        for state in reversed(self.list(account_id, order_id)):
            if upto.holds(state.sequence, state.recorded_at, state.happened_at):
                return state
        return None

    def drop(self, account_id: str, order_id: str) -> None:
        for state in self._rows.many("order", order_id):
            self._rows.remove((order_id, state.sequence))
