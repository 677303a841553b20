"""Narrow a unit of work to some accounts.

One rule for all repositories is derived from the signatures of the ports:

| method | in another account |
|---|---|
| takes an `account_id`, or a value that has one | not called: returns nothing, raises NotFound if it writes |
| takes an id and returns a row | the row is not found |
| belongs to no account (`NO_ACCOUNT`) | unchanged |
| returns facts of all accounts (`FILTERED`) | facts of other accounts are left out |

Any other method raises, so that the rule for a new one has to be decided.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from inspect import Parameter, signature
from typing import Any, cast, get_origin, get_type_hints

from sot.domain.values.errors import InvalidInput, NotFound
from sot.ports import accounting, audit, orders, reconciliation
from sot.ports.orders import Claims
from sot.ports.paging import Page
from sot.ports.store import UnitOfWork

REPOSITORIES: Mapping[str, type] = {
    "instruments": orders.Instruments,
    "requests": orders.Requests,
    "orders": orders.Orders,
    "identifiers": orders.Identifiers,
    "events": orders.Events,
    "fills": orders.Fills,
    "reports": orders.Reports,
    "costs": accounting.Costs,
    "pnl": accounting.PnlSnapshots,
    "account_events": accounting.AccountEvents,
    "reconciliations": reconciliation.Reconciliations,
    "positions": accounting.Positions,
    "states": orders.States,
    "feed": audit.Feed,
    "checkpoints": audit.Checkpoints,
}


NO_ACCOUNT: Mapping[type, Collection[str]] = {
    audit.Feed: ("horizon", "last", "earliest_after", "leaves"),
    audit.Checkpoints: ("add", "last", "all", "list"),
}
"""Methods that belong to no account: they return positions and hashes of the feed, and checkpoints over them."""


FILTERED: Mapping[type, Collection[str]] = {audit.Feed: ("bodies",)}
"""Methods that return facts of all accounts."""


OF_ORDERS: Mapping[type, Collection[str]] = {orders.Events: ("anomalies",)}
"""Methods that take orders, and return something of each."""


_OWN_PARTS = frozenset(
    {
        *("clock", "ids", "trace", "postponed_folds", "changes"),
        *("read_ahead", "resume", "begin_command", "end_command", "fail"),
    }
)
"""Parts of a unit of work that are of no account. It is committed and rolled back by whoever began it."""
_VISIBLE_ACCOUNT = "one of the accounts that are open to you"


def scoped_to_accounts(uow: UnitOfWork, accounts: Collection[str] | None) -> UnitOfWork:
    """Narrow a unit of work, so that rows of other accounts are hidden.

    Args:
        uow: The unit of work.
        accounts: The accounts that are visible; None means all.
    """
    return uow if accounts is None else cast("UnitOfWork", _ScopedUnitOfWork(uow, frozenset(accounts)))


class _ScopedUnitOfWork:
    def __init__(self, uow: UnitOfWork, accounts: frozenset[str]) -> None:
        self._uow = uow
        self._accounts = accounts

    def __getattr__(self, name: str) -> Any:
        port = REPOSITORIES.get(name)
        if port is not None:
            repository: Any = _ScopedRepository(getattr(self._uow, name), port, self._accounts)
            self.__dict__[name] = repository
            return repository
        if name in _OWN_PARTS:
            return getattr(self._uow, name)
        raise AttributeError(f"{name} is not available in a unit of work that is narrowed to some accounts")


class _ScopedRepository:
    def __init__(self, inner: object, port: type, accounts: frozenset[str]) -> None:
        self._inner = inner
        self._port = port
        self._accounts = accounts

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)
        rule = rule_of(self._port, name)
        accounts = self._accounts

        def call(*args: Any, **kwargs: Any) -> Any:
            return rule(method, accounts, args, kwargs)

        self.__dict__[name] = call
        return call


Rule = Callable[[Callable[..., Any], frozenset[str], tuple[Any, ...], dict[str, Any]], Any]


@cache
def rule_of(port: type, name: str) -> Rule:
    """The rule for a method of a port.

    Raises:
        NotImplementedError: It is not clear whose rows the method returns.
    """
    if name in NO_ACCOUNT.get(port, ()):
        return _unchanged
    if name in FILTERED.get(port, ()):
        return _filter_facts
    if name in OF_ORDERS.get(port, ()):
        return _of_orders
    function = getattr(port, name)
    parameters = list(signature(function).parameters.values())[1:]
    returns = get_type_hints(function).get("return")
    names = [parameter.name for parameter in parameters]
    if "account_id" in names:
        return _by_account(names.index("account_id"), returns)
    if parameters and _is_value(function, parameters[0]):
        return _by_value(returns)
    if parameters and "_id" in parameters[0].name and _is_row(returns):
        return _by_id
    raise NotImplementedError(f"{port.__name__}.{name}: it is not clear whose rows it returns")


def _is_value(function: Callable[..., Any], parameter: Parameter) -> bool:
    """Whether the parameter is a value with an account: a row, a filter, the key of a position."""
    return hasattr(_class_of(get_type_hints(function)[parameter.name]), "account_id")


def _is_row(returns: Any) -> bool:
    """Whether the row that a method returns has an account."""
    return hasattr(_class_of(returns), "account_id")


def _class_of(hint: Any) -> Any:
    cls = next((arg for arg in getattr(hint, "__args__", ()) if arg is not type(None)), hint)
    return _ClassFields(cls) if hasattr(cls, "__attrs_attrs__") else cls


class _ClassFields:
    """The fields of an attrs class as attributes; a class has no attribute for a field without a default."""

    def __init__(self, cls: Any) -> None:
        self.__dict__.update({field.name: field for field in cls.__attrs_attrs__})
        if hasattr(cls, "account_id"):
            self.account_id = cls.account_id


def _unchanged(method: Callable[..., Any], accounts: frozenset[str], args: Any, kwargs: Any) -> Any:
    return method(*args, **kwargs)


def _filter_facts(method: Callable[..., Any], accounts: frozenset[str], args: Any, kwargs: Any) -> Any:
    return (fact for fact in method(*args, **kwargs) if fact.leaf.account_id in accounts)


def _of_orders(method: Callable[..., Any], accounts: frozenset[str], args: Any, kwargs: Any) -> Any:
    (given,) = args or kwargs.values()
    return method([order for order in given if order.account_id in accounts])


def _by_account(index: int, returns: Any) -> Rule:
    def rule(method: Callable[..., Any], accounts: frozenset[str], args: Any, kwargs: Any) -> Any:
        account_id = args[index] if index < len(args) else kwargs["account_id"]
        return method(*args, **kwargs) if account_id in accounts else _nothing(returns, account_id)

    return rule


def _by_value(returns: Any) -> Rule:
    def rule(method: Callable[..., Any], accounts: frozenset[str], args: Any, kwargs: Any) -> Any:
        account_id = (args or tuple(kwargs.values()))[0].account_id
        if account_id is None:  # a filter for all accounts
            raise InvalidInput("account_id", None, _VISIBLE_ACCOUNT)
        return method(*args, **kwargs) if account_id in accounts else _nothing(returns, account_id)

    return rule


def _by_id(method: Callable[..., Any], accounts: frozenset[str], args: Any, kwargs: Any) -> Any:
    row = method(args[0] if args else next(iter(kwargs.values())))
    if row is None or row.account_id not in accounts:
        return None
    # Only now with the other arguments: a row of another account is never locked.
    return method(*args, **kwargs) if len(args) + len(kwargs) > 1 else row


def _nothing(returns: Any, account_id: str) -> Any:
    """What a method returns where there is nothing; raises NotFound for a method that writes."""
    if returns is type(None):
        raise NotFound("account", account_id)
    if returns is Claims:
        return Claims()
    origin = get_origin(returns)
    if origin is Page:
        return Page(())
    if origin in (Sequence, Iterator):
        return ()
    return {bool: False, int: 0}.get(returns)
