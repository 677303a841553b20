"""What a person should look at, and what can be done about it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from sot.adapters.http import parameters
from sot.adapters.http.page.models.attention import (
    AttentionModel,
    DoubtRow,
    FindingRow,
    ListModel,
    Seal,
    WaitingRow,
    finding_row,
    seal_of,
    waiting_row,
)
from sot.adapters.http.page.models.filters import FilterField, choice_field, text_field
from sot.adapters.http.page.models.links import ActionLink, NavCount
from sot.adapters.http.page.models.orders import order_row
from sot.adapters.http.page.page_context import PageContext
from sot.adapters.http.page.page_parameters import AS_OF
from sot.adapters.http.page.page_route import PageRoute, WebPage
from sot.adapters.http.page.views.action_table import (
    ACCEPT,
    ADOPT_WAITING,
    ATTRIBUTE_WAITING,
    RESOLVE,
    action_links,
)
from sot.adapters.http.page.views.verification import may_verify
from sot.domain.orders.order import Order
from sot.domain.orders.records import UnattributedReport
from sot.domain.reconciliation.record import RecordedReconciliation
from sot.domain.values.vocabulary import WaitingRemedy
from sot.ports.orders import OrderFilter
from sot.ports.paging import Page
from sot.ports.reconciliation import ReconciliationFilter

SHOWN = 20
"""How many of a kind the page shows of each account, and how many the navigation counts."""
MOST_ACCOUNTS = 50
"""How many accounts are looked at, of a key of all accounts, without one being chosen."""


_DIFFERENCES = ("difference from the exchange", "differences from the exchange")
_WITHOUT_ORDER = ("report without an order", "reports without an order")
_IN_DOUBT = ("order in doubt", "orders in doubt")


def _accounts(context: PageContext, chosen: str | None = None) -> Sequence[str] | None:
    """Return the accounts to look at: the chosen one, or all of the key; None if these are too many."""
    if chosen is not None:
        return [chosen]
    found = context.accounts if context.accounts is not None else context.uow.audit.known_accounts()
    return found if len(found) <= MOST_ACCOUNTS else None


def _doubtful(account_id: str) -> OrderFilter:
    return OrderFilter(account_id=account_id, in_doubt=True)


def _open_findings(account_id: str) -> ReconciliationFilter:
    return ReconciliationFilter(account_id=account_id, is_open=True)


def count(context: PageContext) -> NavCount:
    """Return how much there is to look at, for the navigation and the first page: of each kind up to a limit."""
    queries, accounts = context.queries, _accounts(context) or ()
    kinds = (
        ("findings", _DIFFERENCES, lambda account, limit: queries.findings(_open_findings(account), limit=limit)),
        ("waiting", _WITHOUT_ORDER, lambda account, limit: queries.waiting(account, limit=limit)),
        ("doubts", _IN_DOUBT, lambda account, limit: queries.orders(_doubtful(account), limit=limit)),
    )
    numbers = {kind: _up_to_limit(accounts, read) for kind, _, read in kinds}
    parts = [
        ActionLink(label=_counted(numbers[kind], *words), address=context.links("attention") + f"#{kind}")
        for kind, words, _ in kinds
        if numbers[kind]
    ]
    total = sum(numbers.values())
    return NavCount(total=_limited(total) if total else "", parts=parts)


def _up_to_limit(accounts: Sequence[str], read: Callable[[str, int], Page[Any, Any]]) -> int:
    number = 0
    for account_id in accounts:
        number += len(read(account_id, SHOWN - number).items)
        if number >= SHOWN:
            break
    return number


def _limited(number: int) -> str:
    return str(number) if number < SHOWN else f"{SHOWN}+"


def _counted(number: int, one: str, many: str) -> str:
    return f"{_limited(number)} {one if number == 1 else many}"


# ---------------------------------------------------------------------------------------------------------------- rows


def _waiting_row(context: PageContext, waiting: UnattributedReport) -> WaitingRow:
    why = context.queries.why_waiting(waiting)
    offered = [
        action
        for action, remedy in ((ADOPT_WAITING, WaitingRemedy.ADOPT), (ATTRIBUTE_WAITING, WaitingRemedy.ATTRIBUTE))
        if remedy in why.remedies
    ]
    ids = {"report_id": waiting.report_id, "account_id": waiting.account_id}
    candidates = [ActionLink(label=id, address=context.links("order", order_id=id)) for id in why.candidates]
    return waiting_row(waiting, why, candidates, action_links(context, *offered, **ids))


def _finding_row(context: PageContext, finding: RecordedReconciliation) -> FindingRow:
    order_id = finding.row.order_id
    order = None if order_id is None else context.links("order", order_id=order_id)
    return finding_row(finding, order, action_links(context, ACCEPT, finding_id=finding.record_id))


def _doubt_row(context: PageContext, order: Order) -> DoubtRow:
    return DoubtRow(order=order_row(order), actions=action_links(context, RESOLVE, order_id=order.order_id))


# --------------------------------------------------------------------------------------------------------------- views


def _attention(context: PageContext) -> WebPage:
    accounts, queries, links = _accounts(context, context.query.get("account_id")), context.queries, context.links
    waiting: list[WaitingRow] = []
    findings: list[FindingRow] = []
    doubts: list[DoubtRow] = []
    more: dict[str, list[ActionLink]] = {"waiting": [], "findings": [], "orders": []}

    def note(kind: str, account_id: str, **query: object) -> None:
        address = links(kind, account_id=account_id, **query)
        more[kind].append(ActionLink(label=f"All of account {account_id}", address=address))

    for account_id in accounts or ():
        reports = queries.waiting(account_id, limit=SHOWN)
        waiting += map(partial(_waiting_row, context), reports.items)
        if reports.next is not None:
            note("waiting", account_id)
        found = queries.findings(_open_findings(account_id), limit=SHOWN)
        findings += map(partial(_finding_row, context), found.items)
        if found.next is not None:
            note("findings", account_id)
        orders = queries.orders(_doubtful(account_id), limit=SHOWN)
        doubts += map(partial(_doubt_row, context), orders.items)
        if orders.next is not None:
            note("orders", account_id, in_doubt="true")
    seal, last = _seal(context)
    model = AttentionModel(
        account=_account_field(context, accounts),
        waiting=waiting,
        findings=findings,
        doubts=doubts,
        more_waiting=more["waiting"],
        more_findings=more["findings"],
        more_doubts=more["orders"],
        seal=seal,
        unsealed=last if seal is None else seal.unsealed,
        has_accounts=accounts is not None,
        may_verify=may_verify(context),
    )
    return WebPage(template="attention.html", title="Attention", model=model)


def _account_field(context: PageContext, accounts: Sequence[str] | None) -> FilterField | None:
    """The field for the account; none if there is nothing to choose from."""
    known = context.accounts
    if known is None:
        is_needed = accounts is None or len(accounts) > 1 or "account_id" in context.query
        return text_field("account_id", "Account", context.query_texts) if is_needed else None
    if len(known) < 2:
        return None
    return choice_field("account_id", "Account", context.query_texts, {name: name for name in known}, anything="all")


def _seal(context: PageContext) -> tuple[Seal | None, int]:
    """The last checkpoint and the last cursor of the feed, as known at the point in time that is shown."""
    last = context.uow.feed.last()
    if not context.is_past:
        checkpoint = context.uow.checkpoints.last()
    else:
        cursor = context.query["as_of"]
        last = min(last, cursor) if isinstance(cursor, int) else last
        checkpoint = next(reversed(list(context.queries.checkpoints())), None)
    return (None if checkpoint is None else seal_of(checkpoint, last)), last


def _list_account(context: PageContext) -> str:
    return context.query.get("account_id") or context.list_account_id or context.account_id


def _waiting_list(context: PageContext) -> WebPage:
    account_id, position = _list_account(context), context.page_position
    page = context.queries.waiting(account_id, None if position is None else str(position[0]), context.page_size)
    model = ListModel(
        account_id=account_id,
        waiting=[_waiting_row(context, report) for report in page.items],
        next=context.next_address("waiting", page.next),
        first=_first(context, "waiting"),
    )
    return WebPage(template="attention_list.html", title="Reports that wait for their order", model=model)


def _finding_list(context: PageContext) -> WebPage:
    account_id = _list_account(context)
    page = context.queries.findings(_open_findings(account_id), context.after_key, context.page_size)
    model = ListModel(
        account_id=account_id,
        findings=[_finding_row(context, finding) for finding in page.items],
        next=context.next_address("findings", page.next),
        first=_first(context, "findings"),
    )
    return WebPage(template="attention_list.html", title="Differences from the exchange", model=model)


def _first(context: PageContext, name: str) -> str | None:
    return context.links(name, **context.query_texts) if "page_token" in context.query else None


_LIST = (parameters.ACCOUNT, AS_OF, *parameters.PAGING)
ROUTES = (
    PageRoute(
        name="attention",
        path="/attention",
        view=_attention,
        nav="Attention",
        count=count,
        live=True,
        query=(parameters.ACCOUNT, AS_OF),
    ),
    PageRoute(name="waiting", path="/attention/waiting", view=_waiting_list, live=True, query=_LIST),
    PageRoute(name="findings", path="/attention/findings", view=_finding_list, live=True, query=_LIST),
)
