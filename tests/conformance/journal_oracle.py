"""A second implementation of the canonical bytes, from docs/reference/canonical-bytes.md alone, without `sot`.

`python tests/conformance/journal_oracle.py` writes the expectations of the journal vectors.
"""

import json
import re
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

VECTORS = Path(__file__).parents[2] / "src" / "sot" / "testing" / "data" / "journal.json"


def words(text):
    return frozenset(text.split())


AMOUNTS = words(
    "quantity quote_quantity limit_price stop_price signal_strength multiplier last_quantity last_price cum_quantity "
    "leaves_quantity avg_price last_amount order_quantity split_ratio amount cost split_to split_from mark "
    "local_quantity exchange_quantity local_price exchange_price strike price cost_share to_quantity"
)
TIMES = words(
    "valid_from expire_at requested_at checked_at occurred_at received_at recorded_at sealed_at expires_at acquired_at"
)
IDS = words(
    "request_id order_id event_id report_id target_order_id retry_of parent_id replaces attributed_order_id store_id "
    "record_id run_id finding_id"
)
DOCUMENTS = {"raw_payload", "indicators", "market_snapshot", "inputs"}
EMPTY_IS_ABSENT = {"venue_account", "id_scope", "leg", "fees", "anomalies", "lots", "corrects"}


class Number(str):
    """A JSON number as it is written."""


def read(text):
    return json.loads(text, parse_int=Number, parse_float=Number)


def amount(text):
    """Plain decimal notation, by moving the point in the text."""
    sign, whole, fraction, exponent = re.fullmatch(r"(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?", text).groups()
    digits, point = whole + (fraction or ""), len(whole) + int(exponent or 0)
    digits, point = ("0" * max(0, 1 - point)) + digits, max(point, 1)
    digits = digits.ljust(point, "0")
    whole, fraction = digits[:point].lstrip("0") or "0", digits[point:].rstrip("0")
    plain = f"{whole}.{fraction}" if fraction else whole
    return plain if plain == "0" else sign + plain


def time_text(text):
    at = datetime.fromisoformat(text.upper()).astimezone(UTC)
    return at.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def quoted(text):
    return '"' + "".join(ESCAPES.get(c, f"\\u{ord(c):04x}" if c < " " else c) for c in text) + '"'


