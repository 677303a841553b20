"""A ledger for beancount: every fact that moved an asset as a transaction, and assertions of the balances at its end.

Enter at `write`. What always holds: the inventory of each account is the balance that `balances` has, exactly; each
transaction balances in every commodity; what moves nothing, or cannot be told, is a comment with the reason.
docs/reference/beancount.md has the rules.
"""

from sot.adapters.exports.beancount.accounts import DEFAULT_ACCOUNTS, AccountNames
from sot.adapters.exports.beancount.file import write

__all__ = ["DEFAULT_ACCOUNTS", "AccountNames", "write"]
