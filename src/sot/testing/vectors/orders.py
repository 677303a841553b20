"""Vectors of kind `orders`: steps on several orders; which order a report is about, and what each order is then."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

import attrs

from sot.application.history import OrderHistory
from sot.application.orders.corrections import restate
from sot.application.orders.lookup import get_order
from sot.application.orders.reports import record
from sot.application.orders.submission import mark_sent
from sot.application.support.record_result import RecordResult
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import OrderRequest, RiskCheck
from sot.domain.values.instrument import Instrument
from sot.domain.values.times import utc_time
from sot.domain.values.vocabulary import Origin, Outcome
from sot.ports.store import Store, UnitOfWork
from sot.testing.vectors.figures import figure, wanted
from sot.testing.vectors.instruments import SYMBOL, VENUE, instruments_of
from sot.testing.vectors.result import Result

_RECORDED = RecordResult(outcome=Outcome.RECORDED)
_REPEATED = RecordResult(outcome=Outcome.REPEATED)


def run_orders(store: Store, vector: Mapping[str, Any], result: Result) -> None:
    """Take the steps one by one, and compare the orders after each."""
    story = begin_story(store, vector)
    take_steps(store, story, str(vector["id"]), vector["steps"], result)


def begin_story(store: Store, vector: Mapping[str, Any]) -> "Story":
    """Begin a story in an account of its own, and register the instruments of its vector."""
    story = Story(f"conformance-{store.ids.new_id()}")
    with store.begin() as uow:
        for instrument in instruments_of(vector, story.account_id):
            OrderHistory(uow).register(instrument)
        uow.commit()
    return story


def take_steps(
    store: Store, story: "Story", vector_id: str, steps: Iterable[Mapping[str, Any]], result: Result
) -> None:
    """Take steps one by one, each in a transaction of its own, and compare the orders after each."""
    for number, step in enumerate(steps, 1):
        where = f"{vector_id} step {number} ({step['do']})"
        with store.begin() as uow:
            uow.trace = step.get("trace")
            outcome = result.attempt(where, step, partial(story.take, uow, step))
            if outcome is None:
                continue
            story.compare(uow, where, step.get("expect") or {}, outcome, result)
            uow.commit()


@attrs.define
class Story:
    """A story as it is told: the ids of its requests and orders by their names, and of reports that began to wait."""

    account_id: str
    requests: dict[str, str] = attrs.field(factory=dict)
    orders: dict[str, str] = attrs.field(factory=dict)
    reports: list[str] = attrs.field(factory=list)

    def take(self, uow: UnitOfWork, step: Mapping[str, Any]) -> RecordResult:
        """Take one step."""
        history = OrderHistory(uow)
        at = utc_time("occurred_at", step["occurred_at"]) if "occurred_at" in step else None
        match step["do"]:
            case "register":
                history.register(Instrument.read({"account_id": self.account_id, "venue": VENUE, **step["instrument"]}))
                return _RECORDED
            case "submit":
                checks = [RiskCheck.read(check) for check in step.get("risk_checks", ())]
                recorded = history.submit(self._request(step["request"]), risk_checks=checks)
                self.requests[step["as"]] = recorded.request_id
                return _REPEATED if recorded.repeated else _RECORDED
            case "check":
                check = RiskCheck.read(step["risk_check"])
                return RecordResult(outcome=history.add_risk_check(self.requests[step["request"]], check))
            case "withdraw":
                return RecordResult(outcome=history.withdraw(self.requests[step["request"]], step.get("reason")))
            case "mark_sent":
                makes_order = bool(step.get("makes_order"))
                result = mark_sent(uow, self.requests[step["request"]], at, None, makes_order)
                self._name(step["request"], result)
            case "mark_failed":
                result = history.mark_failed(self.requests[step["request"]], "a test", at)
                self._name(step["request"], result)
            case "mark_unknown":
                result = history.mark_unknown(self.requests[step["request"]], "a test", at)
                self._name(step["request"], result)
            case "adopt":
                result = history.adopt(self.report(step["report"]))
                self._name(step["as"], result)
            case "adopt_waiting":
                result = history.adopt_waiting(self.account_id, self._waiting(history, step["waiting"]))
                self._name(step["as"], result)
            case "attribute_waiting":
                waiting = self._waiting(history, step["waiting"])
                result = history.attribute_waiting(self.account_id, waiting, self.orders[step["order"]])
            case "attribute":
                order_ids = self.orders[step["external"]], self.orders[step["order"]]
                result = history.attribute(*order_ids, reason="a test", occurred_at=at)
            case "void":
                target = {name: step[name] for name in ("sequence", "exec_id") if name in step}
                result = history.void(self.orders[step["order"]], reason="a test", **target)
            case "restate":
                order = get_order(uow, self.orders[step["order"]])
                result = restate(uow, order, self.report(step["report"]), Origin.IMPORT, "a test", None)
            case "record" if "answers" in step:
                result = record(uow, self.report(step["report"]), Origin.VENUE, self.requests[step["answers"]])
            case "record":
                result = history.record(self.report(step["report"]))
            case other:
                raise ValueError(f"{other} is no step")
        return result

    def _name(self, name: str, result: RecordResult) -> None:
        """Give an order a name, unless it has one."""
        if result.order_id is not None and result.order_id not in self.orders.values():
            self.orders[name] = result.order_id

    def _request(self, fields: Mapping[str, Any]) -> OrderRequest:
        fields = {"account_id": self.account_id, **fields}
        for name, known in (
            ("target_order_id", self.orders),
            ("retry_of", self.requests),
            ("parent_id", self.requests),
        ):
            if fields.get(name):
                fields[name] = known.get(str(fields[name]), fields[name])
        if fields.get("action", "NEW") == "NEW":
            fields = {"venue": VENUE, "symbol": SYMBOL, **fields}
        return OrderRequest.read({name: value for name, value in fields.items() if value is not None})

    def report(self, fields: Mapping[str, Any]) -> VenueReport:
        """A report of the venue, with names of the story in place of ids."""
        fields = {"account_id": self.account_id, "venue": VENUE, **fields}
        if "order_id" in fields:
            fields["order_id"] = self.orders[str(fields["order_id"])]
        return VenueReport.read({name: value for name, value in fields.items() if value is not None})

    def _waiting(self, history: OrderHistory, number: int) -> str:
        return list(history.waiting(self.account_id))[number - 1].report_id

    def names(self) -> Mapping[str, str]:
        """What the vector calls ids, by id."""
        requests = {request_id: f"$request:{name}" for name, request_id in self.requests.items()}
        orders = {order_id: f"$order:{name}" for name, order_id in self.orders.items()}
        reports = {report_id: f"$report:{number}" for number, report_id in enumerate(self.reports, 1)}
        return {self.account_id: "$account", **requests, **orders, **reports}

    def compare(
        self, uow: UnitOfWork, where: str, expect: Mapping[str, Any], outcome: RecordResult, result: Result
    ) -> None:
        """Compare what the step did with what is expected."""
        history = OrderHistory(uow)
        waiting = [each.report_id for each in history.waiting(self.account_id)]
        self.reports += [report_id for report_id in waiting if report_id not in self.reports]
        names = self.names()
        for name, expected in expect.items():
            if name == "order":
                actual: object = names.get(outcome.order_id or "", outcome.order_id)
                result.expect(where, name, None if expected is None else f"$order:{expected}", actual)
            elif name == "waiting":
                result.expect(where, name, expected, len(waiting))
            elif name == "orders":
                for order_name, figures in expected.items():
                    order = history.order(self.orders[order_name])
                    for figure_name, figure_expected in figures.items():
                        found = figure(history, order, outcome, figure_name, names)
                        expected_figure = wanted(figure_name, figure_expected, names)
                        result.expect(f"{where} {order_name}", figure_name, expected_figure, found)
            elif name == "requests":
                for request_name, figures in expected.items():
                    recorded = history.request(self.requests[request_name])
                    for figure_name, figure_expected in figures.items():
                        source = recorded if figure_name == "status" else recorded.request
                        value = getattr(source, figure_name)
                        actual = names.get(value, value) if isinstance(value, str) else value
                        result.expect(f"{where} {request_name}", figure_name, figure_expected, actual)
            else:
                result.expect(where, name, expected, figure(history, None, outcome, name, names))
