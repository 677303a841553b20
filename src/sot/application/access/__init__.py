"""Access of others to the history: API keys, and the accounts that a key may see.

Enter at `keys` to make, look up and revoke keys, and at `account_scope.scoped_to_accounts` to narrow a unit of work.

1. Of the secret of a key only a digest is stored.
2. Rows of other accounts are hidden: they cannot be told apart from rows that do not exist.
3. A repository method of which it is not clear whose rows it returns cannot be called on a narrowed unit of work.
"""
