"""An independent reader of the ledgers that `sot export beancount` writes, for environments without beancount."""

import re
from collections import defaultdict
from decimal import Context, Decimal, Inexact

EXACT = Context(prec=200, traps=[Inexact])
POSTING = re.compile(
    r"  (?P<account>[A-Z][\w:-]+)  (?P<amount>-?[0-9.]+) (?P<commodity>\S+)"
    r"(?: \{(?P<cost>-?[0-9.]+) (?P<currency>\S+), (?P<day>\S+), (?P<label>\".*\")\})?"
)
TRANSACTION = re.compile(r"\d{4}-\d\d-\d\d \* ")


def transactions(text):
    """The postings of each transaction, as matches."""
    found = []
    for line in text.splitlines():
        if TRANSACTION.match(line):
            found.append([])
        elif match := POSTING.fullmatch(line):
            found[-1].append(match)
    return found


def residuals(postings):
    """What the postings of a transaction weigh in each commodity."""
    weights = defaultdict(Decimal)
    for match in postings:
        amount, commodity = Decimal(match["amount"]), match["commodity"]
        if match["cost"] is not None:
            amount, commodity = EXACT.multiply(amount, Decimal(match["cost"])), match["currency"]
        weights[commodity] = EXACT.add(weights[commodity], amount)
    return {commodity: weight for commodity, weight in weights.items() if weight}


def inventories(text):
    """The units of each commodity in each account, and those of each lot."""
    units, lots = defaultdict(Decimal), defaultdict(Decimal)
    for match in (match for postings in transactions(text) for match in postings):
        key = match["account"], match["commodity"]
        units[key] = EXACT.add(units[key], Decimal(match["amount"]))
        if match["cost"] is not None:
            lot = (*key, Decimal(match["cost"]), match["currency"], match["day"], match["label"])
            lots[lot] = EXACT.add(lots[lot], Decimal(match["amount"]))
    return dict(units), {lot: amount for lot, amount in lots.items() if amount}
