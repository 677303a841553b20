"""Record a history step by step, and keep what could be read after each step."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal as D

from sot import AccountEvent, AccountEventType, OrderHistory, Side
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, trade_report
from sot.testing.contract.transactions import read_history
from sot.testing.lockstep.observations import observe_history, observe_identifiers

T0 = datetime(2026, 1, 5, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class StepRecorder:
    """Runs one step after another, a minute apart.

    Attributes:
        steps: For each step the cursor and the time after it, and what could be read then.
    """

    def __init__(self, store):
        self.store = store
        self.steps = []

    def run(self, use_case):
        """Run a use case as the next step."""
        with self.store.begin() as uow:
            result = use_case(uow)
            uow.commit()
        observed = read_history(self.store, lambda h: (observe_history(h), observe_identifiers(h)))
        self.steps.append((self.store.horizon(), self.store.clock.now(), observed))
        self.store.clock.move(MINUTE)
        return result

    def record(self, command):
        """Change the history as the next step."""
        return self.run(lambda uow: command(OrderHistory(uow)))

    @property
    def cursor(self):
        """The cursor after the last step."""
        return self.steps[-1][0]


def buy_report(client_order_id, exec_id, minute, **fields):
    """An execution that bought two at 100."""
    return trade_report(client_order_id, exec_id, "2", "100", occurred_at=T0 + minute * MINUTE, **fields)


def sell_report(client_order_id, exec_id, price, minute, **fields):
    """An execution that sold two."""
    at = T0 + minute * MINUTE
    return trade_report(client_order_id, exec_id, "2", price, side=Side.SELL, occurred_at=at, **fields)


def funding_event(amount, minute, **fields):
    """A funding payment."""
    return AccountEvent(
        account_id=ACCOUNT,
        type=AccountEventType.FUNDING,
        venue=VENUE,
        symbol=SYMBOL,
        amount=D(amount),
        currency="QUOTE",
        occurred_at=T0 + minute * MINUTE,
        **fields,
    )
