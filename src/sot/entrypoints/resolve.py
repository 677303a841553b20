"""`sot resolve`: a person closes what is in doubt."""

import json
from typing import Annotated

import typer

from sot.application.history import OrderHistory
from sot.application.support.record_result import RecordResult
from sot.domain.values.vocabulary import OrderStatus
from sot.entrypoints import failures
from sot.entrypoints.naming import order_named
from sot.entrypoints.options import JsonOption, StoreOption, read_name
from sot.entrypoints.stores import open_store
from sot.ports.store import UnitOfWork


def resolve(
    order: Annotated[str, typer.Argument(metavar="ORDER", help="An order id or, with --account, a client order id.")],
    *,
    store: StoreOption,
    account: Annotated[str | None, typer.Option("--account", metavar="ACCOUNT", help="Of this account.")] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="How you know.")],
    status: Annotated[
        OrderStatus | None,
        typer.Option("--status", case_sensitive=False, help="What you found it to be, e.g. FAILED: it never arrived."),
    ] = None,
    actor: Annotated[str | None, typer.Option("--actor", metavar="NAME", help="Who says so.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Close what is in doubt about an order, by the word of a person. Whatever the venue says later still counts.

    For example:

    ```
    sot orders --store orders.db --in-doubt
    sot resolve my-order-1 --account main --store orders.db --status FAILED --reason "not at the venue" --actor ann
    ```
    """
    with failures.exit_codes(as_json):
        of = read_name("--account", account)

        def use_case(uow: UnitOfWork) -> RecordResult:
            history = OrderHistory(uow)
            named = order_named(history, order, of)
            return history.resolve(named.order_id, reason=reason, status=status, actor=actor)

        kept = open_store(store, create=False)
        try:
            done = kept.run(use_case)
        finally:
            kept.close()
        if as_json:
            typer.echo(json.dumps({"outcome": done.outcome, "order_id": done.order_id, "sequence": done.sequence}))
        else:
            typer.echo(done.outcome)
