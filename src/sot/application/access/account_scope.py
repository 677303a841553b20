"""A unit of work that shows some accounts only: what is foreign is not there.

The rule is one for all repositories, read off the signatures of the ports: a look-up in a foreign account finds
nothing, before anything is asked; a row of a foreign account that an id names is not found; nothing is written to a
foreign account. A method of which nothing says whose rows it gives cannot be called at all, so that a new one has to
be thought about first.
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
"""Methods that belong to no account: places in the feed, digests, and checkpoints over them."""


FILTERED: Mapping[type, Collection[str]] = {audit.Feed: ("bodies",)}
"""Methods that give facts of all accounts, of which those of foreign ones are left out."""


_ONE_OF = "one of the accounts that are open to you"


def scoped_to_accounts(uow: UnitOfWork, accounts: Collection[str] | None) -> UnitOfWork:
    """The same unit of work, in which only these accounts are there; None means all."""
    return uow if accounts is None else cast("UnitOfWork", _Narrowed(uow, frozenset(accounts)))


class _Narrowed:
    def __init__(self, uow: UnitOfWork, accounts: frozenset[str]) -> None:
        self._uow = uow
        self._accounts = accounts

    def __getattr__(self, name: str) -> Any:
        port = REPOSITORIES.get(name)
        if port is not None:
            found: Any = _Repository(getattr(self._uow, name), port, self._accounts)
            self.__dict__[name] = found
            return found
        if name in ("clock", "ids", "trace"):
            return getattr(self._uow, name)
        raise AttributeError(f"{name} is not open to some accounts only")


class _Repository:
    def __init__(self, inner: object, port: type, accounts: frozenset[str]) -> None:
        self._inner = inner
        self._port = port
        self._accounts = accounts

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)
        rule = rule_of(self._port, name)
        accounts = self._accounts

        def call(*args: Any, **named: Any) -> Any:
            return rule(method, accounts, args, named)

        self.__dict__[name] = call
        return call


Rule = Callable[[Callable[..., Any], frozenset[str], tuple[Any, ...], dict[str, Any]], Any]


@cache
def rule_of(port: type, name: str) -> Rule:
    """How a method of a port is narrowed. Raises: NotImplementedError: nothing says whose rows it gives."""
    if name in NO_ACCOUNT.get(port, ()):
        return _unchanged
    if name in FILTERED.get(port, ()):
        return _filtered
    function = getattr(port, name)
    parameters = list(signature(function).parameters.values())[1:]
    gives = get_type_hints(function).get("return")
    names = [parameter.name for parameter in parameters]
    if "account_id" in names:
        return _by_account(names.index("account_id"), gives)
    if parameters and _is_value(function, parameters[0]):
        return _by_value(gives)
    if parameters and "_id" in parameters[0].name and _is_row(gives):
        return _by_id
    raise NotImplementedError(f"{port.__name__}.{name}: nothing tells whose rows it gives")


def _is_value(function: Callable[..., Any], parameter: Parameter) -> bool:
    """Whether the parameter is a value that names an account: a row, a filter, the key of a position."""
    return hasattr(_class_of(get_type_hints(function)[parameter.name]), "account_id")


def _is_row(gives: Any) -> bool:
    """Whether what a method gives names its account."""
    return hasattr(_class_of(gives), "account_id")


def _class_of(hint: Any) -> Any:
    kind = next((arg for arg in getattr(hint, "__args__", ()) if arg is not type(None)), hint)
    return _WithFields(kind) if hasattr(kind, "__attrs_attrs__") else kind


class _WithFields:
    """A class of attrs keeps no attributes for fields without defaults."""

    def __init__(self, cls: Any) -> None:
        self.__dict__.update({field.name: field for field in cls.__attrs_attrs__})
        if hasattr(cls, "account_id"):
            self.account_id = cls.account_id


def _unchanged(method: Callable[..., Any], accounts: frozenset[str], args: Any, named: Any) -> Any:
    return method(*args, **named)


def _filtered(method: Callable[..., Any], accounts: frozenset[str], args: Any, named: Any) -> Any:
    return (fact for fact in method(*args, **named) if fact.leaf.account_id in accounts)


def _by_account(place: int, gives: Any) -> Rule:
    def rule(method: Callable[..., Any], accounts: frozenset[str], args: Any, named: Any) -> Any:
        account_id = args[place] if place < len(args) else named["account_id"]
        return method(*args, **named) if account_id in accounts else _nothing(gives, account_id)

    return rule


def _by_value(gives: Any) -> Rule:
    def rule(method: Callable[..., Any], accounts: frozenset[str], args: Any, named: Any) -> Any:
        account_id = (args or tuple(named.values()))[0].account_id
        if account_id is None:  # a filter that asks for all accounts
            raise InvalidInput("account_id", None, _ONE_OF)
        return method(*args, **named) if account_id in accounts else _nothing(gives, account_id)

    return rule


def _by_id(method: Callable[..., Any], accounts: frozenset[str], args: Any, named: Any) -> Any:
    found = method(args[0] if args else next(iter(named.values())))
    if found is None or found.account_id not in accounts:
        return None
    # What is foreign is not locked: nobody waits for it, and its owner waits for nobody.
    return method(*args, **named) if len(args) + len(named) > 1 else found


def _nothing(gives: Any, account_id: str) -> Any:
    """What a method gives where nothing is; raises NotFound where it would have written."""
    if gives is type(None):
        raise NotFound("account", account_id)
    if gives is Claims:
        return Claims()
    origin = get_origin(gives)
    if origin is Page:
        return Page(())
    if origin in (Sequence, Iterator):
        return ()
    return {bool: False, int: 0}.get(gives)