def encoded(value):
    """Canonical JSON of values that are in canonical form already; numbers in plain notation."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, Number):
        return amount(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, list):
        return "[" + ",".join(map(encoded, value)) + "]"
    return "{" + ",".join(f"{quoted(key)}:{encoded(value[key])}" for key in sorted(value)) + "}"


def field(name, value):
    if name in DOCUMENTS:
        return encoded(value)
    if isinstance(value, bool):
        return value
    if name in AMOUNTS:
        return amount(value)
    if name in TIMES:
        return time_text(value)
    if name in IDS:
        return value.lower()
    if name == "venue_time_ns":
        return amount(value)
    if isinstance(value, Number):  # sequences, numbers, counts
        return int(value)
    if name == "rates":
        return {currency: amount(rate) for currency, rate in value.items()}
    if name in ("fees", "lots"):
        return [fields(item) for item in value]
    if name == "corrects":
        return [time_text(at) for at in value]
    return value


def absent(name, value, also_empty):
    return value is None or (name in also_empty and value in ("", []))


def fields(fact, also_empty=EMPTY_IS_ABSENT):
    return {name: field(name, value) for name, value in fact.items() if not absent(name, value, also_empty)}


def digest(kind, canonical):
    return sha256(b"sot/" + kind.encode() + b"/1\0" + canonical.encode()).hexdigest()


def both(kind, values):
    canonical = encoded(values)
    return {"canonical": canonical, "digest": digest(kind, canonical)}


# ------------------------------------------------------------------------------------------------ by kind


def instrument(fact):
    values = fields({"multiplier": "1", "inverse": False, "valid_from": "1970-01-01T00:00:00Z", **fact})
    values.setdefault("settle", values["base"] if values["inverse"] else values["quote"])
    return both("instrument", values)


def request(fact):
    values = fields({"action": "NEW", **fact})
    values.setdefault("idempotency_key", values.get("client_order_id") or values.get("request_id"))
    return both("request", values)


def part_of_request(kind):
    return lambda fact: both(kind, {"request_id": fact["request_id"], "says": fields(fact["says"])})


def account_event(fact, kind="account_event", only=None, leave_out=()):
    values = {"position_side": "NET", **fact}
    if fact["type"] == "SPLIT":
        values.setdefault("split_from", "1")
    values = fields(values, EMPTY_IS_ABSENT | {"position_id"})
    names = [name for name in values if name not in leave_out and (not only or name in only)]
    return both(kind, {name: values[name] for name in names})


def account_event_content_digest(fact):
    return account_event(fact, "account_event_said", leave_out=("event_id", "received_at", "raw_payload"))


def account_event_id(fact):
    return account_event(fact, "account_event_id", only=("account_id", "type", "venue", "venue_account", "external_id"))


def reconciliation(fact):
    return both("reconciliation", fields(fact, EMPTY_IS_ABSENT | {"position_id"}))


NOT_CONTENT = words("order_id received_at raw_payload venue_sequence left_out")


def report(fact):
    values = fields(fact)
    return both("report", {name: value for name, value in values.items() if name not in NOT_CONTENT})


def local(fact):
    return both("local", {"type": fact["type"], "fact": fields(fact["fact"])})


def again(fact):
    return both("again", {"of": fact["of"], "said": fact["said"]})


def event(fact):
    values = fields(fact)
    for name in ("fact", "report"):
        if name in values:
            values[name] = fields(values[name])
    return both("event", values)


def chain(fact):
    stated, previous, figures = {}, "0" * 64, {"said": [], "canonical": [], "digest": []}
    if fact.get("intent"):
        previous = intent_digest_of(fact["intent"])
    figures["intent"] = previous
    for fields_of_event in fact["events"]:
        said = content_digest_of(fields_of_event)
        while said in stated:
            said = digest("again", canonical_again(stated[said], said))
        if said is not None:
            stated[said] = fields_of_event["sequence"]
        computed = event({**fields_of_event, "prev_hash": previous, "said": said})
        previous = computed["digest"]
        for name, value in {**computed, "said": said}.items():
            figures[name].append(value)
    return figures


def canonical_again(sequence, said):
    return json.dumps({"of": str(sequence), "said": said}, separators=(",", ":"))


def intent_digest_of(parts):
    computed = request(parts["request"])
    request_id = json.loads(computed["canonical"])["request_id"]
    checks = [
        part_of_request("risk_check")({"request_id": request_id, "says": c}) for c in parts.get("risk_checks", [])
    ]
    digests = {"request": computed["digest"], "risk_checks": [check["digest"] for check in checks]}
    if parts.get("context") is not None:
        digests["context"] = part_of_request("context")({"request_id": request_id, "says": parts["context"]})["digest"]
    return both("intent", digests)["digest"]


def content_digest_of(event):
    """The digest by which a repeat of an event is recognised; None for CREATED and for executions."""
    if event["type"] == "CREATED":
        return None
    if "report" not in event:
        return local({"type": event["type"], "fact": event["fact"]})["digest"]
    stated = event["report"]
    exec_id = stated.get("exec_id")
    is_execution = (
        exec_id
        and stated["type"] in ("TRADE", "TRADE_CORRECT", "TRADE_CANCEL")
        and exec_id.upper() not in ("0", "-1", "NONE")
        and (stated["type"] == "TRADE" or exec_id != stated.get("exec_ref_id"))
    )
    return None if is_execution else report(stated)["digest"]


def leaf_hash(text):
    return sha256(b"\0" + text.encode()).digest()


def leaf(fact):
    canonical = encoded(fields(fact))
    return {"canonical": canonical, "digest": leaf_hash(canonical).hex()}


def checkpoint(fact):
    return both("checkpoint", {n: v for n, v in fields(fact).items() if n not in ("hash", "signature", "key_id")})


def tree(leaves):
    """The root, as RFC 6962 defines it."""
    if len(leaves) < 2:
        return leaf_hash(leaves[0]) if leaves else sha256(b"").digest()
    k = left(len(leaves))
    return sha256(b"\1" + tree(leaves[:k]) + tree(leaves[k:])).digest()


def left(n):
    return 1 << ((n - 1).bit_length() - 1)


def audit_path(place, leaves):
    if len(leaves) < 2:
        return []
    k = left(len(leaves))
    if place < k:
        return [*audit_path(place, leaves[:k]), tree(leaves[k:])]
    return [*audit_path(place - k, leaves[k:]), tree(leaves[:k])]


def merkle_root(fact):
    return {"root": tree(fact["leaves"]).hex()}


def inclusion_proof(fact):
    path = audit_path(int(fact["place"]), fact["leaves"])
    return {**merkle_root(fact), "path": [step.hex() for step in path]}


def root_along(hash, place, count, path):
    """The root that a path leads to; None if the path has too few or too many steps."""
    if count == 1:
        return None if path else hash
    if not path:
        return None
    k, last = left(count), bytes.fromhex(path[-1])
    below = root_along(hash, place, k, path[:-1]) if place < k else root_along(hash, place - k, count - k, path[:-1])
    pair = (below, last) if place < k else (last, below)
    return below and sha256(b"\1" + b"".join(pair)).digest()


def inclusion(fact):
    place, count = int(fact["place"]), int(fact["count"])
    if not 0 <= place < count:
        return {"holds": False}
    root = root_along(leaf_hash(fact["leaf"]), place, count, fact["path"])
    return {"holds": root == bytes.fromhex(fact["root"])}


BY_KIND = {
    "instrument": instrument,
    "request": request,
    "context": part_of_request("context"),
    "risk_check": part_of_request("risk_check"),
    "withdrawal": part_of_request("withdrawal"),
    "intent": lambda fact: both("intent", fields(fact)),
    "unattributed": lambda fact: both("unattributed", fields(fact)),
    "report": report,
    "again": again,
    "local": local,
    "account_event": account_event,
    "account_event_said": account_event_content_digest,
    "account_event_id": account_event_id,
    "reconciliation": reconciliation,
    "event": event,
    "chain": chain,
    "leaf": leaf,
    "checkpoint": checkpoint,
    "merkle_root": merkle_root,
    "inclusion_proof": inclusion_proof,
    "inclusion": inclusion,
}


def expected(vector):
    """The expectations of a vector that `read` returned."""
    return BY_KIND[vector["digest_kind"]](vector["fact"])


def written(vectors):
    """The vectors as JSON, with numbers as they were written."""

    def marked(value):
        if isinstance(value, Number):
            return f"\0{value}\0"
        if isinstance(value, dict):
            return {key: marked(item) for key, item in value.items()}
        return list(map(marked, value)) if isinstance(value, list) else value

    text = json.dumps(marked(vectors), indent=1)
    return re.sub(r'"\\u0000([-+.0-9eE]+)\\u0000"', r"\1", text) + "\n"


if __name__ == "__main__":
    vectors = read(VECTORS.read_text("utf-8"))
    VECTORS.write_text(written([{**vector, "expect": expected(vector)} for vector in vectors]), "utf-8")
