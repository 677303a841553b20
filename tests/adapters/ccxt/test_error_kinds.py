"""Every error of ccxt has one of the three outcomes, and is a refusal only if that is certain."""

import re
from unittest.mock import Mock

import ccxt
import pytest
import requests
from ccxt.base import errors
from hypothesis import given
from hypothesis import strategies as st

from sot.adapters.ccxt.errors import ERROR_MEANINGS, ErrorMeaning, venue_error, without_secrets
from sot.domain.orders.anomalies import DUPLICATE_ORDER
from sot.errors import VenueNotReached, VenueOutcomeUnknown, VenueRefused

CLASSES = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, Exception)]

ANSWERS = [each for each in CLASSES if each is not ccxt.InvalidProxySettings]  # which is raised before anything is sent


def answered(error, status):
    """An error as ccxt raises it for an HTTP response."""
    response = Mock(status_code=status)
    try:
        try:
            raise requests.HTTPError(response=response)
        except requests.HTTPError:
            raise error from None
    except type(error) as raised:
        return raised


def caused(error, cause):
    try:
        raise error from cause
    except type(error) as raised:
        return raised


def test_the_table_has_a_row_for_every_class_and_for_nothing_else():
    assert sorted(ERROR_MEANINGS) == sorted(each.__name__ for each in CLASSES)


@pytest.mark.parametrize("cls", CLASSES)
def test_before_any_request_nothing_was_sent(cls):
    assert type(venue_error(cls("x"), 0, answered=False)) is VenueNotReached


@pytest.mark.parametrize("cls", ANSWERS)
def test_a_server_that_failed_may_have_processed_it(cls):
    for status in (500, 502, 503, 504, 520, 599, 408, 409, 425, 499):
        assert type(venue_error(answered(cls("x"), status), 1, answered=False)) is VenueOutcomeUnknown


@pytest.mark.parametrize("cls", ANSWERS)
def test_what_is_raised_after_an_answer_is_no_refusal(cls):
    assert type(venue_error(cls("x"), 1, answered=True)) is VenueOutcomeUnknown


@pytest.mark.parametrize("cls", ANSWERS)
def test_4xx_is_a_refusal_unless_the_class_says_that_nobody_knows(cls):
    meaning = ERROR_MEANINGS[cls.__name__]
    for status in (None, 400, 401, 403, 404, 418, 429, 451):
        error = cls("x") if status is None else answered(cls("x"), status)
        refused = meaning is ErrorMeaning.REFUSED or (meaning is ErrorMeaning.BY_STATUS and status is not None)
        expected = VenueRefused if refused else VenueOutcomeUnknown
        assert type(venue_error(error, 1, answered=False)) is expected


@pytest.mark.parametrize(
    "text",
    [
        'binance {"code":-1006,"msg":"An unexpected response was received. Execution status unknown."}',
        "binance Unknown error, please check your request or try again later.",
        "Timeout waiting for response. Send status unknown; execution status unknown.",
    ],
)
def test_words_that_say_that_nobody_knows(text):
    assert type(venue_error(answered(ccxt.ExchangeError(text), 400), 1, answered=False)) is VenueOutcomeUnknown


def test_an_error_of_no_class_of_ccxts_is_unknown():
    assert type(venue_error(RuntimeError("x"), 1, answered=False)) is VenueOutcomeUnknown
    assert type(venue_error(answered(RuntimeError("x"), 400), 1, answered=False)) is VenueOutcomeUnknown


def no_connection():
    from urllib3.connection import HTTPConnection
    from urllib3.exceptions import MaxRetryError, NewConnectionError

    reason = NewConnectionError(HTTPConnection("localhost"), "Failed to establish a new connection")
    return requests.ConnectionError(MaxRetryError(None, "/", reason))


def broken_connection():
    from urllib3.exceptions import ProtocolError

    return requests.ConnectionError(ProtocolError("Connection aborted.", ConnectionResetError(104, "reset")))


@pytest.mark.parametrize(
    ("error", "count", "expected"),
    [
        (caused(ccxt.NetworkError("x"), no_connection()), 1, VenueNotReached),
        (caused(ccxt.NetworkError("x"), no_connection()), 2, VenueOutcomeUnknown),
        (caused(ccxt.RequestTimeout("x"), requests.ConnectTimeout()), 1, VenueNotReached),
        (caused(ccxt.RequestTimeout("x"), requests.ReadTimeout()), 1, VenueOutcomeUnknown),
        (caused(ccxt.NetworkError("x"), broken_connection()), 1, VenueOutcomeUnknown),
        (caused(ccxt.ExchangeError("x"), requests.exceptions.SSLError("x")), 1, VenueOutcomeUnknown),
        (ccxt.InvalidProxySettings("x"), 1, VenueNotReached),
    ],
)
def test_connections(error, count, expected):
    assert type(venue_error(error, count, answered=False)) is expected


@pytest.mark.parametrize(
    "error",
    [
        ccxt.DuplicateOrderId("x"),
        ccxt.InvalidOrder('binance {"code":-2010,"msg":"Duplicate order sent."}'),
        ccxt.InvalidOrder("bybit Duplicate clientOrderId"),
        ccxt.InvalidOrder("okx Client order ID already exists."),
        ccxt.BadRequest("OrderLinkedID is duplicate, client order id is duplicate"),
    ],
)
def test_repeated_names(error):
    assert venue_error(error, 1, answered=False).reason == DUPLICATE_ORDER


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ccxt.InsufficientFunds("x"), "INSUFFICIENT_FUNDS"),
        (ccxt.DDoSProtection("x"), "DDOS_PROTECTION"),
        (ccxt.OrderNotFound("x"), "ORDER_NOT_FOUND"),
        (ccxt.RequestTimeout("x"), "REQUEST_TIMEOUT"),
    ],
)
def test_reasons_are_ccxts_words(error, reason):
    assert venue_error(error, 1, answered=False).reason == reason


@given(st.text("abc:/?&=signature.", max_size=60), st.sampled_from(["s3cr3t-key", "a&b=c?"]))
def test_no_secret_and_no_signed_address_survives(text, secret):
    clean = without_secrets(f"{text}{secret} GET https://api.x.com/v3/order?symbol=X&signature=abcdef {text}", [secret])
    assert secret not in clean
    assert "abcdef" not in clean
    assert not re.search(r"https?://\S*\?", clean)
