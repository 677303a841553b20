"""`sot export beancount`: a ledger of plain text."""

from collections.abc import Sequence
from contextlib import closing
from typing import Annotated

import typer

from sot.adapters.exports import beancount as ledger_file
from sot.adapters.exports.beancount import DEFAULT_ACCOUNTS, AccountNames
from sot.application.accounting.balances import BalanceFilter
from sot.application.accounting.ledger import LedgerEntry, list_ledger
from sot.application.history import OrderHistory
from sot.application.input.time_zones import read_time_zone
from sot.domain.accounting.balances import Balance
from sot.domain.values.errors import InvalidInput
from sot.domain.values.vocabulary import Method
from sot.entrypoints.error_handling import exit_codes
from sot.entrypoints.files import output_file
from sot.entrypoints.options import (
    AccountOrOnlyOption,
    JsonOption,
    MethodOption,
    OutOption,
    QuietOption,
    StoreOption,
    TimeZoneOption,
    read_name,
)
from sot.entrypoints.stores import account_or_only, open_store
from sot.entrypoints.table_files import print_summary
from sot.ports.store import UnitOfWork


def beancount(
    *,
    store_url: StoreOption,
    account: AccountOrOnlyOption = None,
    venue: Annotated[str | None, typer.Option(metavar="VENUE", help="Only this venue.")] = None,
    method: MethodOption = Method.FIFO,
    time_zone: TimeZoneOption = "UTC",
    name: Annotated[
        list[str] | None,
        typer.Option(
            "--name",
            metavar="ROLE=ACCOUNT",
            help="The account of a role, e.g. fees=Expenses:Trading:Fees. Roles: "
            + ", ".join(f"{role} ({default})" for role, default in DEFAULT_ACCOUNTS.items())
            + ". Repeatable.",
        ),
    ] = None,
    out: OutOption = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write a ledger for beancount: each fact that moved an asset as a transaction, and assertions of the balances.

    With `--method average` units have no cost; with the others they are in lots. What is no transaction is a comment
    with the reason. `docs/reference/beancount.md` has the rules.

    For example:

    ```
    sot export beancount --account main --store orders.db --out main.beancount
    sot export beancount --account main --store orders.db --method average --name assets=Assets:Trading
    ```
    """
    with exit_codes(as_json):
        given_account, venue_name = read_name("--account", account), read_name("--venue", venue)
        zone = read_time_zone("--time-zone", time_zone)
        given = _read_names(name or ())
        AccountNames(given_account or "", frozenset(), given)  # refuses before anything is read

        def read_rows(uow: UnitOfWork, account_id: str) -> tuple[Sequence[LedgerEntry], Sequence[Balance]]:
            balances = OrderHistory(uow).balances(account_id, venue_name, include_zero=True)
            return list_ledger(uow, BalanceFilter(account_id=account_id, venue=venue_name), method), balances

        with closing(open_store(store_url, create=False, account_id=given_account)) as store:
            account_id = account_or_only(store, given_account)
            entries, balances = store.run(lambda uow: read_rows(uow, account_id), read_only=True)
        names = AccountNames.of(account_id, entries, balances, given)
        with output_file(out) as stream:
            counts = ledger_file.write(entries, balances, stream, names, zone)
        print_summary(counts, out, quiet, as_json)


def _read_names(texts: Sequence[str]) -> dict[str, str]:
    names: dict[str, str] = {}
    for text in texts:
        role, separator, account = text.partition("=")
        if not separator or role in names:
            raise InvalidInput("--name", text, "ROLE=ACCOUNT, once for each role")
        names[role] = account
    return names
