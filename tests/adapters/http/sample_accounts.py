"""Sample accounts with rows of every kind. Accounts have the same structure, and no name or amount in common."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal as D

import attrs

from sot import DecisionContext, Executor, OrderHistory, RiskCheck, VenueReport
from sot.adapters.venues.simulated import Answer, Behaviour, FeeSchedule, SimulatedVenue
from sot.application.access.keys import make_key
from sot.application.audit.seal import seal
from sot.application.reconciliation.reconciler import reconcile
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.orders.request import OrderRequest
from sot.domain.values.instrument import Instrument
from sot.domain.values.vocabulary import AccessScope, AccountEventType, EventType, InstrumentKind, OrderType, Side
from sot.ports.reconciliation import ReconciliationFilter
from sot.ports.store import Store
from sot.testing.fakes import CountedIds, ManualClock

SHARED_SYMBOL = "BTC/USDT"
VENUE = "VENUE"


class TickingClock(ManualClock):
    """Advances with each call."""

    def now(self):
        self.move(timedelta(microseconds=1_001))
        return super().now()


@attrs.frozen(kw_only=True)
class SampleAccount:
    """The contents of an account: `ids` of its rows by purpose, and all other `names`."""

    account_id: str
    token: str
    ids: Mapping[str, str]
    names: Sequence[str]

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of its key."""
        return {"authorization": f"Bearer {self.token}"}


def make_venue(clock) -> SimulatedVenue:
    """Return the venue of all accounts."""
    return SimulatedVenue(VENUE, prices={SHARED_SYMBOL: D("100.25")}, fees=FeeSchedule(taker=D("0.001")), clock=clock)


def fill_account(store: Store, venue: SimulatedVenue, account_id: str, figure: int) -> SampleAccount:
    """Fill an account; each of its amounts contains `figure`."""
    amount = D(figure) / 1_000_000
    own, name = f"{account_id}-coin/USDT", f"{account_id}-{{}}".format
    symbols = {SHARED_SYMBOL: ("BTC", "USDT"), own: (f"{account_id}-coin", "USDT")}
    venue.move(own, 100 + amount)

    def write(command):
        return store.run(lambda uow: command(OrderHistory(uow)))

    for symbol, (base, quote) in symbols.items():
        write(lambda h, s=symbol, b=base, q=quote: h.register(
            Instrument(account_id=account_id, venue=VENUE, symbol=s, kind=InstrumentKind.SPOT, base=b, quote=q)
        ))  # fmt: skip

    def intent(client_order_id, **more):
        terms = {"side": Side.BUY, "order_type": OrderType.LIMIT, "quantity": 1 + amount, "limit_price": D(101)} | more
        return OrderRequest(
            account_id=account_id, client_order_id=client_order_id, venue=VENUE, strategy_code=name("strategy"),
            source=name("source"), requested_by=name("trader"), group_id=name("group"),
            symbol=terms.pop("symbol", SHARED_SYMBOL), tags={name("tag"): name("value")}, **terms,
        )  # fmt: skip

    def submit(client_order_id, **more):
        context = DecisionContext(signal_strength=amount, indicators={name("indicator"): str(amount)})
        check = RiskCheck(rule_code=name("rule"), passed=True, message=name("message"))
        request = write(lambda h: h.submit(intent(client_order_id, **more), context, [check]))
        return request.request_id

    executor = Executor(store, venue)
    filled = submit(name("filled"))
    order = executor.execute(filled, mark=102 + amount)
    other = executor.execute(submit(name("other"), symbol=own))
    sold = executor.execute(submit(name("sold"), symbol=own, side=Side.SELL, limit_price=D(1), quantity=amount))
    resting = executor.execute(submit(name("resting"), limit_price=D(1) + amount))
    venue.behave(name("doubtful"), Behaviour(answer=Answer.UNKNOWN, accepted=False))
    doubtful = executor.execute(submit(name("doubtful")))
    venue.behave(name("silent"), Behaviour(answered=1))
    silent = executor.execute(submit(name("silent"), symbol=own))
    sent, sent_too = submit(name("sent")), submit(name("sent-too"))
    sent_order = write(lambda h: h.mark_sent(sent)).order_id
    write(lambda h: h.mark_sent(sent_too))

    report = {"account_id": account_id, "venue": VENUE, "symbol": SHARED_SYMBOL, "side": Side.BUY}
    trade = {"type": EventType.TRADE, "last_quantity": amount, "last_price": 99 + amount}
    adopted = VenueReport(
        **report, **trade, client_order_id=name("by-hand"), venue_order_id=name("venue-order"), exec_id=name("exec")
    )
    external = write(lambda h: h.adopt(adopted)).order_id
    waiting = VenueReport(
        **report, **trade, client_order_id=name("nobodys"), exec_id=name("waiting-exec"), text=name("text")
    )
    write(lambda h: h.record(waiting))
    waiting_too = {"client_order_id": name("nobodys-too"), "exec_id": name("waiting-exec-too")}
    write(lambda h: h.record(VenueReport(**report, **trade, **waiting_too)))
    reports = store.run(lambda uow: list(OrderHistory(uow).waiting(account_id)), read_only=True)
    event = AccountEvent(
        account_id=account_id, type=AccountEventType.FUNDING, venue=VENUE, symbol=SHARED_SYMBOL, amount=amount,
        currency="USDT", external_id=name("funding"), reason=name("reason"), occurred_at=store.clock.now(),
    )  # fmt: skip
    event_id = write(lambda h: h.record_account_event(event)).event_id
    run = reconcile(store, venue, account_id, sleep=lambda seconds: None)
    findings = store.run(
        lambda uow: OrderHistory(uow).findings(ReconciliationFilter(account_id=account_id, is_open=True)),
        read_only=True,
    ).items
    assert findings
    unexecuted = {purpose: submit(name(purpose)) for purpose in ("pending", "spare", "idle", "unsent")}
    store.run(seal)
    _, token = store.run(lambda uow: make_key(uow, list(AccessScope), [account_id], name("key")))
    ids = {
        "order": order.order_id, "other": other.order_id, "sold": sold.order_id, "resting": resting.order_id,
        "doubtful": doubtful.order_id, "silent": silent.order_id, "external": external, "sent_order": sent_order,
        "filled_request": filled, "sent": sent, "sent_too": sent_too, **unexecuted,
        "finding": findings[0].record_id, "run": run.run_id, "event": event_id, "waiting": reports[0].report_id,
        "waiting_too": reports[1].report_id,
    }  # fmt: skip
    names = [account_id, own, f"{account_id}-coin"] + [
        name(part)
        for part in ("strategy", "source", "trader", "group", "tag", "rule", "filled", "resting", "doubtful", "by-hand",
                     "venue-order", "exec", "nobodys", "funding", "key")
    ]  # fmt: skip
    return SampleAccount(account_id=account_id, token=token, ids=ids, names=names)


def reset_ids(store: Store) -> None:
    """Restart the ids, so that later rows get the same ids each time."""
    store.ids = CountedIds()
    store.ids._count = 1 << 40
