"""Which results a query includes."""

from datetime import UTC, date, datetime, tzinfo

import attrs


@attrs.frozen(kw_only=True)
class ResultFilter:
    """What a query includes. `since` (included) and `before` (excluded) limit when it happened; None sets no limit.

    `time_zone` is the zone of days.
    """

    account_id: str
    venue: str | None = None
    symbol: str | None = None
    strategy_code: str | None = None
    venue_account: str | None = None
    since: datetime | None = None
    before: datetime | None = None
    time_zone: tzinfo = UTC

    def includes(self, at: datetime) -> bool:
        """Whether a time is in the interval."""
        return (self.since is None or at >= self.since) and (self.before is None or at < self.before)

    def day_of(self, at: datetime) -> date:
        """The day of a time in the time zone."""
        try:
            return at.astimezone(self.time_zone).date()
        except OverflowError:  # before the first day, or after the last one, that there is
            return at.date()
