"""A store and a venue whose process can be killed between any two calls, and whose COMMITs lose their answers."""

from sot import CommitUnknown
from sot.application.support.retry import run_with_retries
from sot.ports.store import UnitOfWork


class Killed(BaseException):
    """The process died here."""


class Fate:
    """Counts the calls of a process, kills it at one of them, and loses the answer to some COMMITs."""

    def __init__(self):
        self.calls = 0
        self.dies_at = None
        self.lost = lambda: None

    def live(self, calls=None):
        """A new process, which dies at its n-th call, or of old age."""
        self.calls, self.dies_at = 0, calls

    def tick(self):
        self.calls += 1
        if self.calls == self.dies_at:
            raise Killed


class Mortal:
    """Stands before an object; each call of it is a moment at which the process may die, before and after."""

    def __init__(self, inner, fate):
        self._inner = inner
        self._fate = fate

    def __getattr__(self, name):
        found = getattr(self._inner, name)
        if not callable(found) or name.startswith("_"):
            return found

        def call(*args, **how):
            self._fate.tick()
            result = found(*args, **how)
            self._fate.tick()
            return result

        return call


class MortalVenue(Mortal):
    def __init__(self, inner, fate):
        super().__init__(inner, fate)
        self.name = inner.name


_REPOSITORIES = frozenset(UnitOfWork.__annotations__) - {"clock", "ids", "trace"}


class MortalUnitOfWork:
    def __init__(self, inner, fate):
        self._inner = inner
        self._fate = fate
        self.clock, self.ids = inner.clock, inner.ids

    def __getattr__(self, name):
        found = getattr(self._inner, name)
        return Mortal(found, self._fate) if name in _REPOSITORIES else found

    def __enter__(self):
        self._inner.__enter__()
        return self

    def __exit__(self, kind, error, traceback):
        return self._inner.__exit__(kind, error, traceback)

    def commit(self):
        self._fate.tick()
        lost = self._fate.lost()
        if lost == "before":
            self._inner.rollback()
            raise CommitUnknown("the connection was lost")
        self._inner.commit()
        self._fate.tick()
        if lost == "after":
            raise CommitUnknown("the answer was lost")


class MortalStore:
    def __init__(self, inner, fate):
        self._inner = inner
        self._fate = fate
        self.clock, self.ids = inner.clock, inner.ids

    def begin(self, read_only=False):
        return MortalUnitOfWork(self._inner.begin(read_only), self._fate)

    def run(self, use_case, read_only=False):
        return run_with_retries(lambda: self.begin(read_only), use_case, commits=not read_only, sleep=lambda s: None)
