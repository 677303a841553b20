"""What the executor needs of a venue."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol

from sot.domain.intent import OrderRequest
from sot.domain.report import VenueReport


class Venue(Protocol):
    """A venue that orders can be sent to."""

    name: str

    @abstractmethod
    def submit(self, request: OrderRequest) -> Sequence[VenueReport]:
        """Send a new order under `request.client_order_id` and return what the venue answered, in order.

        Raises: VenueRefused: it said no. VenueNotReached: known for sure, nothing was sent.
        Anything else that is raised means that the outcome is unknown.
        """
        raise NotImplementedError
