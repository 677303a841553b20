"""The files that a browser loads beside a page: read and compressed at the start, and cached by browsers for good."""

import gzip
from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

import attrs

from sot.adapters.http.http_message import HttpMessage

CACHE_FOR_GOOD = "public, max-age=31536000, immutable"
STATIC_PATH = "/static/{digest}/{file}"
_DIGEST_DIGITS = 16
_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@attrs.frozen(kw_only=True)
class StaticFile:
    """A file; `digest` is in its address, so that another version has another address."""

    name: str
    digest: str
    media_type: str
    data: bytes
    compressed: bytes


def load_static_files() -> Mapping[str, StaticFile]:
    """Read the files that a browser may load, by their names."""
    folder = files("sot.adapters.http.page") / "static"
    found = [path for place in (folder, folder / "vendor") for path in place.iterdir() if path.is_file()]
    return {path.name: _load(path) for path in found if _suffix(path) in _MEDIA_TYPES}


def _suffix(path: Traversable) -> str:
    return path.name[path.name.rfind(".") :]


def _load(path: Traversable) -> StaticFile:
    data = path.read_bytes()
    return StaticFile(
        name=path.name,
        digest=sha256(data).hexdigest()[:_DIGEST_DIGITS],
        media_type=_MEDIA_TYPES[_suffix(path)],
        data=data,
        compressed=gzip.compress(data, mtime=0),
    )


def accepts_gzip(message: HttpMessage) -> bool:
    """Whether a client takes a compressed response (RFC 9110, section 12.5.3)."""
    codings = message.headers.get(b"accept-encoding", b"").lower().split(b",")
    return any(coding.replace(b" ", b"") in (b"gzip", b"gzip;q=1", b"gzip;q=1.0") for coding in codings)
