"""What was known at a point in time."""

from datetime import datetime

import attrs

from sot.domain.audit.checkpoint import Leaf


@attrs.frozen(kw_only=True)
class KnownAt:
    """The facts that were known at a point in time; None sets no limit.

    Attributes:
        position: Facts up to this position of the feed were known.
        recorded_by: Facts that were recorded at this time or before were known.
    """

    position: int | None = None
    recorded_by: datetime | None = None

    @property
    def is_unlimited(self) -> bool:
        """Whether there is no limit."""
        return self.position is None and self.recorded_by is None

    def includes(self, leaf: Leaf) -> bool:
        """Whether a fact was known.

        Rules: PAST-2.
        """
        return (self.position is None or leaf.position <= self.position) and (
            self.recorded_by is None or leaf.recorded_at <= self.recorded_by
        )


@attrs.frozen(kw_only=True)
class EventPrefix:
    """The first events of an order up to a point in time; None sets no limit.

    Within an order, the limits cut off a prefix: if an event is too late, all later events are.

    Attributes:
        sequence: Events up to this sequence.
        recorded_by: Events that were recorded at this time or before.
        happened_by: Events that happened at this time or before, and so did all events before them.

    Rules: PAST-3.
    """

    sequence: int | None = None
    recorded_by: datetime | None = None
    happened_by: datetime | None = None

    def includes_recorded(self, sequence: int, recorded_at: datetime) -> bool:
        """Whether an event was known."""
        return (self.sequence is None or sequence <= self.sequence) and (
            self.recorded_by is None or recorded_at <= self.recorded_by
        )

    def includes(self, sequence: int, recorded_at: datetime, happened_at: datetime) -> bool:
        """Whether an event was known and had happened. `happened_at` is the latest time of the events up to it."""
        return self.includes_recorded(sequence, recorded_at) and (
            self.happened_by is None or happened_at <= self.happened_by
        )
