"""Use cases: what must be stored whole, or not at all."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from sot.domain.values.errors import Conflict, IllegalTransition, InvalidInput, NotExecutable, NotFound, ReadOnly
from sot.ports.store import UnitOfWork

P = ParamSpec("P")
T = TypeVar("T")
F = TypeVar("F")
U = TypeVar("U", bound=UnitOfWork)

REFUSALS = (Conflict, IllegalTransition, InvalidInput, NotExecutable, NotFound, ReadOnly)
"""Errors with which a use case refuses; where it wrote nothing yet, the unit of work goes on."""


class HasUnitOfWork(Protocol):
    """An object whose methods work in one unit of work."""

    _uow: UnitOfWork


H = TypeVar("H", bound=HasUnitOfWork)


def use_case(function: Callable[Concatenate[U, P], T]) -> Callable[Concatenate[U, P], T]:
    """Let a function whose first argument is a unit of work be a use case.

    If it raises after it has written something, or an error that is no refusal, a part of it may be in the unit of
    work. The unit of work has failed then: only a rollback makes it usable again.
    """
    return _guarded(function, None)


def command(method: Callable[Concatenate[H, P], T]) -> Callable[Concatenate[H, P], T]:
    """Let a method be a use case in the unit of work of its object; see `use_case`."""
    return _guarded(method, "_uow")


def _guarded(function: Callable[Concatenate[F, P], T], attribute: str | None) -> Callable[Concatenate[F, P], T]:
    """Guard a function whose first argument is a unit of work, or has it as an attribute.

    Rules: ERROR-1.
    """

    @wraps(function)
    def call(first: F, /, *args: P.args, **kwargs: P.kwargs) -> T:
        uow: Any = first if attribute is None else getattr(first, attribute)
        uow.begin_command()
        try:
            changes = uow.changes
            return function(first, *args, **kwargs)
        except BaseException as error:
            if uow.changes != changes or not isinstance(error, REFUSALS):
                uow.fail(error)
            raise
        finally:
            uow.end_command()

    return call
