"""Positions of the feed on PostgreSQL: a sequence numbers facts, and locks say which of them are not committed yet."""

FEED_LOCK_CLASS = 1_936_684_132
"""The class (32 bits, chosen freely) of the advisory locks of transactions that write to the feed, on PostgreSQL."""
LAST_POSITION = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {fact_feed_position_seq}"
LOCK_FEED = f"SELECT pg_advisory_xact_lock_shared({FEED_LOCK_CLASS}, (({LAST_POSITION}) % 2147483648)::integer)"
ADVANCE_SEQUENCE = (
    "SELECT setval('{fact_feed_position_seq}', greatest(last_value, (SELECT max(position) FROM {fact_feed})))"
    " FROM {fact_feed_position_seq}"
)
"""Lets the sequence go on after the last position, for facts that came with positions of their own."""
