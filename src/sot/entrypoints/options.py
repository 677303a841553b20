"""Options that several commands share, and how their texts are read."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from sot.application.input import text_values
from sot.domain.accounting.rates import Mark, RatesByPair
from sot.domain.values.errors import InvalidInput
from sot.domain.values.fields import NAME, NUMBER, TIME
from sot.domain.values.vocabulary import Method

STORE = typer.Option(
    "--store",
    metavar="URL",
    envvar="SOT_STORE",
    help="Where the history is kept: postgresql://..., sqlite:///orders.db, a path like orders.db, or memory.",
)
StoreOption = Annotated[str, STORE]
OptionalStoreOption = Annotated[str | None, STORE]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print JSON: numbers as exact text, times in RFC 3339 with Z.")
]
RateOption = Annotated[
    list[str] | None,
    typer.Option(
        "--rate", metavar="CUR=RATE", help="Settlement currency per unit of a fee currency, e.g. BNB=600. Repeatable."
    ),
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
    typer.Option("--out", metavar="FILE", help="Write here, and name the file so only when it is complete."),
]
AgainstOption = Annotated[
    list[Path] | None,
    typer.Option("--against", metavar="FILE", help="Checkpoints that were kept elsewhere, one a line. Repeatable."),
]
PublicKeyOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--public-key", metavar="PEM", help="A key that checkpoints must be signed with, former ones too. Repeatable."
    ),
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing when all is well, as cron likes it.")]
AccountOption = Annotated[str, typer.Option("--account", metavar="ACCOUNT", help="Of this account.")]
MethodOption = Annotated[
    Method, typer.Option("--method", case_sensitive=False, help="Which lots a closing trade takes first.")
]


def read_name(field: str, text: str | None) -> str | None:
    """A name that was given as text. Raises: InvalidInput: empty, too long, or not encodable."""
    if text is None:
        return None
    name: str = NAME.check(field, text)
    return name


def read_time(field: str, text: str | None) -> datetime | None:
    """A time that was given as text. Raises: InvalidInput."""
    if text is None:
        return None
    moment: datetime = TIME.check(field, text)
    return moment


def given_store(store: str | None) -> str:
    """The store of a command that can do without one in another of its forms. Raises: InvalidInput: none."""
    if store is None:
        raise InvalidInput("--store", store, "where the history is kept (or set SOT_STORE)")
    return store


def read_number(field: str, text: str | None) -> Decimal | None:
    """A number that was given as text. Raises: InvalidInput."""
    if text is None:
        return None
    number: Decimal = NUMBER.check(field, text)
    return number


def read_rates(texts: Iterable[str] | None) -> dict[str, Decimal]:
    """Rates that were given as CUR=RATE. Raises: InvalidInput: another form, or a currency given twice."""
    return text_values.rates("--rate", texts or ())


def read_pairs(texts: Iterable[str] | None) -> dict[str | tuple[str, str], Decimal]:
    """Rates that were given as CUR/INTO=RATE. Raises: InvalidInput: another form, or a pair given twice."""
    return text_values.pairs("--rate", texts or ())


def check_into(rates: RatesByPair, currencies: set[str | None]) -> None:
    """Raises: InvalidInput: a rate into a currency in which nothing here settles."""
    for pair in rates:
        if isinstance(pair, tuple) and currencies and pair[1] not in currencies:
            known = ", ".join(sorted(filter(None, currencies)))
            raise InvalidInput("--rate", "/".join(pair), f"a rate into what results are in: {known}")


def read_marks(texts: Iterable[str] | None) -> dict[str | tuple[str, str], Mark | Decimal]:
    """Marks that were given as SYMBOL=PRICE or "SYMBOL=PRICE CURRENCY". Raises: InvalidInput."""
    return text_values.marks("--mark", texts or ())
