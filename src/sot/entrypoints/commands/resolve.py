"""`sot resolve`: close what is in doubt about an order."""

import json
from contextlib import closing
from typing import Annotated

import typer

from sot.application.history import OrderHistory
from sot.application.support.record_result import RecordResult
from sot.domain.values.vocabulary import OrderStatus
from sot.entrypoints.error_handling import exit_codes
from sot.entrypoints.options import AccountOfOrderOption, JsonOption, OrderArgument, StoreOption, read_name
from sot.entrypoints.order_ids import find_order
from sot.entrypoints.stores import open_store
from sot.ports.store import UnitOfWork


def resolve(
    order: OrderArgument,
    *,
    store_url: StoreOption,
    account: AccountOfOrderOption = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="How you know.")],
    status: Annotated[
        OrderStatus | None,
        typer.Option("--status", case_sensitive=False, help="The order's true status, e.g. FAILED: it never arrived."),
    ] = None,
    actor: Annotated[str | None, typer.Option("--actor", metavar="NAME", help="Who found it out.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Close what is in doubt about an order with what a person found out. Later reports of the venue still count.

    For example:

    ```
    sot orders --store orders.db --in-doubt
    sot resolve my-order-1 --account main --store orders.db --status FAILED --reason "not at the venue" --actor ann
    ```
    """
    with exit_codes(as_json):
        account_id = read_name("--account", account)

        def use_case(uow: UnitOfWork) -> RecordResult:
            history = OrderHistory(uow)
            order_id = find_order(uow, order, account_id).order_id
            return history.resolve(order_id, reason=reason, status=status, actor=actor)

        with closing(open_store(store_url, create=False, account_id=account_id)) as store:
            result = store.run(use_case)
        if as_json:
            typer.echo(
                json.dumps({"outcome": result.outcome, "order_id": result.order_id, "sequence": result.sequence})
            )
        else:
            typer.echo(result.outcome)
