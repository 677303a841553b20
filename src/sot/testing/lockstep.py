"""Stores in lockstep: a state machine that tells several stores the same and compares every answer.

    TestLockstep = lockstep({"memory": MemoryStore, "mine": make_my_store}).TestCase

Each entry makes an empty store from (clock, ids); all get the same times and ids, so that even hashes must be equal.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

import attrs
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sot.application.audit.archive import archive
from sot.application.audit.archived_facts import read_fact
from sot.application.audit.rebuild import rebuild
from sot.application.audit.restore import restore
from sot.application.audit.verification import verify
from sot.application.history import OrderHistory
from sot.application.queries.history import HistoryQueries
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import OrderRequest, RiskCheck
from sot.domain.reconciliation.record import Reconciliation, RecordedReconciliation
from sot.domain.values.documents import read_document
from sot.domain.values.errors import ConcurrentUpdate, NotFound, SotError
from sot.domain.values.numbers import ZERO, add, canonical
from sot.domain.values.vocabulary import (
    Action,
    GroupBy,
    Method,
    OrderStatus,
    OrderType,
    ReconciliationType,
    Resolution,
    Side,
    TimeInForce,
)
from sot.ports.access import AccessStore, AccessUnitOfWork
from sot.ports.orders import OrderFilter, RequestFilter
from sot.ports.paging import LARGEST_PAGE, PageKey
from sot.ports.reconciliation import ReconciliationFilter
from sot.testing.access_contract import answer, api_key
from sot.testing.contract import ACCOUNT, SYMBOL, VENUE, instrument
from sot.testing.fakes import CountedIds, ManualClock
from sot.testing.pages import check_pages
from sot.testing.reconciliation_contract import keep
from sot.testing.strategies import account_events, reconciliations, reports, round_numbers

T = TypeVar("T")
Make = Callable[[ManualClock, CountedIds], AccessStore]
Answer = tuple[str, Any]

FIRST = datetime(2026, 1, 5, 10, tzinfo=UTC)
REMEMBER_EVERY = 6
_CLIENT_IDS = st.sampled_from(["C1", "C2", "C3", "C4"])
_AMENDMENT_IDS = st.sampled_from(["D1", "D2", "D3"])
_ACCESS_IDS = st.sampled_from(["K1", "K2", "K3"])
_CLOSING = st.lists(st.tuples(st.integers(0, 5), st.sampled_from(Resolution)), max_size=3)


def lockstep(makes: Mapping[str, Make]) -> type[RuleBasedStateMachine]:
    """The state machine for these stores; the first is the one that the others are compared with."""

    class StoresInLockstep(_Lockstep):
        MAKES = makes

    return StoresInLockstep


class _Lockstep(RuleBasedStateMachine):
    MAKES: Mapping[str, Make] = {}

    def __init__(self) -> None:
        super().__init__()
        self.stores: dict[str, AccessStore] = {}
        self.clocks: list[ManualClock] = []
        self.remembered: list[tuple[dict[str, int], object, object, object]] = []
        self.steps = 0
        for name, make in self.MAKES.items():
            clock = ManualClock()
            self.clocks.append(clock)
            self.stores[name] = make(clock, CountedIds())

    def teardown(self) -> None:
        """Look back at every moment that was remembered; nothing is found that does not hold. Let go of the stores."""
        for moment in self.remembered:
            self.look_back(*moment)
        self.verify()
        for store in self.stores.values():
            store.close()

    # --------------------------------------------------------------------------------------------- comparing

    def ask(self, question: Callable[[OrderHistory], T], commit: bool = True, read_only: bool = False) -> T | None:
        """Do the same in each store, compare the answers, and return the answer; None if it was refused."""
        return self.work(lambda uow: question(OrderHistory(uow)), commit, read_only)

    def work(self, use_case: Callable[[AccessUnitOfWork], T], commit: bool = True, read_only: bool = False) -> T | None:
        """The same for what the history does not do."""
        trace = None if self.steps % 3 else f"step {self.steps}"
        answers = {name: _answer(store, use_case, commit, read_only, trace) for name, store in self.stores.items()}
        (first, expected), *others = answers.items()
        for name, found in others:
            assert found == expected, f"{name} and {first} differ: {first_difference(found, expected)}"
        kind, value = expected
        note(f"{kind}: {value}")
        return value if kind == "value" else None

    @initialize()
    def register(self) -> None:
        """There is something to trade."""
        self.ask(lambda h: h.register(instrument()))

    # ------------------------------------------------------------------------------------------------ writing

    @rule(seconds=st.integers(-5, 60))
    def time_passes(self, seconds: int) -> None:
        """Clocks go on, and sometimes back."""
        for clock in self.clocks:
            clock.move(timedelta(seconds=seconds))

    @rule(name=_CLIENT_IDS, quantity=round_numbers(4, 60), side=st.sampled_from(Side), commit=st.booleans())
    def submit(self, name: str, quantity: Decimal, side: Side, commit: bool) -> None:
        """Submit, sometimes again, sometimes with other terms, sometimes without commit."""
        request = OrderRequest(
            account_id=ACCOUNT,
            client_order_id=name,
            venue=VENUE,
            symbol=SYMBOL,
            side=side,
            order_type=OrderType.LIMIT,
            limit_price=Decimal(100),
            quantity=quantity,
            time_in_force=TimeInForce.GTC if quantity > 8 else None,
        )
        self.ask(lambda h: h.submit(request), commit)

    @rule(name=_CLIENT_IDS, passed=st.booleans(), rule_code=st.sampled_from(["a", "b"]))
    def check(self, name: str, passed: bool, rule_code: str) -> None:
        """Add a risk check."""
        self.ask(lambda h: h.add_risk_check(_request(h, name), RiskCheck(rule_code=rule_code, passed=passed)))

    @rule(name=_CLIENT_IDS)
    def withdraw(self, name: str) -> None:
        """Take a request back."""
        self.ask(lambda h: h.withdraw(_request(h, name), "no"))

    @rule(name=st.one_of(_CLIENT_IDS, _AMENDMENT_IDS), commit=st.booleans())
    def send(self, name: str, commit: bool) -> None:
        """Hand a request to the venue."""
        self.ask(lambda h: h.mark_sent(_request(h, name)), commit)

    @rule(name=st.one_of(_CLIENT_IDS, _AMENDMENT_IDS), failed=st.booleans())
    def lose(self, name: str, failed: bool) -> None:
        """A request fails or is in doubt."""
        self.ask(lambda h: (h.mark_failed if failed else h.mark_unknown)(_request(h, name), "no route"))

    @rule(name=_AMENDMENT_IDS, of=_CLIENT_IDS, quantity=st.one_of(st.none(), round_numbers(4, 60)))
    def amend(self, name: str, of: str, quantity: Decimal | None) -> None:
        """Intend a cancel or a replacement."""

        def submit(history: OrderHistory) -> object:
            order = history.find_order(ACCOUNT, of)
            action = Action.CANCEL if quantity is None else Action.REPLACE
            request = OrderRequest(
                account_id=ACCOUNT,
                action=action,
                client_order_id=name,
                target_order_id=order.order_id,
                quantity=quantity,
            )
            return history.submit(request)

        self.ask(submit)

    @rule(told=st.lists(reports(ACCOUNT, VENUE, SYMBOL), min_size=1, max_size=4), commit=st.booleans())
    def record(self, told: list[VenueReport], commit: bool) -> None:
        """Record some reports in one transaction."""
        self.ask(lambda h: [h.record(report) for report in told], commit)

    @rule(report=reports(ACCOUNT, VENUE, SYMBOL))
    def adopt(self, report: VenueReport) -> None:
        """Take an order in that was found at the venue."""
        self.ask(lambda h: h.adopt(attrs.evolve(report, venue=VENUE, symbol=report.symbol or SYMBOL)))

    @rule(pick=st.integers(0, 5), mark=round_numbers(1, 800))
    def mark(self, pick: int, mark: Decimal) -> None:
        """Mark an order."""
        self.ask(lambda h: h.mark(_order(h, pick), mark, {"TOKEN": Decimal(2)}))

    @rule(pick=st.integers(0, 5), sequence=st.integers(1, 12))
    def void(self, pick: int, sequence: int) -> None:
        """Void an event."""
        self.ask(lambda h: h.void(_order(h, pick), sequence=sequence, reason="wrong"))

    @rule(pick=st.integers(0, 5), status=st.sampled_from([None, *OrderStatus]))
    def resolve(self, pick: int, status: OrderStatus | None) -> None:
        """Close what is in doubt."""
        self.ask(lambda h: h.resolve(_order(h, pick), status=status, reason="looked"))

    @rule(external=st.integers(0, 5), pick=st.integers(0, 5))
    def attribute(self, external: int, pick: int) -> None:
        """Find out that an external order is another one."""
        self.ask(lambda h: h.attribute(_order(h, external), _order(h, pick), reason="the same"))

    @rule(event=account_events(ACCOUNT, VENUE, SYMBOL), replaces=st.one_of(st.none(), st.integers(0, 3)))
    def move_without_an_order(self, event: AccountEvent, replaces: int | None) -> None:
        """Something moves a position or its result without an order, or corrects what did."""
        self.ask(lambda h: h.record_account_event(_replacing(h, event, replaces)))

    @rule(rows=reconciliations(ACCOUNT, VENUE), closing=_CLOSING, commit=st.sampled_from([True, True, True, False]))
    def compare(self, rows: list[Reconciliation], closing: list[tuple[int, Resolution]], commit: bool) -> None:
        """Compare with the venue: a run, parts of what it compared, what it found; and close findings, some again."""
        self.work(lambda uow: _then_read(uow, lambda: [keep(uow, row) for row in rows]), commit)
        for pick, how in closing:
            self.work(lambda uow, p=pick, h=how: _then_read(uow, lambda: _close(uow, p, h)), commit)  # type: ignore[misc]

    @rule(name=_ACCESS_IDS, revoke=st.booleans(), commit=st.booleans())
    def give_access(self, name: str, revoke: bool, commit: bool) -> None:
        """Make a key of the API, or revoke one."""

        def use_case(uow: AccessUnitOfWork) -> object:
            if revoke:
                uow.api_keys.revoke(name, uow.clock.now())
            else:
                uow.api_keys.add(api_key(name, created_at=uow.clock.now()))
            return list(uow.api_keys.list())

        self.work(use_case, commit)

    @rule(name=_ACCESS_IDS, status=st.sampled_from([201, 409]), commit=st.booleans())
    def answer_for_good(self, name: str, status: int, commit: bool) -> None:
        """Record an answer, sometimes another one under the same key."""

        def use_case(uow: AccessUnitOfWork) -> object:
            uow.idempotency_records.add(answer(name, status=status))
            return uow.idempotency_records.get(ACCOUNT, name)

        self.work(use_case, commit)

    @rule(later=st.integers(0, 20), multiplier=st.sampled_from(["1", "2"]))
    def register_late(self, later: int, multiplier: str) -> None:
        """The other symbol, of which much may have been recorded already, becomes known, perhaps in versions."""
        known = instrument(symbol="UNREGISTERED")
        version = attrs.evolve(known, multiplier=Decimal(multiplier), valid_from=FIRST + timedelta(seconds=later))
        self.ask(lambda h: h.register(version))

    # ------------------------------------------------------------------------------------------------ reading

    @rule(size=st.integers(1, 4), open_only=st.sampled_from([None, True, False]))
    def page(self, size: int, open_only: bool | None) -> None:
        """Walk through all pages."""
        after: PageKey | None = None
        for _ in range(20):
            page = self.ask(lambda h, a=after: _page(h, open_only, a, size), read_only=True)  # type: ignore[misc]
            assert page is not None
            after = page[1]
            if after is None:
                return

    @rule(size=st.integers(1, 5), seconds=st.integers(-10, 60), back=st.integers(0, 12))
    def page_everything(self, size: int, seconds: int, back: int) -> None:
        """Each list is its pages, now and then: at a time, and at cursors, between facts of one transaction, too."""
        at = FIRST + timedelta(seconds=seconds)
        self.ask(lambda h: check_pages(h, ACCOUNT, size), read_only=True)
        self.ask(lambda h: check_pages(h.as_of(happened_by=at), ACCOUNT, size), read_only=True)
        self.work(lambda uow: _check_pages_known(uow, back, size), read_only=True)

    @rule()
    def now_is_a_moment(self) -> None:
        """As of the last cursor everything is told as it is told now."""
        self.work(_check_now, read_only=True)

    @rule(size=st.integers(1, 3), open_only=st.sampled_from([None, True, False]), where=st.sampled_from(["", "sub"]))
    def page_comparisons(self, size: int, open_only: bool | None, where: str) -> None:
        """Walk through rows of reconciliations, and look for the last run."""
        wanted = ReconciliationFilter(account_id=ACCOUNT, venue_account=where, is_open=open_only)
        after: PageKey | None = None
        for _ in range(20):
            page = self.work(lambda uow, a=after: uow.reconciliations.list(wanted, a, size), read_only=True)  # type: ignore[misc]
            assert page is not None
            after = page.next
            if after is None:
                break
        self.work(lambda uow: uow.reconciliations.last_run(ACCOUNT, VENUE, where), read_only=True)

    @rule(identifier=st.sampled_from(["C1", "V1", "D1"]), status=st.sampled_from(OrderStatus))
    def search(self, identifier: str, status: OrderStatus) -> None:
        """Look for orders."""
        wanted = OrderFilter(identifier=identifier, statuses=[status, OrderStatus.NEW], account_id=ACCOUNT)
        self.ask(lambda h: [order.order_id for order in h.orders(wanted).items], read_only=True)
        self.ask(lambda h: h.find_order(ACCOUNT, identifier).order_id, read_only=True)

    @invariant()
    def remember(self) -> None:
        """Now and then take a cursor, and what is known now."""
        self.steps += 1
        if not self.stores or self.steps % REMEMBER_EVERY:
            return
        cursors = {name: store.horizon() for name, store in self.stores.items()}
        known = self.ask(told_of, read_only=True), self.work(_comparisons, read_only=True)
        self.remembered.append((cursors, *known, self.ask(names_of, read_only=True)))

    def look_back(self, cursors: dict[str, int], expected: object, compared: object, named: object) -> None:
        """What was known at a cursor is what was told then, and what its facts give in an empty store."""
        for name, store in self.stores.items():
            with store.begin(read_only=True) as uow:
                past = OrderHistory(uow).as_of(known_at=cursors[name])
                for found, then in ((told_of(past), expected), (names_of(past), named)):
                    assert found == then, f"{name} as of {cursors[name]} differs: {first_difference(found, then)}"
                lines = list(archive(uow, 0, cursors[name]))
            again = next(iter(self.MAKES.values()))(ManualClock(), CountedIds())
            again.run(lambda uow, lines=lines: read_back(uow, lines))  # type: ignore[misc]
            back = again.run(lambda uow: (told_of(OrderHistory(uow)), _comparisons(uow)), read_only=True)
            again.close()
            assert back == (expected, compared), (
                f"{name}'s facts up to {cursors[name]} read back differ: {first_difference(back, (expected, compared))}"
            )

    @rule(seconds=st.integers(-10, 60), known=st.booleans())
    def look_at_a_time(self, seconds: int, known: bool) -> None:
        """What had happened by a time, and what was known of it by then or is known now."""
        at = FIRST + timedelta(seconds=seconds)
        for happened_by in (at, None):
            self.ask(lambda h, by=happened_by: told_of(h.as_of(at if known else None, by)), read_only=True)  # type: ignore[misc]
            self.ask(lambda h, by=happened_by: names_of(h.as_of(at if known else None, by)), read_only=True)  # type: ignore[misc]

    @rule()
    def make_anew(self) -> None:
        """Rebuilding everything changes nothing."""
        for store in self.stores.values():
            rebuild(store)

    def verify(self) -> None:
        """Everything that is kept is what it was."""
        for name, store in self.stores.items():
            findings = verify(store).problems
            assert findings == [], f"{name}: {findings}"

    @invariant()
    def nothing_tells_them_apart(self) -> None:
        """Everything that can be read is equal, and each order is the fold of its own events."""
        if self.stores:
            self.ask(_everything, read_only=True)
            self.work(_comparisons, read_only=True)


def _answer(
    store: AccessStore, use_case: Callable[[AccessUnitOfWork], T], commit: bool, read_only: bool, trace: str | None
) -> Answer:
    try:
        with store.begin(read_only=read_only) as uow:
            uow.trace = trace
            value = use_case(uow)
            if commit and not read_only:
                uow.commit()
            return "value", value
    except ConcurrentUpdate as error:
        return type(error).__name__, ""  # what was lost, each store says in its own words
    except SotError as error:
        return type(error).__name__, str(error)


def _request(history: OrderHistory, name: str) -> str:
    request = history.find_request(ACCOUNT, name)
    return request.request_id if request else "00000000-0000-0000-0000-000000000000"


def _order(history: OrderHistory, pick: int) -> str:
    orders = history.orders().items
    return orders[pick % len(orders)].order_id if orders else "00000000-0000-0000-0000-000000000000"


def _page(
    history: OrderHistory, is_open: bool | None, after: PageKey | None, size: int
) -> tuple[list[str], PageKey | None]:
    page = history.orders(OrderFilter(is_open=is_open), after, size)
    return [order.order_id for order in page.items], page.next


def _everything(history: OrderHistory) -> list[object]:
    told: list[object] = [history.waiting(ACCOUNT), history.requests(RequestFilter()).items]
    for order in history.orders(limit=500).items:
        order_id = order.order_id
        entries = history.timeline(order_id)
        last = entries[-1]
        assert (last.status, last.cum_quantity, last.leaves_quantity) == (
            order.status,
            order.cum_quantity,
            order.leaves_quantity,
        ), f"order {order_id} is not the fold of its events"
        told.append((attrs.evolve(order, version=0), order.last_hash, order.status, order.is_open, order.in_doubt))
        told.append([(entry, entry.event.hash) for entry in entries])
        told.append((history.fills(order_id), history.costs(order_id), history.pnl_snapshots(order_id)))
    return told + _accounts(history)


def _check_pages_known(uow: AccessUnitOfWork, back: int, size: int) -> None:
    check_pages(OrderHistory(uow).as_of(known_at=max(uow.feed.last() - back, 0)), ACCOUNT, size)


def _check_now(uow: AccessUnitOfWork) -> None:
    history = OrderHistory(uow)
    now = history.as_of(known_at=uow.feed.last())
    for tell in (told_of, names_of):
        found, told = tell(now), tell(history)
        assert found == told, f"now differs: {first_difference(found, told)}"


def _comparisons(uow: AccessUnitOfWork) -> list[RecordedReconciliation]:
    """All rows of reconciliations."""
    return list(uow.reconciliations.list(ReconciliationFilter(), None, LARGEST_PAGE).items)


def _then_read(uow: AccessUnitOfWork, act: Callable[[], object]) -> object:
    """What an action gives, and all rows after it: a store may tell as late as then that it was lost."""
    return act(), _comparisons(uow)


def _close(uow: AccessUnitOfWork, pick: int, how: Resolution) -> RecordedReconciliation | None:
    findings = [one for one in _comparisons(uow) if one.row.type is ReconciliationType.FINDING]
    if not findings:
        return None
    picked = findings[pick % len(findings)].row
    return keep(
        uow,
        Reconciliation(
            account_id=picked.account_id,
            type=ReconciliationType.RESOLUTION,
            venue=picked.venue,
            venue_account=picked.venue_account,
            run_id=picked.run_id,
            finding_id=picked.record_id,
            resolution=how,
        ),
    )


def _accounts(history: HistoryQueries) -> list[object]:
    """All that is derived across orders; and the sums agree, whichever way they are asked for."""
    told: list[object] = [history.account_events(limit=500).items]
    for method in Method:
        positions = history.positions(ACCOUNT, method=method, include_flat=True)
        told.append([(held, held.realized_net, held.realized_paid, held.break_even) for held in positions])
        rows = history.realized(ACCOUNT, by=[GroupBy.SYMBOL, GroupBy.ORDER, GroupBy.DAY], method=method)
        for name in ("realized_gross", "realized_net", "realized_paid"):
            of_positions = plus(getattr(held, name) for held in positions)
            of_parts = plus(getattr(row, name) for row in rows if row.symbol)
            assert of_positions == of_parts, (
                f"{name} by {method}: {of_positions} is not the sum of its parts {of_parts}"
            )
        told.append(rows)
    told.append(history.round_trips(ACCOUNT))
    told.append(history.cost_analysis(ACCOUNT, by=GroupBy.SYMBOL, rates={"TOKEN": Decimal(2)}))
    return told


def told_of(history: HistoryQueries) -> list[object]:
    """What a past moment can be asked, as the present can."""
    told: list[object] = [history.instruments(ACCOUNT, VENUE, SYMBOL), history.requests(limit=500).items]
    told.append(history.waiting(ACCOUNT))
    told += [history.find_request(ACCOUNT, name) for name in ("C1", "D1")]
    for order in history.orders(limit=500).items:
        order_id = order.order_id
        told.append((attrs.evolve(order, version=0), order.last_hash, order.status))
        told.append([(entry, entry.event.hash) for entry in history.timeline(order_id)])
        told.append((history.fills(order_id), history.costs(order_id), history.pnl(order_id)))
        told.append(history.pnl_snapshots(order_id))
    return told + _accounts(history) + _findings(history)


def _findings(history: HistoryQueries) -> list[object]:
    """What comparisons found: what is open, all of it, and each by itself."""
    found = history.findings(ReconciliationFilter(account_id=ACCOUNT), limit=500).items
    return [history.findings(limit=500).items, found, [history.finding(one.record_id) for one in found]]


def names_of(history: HistoryQueries) -> list[object]:
    """Who goes by a name. An archive does not tell since when: the first event lists all that an order ever had."""
    told: list[object] = []
    for name in ("C1", "C2", "D1", "V1"):
        told.append([order.order_id for order in history.orders(OrderFilter(identifier=name)).items])
        try:
            told.append(history.find_order(ACCOUNT, name).order_id)
        except NotFound:
            told.append(None)
    return told


def read_back(uow: AccessUnitOfWork, lines: Iterable[str]) -> None:
    """Keep what the lines of an archive say."""
    for line in lines:
        ((key, said),) = read_document(line).items()
        assert key == "fact", "nothing was sealed"
        restore(uow, read_fact(said))


def first_difference(found: Any, expected: Any, place: str = "") -> str:
    """Where two answers differ first, as far down as their parts can be compared."""
    if attrs.has(type(found)) and type(found) is type(expected):
        names = [field.name for field in attrs.fields(type(found)) if field.eq]
        pairs = [(f".{name}", getattr(found, name), getattr(expected, name)) for name in names]
    elif isinstance(found, (list, tuple)) and isinstance(expected, (list, tuple)) and len(found) == len(expected):
        pairs = [(f"[{number}]", *both) for number, both in enumerate(zip(found, expected, strict=True))]
    else:
        return f"{place} is {found!r}, and {expected!r} was expected"
    for name, here, there in pairs:
        if here != there:
            return first_difference(here, there, place + name)
    return f"{place} is equal"


def plus(amounts: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    found = ZERO
    for amount in amounts:
        found = add(found, amount)
    return canonical(found)


def _replacing(history: OrderHistory, event: AccountEvent, replaces: int | None) -> AccountEvent:
    known = history.account_events(limit=500).items
    if replaces is None or not known:
        return event
    return attrs.evolve(event, replaces=known[replaces % len(known)].event_id)
