"""Versions of instruments: what is refused, and how a version that was registered in error is corrected."""

from datetime import timedelta
from decimal import Decimal as D

import attrs
import pytest

from sot import Conflict, Instrument, InstrumentKind, InvalidInput, Outcome
from sot.accounting import Method
from sot.adapters.memory import MemoryStore
from sot.audit import rebuild, verify
from sot.domain.audit.digests import instrument_digest
from sot.domain.values.instrument import RecordedInstrument
from sot.domain.values.times import EPOCH
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE
from sot.testing.contract.transactions import read_history, write_history
from tests.support.accounting_samples import T0, at, execution_report
from tests.support.archived_history import archive_lines, restore_archive

NAME = (ACCOUNT, VENUE, SYMBOL)


def version(kind="FUTURE", quote="QUOTE", **fields):
    return Instrument(account_id=ACCOUNT, venue=VENUE, symbol=SYMBOL, kind=kind, base="BASE", quote=quote, **fields)


def register(store, instrument):
    return write_history(store, lambda h: h.register(instrument))


def position(store, method=Method.AVERAGE):
    return read_history(store, lambda h: h.position(*NAME, method=method))


@pytest.mark.parametrize("kind", ["SPOT", "MARGIN", "EQUITY", "FX"])
def test_kinds_that_are_paid_for_settle_in_their_quote(kind):
    with pytest.raises(InvalidInput) as caught:
        version(kind, settle="BASE")
    assert caught.value.field == "settle"
    with pytest.raises(InvalidInput) as caught:
        version(kind, inverse=True)
    assert caught.value.field == "inverse"
    assert version(kind, settle="QUOTE").currency == "QUOTE"


@pytest.mark.parametrize("kind", ["FUTURE", "PERPETUAL", "OPTION", "OTHER"])
def test_other_kinds_may_settle_elsewhere(kind):
    assert version(kind, settle="USD").currency == "USD"
    assert version(kind, inverse=True).currency == "BASE"


@pytest.mark.parametrize(
    ("field", "value"), [("underlying", "ABC"), ("strike", D(5)), ("right", "CALL"), ("expires_at", T0)]
)
def test_only_options_have_the_terms_of_options(field, value):
    assert getattr(version("OPTION", **{field: value}), field) == value
    with pytest.raises(InvalidInput) as caught:
        version("FUTURE", **{field: value})
    assert caught.value.field == field


@pytest.mark.parametrize("field", ["account_id", "venue", "symbol", "kind", "base", "quote", "multiplier", "inverse"])
def test_a_missing_value_is_named(field):
    with pytest.raises(InvalidInput) as caught:
        Instrument(
            **{"symbol": "A", "kind": "OTHER", "base": "A", "quote": "B", "account_id": "a", "venue": "V"}
            | {field: None}
        )
    assert caught.value.field == field


def contradicting():
    """A version as it could be recorded before kinds had to settle in their quote."""
    document = version("FUTURE", settle="USD").as_json() | {"kind": "EQUITY"}
    return Instrument.from_canonical(document)


def test_a_recorded_version_that_contradicts_its_kind_is_kept_and_flagged(store):
    old = contradicting()
    assert (old.kind, old.currency, old.contradictions) == (InstrumentKind.EQUITY, "USD", ("settle",))

    def record(uow):
        uow.instruments.add(RecordedInstrument(old), instrument_digest(old), uow.clock.now())

    store.run(record)
    write_history(store, lambda h: h.adopt(execution_report("E1", "BUY", 2, 10, 0)))
    assert verify(store).problems == []
    assert [v.contradictions for v in read_history(store, lambda h: h.instruments(*NAME))] == [("settle",)]
    assert position(store).currency == "USD"
    copy = MemoryStore()
    restore_archive(copy, archive_lines(store))
    assert read_history(copy, lambda h: h.instruments(*NAME)) == [old]
    corrected = version("EQUITY", corrects=[EPOCH])
    assert register(store, corrected) is Outcome.RECORDED
    assert position(store).currency == "QUOTE"


@pytest.fixture
def traded(store):
    """A store with a version registered in error: its currency, its kind and its multiplier are wrong."""
    register(store, version(quote="WRONG", multiplier=D(10)))
    for number, (side, price) in enumerate([("BUY", 10), ("BUY", 20), ("SELL", 30)]):
        fee = (D(1), "QUOTE")
        write_history(
            store, lambda h, n=number, s=side, p=price, f=fee: h.adopt(execution_report(f"E{n}", s, 1, p, n, [f]))
        )
    return store


CORRECTED = version("EQUITY", corrects=[EPOCH])


