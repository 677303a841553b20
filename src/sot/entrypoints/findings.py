"""`sot findings`: what reconciling left open, and closing it."""

import json
from functools import partial
from typing import Annotated

import typer

from sot.application.history import OrderHistory
from sot.application.queries.history import HistoryQueries
from sot.application.support.paging import full_page
from sot.application.views.records import finding_view
from sot.domain.reconciliation.record import RecordedReconciliation
from sot.domain.values.errors import InvalidInput
from sot.domain.values.vocabulary import Mismatch
from sot.entrypoints import failures
from sot.entrypoints.finding_views import findings_table
from sot.entrypoints.moments import Moment, heading, said_of, teller
from sot.entrypoints.options import JsonOption, StoreOption, read_name
from sot.entrypoints.page_tokens import page_key, page_token
from sot.entrypoints.stores import open_store
from sot.entrypoints.terminal import console
from sot.ports.paging import LARGEST_PAGE, Page, PageKey
from sot.ports.reconciliation import ReconciliationFilter
from sot.ports.store import Store


def findings(
    *,
    store: StoreOption,
    account: Annotated[str | None, typer.Option("--account", metavar="ACCOUNT", help="Of this account.")] = None,
    venue: Annotated[str | None, typer.Option("--venue", metavar="VENUE", help="At this venue, by its name.")] = None,
    mismatch: Annotated[Mismatch | None, typer.Option(case_sensitive=False, help="Of this kind.")] = None,
    order: Annotated[str | None, typer.Option("--order", metavar="ID", help="About the order of this id.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Closed ones, too, and how they were closed.")] = False,
    accept: Annotated[
        str | None, typer.Option("--accept", metavar="FINDING", help="Close this finding: you looked at it.")
    ] = None,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why it is closed.")] = None,
    actor: Annotated[str | None, typer.Option("--actor", metavar="NAME", help="Who closes it.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=LARGEST_PAGE, help="How many at most.")] = 50,
    after: Annotated[str | None, typer.Option(metavar="PAGE", help="The page after this one's end.")] = None,
    as_json: JsonOption = False,
    context: typer.Context,
) -> None:
    """List what `sot reconcile` found and nobody closed, oldest first; or close a finding.

    A finding that is accepted is not found again while its figures stay the same. Findings that no longer hold are
    closed by the next `sot reconcile` that sees it.

    For example:

    ```
    sot findings --store orders.db
    sot findings --store orders.db --account main --all --json
    sot findings --store orders.db --accept 0190... --reason "cancelled by the broker's desk" --actor ann
    ```
    """
    with failures.exit_codes(as_json):
        if accept is None and (reason is not None or actor is not None):
            raise InvalidInput("--reason", reason or actor, "a finding to close: --accept FINDING")
        if accept is not None and isinstance(context.obj, Moment):
            raise InvalidInput("--accept", accept, "nothing behind sot as-of: a finding is closed now")
        wanted = ReconciliationFilter(
            account_id=read_name("--account", account),
            venue=read_name("--venue", venue),
            mismatch=mismatch,
            order_id=order,
            is_open=None if everything else True,
        )
        place = page_key(after)
        kept = open_store(store, create=False)
        try:
            if accept is not None:
                _accept(kept, accept, reason, actor)
                return
            told, page = kept.run(lambda uow: _page(teller(uow, context), wanted, place, limit), read_only=True)
        finally:
            kept.close()
        _show(told, page, everything, as_json)


def _accept(store: Store, finding_id: str, reason: str | None, actor: str | None) -> None:
    outcome = store.run(lambda uow: OrderHistory(uow).accept_finding(finding_id, reason=reason or "", actor=actor))
    typer.echo(outcome)


def _page(
    told: HistoryQueries, wanted: ReconciliationFilter, place: PageKey | None, limit: int
) -> tuple[HistoryQueries, Page[RecordedReconciliation]]:
    return told, full_page(partial(told.findings, wanted), place, limit)


def _show(told: HistoryQueries, page: Page[RecordedReconciliation], everything: bool, as_json: bool) -> None:
    following = page_token(page.next)
    if as_json:
        found = [finding_view(one) for one in page.items]
        typer.echo(json.dumps({**said_of(told), "findings": found, "next": following}))
        return
    for line in heading(told):
        console().print(line)
    if not page.items:
        typer.echo("No findings." if everything else "No open findings.")
        return
    console().print(findings_table("Findings" if everything else "Open findings", page.items))
    if following is not None:
        typer.echo(f"More: --after {following}")
