"""What verifying tells: what was looked at, and what does not hold."""

import attrs


@attrs.frozen(kw_only=True)
class Finding:
    """The first thing about one fact, order, position or checkpoint that does not hold."""

    what: str
    account_id: str
    key: str
    problem: str


@attrs.define
class Verification:
    """What was looked at, how many of each, and what does not hold.

    `unsealed` facts are behind the last checkpoint, of those that were given or of the archive: nothing vouches for
    them. It is 0 for a store that is held against none.
    """

    counts: dict[str, int] = attrs.field(factory=dict)
    findings: list[Finding] = attrs.field(factory=list)
    unsealed: int = 0

    @property
    def fine(self) -> bool:
        """Everything holds."""
        return not self.findings

    def count(self, what: str, more: int = 1) -> None:
        """So many more were looked at."""
        self.counts[what] = self.counts.get(what, 0) + more

    def find(self, what: str, account_id: str, key: str, problem: str) -> None:
        """Something does not hold."""
        self.findings.append(Finding(what=what, account_id=account_id, key=key, problem=problem))
