"""The start of an order's chain of events: the digest of its intent."""

from collections.abc import Sequence

from sot.domain.values.canonical import digest

NO_INTENT = "0" * 64
"""The start of the chain of an order without a request."""


def intent_digest(request: str, context: str | None, risk_checks: Sequence[str]) -> str:
    """Compute the start of an order's chain.

    Args:
        request: The digest of the request.
        context: The digest of its context, if it has one.
        risk_checks: The digests of its risk checks, in their order.
    """
    parts = [] if context is None else [f'"context":"{context}"']
    parts.append(f'"request":"{request}"')
    parts.append('"risk_checks":[' + ",".join(f'"{check}"' for check in risk_checks) + "]")
    return digest("intent", "{" + ",".join(parts) + "}")
