"""The accounts of a ledger: where assets are, and where what they came from is counted."""

from collections.abc import Iterable, Mapping

import attrs

from sot.adapters.exports.beancount.names import components, is_account
from sot.application.accounting.ledger import LedgerEntry
from sot.domain.accounting.balances import FEE, RESULT, Balance
from sot.domain.values.errors import InvalidInput
from sot.domain.values.vocabulary import AccountEventType

DEFAULT_ACCOUNTS: Mapping[str, str] = {
    "assets": "Assets",
    "fees": "Expenses:Fees",
    "gains": "Income:Gains",
    "funding": "Income:Funding",
    "interest": "Income:Interest",
    "dividends": "Income:Dividends",
    "transfers": "Equity:Transfers",
    "trading": "Equity:Trading",
}
"""The name of each role. `assets` is followed by the account, the venue and the venue account."""

_ROLES: Mapping[str, str] = {
    FEE: "fees",
    RESULT: "gains",
    AccountEventType.FEE_ADJUSTMENT: "fees",
    AccountEventType.FUNDING: "funding",
    AccountEventType.INTEREST: "interest",
    AccountEventType.DIVIDEND: "dividends",
    AccountEventType.TRANSFER: "transfers",
}
"""The role of each source of a movement; the others are `trading`."""

_Place = tuple[str, str]


@attrs.frozen
class AccountNames:
    """The names of the accounts of a ledger.

    Attributes:
        account_id: The account whose ledger it is.
        places: The venues and venue accounts that occur.
        given: Names by role, which replace those of `DEFAULT_ACCOUNTS`.

    Raises:
        InvalidInput: A role is unknown, or a name is no name of an account.
    """

    account_id: str
    places: frozenset[_Place]
    given: Mapping[str, str] = attrs.field(factory=dict)
    _of_role: Mapping[str, str] = attrs.field(init=False, repr=False)
    _of_place: Mapping[_Place, str] = attrs.field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        for role, name in self.given.items():
            if role not in DEFAULT_ACCOUNTS:
                raise InvalidInput("--name", role, "one of " + ", ".join(DEFAULT_ACCOUNTS))
            if not is_account(name) and not (role == "assets" and is_account(f"{name}:X")):
                raise InvalidInput("--name", name, "the name of an account, such as Expenses:Fees")
        object.__setattr__(self, "_of_role", {**DEFAULT_ACCOUNTS, **self.given})
        words = components([self.account_id, *(part for place in self.places for part in place if part)])
        object.__setattr__(
            self,
            "_of_place",
            {
                place: ":".join([self._of_role["assets"], *(words[part] for part in (self.account_id, *place) if part)])
                for place in self.places
            },
        )

    @classmethod
    def of(
        cls,
        account_id: str,
        entries: Iterable[LedgerEntry],
        balances: Iterable[Balance],
        given: Mapping[str, str] | None = None,
    ) -> "AccountNames":
        """The names of the accounts that a ledger needs.

        Args:
            account_id: The account whose ledger it is.
            entries: What happened.
            balances: The balances after all of it.
            given: Names by role, which replace those of `DEFAULT_ACCOUNTS`.

        Raises:
            InvalidInput: A role is unknown, or a name is no name of an account.
        """
        places = {(item.entry.venue, item.venue_account) for item in entries}
        places |= {(balance.venue, balance.venue_account) for balance in balances}
        return cls(account_id, frozenset(places), given or {})

    def assets(self, venue: str, venue_account: str) -> str:
        """The account of the assets in a venue account."""
        return self._of_place[venue, venue_account]

    def of_source(self, source: str) -> str:
        """The account on the other side of a movement."""
        return self._of_role[_ROLES.get(source, "trading")]

    def of_role(self, role: str) -> str:
        """The account of a role."""
        return self._of_role[role]