def test_a_corrected_version_values_everything_anew(traded):
    before = position(traded)
    assert (before.currency, before.realized_gross, before.unvalued) == ("WRONG", 150, {"QUOTE": 3})
    horizon = traded.horizon()
    order_id = read_history(traded, lambda h: h.orders().items)[0].order_id
    assert register(traded, CORRECTED) is Outcome.RECORDED
    for method, gross in ((Method.AVERAGE, 15), (Method.FIFO, 20), (Method.LIFO, 10)):
        after = position(traded, method)
        assert (after.currency, after.realized_gross, after.fees, after.complete) == (
            "QUOTE",
            gross,
            {"QUOTE": 3},
            True,
        )
    assert read_history(traded, lambda h: h.costs(order_id)).currency == "QUOTE"
    assert read_history(traded, lambda h: h.instruments(*NAME)) == [CORRECTED]
    known = read_history(traded, lambda h: h.recorded_instruments(*NAME))
    assert [recorded.number for recorded in known] == [0, 1]
    assert verify(traded).problems == []
    past = read_history(traded, lambda h: h.as_of(known_at=horizon).position(*NAME))
    assert (past.currency, past.realized_gross, past.unvalued) == ("WRONG", 150, {"QUOTE": 3})
    assert past.instrument.multiplier == 10
    rebuilt = position(traded)
    rebuild(traded)
    assert position(traded) == rebuilt
    assert verify(traded).problems == []


def test_a_correction_is_recorded_once_and_corrected_again(traded):
    first = version(quote="WRONG", multiplier=D(10))
    assert register(traded, CORRECTED) is Outcome.RECORDED
    assert register(traded, first) is Outcome.REPEATED
    assert register(traded, CORRECTED) is Outcome.REPEATED
    assert read_history(traded, lambda h: h.instruments(*NAME)) == [CORRECTED]
    later = version("EQUITY", valid_from=T0 - timedelta(days=1), corrects=[EPOCH])
    assert register(traded, later) is Outcome.RECORDED
    assert read_history(traded, lambda h: h.instruments(*NAME)) == [later]
    with pytest.raises(InvalidInput, match="valid_from of versions that hold") as caught:
        register(traded, version("MARGIN", corrects=[EPOCH]))
    assert caught.value.field == "corrects"
    with pytest.raises(InvalidInput, match="quote"):
        register(traded, version("EQUITY", quote="OTHER", valid_from=at(5)))
    assert verify(traded).problems == []


def test_the_currencies_of_several_versions_are_corrected_at_once(traded):
    second = version(quote="WRONG", multiplier=D(20), valid_from=at(1))
    assert register(traded, second) is Outcome.RECORDED
    with pytest.raises(InvalidInput, match="correct all versions at once") as caught:
        register(traded, version(multiplier=D(10), corrects=[EPOCH]))
    assert caught.value.field == "quote"
    assert register(traded, version(multiplier=D(10), corrects=[EPOCH, at(1)])) is Outcome.RECORDED
    assert position(traded).realized_gross == 150
    again = version(multiplier=D(20), valid_from=at(1))
    assert register(traded, again) is Outcome.RECORDED
    assert [v.multiplier for v in read_history(traded, lambda h: h.instruments(*NAME))] == [10, 20]
    assert register(traded, second) is Outcome.REPEATED
    assert position(traded).realized_gross == 30 * 20 - (10 * 10 + 20 * 20) // 2
    assert verify(traded).problems == []
    with pytest.raises(Conflict, match="corrects"):
        register(traded, attrs.evolve(again, multiplier=D(30)))


def test_an_archive_restores_corrected_versions(traded):
    register(traded, CORRECTED)
    lines = archive_lines(traded)
    copy = MemoryStore(traded.clock)
    restore_archive(copy, lines)
    assert read_history(copy, lambda h: h.recorded_instruments(*NAME)) == read_history(
        traded, lambda h: h.recorded_instruments(*NAME)
    )
    assert position(copy) == position(traded)
    assert archive_lines(copy) == lines
    assert verify(copy).problems == []
    assert set(restore_archive(copy, lines)) == {"REPEATED"}


def test_a_snapshot_of_profit_and_loss_stays_as_it_was_marked(traded):
    order_id = read_history(traded, lambda h: h.orders().items)[0].order_id
    write_history(traded, lambda h: h.mark(order_id, D(40)))
    before = traded.run(lambda uow: uow.pnl.list(ACCOUNT, order_id))
    assert [snapshot.currency for snapshot in before] == ["WRONG"]
    register(traded, CORRECTED)
    assert traded.run(lambda uow: uow.pnl.list(ACCOUNT, order_id)) == before
    rebuild(traded)
    assert traded.run(lambda uow: uow.pnl.list(ACCOUNT, order_id)) == before
    assert verify(traded).problems == []
