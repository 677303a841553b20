"""A store and a venue whose process may be killed between any two calls, and which may lose answers to COMMIT."""

from sot import CommitUnknown
from sot.application.support.retry import run_with_retries
from sot.testing.faults.store import REPOSITORIES


class ProcessKilled(BaseException):
    """The process was killed here."""


class CrashSchedule:
    """Counts the calls of a process, kills it at one of them, and decides which answers to COMMIT are lost.

    Attributes:
        calls: How many calls the process made.
        killed_at: The call at which it is killed; None for never.
        lost_commit: Returns "before" or "after" if the answer to a COMMIT is lost before or after it took effect.
    """

    def __init__(self):
        self.calls = 0
        self.killed_at = None
        self.lost_commit = lambda: None

    def start_process(self, killed_at=None):
        """Start a new process, which is killed at its n-th call, if at all."""
        self.calls, self.killed_at = 0, killed_at

    def count_call(self):
        """Count a call; raise ProcessKilled if it is the last one."""
        self.calls += 1
        if self.calls == self.killed_at:
            raise ProcessKilled


class CrashingObject:
    """An object whose process may be killed before and after each of its calls."""

    def __init__(self, inner, crashes):
        self._inner = inner
        self._crashes = crashes

    def __getattr__(self, name):
        attribute = getattr(self._inner, name)
        if not callable(attribute) or name.startswith("_"):
            return attribute

        def call(*args, **kwargs):
            self._crashes.count_call()
            result = attribute(*args, **kwargs)
            self._crashes.count_call()
            return result

        return call


class CrashingVenue(CrashingObject):
    def __init__(self, inner, crashes):
        super().__init__(inner, crashes)
        self.name = inner.name


class CrashingUnitOfWork:
    def __init__(self, inner, crashes):
        self._inner = inner
        self._crashes = crashes
        self.clock, self.ids = inner.clock, inner.ids

    def __getattr__(self, name):
        attribute = getattr(self._inner, name)
        return CrashingObject(attribute, self._crashes) if name in REPOSITORIES else attribute

    def __enter__(self):
        self._inner.__enter__()
        return self

    def __exit__(self, kind, error, traceback):
        return self._inner.__exit__(kind, error, traceback)

    def commit(self):
        self._crashes.count_call()
        lost = self._crashes.lost_commit()
        if lost == "before":
            self._inner.rollback()
            raise CommitUnknown("the connection was lost")
        self._inner.commit()
        self._crashes.count_call()
        if lost == "after":
            raise CommitUnknown("the answer was lost")


class CrashingStore:
    def __init__(self, inner, crashes):
        self._inner = inner
        self._crashes = crashes
        self.clock, self.ids = inner.clock, inner.ids

    def begin(self, read_only=False):
        return CrashingUnitOfWork(self._inner.begin(read_only), self._crashes)

    def run(self, use_case, read_only=False):
        return run_with_retries(lambda: self.begin(read_only), use_case, commits=not read_only, sleep=lambda s: None)
