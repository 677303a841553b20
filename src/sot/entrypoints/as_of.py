"""`sot as-of`: the present commands, asked about a past moment."""

import typer

from sot.entrypoints import failures, findings, orders, pnl, positions, show
from sot.entrypoints.moments import HappenedOption, KnownOption, Moment

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")

_LIKE = "Options are those of `sot {0}`; `sot {0} --help` explains them.\n\n"


@app.callback()
def as_of(context: typer.Context, known_at: KnownOption = None, happened_by: HappenedOption = None) -> None:
    """Ask about any past moment: what was known at one moment, of what had happened by another.

    The two are independent. `--known-at` answers "what did we see when we decided?": a report that came later is not
    in it. `--happened-by` answers "what was true then, as we know today?": a trade that was reported late is in it.

    A cursor (`sot follow` prints one with each event, a checkpoint has one as *upto*) is exact. A time counts facts,
    too, that a transaction recorded before it and committed after it; the answer says so (*exact* in JSON).

    For example:

    ```
    sot as-of --known-at 4711 show my-order-1 --account main --store orders.db
    sot as-of --known-at 2026-01-31T17:00:00Z orders --open --store orders.db
    sot as-of --happened-by 2026-01-31T17:00:00Z positions --account main --store orders.db
    sot as-of --known-at 4711 pnl --account main --by day --store orders.db
    ```
    """
    with failures.exit_codes():
        context.obj = Moment.read(known_at, happened_by)


app.command(
    "show",
    help="Show an order as it was: its state, its story up to then, executions, costs, profit and loss.\n\n"
    + _LIKE.format("show")
    + "For example:\n\n```\nsot as-of --known-at 4711 show my-order-1 --account main --store orders.db\n```",
)(show.show)
app.command(
    "orders",
    help="List the orders that there were, found by what they were then.\n\n"
    + _LIKE.format("orders")
    + "For example:\n\n```\nsot as-of --known-at 2026-01-31T17:00:00Z orders --open --store orders.db\n```",
)(orders.orders)
app.command(
    "positions",
    help="List an account's positions as they were.\n\n"
    + _LIKE.format("positions")
    + "For example:\n\n```\n"
    + "sot as-of --happened-by 2026-01-31T17:00:00Z positions --account main --store orders.db\n```",
)(positions.positions)
app.command(
    "pnl",
    help="Tell what was realized, what executing cost, or round trips, as they were.\n\n"
    + _LIKE.format("pnl")
    + "For example:\n\n```\n"
    + "sot as-of --known-at 2026-01-31T17:00:00Z pnl --account main --by day --store orders.db\n```",
)(pnl.pnl)
app.command(
    "findings",
    help="List the findings that were open, or with --all that there were. None is closed in the past.\n\n"
    + _LIKE.format("findings")
    + "For example:\n\n```\nsot as-of --known-at 4711 findings --account main --store orders.db\n```",
)(findings.findings)
