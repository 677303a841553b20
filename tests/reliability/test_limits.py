"""Bounds of input, and work that grows no faster than the input."""

import json
import sys
from io import BytesIO

import pytest

from sot import OrderHistory
from sot.adapters.fix import FixLog, message
from sot.adapters.memory import MemoryStore
from sot.adapters.rates import file as rate_file
from sot.domain.orders.fees import complete_fees
from sot.domain.orders.report import Fee
from sot.domain.orders.request import RiskCheck
from sot.domain.values import documents, limits
from sot.domain.values.documents import checked_document, document_text, read_document
from sot.domain.values.errors import InvalidInput
from sot.entrypoints import files
from sot.entrypoints.page_tokens import page_key
from sot.testing.contract.samples import new_order_request, spot_instrument
from tests.support.command_line import INSTRUMENT, outcomes, request, sot


def nested(depth, opening="[", closing="]"):
    return opening * depth + closing * depth


# ------------------------------------------------------------------------------------------------------------- bounds


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":[', "]}")])
def test_json_is_read_up_to_its_depth(opening, closing):
    levels = limits.JSON_DEPTH // len(opening.replace('"a":', ""))
    assert read_document(nested(levels, opening, closing)) is not None
    for depth in (levels + 1, 985, 100_000):
        with pytest.raises(InvalidInput, match="nested at most 72 deep"):
            read_document(nested(depth, opening, closing))
        with pytest.raises(InvalidInput, match="nested at most 72 deep"):
            read_document(opening * depth)


def test_brackets_in_strings_are_no_depth():
    text = json.dumps(["[" * 500, '\\"{"' * 500, '"\\'])
    assert json.dumps(read_document(text)) == text
    with pytest.raises(InvalidInput, match="valid JSON"):
        read_document('"' + "[" * 500)


def test_json_is_read_up_to_its_length_and_number_of_values(monkeypatch):
    monkeypatch.setattr(documents, "JSON_ITEMS", 5)
    assert read_document('["a,b,c,d,e,f,g",2,3,4,5]')
    with pytest.raises(InvalidInput, match="at most 5 values"):
        read_document("[1,2,3,4,5,6]")
    monkeypatch.setattr(documents, "JSON_LENGTH", 5)
    assert read_document('"abc"') == "abc"
    with pytest.raises(InvalidInput, match="at most 5 characters"):
        read_document('"abcd"')


def doubled(value, levels=60):
    for _ in range(levels):
        value = [value, value]
    return value


def circular():
    value = []
    value.append(value)
    return value


@pytest.mark.parametrize("make", [lambda: doubled(1), lambda: doubled("x" * 1000), circular])
def test_a_value_that_contains_another_again_and_again_is_refused(make):
    with pytest.raises(InvalidInput, match="at most"):
        checked_document("raw_payload", make())


@pytest.mark.parametrize("field", ["raw_payload", "tags"])
def test_a_deep_value_of_python_is_refused(field):
    with pytest.raises(InvalidInput):
        new_order_request("C1", **{field: {"a": json.loads(nested(900))}})


