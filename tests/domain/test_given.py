"""What may be given: the words that type checkers know are those of the vocabularies, and None is none given."""

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal, get_args, get_origin

import pytest

from sot import AccountEvent, Fee, InvalidInput, OrderHistory, OrderRequest, VenueReport
from sot.accounting import Mark, PositionSide
from sot.adapters.memory import MemoryStore
from sot.domain.values import given
from sot.domain.values.arguments import checked
from sot.domain.values.given import MethodGiven, PositionSideGiven, TimeGiven
from sot.domain.values.vocabulary import VENUE_EVENT_TYPES, EventType, Method
from sot.ports.venue import Replacement, ReplacementGiven
from sot.queries import LocalFact, OrderFilter
from sot.venue import HeldPosition, OrderReference, VenueScope

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def words_of(alias):
    """The vocabulary of an alias and its words; None if it is none of words."""
    literals = [argument for argument in get_args(alias) if get_origin(argument) is Literal]
    enums = [argument for argument in get_args(alias) if isinstance(argument, type) and issubclass(argument, StrEnum)]
    return (enums[0], get_args(literals[0])) if literals else None


WORDS = {name: words for name, alias in vars(given).items() if name.endswith("Given") and (words := words_of(alias))}
WORDS["ReplacementGiven"] = words_of(ReplacementGiven)


@pytest.mark.parametrize("name", sorted(WORDS))
def test_words_for_type_checkers_are_those_of_the_vocabulary(name):
    vocabulary, words = WORDS[name]
    allowed = VENUE_EVENT_TYPES if vocabulary is EventType else vocabulary
    assert words == tuple(str(member) for member in allowed)


def test_every_alias_of_words_is_compared():
    assert len(WORDS) == 19
    assert WORDS["ReplacementGiven"][0] is Replacement


def test_converters_are_for_type_checkers_alone():
    names = [name for name in vars(given) if name.islower() and not name.startswith("_") and name != "datetime"]
    assert len(names) > 20
    assert {name: getattr(given, name) for name in names} == dict.fromkeys(names)


def test_words_text_and_whole_numbers_become_exact_values():
    request = OrderRequest(
        account_id="a", client_order_id="c", venue="v", symbol="s", side="BUY", order_type="LIMIT", quantity=1,
        limit_price="2.50", time_in_force="GTD", expire_at="2026-01-05T12:00:00Z",
    )  # fmt: skip
    assert (request.quantity, request.limit_price, request.expire_at) == (Decimal(1), Decimal("2.5"), NOON)
    assert Mark("60000").price == Decimal(60_000)
    assert OrderFilter(created_from="2026-01-05T12:00:00Z").created_from == NOON


@pytest.mark.parametrize("price", [0.5, Decimal("NaN"), None, "x"])
def test_mark_refuses_what_is_no_exact_price(price):
    with pytest.raises(InvalidInput, match="price"):
        Mark(price)


REPORT = {"account_id": "a", "type": "NEW"}
EVENT = {"account_id": "a", "type": "FUNDING", "venue": "v", "occurred_at": NOON, "amount": "1", "currency": "USD"}
REQUEST = {
    "account_id": "a", "client_order_id": "c", "venue": "v", "symbol": "s", "side": "BUY", "order_type": "MARKET",
    "quantity": "1",
}  # fmt: skip


@pytest.mark.parametrize(
    ("cls", "fields", "names"),
    [
        (OrderRequest, REQUEST, ["id_scope", "venue_account"]),
        (VenueReport, REPORT, ["id_scope", "venue_account", "leg", "fees"]),
        (AccountEvent, EVENT, ["venue_account", "position_id", "lots"]),
        (HeldPosition, {"symbol": "s", "quantity": "1"}, ["position_id"]),
    ],
)
def test_none_for_a_text_or_list_is_none_given(cls, fields, names):
    absent, none = cls(**fields), cls(**fields, **dict.fromkeys(names))
    assert none == absent
    assert none.canonical() == absent.canonical()
    assert all(getattr(none, name) in ("", ()) for name in names)
    assert cls.from_dict({**absent.to_dict(), **dict.fromkeys(names)}) == absent


def test_none_stays_none_where_it_is_the_default():
    assert LocalFact(reason=None).reason is None
    assert Fee("1", "USD", None).fee_id is None


def test_none_for_an_optional_argument_is_its_default():
    @checked
    def ask(
        side: PositionSideGiven | None = PositionSide.NET,
        text: str | None = "",
        method: MethodGiven = Method.AVERAGE,
        at: TimeGiven | None = None,
    ):
        return side, text, method, at

    assert ask(None, None, at=None) == (PositionSide.NET, "", Method.AVERAGE, None)
    assert ask("LONG", "x", "FIFO", "2026-01-05T12:00:00Z") == (PositionSide.LONG, "x", Method.FIFO, NOON)
    for arguments in ({"side": "UP"}, {"text": 1}, {"method": "BEST"}, {"method": None}, {"at": "noon"}):
        with pytest.raises(InvalidInput, match=next(iter(arguments))):
            ask(**arguments)


def test_position_without_an_id_is_found_by_none():
    store = MemoryStore()
    with store.begin() as uow:
        history = OrderHistory(uow)
        history.register(spot())
        history.record_account_event(
            AccountEvent(
                account_id="a", type="TRANSFER", venue="v", symbol="s", quantity="2", cost="10", occurred_at=NOON,
                position_id=None, venue_account=None,
            )
        )  # fmt: skip
        position = history.position("a", "v", "s", position_id=None, venue_account=None, position_side=None)
        uow.commit()
    assert position.quantity == 2


def spot():
    from sot import Instrument

    return Instrument(account_id="a", venue="v", symbol="s", kind="SPOT", base="B", quote="Q")


def test_none_in_what_venues_are_asked_for_is_none_given():
    assert OrderReference(account_id="a", venue_account=None, id_scope=None) == OrderReference(account_id="a")
    assert VenueScope(account_id="a", venue_account=None) == VenueScope(account_id="a")
