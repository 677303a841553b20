"""Who sends a request: its API key, with scopes and accounts, or anybody on a server without keys."""

from collections.abc import Mapping
from functools import lru_cache

import attrs

from sot.adapters.http.http_errors import InvalidParameter, NotAllowed, NotAuthenticated
from sot.application.access.keys import key_of
from sot.domain.access.keys import ApiKey
from sot.domain.values.errors import InvalidInput, NotFound
from sot.domain.values.vocabulary import AccessScope
from sot.ports.access import AccessUnitOfWork

DEFAULT_ACCOUNT = "default"
_REALM = 'Bearer realm="sot"'
_ACCOUNT_REQUIRED = "one of the accounts of the key, which has several"


@attrs.frozen(kw_only=True)
class Principal:
    """Who sends a request, and what it may do.

    Attributes:
        owner: The owner of its Idempotency-Keys.
        name: Its name as the actor of events.
        accounts: The accounts that it may see; None for all.
    """

    owner: str
    name: str | None
    scopes: frozenset[AccessScope]
    accounts: frozenset[str] | None

    def require_scope(self, scope: AccessScope) -> None:
        """Check a scope.

        Raises:
            NotAllowed: The key lacks it.
        """
        if scope not in self.scopes:
            headers = {"WWW-Authenticate": f'{_REALM}, error="insufficient_scope", scope="{scope.lower()}"'}
            raise NotAllowed(f"The key lacks the scope {scope.lower()}.", headers, scope.lower())

    def list_account(self, account_id: str | None) -> str | None:
        """Return the account that a list is limited to, or None for all accounts.

        Args:
            account_id: The account that the query names, if any.

        Raises:
            InvalidParameter: The query names none, and the key has several.
        """
        if account_id is not None or self.accounts is None:
            return account_id
        if len(self.accounts) > 1:
            raise InvalidParameter("account_id", f"give {_ACCOUNT_REQUIRED}")
        return next(iter(self.accounts))

    def query_account(self, account_id: str | None) -> str:
        """Return the account of an operation on a single account: that of the query, of the key, or `default`.

        Raises:
            InvalidParameter: The query names none, and the key has several.
        """
        return self.list_account(account_id) or DEFAULT_ACCOUNT

    def body_account(self, account_id: object) -> object:
        """Return the account of a body, which may leave it out.

        Raises:
            InvalidInput: The body names none, and the key has several.
            NotFound: The key has no access to it.
        """
        if account_id is None:
            if self.accounts is None:
                return DEFAULT_ACCOUNT
            if len(self.accounts) > 1:
                raise InvalidInput("account_id", None, _ACCOUNT_REQUIRED)
            return next(iter(self.accounts))
        if self.accounts is not None and isinstance(account_id, str) and account_id not in self.accounts:
            raise NotFound("account", account_id)
        return account_id

    def can_see(self, account_id: str) -> bool:
        """Whether the key has access to an account."""
        return self.accounts is None or account_id in self.accounts


ANYBODY = Principal(owner="anybody", name=None, scopes=frozenset(AccessScope), accounts=None)
"""The principal of every request to a server without keys: all scopes, all accounts."""


def authenticate(uow: AccessUnitOfWork, headers: Mapping[bytes, bytes]) -> Principal:
    """Return the principal of a bearer token (RFC 6750).

    Raises:
        NotAuthenticated: There is no key, or it is unknown or revoked.
    """
    scheme, _, token = headers.get(b"authorization", b"").partition(b" ")
    if not token or scheme.lower() != b"bearer":
        raise NotAuthenticated("Give a key: Authorization: Bearer sot_...", {"WWW-Authenticate": _REALM})
    key = key_of(uow, token.strip().decode("latin-1"))
    if key is None:
        challenge = {"WWW-Authenticate": f'{_REALM}, error="invalid_token"'}
        raise NotAuthenticated("The key is unknown or revoked.", challenge)
    return principal_of_key(key)


@lru_cache(maxsize=1_000)
def principal_of_key(key: ApiKey) -> Principal:
    """Return the principal of a key."""
    return Principal(
        owner=key.key_id,
        name=key.name or key.key_id,
        scopes=frozenset(key.scopes),
        accounts=None if key.accounts is None else frozenset(key.accounts),
    )
