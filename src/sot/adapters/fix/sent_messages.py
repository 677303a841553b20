"""The requests among the messages of a log, and the rejects (35=j, 35=3) that name one of them."""

from collections import OrderedDict
from typing import Any

import attrs

from sot.adapters.fix import vocabulary
from sot.adapters.fix.fields import read_name
from sot.adapters.fix.message import FixMessage
from sot.domain.orders.anomalies import DUPLICATE_ORDER
from sot.domain.values.vocabulary import Action

_LONGEST_MEMORY = 100_000


@attrs.frozen
class SentMessage:
    """A request that was sent.

    Attributes:
        message: The message.
        is_repeat: An earlier new order has the same client order id, so that a reject refuses the repeat alone.
    """

    message: FixMessage
    is_repeat: bool = False


class SentMessages:
    """The latest requests of every session, by their number; older ones are forgotten.

    Attributes:
        memory: How many messages are kept.
    """

    def __init__(self, memory: int = _LONGEST_MEMORY) -> None:
        self.memory = memory
        self._by_number: OrderedDict[tuple[str, str, str], SentMessage] = OrderedDict()
        self._new_orders: OrderedDict[tuple[str, str, str], str] = OrderedDict()

    def add(self, message: FixMessage) -> None:
        """Remember a message, if it is a request."""
        if message.type not in vocabulary.REQUESTS:
            return
        sender, target, number = (message.fields.get(tag, "") for tag in (49, 56, 34))
        is_repeat = False
        if message.type in vocabulary.NEW_ORDERS:
            order = (sender, target, message.fields.get(11, ""))
            is_repeat = self._new_orders.setdefault(order, number) != number
        self._by_number[sender, target, number] = SentMessage(message, is_repeat)
        self._by_number.move_to_end((sender, target, number))
        for memory in (self._by_number, self._new_orders):
            while len(memory) > self.memory:
                memory.popitem(last=False)

    def named_by(self, reject: FixMessage) -> SentMessage | None:
        """The request that a reject names by RefSeqNum (45); None if it is not known."""
        sender, target, number = (reject.fields.get(tag, "") for tag in (49, 56, 45))
        sent = self._by_number.get((target, sender, number)) if number else None
        if sent is None or reject.fields.get(372) not in (None, sent.message.type):
            return None
        return sent


def rejected_order(message: FixMessage, request: SentMessage | None) -> dict[str, Any] | None:
    """The type and the ids of the report that a reject of a request is; None if it names no order.

    BusinessRejectRefID (379) is the client order id of the request. RefSeqNum (45) is the number of its message, which
    tells nothing where the message is not known.

    Args:
        message: The reject.
        request: The message that its RefSeqNum names, if that is known.
    """
    request_type = message.text(372, "RefMsgType") or (request.message.type if request else "")
    client_order_id = message.text(379, "BusinessRejectRefID") or (request.message.fields.get(11) if request else None)
    action = vocabulary.REQUESTS.get(request_type)
    if action is None or not client_order_id:
        return None
    fields: dict[str, Any] = {
        "type": vocabulary.REJECTS[action],
        "client_order_id": read_name(message.label(379, "BusinessRejectRefID"), client_order_id),
    }
    if request is not None and request.message.fields.get(11) == client_order_id:
        if action is not Action.NEW:
            fields["orig_client_order_id"] = request.message.fields.get(41) or None
        elif request.is_repeat:
            fields["reason"] = DUPLICATE_ORDER
    return fields
