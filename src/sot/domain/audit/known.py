"""Which facts were known at a point in time."""

from datetime import datetime

import attrs

from sot.domain.audit.checkpoint import Leaf


@attrs.frozen(kw_only=True)
class KnownAt:
    """What was known: facts up to a `position` of the feed, and recorded by a `moment`; None sets no limit."""

    position: int | None = None
    recorded_by: datetime | None = None

    @property
    def is_unlimited(self) -> bool:
        """There is no limit."""
        return self.position is None and self.recorded_by is None

    def includes(self, leaf: Leaf) -> bool:
        """Whether a fact was known."""
        return (self.position is None or leaf.position <= self.position) and (
            self.recorded_by is None or leaf.recorded_at <= self.recorded_by
        )


@attrs.frozen(kw_only=True)
class EventPrefix:
    """How much of an order is looked at: events up to `sequence`, recorded and having happened by the given moments.

    Within an order neither goes back: what one event is too late for, all later ones are too late for.
    """

    sequence: int | None = None
    recorded_by: datetime | None = None
    happened_by: datetime | None = None

    def includes_recorded(self, sequence: int, recorded_at: datetime) -> bool:
        """Whether an event with these was known."""
        return (self.sequence is None or sequence <= self.sequence) and (
            self.recorded_by is None or recorded_at <= self.recorded_by
        )

    def includes(self, sequence: int, recorded_at: datetime, happened_at: datetime) -> bool:
        """Whether an event with these was known, and what it tells had happened."""
        return self.includes_recorded(sequence, recorded_at) and (
            self.happened_by is None or happened_at <= self.happened_by
        )
