"""FIX messages as venue reports (extra `fix`), from a session, a drop copy or a log.

`FixLog` finds the messages in the lines of a log, `FixDecoder` converts a message to a report, and
`resolve_multiday_order` finds the order of a report whose ids are unique within a day only.

What always holds:

1. Lengths and checksums are checked; a message that was cut or changed is refused.
2. A field that cannot be read exactly is refused, with its tag and its message.
3. A code without a standard term is left out or kept as text (`vocabulary`), never guessed.
4. The whole message is kept as the raw payload of the report.
"""

from sot.adapters.fix.decoder import FixDecoder
from sot.adapters.fix.log import FixLog
from sot.adapters.fix.message import FixMessage, read_message
from sot.adapters.fix.multiday_orders import resolve_multiday_order

__all__ = ["FixDecoder", "FixLog", "FixMessage", "read_message", "resolve_multiday_order"]
