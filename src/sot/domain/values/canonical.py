r"""Digests of facts over their canonical form.

The canonical form of a fact is a JSON object: keys sorted by code point, no white space, UTF-8, only `"`, `\` and
control characters escaped (as RFC 8785 does), absent fields left out, amounts and times as canonical text, documents as
their canonical text inside a string. Its digest is SHA-256 over the domain `sot/<kind>/<version>`, a zero byte and the
canonical form, in lower-case hexadecimal. docs/reference/canonical-bytes.md is the specification.
"""

import json
from hashlib import sha256
from typing import Any

VERSION = "1"


_raw_decode = json.JSONDecoder().raw_decode


def read_canonical(text: str) -> Any:
    """The JSON value of a canonical form that we wrote: no white space is looked for, and nothing behind it.

    Raises: ValueError: it was damaged.
    """
    return _raw_decode(text)[0]


def digest(kind: str, text: str) -> str:
    """The digest of a fact's canonical form; `kind` separates the domains."""
    return sha256(f"sot/{kind}/{VERSION}\0{text}".encode()).hexdigest()
