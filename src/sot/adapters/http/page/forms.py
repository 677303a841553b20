"""The fields of a form that was sent."""

from collections.abc import Collection, Mapping
from urllib.parse import parse_qsl

from sot.adapters.http.http_errors import MalformedBody, UnsupportedMediaType

_FORM = b"application/x-www-form-urlencoded"


def read_form(data: bytes, content_type: bytes, known: Collection[str]) -> Mapping[str, str]:
    """Return the fields of a form by name.

    Raises:
        UnsupportedMediaType: It is no form as a browser sends it.
        MalformedBody: It is not percent-encoded UTF-8, or has an unknown or repeated field.
    """
    if content_type.partition(b";")[0].strip().lower() != _FORM:
        raise UnsupportedMediaType("Send the form of the page.")
    try:
        pairs = parse_qsl(data.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=len(known))
    except ValueError:
        raise MalformedBody("The form is malformed.") from None
    fields = dict(pairs)
    if len(fields) < len(pairs) or not fields.keys() <= set(known):
        raise MalformedBody("The form has unknown or repeated fields.")
    return fields
