"""The start of an order's chain of events: the digest of its request, context and risk checks."""

from collections.abc import Sequence

from sot.domain.values.canonical import digest

NO_INTENT = "0" * 64


def intent_digest(request: str, context: str | None, risk_checks: Sequence[str]) -> str:
    """The start of an order's chain: over the digests of its request, context and risk checks, in their order."""
    parts = [] if context is None else [f'"context":"{context}"']
    parts.append(f'"request":"{request}"')
    parts.append('"risk_checks":[' + ",".join(f'"{check}"' for check in risk_checks) + "]")
    return digest("intent", "{" + ",".join(parts) + "}")
