"""Files that a view has written: sent piece by piece, and closed at the end, however that comes."""

from collections.abc import Iterator, Mapping
from typing import BinaryIO
from urllib.parse import quote

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from sot.adapters.http.page.page_route import Download

_PIECE_BYTES = 1 << 16


class _FileResponse(StreamingResponse):
    """A response that closes its file."""

    def __init__(self, file: BinaryIO, headers: Mapping[str, str], media_type: str) -> None:
        super().__init__(_pieces(file), headers=dict(headers), media_type=media_type)
        self._file = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._file.close()


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(_PIECE_BYTES):
        yield piece


def download_response(download: Download, headers: Mapping[str, str]) -> StreamingResponse:
    """Return the response that sends a file to be saved, never to be shown."""
    disposition = f"attachment; filename*=UTF-8''{quote(download.name, safe='')}"
    return _FileResponse(download.file, {**headers, "Content-Disposition": disposition}, download.media_type)
