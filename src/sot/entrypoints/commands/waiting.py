"""`sot waiting`: the reports that wait for their order, and ending the wait of one."""

import json
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from typing import Annotated

import attrs
import typer
from rich.table import Table

from sot.application.history import OrderHistory
from sot.application.orders.waiting import Waiting
from sot.application.queries.history import HistoryQueries
from sot.application.support.paging import full_page
from sot.application.support.record_result import RecordResult
from sot.application.views.points_in_time import as_of_field
from sot.application.views.records import waiting_report_view
from sot.application.views.values import plain_value
from sot.domain.orders.records import UnattributedReport
from sot.domain.values.errors import InvalidInput
from sot.domain.values.vocabulary import WaitingReason
from sot.entrypoints.error_handling import exit_codes
from sot.entrypoints.options import (
    AccountOrOnlyOption,
    JsonOption,
    LimitOption,
    StoreOption,
    WideOption,
    read_id,
    read_name,
)
from sot.entrypoints.order_ids import complete_id, find_order
from sot.entrypoints.points_in_time import PointInTimeOptions, heading, queries_of
from sot.entrypoints.stores import account_or_only, open_store
from sot.entrypoints.terminal import console, new_table, number, short_time
from sot.ports.paging import Page
from sot.ports.store import Store, UnitOfWork


@attrs.frozen
class _Remedy:
    """How the wait of one report is to end: its order is adopted, or is one that is known."""

    option: str
    report_id: str
    order: str | None
    actor: str | None

    def apply(self, uow: UnitOfWork, account_id: str) -> RecordResult:
        history = OrderHistory(uow)
        waiting_ids = (waiting.report_id for waiting in history.waiting(account_id))
        report_id = complete_id(self.option, self.report_id, waiting_ids)
        if self.order is None:
            return history.adopt_waiting(account_id, report_id, self.actor)
        order_id = find_order(uow, self.order, account_id).order_id
        return history.attribute_waiting(account_id, report_id, order_id)


def waiting(
    *,
    store_url: StoreOption,
    account: AccountOrOnlyOption = None,
    adopt: Annotated[
        str | None,
        typer.Option("--adopt", metavar="REPORT", help="Make an order of what this report is about: nobody sent it."),
    ] = None,
    attribute: Annotated[
        str | None, typer.Option("--attribute", metavar="REPORT", help="Record this report on the order --order.")
    ] = None,
    order: Annotated[
        str | None,
        typer.Option("--order", metavar="ORDER", help="With --attribute: an order id or a client order id."),
    ] = None,
    actor: Annotated[str | None, typer.Option("--actor", metavar="NAME", help="With --adopt: who adopts it.")] = None,
    limit: LimitOption = 50,
    after: Annotated[
        str | None, typer.Option("--after", metavar="PAGE", help="The page after this one, as a page ends with it.")
    ] = None,
    wide: WideOption = False,
    as_json: JsonOption = False,
    context: typer.Context,
) -> None:
    """List the reports that wait for their order, oldest first: why each waits, and what ends it; or end one.

    A report counts nowhere while it waits. It joins its order by itself as soon as that is known by one of its identifiers.

    | reason | meaning | what ends it |
    | --- | --- | --- |
    | UNKNOWN_REFERENCE | no order goes by its identifiers | its request, recorded as sent; or --adopt, for an order of the venue or by hand |
    | CONTRADICTED_NAME | orders go by them, but with another symbol, side or venue order id | --adopt, or --attribute to the right one |
    | AMBIGUOUS_NAME | orders go by them, none for certain | --attribute to the right one; later, *id_scope* or *venue_account* |
    | UNSENT_REQUEST | a request has its client order id, and was not sent | a line *sent* of the request |
    | NO_IDENTIFIER | it names no order | --attribute |

    For example:

    ```
    sot waiting --account main --store orders.db
    sot waiting --account main --store orders.db --adopt 0190... --actor ann
    sot waiting --account main --store orders.db --attribute 0190... --order my-order-1
    sot as-of --known-at 2026-01-31T17:00:00Z waiting --account main --store orders.db
    ```
    """  # noqa: E501
    with exit_codes(as_json):
        account_id = read_name("--account", account)
        remedy = _remedy(adopt, attribute, order, actor, context)
        start = read_id("--after", after)

        def list_waiting(
            uow: UnitOfWork, account_id: str
        ) -> tuple[HistoryQueries, Page[UnattributedReport, str], list[Waiting]]:
            queries = queries_of(uow, context)
            page = full_page(partial(queries.waiting, account_id), start, limit)
            return queries, page, [queries.why_waiting(report) for report in page.items]

        with closing(open_store(store_url, create=False, account_id=account_id)) as store:
            owner = account_or_only(store, account_id)
            if remedy is not None:
                _apply(store, remedy, owner, as_json)
                return
            queries, page, reasons = store.run(lambda uow: list_waiting(uow, owner), read_only=True)
        _print(queries, page, reasons, wide, as_json)


