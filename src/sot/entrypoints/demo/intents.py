"""The second half of the demonstration: intents of our own, executed at a simulated venue."""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial

import attrs

from sot.adapters.venues.simulated import Answer, Behaviour, FeeSchedule, SimulatedVenue
from sot.application.executor import Executor
from sot.application.history import OrderHistory
from sot.domain.orders.order import Order
from sot.domain.orders.records import RecordedRequest
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import DecisionContext, OrderRequest, RiskCheck
from sot.domain.values.errors import NotExecutable
from sot.domain.values.instrument import Instrument
from sot.domain.values.vocabulary import InstrumentKind, OrderType, Outcome, Side
from sot.entrypoints.demo.importing import ACCOUNT
from sot.ports.store import Store, UnitOfWork

VENUE = "SIMULATED"
SYMBOL = "BTC/USDT"
MARK = Decimal(50_500)
SHOWN = "demo-in-three-parts"


@attrs.frozen
class Scene:
    """An intent, and what it meets."""

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
class Played:
    """What became of a scene; there is no order if the request was not executable."""

    scene: Scene
    request: RecordedRequest
    order: Order | None
    why: str
    repeated: bool


def play(store: Store) -> Sequence[Played]:
    """Submit and execute every intent; the second time nothing is sent, and the same is returned."""
    store.run(lambda uow: OrderHistory(uow).register(_instrument()))
    venue = SimulatedVenue(
        VENUE,
        prices={SYMBOL: [Decimal(50_010), Decimal(50_020), Decimal(50_005)]},
        fees=FeeSchedule(taker=Decimal("0.001")),
        behaviours={scene.client_order_id: scene.behaviour for scene in SCENES},
    )
    played = [_play(store, venue, scene) for scene in SCENES]
    store.run(partial(_record_all, venue.deliver()))
    return [attrs.evolve(each, order=_now(store, each.order)) for each in played]


def _record_all(reports: Sequence[VenueReport], uow: UnitOfWork) -> None:
    for report in reports:
        OrderHistory(uow).record(report)


def _instrument() -> Instrument:
    return Instrument(
        account_id=ACCOUNT, venue=VENUE, symbol=SYMBOL, kind=InstrumentKind.SPOT, base="BTC", quote="USDT"
    )


def _play(store: Store, venue: SimulatedVenue, scene: Scene) -> Played:
    request = OrderRequest(
        account_id=ACCOUNT,
        client_order_id=scene.client_order_id,
        venue=VENUE,
        symbol=SYMBOL,
        side=Side.BUY,
        order_type=OrderType.MARKET,
        quantity=Decimal(1),
        strategy_code="demo",
    )
    context = DecisionContext(market_snapshot={"decision_price": "50000"})
    check = RiskCheck(rule_code="MAX_NOTIONAL", passed=scene.allowed, message="at most 40000 USDT per order")
    kept = store.run(lambda uow: OrderHistory(uow).submit(request, context, [check]))
    try:
        order = Executor(store, venue).execute(kept.request_id)
    except NotExecutable as error:
        return Played(scene, kept, None, error.reason, kept.repeated)
    return Played(scene, kept, order, "", kept.repeated)


def _now(store: Store, order: Order | None) -> Order | None:
    if order is None:
        return None
    return store.run(lambda uow: OrderHistory(uow).order(order.order_id), read_only=True)


def mark_shown(store: Store) -> Outcome:
    """Record what the order that is shown is worth at a mark; the same mark again is a repeat."""

    def mark(uow: UnitOfWork) -> Outcome:
        history = OrderHistory(uow)
        return history.mark(history.find_order(ACCOUNT, SHOWN, VENUE).order_id, MARK).outcome

    return store.run(mark)
