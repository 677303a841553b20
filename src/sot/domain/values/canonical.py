r"""Digests of facts over their canonical form.

The canonical form of a fact is a JSON object: keys sorted by code point, no white space, UTF-8, only `"`, `\` and
control characters escaped (as in RFC 8785), absent fields left out, amounts and times as canonical text, documents as
their canonical text inside a string. Its digest is the SHA-256 of `sot/<kind>/<version>`, a zero byte and the canonical
form, in lower-case hexadecimal. The specification is docs/reference/canonical-bytes.md.
"""

import json
from hashlib import sha256
from typing import Any

VERSION = "1"

_raw_decode = json.JSONDecoder().raw_decode


def read_canonical(text: str) -> Any:
    """Read the JSON value of a canonical form that `sot` wrote. White space and trailing text are not checked for.

    Raises:
        ValueError: The text is damaged.
    """
    return _raw_decode(text)[0]


def digest(kind: str, text: str) -> str:
    """Compute the digest of a canonical form.

    Args:
        kind: The kind of fact. Equal texts of different kinds have different digests.
        text: The canonical form.
    """
    return sha256(f"sot/{kind}/{VERSION}\0{text}".encode()).hexdigest()
