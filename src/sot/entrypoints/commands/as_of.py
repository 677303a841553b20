"""`sot as-of`: commands of the present, about a past point in time."""

import typer

from sot.entrypoints.commands import balances, findings, orders, pnl, positions, show, waiting
from sot.entrypoints.error_handling import exit_codes
from sot.entrypoints.options import TimeZoneOption
from sot.entrypoints.points_in_time import HappenedByOption, KnownAtOption, PointInTimeOptions

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")


def _help(summary: str, command: str, example: str) -> str:
    return (
        f"{summary}\n\nIt has the options of `sot {command}`; `sot {command} --help` explains them.\n\n"
        f"For example:\n\n```\n{example}\n```"
    )


@app.callback()
def as_of(
    context: typer.Context,
    known_at: KnownAtOption = None,
    happened_by: HappenedByOption = None,
    time_zone: TimeZoneOption = "UTC",
) -> None:
    """Read the history at a past point in time: what was known, and what had happened.

    The two limits are independent:

    | option | question | a trade that was reported late |
    | --- | --- | --- |
    | `--known-at` | What did we know when we decided? | is excluded |
    | `--happened-by` | What had happened, as we know today? | is included |

    A cursor is exact; `sot follow` prints one with each event, and a checkpoint has one as *upto*. A time also includes
    facts that a transaction recorded before it and committed after it; the output says so (*exact* in JSON).

    For example:

    ```
    sot as-of --known-at 4711 show my-order-1 --account main --store orders.db
    sot as-of --known-at 2026-01-31T17:00:00Z orders --open --store orders.db
    sot as-of --happened-by 2026-01-31T17:00:00Z positions --account main --store orders.db
    sot as-of --known-at 4711 pnl --account main --by day --store orders.db
    ```
    """
    with exit_codes():
        context.obj = PointInTimeOptions.read(known_at, happened_by, time_zone=time_zone)


app.command(
    "show",
    help=_help(
        "Show an order as it was: its state, its timeline up to then, executions, costs, profit and loss.",
        "show",
        "sot as-of --known-at 4711 show my-order-1 --account main --store orders.db",
    ),
)(show.show)
app.command(
    "orders",
    help=_help(
        "List the orders of that time, filtered by their state at that time.",
        "orders",
        "sot as-of --known-at 2026-01-31T17:00:00Z orders --open --store orders.db",
    ),
)(orders.orders)
app.command(
    "positions",
    help=_help(
        "List an account's positions as they were.",
        "positions",
        "sot as-of --happened-by 2026-01-31T17:00:00Z positions --account main --store orders.db",
    ),
)(positions.positions)
app.command(
    "pnl",
    help=_help(
        "Show realized results, round trips or costs of executing, as they were.",
        "pnl",
        "sot as-of --known-at 2026-01-31T17:00:00Z pnl --account main --by day --store orders.db",
    ),
)(pnl.pnl)
app.command(
    "balances",
    help=_help(
        "List an account's balances as they were.",
        "balances",
        "sot as-of --happened-by 2026-01-31T00:00:00Z balances --account main --store orders.db",
    ),
)(balances.balances)
app.command(
    "findings",
    help=_help(
        "List the findings that were open, or with --all every finding of that time. No finding can be closed.",
        "findings",
        "sot as-of --known-at 4711 findings --account main --store orders.db",
    ),
)(findings.findings)
app.command(
    "waiting",
    help=_help(
        "List the reports that waited for their order then, and why. None can be adopted or attributed.",
        "waiting",
        "sot as-of --known-at 4711 waiting --account main --store orders.db",
    ),
)(waiting.waiting)
