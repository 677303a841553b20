"""The vectors of FIX messages: what each becomes. Their format is in docs/reference/vectors.md."""

import json
from importlib.resources import files

import pytest
from tests.support.fix_messages import message_of

from sot import InvalidInput
from sot.adapters.fix import FixDecoder, SentMessages
from sot.domain.values.instrument import Instrument

VECTORS = json.loads((files("sot.testing") / "data" / "fix" / "messages.json").read_text("utf-8"))


def decoder_of(vector):
    known = {fields["symbol"]: Instrument.read(fields) for fields in vector.get("instruments", ())}
    return FixDecoder(account_id="main", venue="X", find_instrument=lambda account, venue, symbol: known.get(symbol))


def has_fields(stated, expected):
    for name, value in expected.items():
        assert stated.get(name) == value, name


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_messages(vector):
    decoder, sent = decoder_of(vector), SentMessages()
    for text, expected in zip(vector["messages"], vector["expect"], strict=True):
        message = message_of(text)
        sent.add(message)
        if "refused" in expected:
            with pytest.raises(InvalidInput) as refused:
                decoder.decode(message, sent)
                decoder.decode_request(message)
            assert refused.value.field.startswith(expected["refused"])
            continue
        report, request = decoder.decode(message, sent), decoder.decode_request(message)
        assert (report is not None, request is not None) == ("report" in expected, "request" in expected)
        assert ("nothing" in expected) == (report is None and request is None)
        if report is not None:
            has_fields(report.as_json(), expected["report"])
            assert "left_out" not in expected or sorted(report.left_out) == expected["left_out"]
            assert "invalid" not in expected or sorted(report.invalid_fields()) == expected["invalid"]
        if request is not None:
            target = "01890a5d-ac96-774b-bcce-b302099a8057" if "target" in expected else None
            has_fields(request.request(target).as_json(), expected["request"])
            assert request.orig_client_order_id == expected.get("target")


def test_every_rule_has_two_vectors():
    rules = [vector["id"].split("/")[1] for vector in VECTORS]
    assert {rule: rules.count(rule) >= 2 for rule in rules} == dict.fromkeys(rules, True)