def _remedy(
    adopt: str | None, attribute: str | None, order: str | None, actor: str | None, context: typer.Context
) -> _Remedy | None:
    if adopt is not None and attribute is not None:
        raise InvalidInput("--adopt", adopt, "--adopt or --attribute, not both")
    if (attribute is None) != (order is None):
        raise InvalidInput("--order", order, "--attribute REPORT together with --order ORDER")
    if actor is not None and adopt is None:
        raise InvalidInput("--actor", actor, "a report to adopt: --adopt REPORT")
    if (adopt or attribute) is None:
        return None
    option, report_id = ("--adopt", adopt) if adopt is not None else ("--attribute", attribute)
    if isinstance(context.obj, PointInTimeOptions):
        raise InvalidInput(option, report_id, f"{option} without sot as-of: the past cannot be changed")
    return _Remedy(option, report_id or "", order, read_name("--actor", actor))


def _apply(store: Store, remedy: _Remedy, account_id: str, as_json: bool) -> None:
    result = store.run(lambda uow: remedy.apply(uow, account_id))
    if as_json:
        fields = {"outcome": result.outcome, "order_id": result.order_id, "sequence": result.sequence}
        typer.echo(json.dumps({**fields, "anomalies": plain_value(result.anomalies)}))
    else:
        anomalies = f" {', '.join(result.anomalies)}" if result.anomalies else ""
        typer.echo(f"{result.outcome}{anomalies}: event {result.sequence} of order {result.order_id}")


def _print(
    queries: HistoryQueries,
    page: Page[UnattributedReport, str],
    reasons: Sequence[Waiting],
    wide: bool,
    as_json: bool,
) -> None:
    if as_json:
        views = [waiting_report_view(report, why) for report, why in zip(page.items, reasons, strict=True)]
        typer.echo(json.dumps({**as_of_field(queries), "waiting": views, "next": page.next}))
        return
    screen = console(wide=wide)
    for line in heading(queries):
        screen.print(line)
    if not page.items:
        typer.echo("No reports wait.")
        return
    screen.print(_table(page.items, reasons))
    examples: dict[WaitingReason, tuple[UnattributedReport, Waiting]] = {}
    for report, why in zip(page.items, reasons, strict=True):
        examples.setdefault(why.reason, (report, why))
    for report, why in examples.values():
        steps = why.steps_with_options(report.report_id)
        screen.print(f"{why.reason}: {why.words}. To end it: {'; or '.join(steps)}.", style="dim")
    if page.next is not None:
        typer.echo(f"More: --after {page.next}")


def _table(reports: Sequence[UnattributedReport], reasons: Sequence[Waiting]) -> Table:
    table = new_table(
        "Waiting reports",
        keep=("report id", "symbol", "report", "quantity", "price", "waits because"),
        ids=("report id",),
    )
    table.add_column("report id", no_wrap=True, style="dim")
    for name in ("symbol", "report"):
        table.add_column(name, no_wrap=True)
    for name in ("quantity", "price"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("waits because", "client order id", "venue order id", "execution", "recorded", "venue"):
        table.add_column(name, no_wrap=True)
    table.add_column("may be about")
    for waiting, why in zip(reports, reasons, strict=True):
        report = waiting.report
        table.add_row(
            waiting.report_id,
            report.symbol or "",
            str(report.type),
            number(report.last_quantity),
            number(report.last_price),
            str(why.reason),
            report.client_order_id or report.orig_client_order_id or "",
            report.venue_order_id or "",
            report.exec_id or "",
            short_time(waiting.recorded_at),
            report.venue or "",
            ", ".join(why.candidates) or (f"request {why.request_id}" if why.request_id else ""),
        )
    return table
