"""What a store does differently where its driver is awaited: its code runs in a greenlet of an event loop.

`await_only` gives control back to the loop there, so that other tasks run while this one waits.
"""

from collections.abc import Callable

from sqlalchemy.util import await_only, greenlet_spawn

from sot.application.support.cancellation import finish


def run_to_the_end(function: Callable[[], None]) -> None:
    """Run a function that awaits; a task that is cancelled meanwhile stops only after it.

    A COMMIT that is left in the middle takes its connection with it, and nobody would learn what became of it.
    """
    await_only(finish(greenlet_spawn(function)))
