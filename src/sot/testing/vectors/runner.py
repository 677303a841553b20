"""Run vectors on a store, each by its kind."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sot.domain.values.errors import SotError, StoreError
from sot.ports.store import Store
from sot.testing.vectors.accounting import run_accounting
from sot.testing.vectors.archive import run_archive
from sot.testing.vectors.format import unknown_keys
from sot.testing.vectors.journal import run_journal
from sot.testing.vectors.lifecycle import run_lifecycle
from sot.testing.vectors.orders import run_orders
from sot.testing.vectors.reconciliation import run_reconciliation
from sot.testing.vectors.result import Result

RUNNERS: Mapping[str, Callable[[Store, Mapping[str, Any], Result], None]] = {
    "lifecycle": run_lifecycle,
    "orders": run_orders,
    "accounting": run_accounting,
    "journal": run_journal,
    "archive": run_archive,
    "reconciliation": run_reconciliation,
}
"""What runs a vector, by its kind."""


def run_vectors(
    store: Store, vectors: Iterable[Mapping[str, Any]], progress: Callable[[], None] | None = None
) -> Result:
    """Run vectors on a store, each in an account of its own.

    Args:
        store: Any store; one that is in use will do.
        vectors: Vectors, as `bundled` and `load` return them.
        progress: Is called after each vector.

    Raises:
        StoreError: The store cannot be used. Any other error of a vector is a failure in the result.
    """
    result = Result()
    for vector in vectors:
        runner = RUNNERS.get(str(vector["kind"]))
        unknown = sorted(unknown_keys(vector))
        if runner is None:
            result.fail(str(vector.get("id")), f"this sot knows no vectors of kind {vector['kind']}")
        elif unknown:
            result.fail(str(vector.get("id")), f"the format has no key {', '.join(unknown)}")
        else:
            try:
                runner(store, vector, result)
            except StoreError:
                raise
            except (SotError, LookupError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
                result.fail(str(vector.get("id")), f"{type(error).__name__}: {error}")
        if progress is not None:
            progress()
    return result
