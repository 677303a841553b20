"""The application of the command line: every command by its name."""

import typer

from sot import __version__
from sot.entrypoints import settings
from sot.entrypoints.commands import (
    api_keys,
    as_of,
    balances,
    config,
    conformance,
    diff,
    export,
    export_beancount,
    export_gains,
    findings,
    follow,
    grants,
    import_history,
    orders,
    pnl,
    positions,
    prove,
    rebuild,
    reconcile,
    record,
    recover,
    reference,
    resolve,
    sample,
    schema,
    seal,
    serve,
    show,
    verify,
    waiting,
    watch,
)
from sot.entrypoints.demo import command as demo
from sot.entrypoints.error_handling import EXIT_CODES, exit_codes

app = typer.Typer(
    name="sot",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "The order history of a trading application: requests, reports of venues and executions, "
        "as facts that never change.\n\n"
        "First steps:\n\n"
        "    sot demo                                      # see it work on real orders\n"
        "    sot sample jsonl --out orders.jsonl           # files to try the commands with\n"
        "    sot record orders.jsonl --store orders.db     # record facts, one JSON object a line\n"
        "    sot import kraken-ledgers ledgers.csv --account main --store orders.db   # what others recorded\n"
        "    sot orders --open --store orders.db           # list open orders\n"
        "    sot show my-order-1 --account main --store orders.db\n"
        "    sot positions --account main --store orders.db\n"
        "    sot pnl --account main --by day --store orders.db\n"
        "    sot balances --account main --store orders.db\n"
        "    sot waiting --account main --store orders.db  # reports that wait for their order, and why\n"
        "    sot as-of --known-at 2026-01-31T17:00:00Z orders --open --store orders.db\n"
        "    sot recover --venue ccxt:binance --store orders.db     # after a crash\n"
        "    sot reconcile --account main --venue ccxt:binance --symbol BTC/USDT --store orders.db\n"
        "    sot seal --store orders.db --out kept.jsonl   # a checkpoint, to be kept elsewhere\n"
        "    sot verify --store orders.db --against kept.jsonl\n"
        "    sot serve --venue simulated                   # over HTTP\n"
        "    sot config                                    # defaults of these options, in sot.toml\n\n"
        f"Exit codes: {', '.join(f'{code} {meaning}' for code, meaning in EXIT_CODES.items())}."
    ),
)


def _show_version(requested: bool) -> None:
    if requested:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _sot(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", callback=_show_version, is_eager=True, help="Print the version."),
) -> None:
    """Define the options of `sot` itself, and read the settings."""
    with exit_codes():
        file = settings.find_settings_file()
        if file is not None:
            context.meta[config.SETTINGS_FILE] = file
            context.default_map = settings.default_map(context.command, settings.read_settings(file))


app.command("record")(record.record)
app.command("import")(import_history.import_)
app.command("orders")(orders.orders)
app.command("show")(show.show)
app.command("positions")(positions.positions)
app.command("pnl")(pnl.pnl)
app.command("balances")(balances.balances)
app.add_typer(as_of.app, name="as-of")
app.command("diff")(diff.diff)
app.command("waiting")(waiting.waiting)
app.command("recover")(recover.recover)
app.command("resolve")(resolve.resolve)
app.command("reconcile")(reconcile.reconcile)
app.command("findings")(findings.findings)
app.command("follow")(follow.follow)
app.command("watch")(watch.watch)
app.command("seal")(seal.seal)
app.command("verify")(verify.verify)
app.command("prove")(prove.prove)
app.command("rebuild")(rebuild.rebuild)
app.add_typer(export.app, name="export")
export.app.command("gains")(export_gains.gains)
export.app.command("beancount")(export_beancount.beancount)
app.command("conformance")(conformance.conformance)
app.add_typer(reference.app, name="reference")
app.command("serve")(serve.serve)
app.add_typer(api_keys.app, name="keys")
app.command("schema")(schema.schema)
app.command("grants")(grants.grants)
app.command("config")(config.config)
app.command("demo")(demo.demo)
app.command("sample")(sample.sample)
