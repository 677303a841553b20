"""FIX messages as venue reports and as intents (extra `fix`), from a session, a drop copy or a log.

`FixLog` finds the messages in the lines of a log, `FixDecoder` converts a message to a report or to a request that was
sent, `record_request` records the latter, and `resolve_multiday_order` finds the order of a report whose ids are unique
within a day only.

What always holds:

1. Lengths and checksums are checked, unless the caller says otherwise; a message that was cut or changed is refused.
2. A quantity, a price or an id that cannot be read exactly is refused, with its tag and its message. Another figure is
   left out, with the reason (`VenueReport.left_out`).
3. A quantity in another currency than the instrument's base is converted exactly, or does not count.
4. A code without a standard term is left out or kept as text (`vocabulary`), never guessed.
5. The whole message is kept as the raw payload.
"""

from sot.adapters.fix.decoder import FixDecoder
from sot.adapters.fix.log import FixLog
from sot.adapters.fix.message import FixMessage, read_message
from sot.adapters.fix.multiday_orders import resolve_multiday_order
from sot.adapters.fix.sent_messages import SentMessages
from sot.adapters.fix.sent_requests import RecordedSentRequest, SentRequest, record_request

__all__ = [
    "FixDecoder",
    "FixLog",
    "FixMessage",
    "RecordedSentRequest",
    "SentMessages",
    "SentRequest",
    "read_message",
    "record_request",
    "resolve_multiday_order",
]
