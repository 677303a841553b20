"""Options that several commands share, and how their texts are read.

Those with a variable `SOT_...` are settings, which `sot.toml` may have, too (`settings`).
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from sot.adapters.rates import FileRates
from sot.application.accounting.rates import RatesInOrder
from sot.application.input import text_values
from sot.application.input.days import read_time
from sot.domain.accounting.rates import Mark, RatesByPair
from sot.domain.values.errors import InvalidInput
from sot.domain.values.fields import IDENTITY, NAME, NUMBER
from sot.domain.values.vocabulary import Method
from sot.ports.paging import LARGEST_PAGE
from sot.ports.rates import RateSource

STORE = typer.Option(
    "--store",
    metavar="URL",
    envvar="SOT_STORE",
    help="The store of the history: postgresql://..., sqlite:///orders.db, a path like orders.db, or memory. "
    "?sot_schema=NAME and ?sot_prefix=TEXT at its end say where its tables are.",
)
StoreOption = Annotated[str, STORE]
OptionalStoreOption = Annotated[str | None, STORE]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print JSON: numbers as exact text, times in RFC 3339 with Z.")
]
WideOption = Annotated[
    bool,
    typer.Option("--wide", help="Show all columns and whole ids, in lines as long as they need to be."),
]
RateOption = Annotated[
    list[str] | None,
    typer.Option(
        "--rate", metavar="CUR=RATE", help="Settlement currency per unit of a fee currency, e.g. BNB=600. Repeatable."
    ),
]
VenueAccountOption = Annotated[
    str | None,
    typer.Option("--venue-account", metavar="NAME", help="Only this account at the venue; '' for what names none."),
]
PairRateOption = Annotated[
    list[str] | None,
    typer.Option(
        "--rate",
        metavar="CUR/INTO=RATE",
        help="Units of INTO per unit of CUR, e.g. BNB/USDT=600, to value fees in other currencies. Repeatable.",
    ),
]
OutOption = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Write to this file, which appears only when it is complete."),
]
AgainstOption = Annotated[
    list[Path] | None,
    typer.Option("--against", metavar="FILE", help="Exported checkpoints, one a line. Repeatable."),
]
PublicKeyOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--public-key",
        metavar="PEM",
        help="A public key of which checkpoints must have signatures; former keys, too. Repeatable.",
    ),
]
QuietOption = Annotated[
    bool, typer.Option("--quiet", "-q", help="Print nothing if there is nothing to report, as for cron.")
]
JobsOption = Annotated[
    int, typer.Option("--jobs", "-j", min=1, metavar="N", help="How many processes work at the same time.")
]
SchedulerOption = Annotated[
    str | None,
    typer.Option(
        "--scheduler", metavar="ADDRESS", help="A Dask cluster that does the work, such as tcp://10.0.0.5:8786."
    ),
]
AccountOption = Annotated[str, typer.Option("--account", metavar="ACCOUNT", envvar="SOT_ACCOUNT", help="The account.")]
AccountOrOnlyOption = Annotated[
    str | None,
    typer.Option(
        "--account", metavar="ACCOUNT", envvar="SOT_ACCOUNT", help="The account; that of the store if it has just one."
    ),
]
OnlyAccountOption = Annotated[str | None, typer.Option("--account", metavar="ACCOUNT", help="Only this account.")]
AccountOfOrderOption = Annotated[
    str | None,
    typer.Option(
        "--account",
        metavar="ACCOUNT",
        envvar="SOT_ACCOUNT",
        help="The account of the order; that of the store if it has just one.",
    ),
]
OrderArgument = Annotated[
    str,
    typer.Argument(metavar="ORDER", help="An order id or its first digits, or a client order id of the account."),
]
VenueOfOrderOption = Annotated[
    str | None,
    typer.Option("--venue", metavar="VENUE", help="The venue of the order; ORDER may then be its id there."),
]
LimitOption = Annotated[int, typer.Option("--limit", min=1, max=LARGEST_PAGE, help="How many at most.")]
AfterOption = Annotated[
    str | None,
    typer.Option("--after", metavar="PAGE", help="The page after this page token, which a page ends with."),
]
MethodOption = Annotated[
    Method, typer.Option("--method", case_sensitive=False, help="Which lots a closing trade closes first.")
]


TimeZoneOption = Annotated[
    str,
    typer.Option(
        "--zone",
        "--time-zone",
        metavar="ZONE",
        envvar="SOT_ZONE",
        help="The time zone of days, e.g. America/New_York: of dates without a time, and of results by day.",
    ),
]
InCurrencyOption = Annotated[
    str | None,
    typer.Option(
        "--in",
        metavar="CUR",
        envvar="SOT_CURRENCY",
        help="Value each part in this currency at the rate of its own time (--rates, --rate), with the gain from the "
        "currency apart.",
    ),
]
RatesFileOption = Annotated[
    Path | None,
    typer.Option(
        "--rates",
        metavar="FILE",
        envvar="SOT_RATES",
        help="Rates by time, for what --rate does not give: CSV with the columns pair, time, rate, or .json.",
    ),
]
RatesViaOption = Annotated[
    str | None,
    typer.Option("--rates-via", metavar="CUR", help="Compute missing rates of --rates through this currency."),
]
RatesMaxAgeOption = Annotated[
    float | None,
    typer.Option("--rates-max-age", min=0, metavar="DAYS", help="Use no rate of --rates that is older than this."),
]


def read_rate_source(
    pairs: RatesByPair, path: Path | None, via: str | None, max_age: float | None
) -> RatesByPair | RateSource:
    """The rates of `--rate`, and those of `--rates` for the pairs that it does not give.

    Raises:
        InvalidInput: The file cannot be read, or there is none to which the other options belong.
    """
    source = read_file_rates(path, via, max_age)
    return pairs if source is None else RatesInOrder(pairs, source)


def read_file_rates(path: Path | None, via: str | None, max_age: float | None) -> RateSource | None:
    """The rates of `--rates`; None without a file.

    Raises:
        InvalidInput: The file cannot be read, or there is none to which the other options belong.
    """
    if path is None:
        for option, value in (("--rates-via", via), ("--rates-max-age", max_age)):
            if value is not None:
                raise InvalidInput(option, value, "it with --rates FILE")
        return None
    age = None if max_age is None else timedelta(days=max_age)
    return FileRates.read(path, via=read_name("--rates-via", via), max_age=age)


def read_name(field: str, text: str | None) -> str | None:
    """Read a name; None stays None.

    Raises:
        InvalidInput: The name is empty, too long, or cannot be encoded.
    """
    if text is None:
        return None
    name: str = NAME.check(field, text)
    return name


def read_id(field: str, text: str | None) -> str | None:
    """Read an id of the history; None stays None.

    Raises:
        InvalidInput: The text is no UUID.
    """
    if text is None:
        return None
    id: str = IDENTITY.check(field, text)
    return id


def is_on_command_line(context: typer.Context, parameter: str) -> bool:
    """Whether the command line has an option, not only a setting."""
    source = context.get_parameter_source(parameter)
    return source is not None and source.name == "COMMANDLINE"


def read_interval(since: str | None, before: str | None, zone: tzinfo = UTC) -> tuple[datetime | None, datetime | None]:
    """Read `--from` and `--before`, as `read_time` does.

    Raises:
        InvalidInput: One of them is no time, or they hold nothing between them.
    """
    begins, ends = read_time("--from", since, zone), read_time("--before", before, zone)
    if begins is not None and ends is not None and begins >= ends:
        raise InvalidInput("--before", before, f"a time after --from {since}")
    return begins, ends


def require_store(store_url: str | None) -> str:
    """The store of a command whose other forms need none.

    Raises:
        InvalidInput: No store was given.
    """
    if store_url is None:
        raise InvalidInput("--store", store_url, "the store of the history (or SOT_STORE, or store in sot.toml)")
    return store_url


def read_number(field: str, text: str | None) -> Decimal | None:
    """Read a number; None stays None.

    Raises:
        InvalidInput: The text is no number.
    """
    if text is None:
        return None
    number: Decimal = NUMBER.check(field, text)
    return number


def read_rates(texts: Iterable[str] | None) -> dict[str, Decimal]:
    """Read rates of the form CUR=RATE.

    Raises:
        InvalidInput: A text has another form, or a currency is there twice.
    """
    return text_values.rates("--rate", texts or ())


def read_pairs(texts: Iterable[str] | None) -> dict[str | tuple[str, str], Decimal]:
    """Read rates of the form CUR/INTO=RATE.

    Raises:
        InvalidInput: A text has another form, or a pair is there twice.
    """
    return text_values.pairs("--rate", texts or ())


def check_rate_currencies(rates: RatesByPair, currencies: set[str | None]) -> None:
    """Check that each rate converts into a currency of the results.

    Raises:
        InvalidInput: No result is in the currency of a rate.
    """
    for pair in rates:
        if isinstance(pair, tuple) and currencies and pair[1] not in currencies:
            known = ", ".join(sorted(filter(None, currencies)))
            raise InvalidInput("--rate", "/".join(pair), f"a rate into a currency of the results: {known}")


def read_marks(texts: Iterable[str] | None) -> dict[str | tuple[str, str], Mark | Decimal]:
    """Read marks of the form SYMBOL=PRICE or "SYMBOL=PRICE CURRENCY".

    Raises:
        InvalidInput: A text has another form, or a symbol is there twice.
    """
    return text_values.marks("--mark", texts or ())
