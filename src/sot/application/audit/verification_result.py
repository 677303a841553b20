"""The result of a verification: what was checked, and the problems that were found."""

from typing import ClassVar

import attrs

from sot.domain.values.json_form import JsonForm


@attrs.frozen(kw_only=True)
class VerificationProblem(JsonForm):
    """The first problem of one fact, order, position or checkpoint.

    `what` is the kind of thing: a fact kind in lower case, "order", "position", "checkpoint", or the name of a table.
    """

    what: str
    account_id: str
    key: str
    problem: str


@attrs.define
class Verification(JsonForm):
    """The counts of what was checked, by kind, and the problems.

    `unsealed` counts the facts after the last checkpoint that was given, or after the last one of an archive: no
    checkpoint vouches for them. It is 0 for a store that is compared with no checkpoint.
    """

    DERIVED: ClassVar = ("passed",)

    counts: dict[str, int] = attrs.field(factory=dict)
    problems: list[VerificationProblem] = attrs.field(factory=list)
    unsealed: int = 0

    @property
    def passed(self) -> bool:
        """Whether there is no problem."""
        return not self.problems

    def count(self, what: str, more: int = 1) -> None:
        """Add to the number of things of a kind that were checked."""
        self.counts[what] = self.counts.get(what, 0) + more

    def add_problem(self, what: str, account_id: str, key: str, problem: str) -> None:
        """Add a problem."""
        self.problems.append(VerificationProblem(what=what, account_id=account_id, key=key, problem=problem))

    def add(self, part: "Verification") -> None:
        """Add what was checked and found in a part of a store, after what was before."""
        for what, count in part.counts.items():
            self.count(what, count)
        self.problems += part.problems
        self.unsealed += part.unsealed
