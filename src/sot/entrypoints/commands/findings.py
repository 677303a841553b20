"""`sot findings`: the findings of reconciliations, and closing one."""

import json
from contextlib import closing
from functools import partial
from typing import Annotated

import typer

from sot.application.history import OrderHistory
from sot.application.queries.history import HistoryQueries
from sot.application.support.paging import full_page
from sot.application.views.points_in_time import as_of_field
from sot.application.views.records import finding_view
from sot.domain.reconciliation.record import RecordedReconciliation
from sot.domain.values.errors import InvalidInput
from sot.domain.values.vocabulary import Mismatch, Outcome
from sot.entrypoints.error_handling import exit_codes
from sot.entrypoints.findings_table import findings_table
from sot.entrypoints.options import AfterOption, JsonOption, LimitOption, StoreOption, WideOption, read_name
from sot.entrypoints.order_ids import complete_id
from sot.entrypoints.page_tokens import page_key, page_token
from sot.entrypoints.points_in_time import PointInTimeOptions, heading, queries_of
from sot.entrypoints.stores import open_store
from sot.entrypoints.terminal import console
from sot.ports.paging import Page, PageKey
from sot.ports.reconciliation import ReconciliationFilter
from sot.ports.store import Store, UnitOfWork


def findings(
    *,
    store_url: StoreOption,
    account: Annotated[
        str | None, typer.Option("--account", metavar="ACCOUNT", help="Only findings of this account.")
    ] = None,
    venue: Annotated[str | None, typer.Option("--venue", metavar="VENUE", help="Only findings at this venue.")] = None,
    mismatch: Annotated[Mismatch | None, typer.Option(case_sensitive=False, help="Only findings of this kind.")] = None,
    order: Annotated[
        str | None, typer.Option("--order", metavar="ID", help="Only findings about the order of this id.")
    ] = None,
    show_all: Annotated[bool, typer.Option("--all", help="Closed findings, too, and how each was closed.")] = False,
    accept: Annotated[
        str | None, typer.Option("--accept", metavar="FINDING", help="Close this finding, which you have examined.")
    ] = None,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why it is closed.")] = None,
    actor: Annotated[str | None, typer.Option("--actor", metavar="NAME", help="Who closes it.")] = None,
    limit: LimitOption = 50,
    after: AfterOption = None,
    wide: WideOption = False,
    as_json: JsonOption = False,
    context: typer.Context,
) -> None:
    """List the open findings of `sot reconcile`, oldest first; or close a finding.

    An accepted finding is not found again while its figures stay the same. A finding that no longer holds is closed by
    the next `sot reconcile`.

    For example:

    ```
    sot findings --store orders.db
    sot findings --store orders.db --account main --all --json
    sot findings --store orders.db --accept 0190... --reason "cancelled by the broker's desk" --actor ann
    ```
    """
    with exit_codes(as_json):
        if accept is None and (reason is not None or actor is not None):
            raise InvalidInput("--reason", reason or actor, "a finding to close: --accept FINDING")
        if accept is not None and isinstance(context.obj, PointInTimeOptions):
            raise InvalidInput("--accept", accept, "--accept without sot as-of: the past cannot be changed")
        filter = ReconciliationFilter(
            account_id=read_name("--account", account),
            venue=read_name("--venue", venue),
            mismatch=mismatch,
            order_id=order,
            is_open=None if show_all else True,
        )
        start = page_key(after)

        def list_findings(uow: UnitOfWork) -> tuple[HistoryQueries, Page[RecordedReconciliation, PageKey]]:
            queries = queries_of(uow, context)
            return queries, full_page(partial(queries.findings, filter), start, limit)

        with closing(open_store(store_url, create=False, account_id=filter.account_id)) as store:
            if accept is not None:
                _accept(store, filter, accept, reason, actor)
                return
            queries, page = store.run(list_findings, read_only=True)
        _print(queries, page, show_all, wide, as_json)


def _accept(store: Store, filter: ReconciliationFilter, id: str, reason: str | None, actor: str | None) -> None:
    def use_case(uow: UnitOfWork) -> Outcome:
        history = OrderHistory(uow)
        finding_id = complete_id("--accept", id, (finding.record_id for finding in history.findings(filter)))
        return history.accept_finding(finding_id, reason=reason or "", actor=actor)

    typer.echo(store.run(use_case))


def _print(
    queries: HistoryQueries, page: Page[RecordedReconciliation, PageKey], show_all: bool, wide: bool, as_json: bool
) -> None:
    next_page = page_token(page.next)
    if as_json:
        views = [finding_view(finding) for finding in page.items]
        typer.echo(json.dumps({**as_of_field(queries), "findings": views, "next": next_page}))
        return
    screen = console(wide=wide)
    for line in heading(queries):
        screen.print(line)
    if not page.items:
        typer.echo("No findings." if show_all else "No open findings.")
        return
    screen.print(findings_table("Findings" if show_all else "Open findings", page.items))
    if next_page is not None:
        typer.echo(f"More: --after {next_page}")
