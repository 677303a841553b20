"""The second half of the demonstration: requests, executed at a simulated venue."""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial

import attrs

from sot.adapters.venues.simulated import Answer, Behaviour, FeeSchedule, SimulatedVenue
from sot.application.executor import Executor
from sot.application.history import OrderHistory
from sot.application.reconciliation.reconciler import reconcile
from sot.domain.orders.order import Order
from sot.domain.orders.records import RecordedRequest
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import DecisionContext, OrderRequest, RiskCheck
from sot.domain.values.errors import NotExecutable
from sot.domain.values.instrument import Instrument
from sot.domain.values.vocabulary import InstrumentKind, OrderType, Outcome, Side
from sot.entrypoints.demo.real_records import ACCOUNT
from sot.ports.store import Store, UnitOfWork

VENUE = "SIMULATED"
SYMBOL = "BTC/USDT"
MARK = Decimal(50_500)
SHOWN = "demo-in-three-parts"
"""The client order id of the order whose page is printed."""
BY_HAND = "by-hand"
"""The client order id of an order that the venue has, and the history does not."""


@attrs.frozen
class Scene:
    """A request, and how the venue behaves towards it."""

    client_order_id: str
    story: str
    behaviour: Behaviour = attrs.field(factory=Behaviour)
    allowed: bool = True


SCENES = (
    Scene(SHOWN, "filled in three parts", Behaviour(parts=3)),
    Scene("demo-refused", "refused by the venue", Behaviour(answer=Answer.REFUSED)),
    Scene("demo-not-reached", "the connection failed before anything was sent", Behaviour(answer=Answer.NOT_REACHED)),
    Scene("demo-in-doubt", "a time-out: did it arrive?", Behaviour(answer=Answer.UNKNOWN, accepted=False)),
    Scene("demo-answered-late", "a time-out, and later the venue reports", Behaviour(answer=Answer.UNKNOWN)),
    Scene("demo-denied", "a risk check had failed", allowed=False),
)


@attrs.frozen
class PlayedScene:
    """The result of a scene.

    Attributes:
        scene: The scene.
        request: The recorded request.
        order: The order; None if the request was not executable.
        reason: Why it was not executable.
        repeated: Whether the request had been recorded before.
    """

    scene: Scene
    request: RecordedRequest
    order: Order | None
    reason: str
    repeated: bool


def play(store: Store) -> Sequence[PlayedScene]:
    """Submit and execute every request; the second time nothing is sent, and the results are the same."""
    store.run(lambda uow: OrderHistory(uow).register(_instrument()))
    venue = SimulatedVenue(
        VENUE,
        prices={SYMBOL: [Decimal(50_010), Decimal(50_020), Decimal(50_005)]},
        fees=FeeSchedule(taker=Decimal("0.001")),
        behaviours={scene.client_order_id: scene.behaviour for scene in SCENES},
    )
    played = [_play(store, venue, scene) for scene in SCENES]
    store.run(partial(_record_all, venue.deliver()))
    if not all(each.repeated for each in played):
        _compare(store, venue)
    return [attrs.evolve(each, order=_latest(store, each.order)) for each in played]


def _compare(store: Store, venue: SimulatedVenue) -> None:
    """Compare with the venue, where somebody bought by hand; what differs stays open."""
    venue.submit(_order_request(BY_HAND))
    reconcile(store, venue, ACCOUNT, actor="demo", sleep=lambda seconds: None)


def _record_all(reports: Sequence[VenueReport], uow: UnitOfWork) -> None:
    for report in reports:
        OrderHistory(uow).record(report)


def _instrument() -> Instrument:
    return Instrument(
        account_id=ACCOUNT, venue=VENUE, symbol=SYMBOL, kind=InstrumentKind.SPOT, base="BTC", quote="USDT"
    )


def _order_request(client_order_id: str) -> OrderRequest:
    return OrderRequest(
        account_id=ACCOUNT,
        client_order_id=client_order_id,
        venue=VENUE,
        symbol=SYMBOL,
        side=Side.BUY,
        order_type=OrderType.MARKET,
        quantity=Decimal(1),
        strategy_code="demo",
    )


def _play(store: Store, venue: SimulatedVenue, scene: Scene) -> PlayedScene:
    order_request = _order_request(scene.client_order_id)
    context = DecisionContext(market_snapshot={"decision_price": "50000"})
    check = RiskCheck(rule_code="MAX_NOTIONAL", passed=scene.allowed, message="at most 40000 USDT per order")
    request = store.run(lambda uow: OrderHistory(uow).submit(order_request, context, [check]))
    try:
        order = Executor(store, venue).execute(request.request_id)
    except NotExecutable as error:
        return PlayedScene(scene, request, None, error.reason, request.repeated)
    return PlayedScene(scene, request, order, "", request.repeated)


def _latest(store: Store, order: Order | None) -> Order | None:
    if order is None:
        return None
    return store.run(lambda uow: OrderHistory(uow).order(order.order_id), read_only=True)


def record_mark(store: Store) -> Outcome:
    """Record the profit and loss of the printed order at a mark; the same mark again is a repeat."""

    def mark(uow: UnitOfWork) -> Outcome:
        history = OrderHistory(uow)
        return history.mark(history.find_order(ACCOUNT, SHOWN, VENUE).order_id, MARK).outcome

    return store.run(mark)
