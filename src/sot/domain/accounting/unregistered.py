"""Facts that no result contains, because nobody has registered the instrument of their symbol."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, NamedTuple, TypeVar

from sot.domain.values.json_form import JsonForm

T = TypeVar("T")


class _UnregisteredSymbolFields(NamedTuple):
    account_id: str
    venue: str
    symbol: str
    executions: int
    account_events: int


class UnregisteredSymbol(_UnregisteredSymbolFields, JsonForm):
    """A symbol that is not registered, so that results leave out what was recorded of it.

    Attributes:
        account_id: The account.
        venue: The venue.
        symbol: The symbol.
        executions: The executions that the answer would contain.
        account_events: The account events that it would contain.
    """

    DERIVED: ClassVar = ("remedy",)

    __slots__ = ()

    @property
    def remedy(self) -> str:
        """What to do."""
        return f"Register the instrument {self.symbol} at {self.venue} in the account {self.account_id}, and it counts."

    def __str__(self) -> str:
        counts = (self.executions, "execution"), (self.account_events, "account event")
        facts = " and ".join(f"{count} {name}{'s' * (count != 1)}" for count, name in counts if count)
        return f"Left out, since {self.symbol} is not registered: {facts}. {self.remedy}"


class ResultRows(list[T]):
    """Rows of results, and what they leave out.

    Attributes:
        unregistered: The symbols that are not registered, with how much of each the rows leave out.
    """

    def __init__(self, rows: Iterable[T] = (), unregistered: Iterable[UnregisteredSymbol] = ()) -> None:
        """Make a list of rows.

        Args:
            rows: The rows.
            unregistered: What they leave out.
        """
        super().__init__(rows)
        self.unregistered: Sequence[UnregisteredSymbol] = tuple(unregistered)


def unregistered_of(rows: Iterable[object]) -> Sequence[UnregisteredSymbol]:
    """What rows leave out; nothing for those of other kinds."""
    return rows.unregistered if isinstance(rows, ResultRows) else ()
