"""Who asks: the key of a request, what it opens, and what opens without keys."""

from collections.abc import Mapping
from functools import lru_cache

import attrs

from sot.adapters.http.refusals import InvalidParameter, NotAllowed, NotAuthenticated
from sot.application.access.keys import key_of
from sot.domain.access.keys import ApiKey
from sot.domain.values.errors import InvalidInput, NotFound
from sot.domain.values.vocabulary import AccessScope
from sot.ports.store import UnitOfWork

DEFAULT_ACCOUNT = "default"
_REALM = 'Bearer realm="sot"'
_NEEDED = "one of the accounts of the key, which has several"


@attrs.frozen(kw_only=True)
class Principal:
    """Who asks, with what it may do, and the accounts that are there for it; None means all.

    `owner` is whose Idempotency-Keys its are, `name` who it is in events.
    """

    owner: str
    name: str | None
    scopes: frozenset[AccessScope]
    accounts: frozenset[str] | None

    def need(self, scope: AccessScope) -> None:
        """Raises: NotAllowed."""
        if scope not in self.scopes:
            headers = {"WWW-Authenticate": f'{_REALM}, error="insufficient_scope", scope="{scope.lower()}"'}
            raise NotAllowed(f"The key does not have the scope {scope.lower()}.", headers, scope.lower())

    def listed(self, given: str | None) -> str | None:
        """The account that a list is of; None for those of all. Raises: InvalidParameter: it has to be said."""
        if given is not None or self.accounts is None:
            return given
        if len(self.accounts) > 1:
            raise InvalidParameter("account_id", f"give {_NEEDED}")
        return next(iter(self.accounts))

    def one(self, given: str | None) -> str:
        """The account that something is about. Raises: InvalidParameter: it has to be said."""
        return self.listed(given) or DEFAULT_ACCOUNT

    def told(self, given: object) -> object:
        """The account of a body. Raises: InvalidInput: it has to be said. NotFound: it is foreign."""
        if given is None:
            if self.accounts is None:
                return DEFAULT_ACCOUNT
            if len(self.accounts) > 1:
                raise InvalidInput("account_id", None, _NEEDED)
            return next(iter(self.accounts))
        if self.accounts is not None and isinstance(given, str) and given not in self.accounts:
            raise NotFound("account", given)
        return given

    def sees(self, account_id: str) -> bool:
        """Whether an account is there for it."""
        return self.accounts is None or account_id in self.accounts


ANYBODY = Principal(owner="anybody", name=None, scopes=frozenset(AccessScope), accounts=None)
"""Who asks where no keys are needed: may do everything, in all accounts."""


def principal_of(uow: UnitOfWork, headers: Mapping[bytes, bytes]) -> Principal:
    """Who holds the key of a request (RFC 6750). Raises: NotAuthenticated: no key, or one that opens nothing."""
    scheme, _, token = headers.get(b"authorization", b"").partition(b" ")
    if not token or scheme.lower() != b"bearer":
        raise NotAuthenticated("Give a key: Authorization: Bearer sot_...", {"WWW-Authenticate": _REALM})
    key = key_of(uow, token.strip().decode("latin-1"))
    if key is None:
        headers_back = {"WWW-Authenticate": f'{_REALM}, error="invalid_token"'}
        raise NotAuthenticated("The key is not known, or was revoked.", headers_back)
    return _holder(key)


@lru_cache(maxsize=1_000)
def _holder(key: ApiKey) -> Principal:
    return Principal(
        owner=key.key_id,
        name=key.name or key.key_id,
        scopes=frozenset(key.scopes),
        accounts=None if key.accounts is None else frozenset(key.accounts),
    )