def test_the_largest_document_is_stored_and_read_again():
    document = [1] * ((limits.DOCUMENT_LENGTH - 1) // 2)
    text = document_text(checked_document("raw_payload", document))
    assert len(read_document(text)) == len(document)
    with pytest.raises(InvalidInput, match="at most"):
        checked_document("raw_payload", [*document, 1])


def test_a_page_token_of_brackets_is_none():
    import base64

    with pytest.raises(InvalidInput, match="page token"):
        page_key(base64.urlsafe_b64encode(b"[" * 90_000).decode())


@pytest.mark.parametrize("depth", [100, 500, 985, 5_000])
def test_deep_lines_are_refused(depth):
    lines = [INSTRUMENT, request("a"), '{"request": ' * depth + "1" + "}" * depth, request("b")]
    result = sot("record", "--store", "memory", "--keep-going", lines=lines)
    assert outcomes(result) == ["RECORDED", "RECORDED", "ERROR", "RECORDED"]
    assert result.exit_code == 1
    assert not result.exception or isinstance(result.exception, SystemExit)


def test_a_line_is_read_up_to_its_length(monkeypatch):
    monkeypatch.setattr(files, "LINE_BYTES", 10)
    lines = files.bounded_lines(BytesIO(b"123456789\n\n1234567890\n123456789012345"))
    assert [next(lines), next(lines)] == [b"123456789\n", b"\n"]
    with pytest.raises(InvalidInput, match="line 3: .* at most 10 bytes"):
        next(lines)


def test_a_file_of_rates_is_read_up_to_its_length(monkeypatch, tmp_path):
    path = tmp_path / "rates.csv"
    path.write_text("pair,time,rate\nEUR/USD,2026-01-01T00:00:00Z,1.1\n")
    assert rate_file.FileRates.read(path).currencies == {"EUR", "USD"}
    monkeypatch.setattr(rate_file, "RATE_FILE_BYTES", 10)
    with pytest.raises(InvalidInput, match="at most 10 bytes"):
        rate_file.FileRates.read(path)


def test_a_fix_message_ends_after_as_many_lines_as_are_allowed():
    start = b"8=FIX.4.4|9=9999999|35=8|\n"
    lines = [start] + [b"a\n"] * (2 * limits.FIX_MESSAGE_LINES) + [start]
    found = list(FixLog(lines).entries())
    assert len(found) == 2
    assert all(isinstance(entry, InvalidInput) and "the rest of it is missing" in str(entry) for entry in found)


# --------------------------------------------------------------------------------------------------------------- work


class CountedKey(str):
    __slots__ = ()
    comparisons = 0

    def __eq__(self, other):
        CountedKey.comparisons += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


def test_repeated_keys_are_found_with_few_comparisons():
    keys = [CountedKey(number) for number in range(2_000)]
    CountedKey.comparisons = 0
    with pytest.raises(InvalidInput, match="'1999' is not allowed; give each key"):
        documents._object([(key, 1) for key in (*keys, CountedKey(1_999))])
    assert CountedKey.comparisons < 10 * len(keys)


def calls_of(action):
    """How many calls and steps of generators an action takes."""
    count = 0

    def note(frame, event, argument):
        nonlocal count
        count += 1

    sys.setprofile(note)
    try:
        action()
    finally:
        sys.setprofile(None)
    return count


def parts(count, first):
    return [Fee(amount="1", currency="A", fee_id=f"{first}{number}") for number in range(count)]


def plain_fees(count):
    return [Fee(amount=str(number + 1), currency="A") for number in range(count)]


@pytest.mark.parametrize(
    "make",
    [
        lambda count: (parts(count, "a"), parts(count, "b")),
        lambda count: (parts(count, "a"), parts(count, "a")),
        lambda count: (plain_fees(count), parts(count, "b")),
    ],
)
def test_fees_are_completed_with_work_that_grows_with_their_number(make):
    few, many = make(100), make(400)
    assert calls_of(lambda: complete_fees(*many)) < 6 * calls_of(lambda: complete_fees(*few))


def test_risk_checks_are_compared_with_work_that_grows_with_their_number():
    def calls(count):
        store = MemoryStore()
        store.run(lambda uow: OrderHistory(uow).register(spot_instrument()))
        time = "2026-01-01T00:00:00Z"
        checks = [RiskCheck(rule_code=f"R{number}", passed=True, checked_at=time) for number in range(count)]

        def submit(uow):
            return OrderHistory(uow).submit(new_order_request("C1"), None, checks)

        store.run(submit)
        return calls_of(lambda: store.run(submit))

    assert calls(400) < 6 * calls(100)


class CountedTrailer:
    """Counts the bytes among which the end of a damaged message is looked for."""

    def __init__(self, pattern):
        self.pattern, self.searched = pattern, 0

    def search(self, text, start, end):
        found = self.pattern.search(text, start, end)
        self.searched += (found.end() if found else end) - start
        return found


@pytest.mark.parametrize(
    "lines",
    [
        [b"8=FIX.4.4|9=9999999|35=8|\n"] + [b"a\n"] * 900,
        [b"8=FIX.4.4|9=5|" * 500],
        [b"8=FIX.4.4|1=" * 500],
        [b"8=FIX.4.4|9=99999|" * 500],
    ],
)
def test_the_end_of_a_damaged_message_is_looked_for_once(monkeypatch, lines):
    counted = CountedTrailer(message._ANY_TRAILER)
    monkeypatch.setattr(message, "_ANY_TRAILER", counted)
    assert list(FixLog(lines, ignore_checksums=True).entries())
    assert counted.searched < 20 * sum(map(len, lines))


def test_a_damaged_message_ends_where_the_next_begins():
    text = b"8=FIX.4.4|9=1|35=0|34=1|8=FIX.4.4|9=1|35=0|34=2|10=000|\n"
    found = list(FixLog([text], ignore_checksums=True).entries())
    assert [entry.fields[34] for entry in found] == ["1", "2"]
