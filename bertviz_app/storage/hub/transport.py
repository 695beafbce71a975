"""The bytes of one file, as they come over Qt's network: ranged, and stopped at once."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from time import monotonic

from PySide6.QtCore import QEventLoop, QTimer, QUrl
from PySide6.QtNetwork import QNetworkAccessManager, QNetworkReply, QNetworkRequest

from bertviz_app.storage.hub.failures import broken_line, lost, refused, web_page

TICK = 100
"""Milliseconds between two looks at whether to stop."""

SILENCE = 60.0
"""Seconds without a byte after which a connection is taken to be dead."""

_CHUNK = 1 << 18
_BUFFER = 1 << 23
_PARTIAL = 206


class StoppedError(Exception):
    """The person does not want it any more."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some bytes of a file.

    Attributes:
        start: where in the file they belong.
        data: the bytes; empty if only time has passed.
        silent: seconds since the last byte.
    """

    start: int
    data: bytes = b""
    silent: float = 0.0


class Transport:
    """Gets files one after another; made, used and let go on one thread.

    As Qt does by itself, the system's proxies are used and redirections are followed. Certificates
    are never overlooked, and nothing is sent that says who asks.
    """

    def __init__(self, stopped: Callable[[], bool]) -> None:
        self._stopped = stopped
        self._manager = QNetworkAccessManager()

    def get(self, address: str, what: str, start: int = 0) -> Generator[Chunk]:
        """The file at `address` from byte `start` on; from 0 if the server will not do so.

        Between bytes an empty piece comes every `TICK`. `what` is the file in sentences.

        Raises:
            StoppedError: at the next tick after `stopped` says so.
            HubError: it was refused, or the connection was lost.
        """
        reply = self._ask(QUrl(address), start)
        try:
            yield from self._pieces(reply, what, start)
        finally:
            let_go(reply)

    def _ask(self, address: QUrl, start: int) -> QNetworkReply:
        request = QNetworkRequest(address)
        # Unpacked bytes could not be counted from where the last ones ended.
        request.setRawHeader(b"Accept-Encoding", b"identity")
        request.setRawHeader(b"User-Agent", b"bertviz-app")
        if start:
            request.setRawHeader(b"Range", f"bytes={start}-".encode())
        reply = self._manager.get(request)
        reply.setReadBufferSize(_BUFFER)
        return reply

    def _pieces(self, reply: QNetworkReply, what: str, start: int) -> Generator[Chunk]:
        loop, tick = QEventLoop(), QTimer()
        for woken in (reply.readyRead, reply.finished, tick.timeout):
            woken.connect(loop.quit)
        tick.start(TICK)
        heard, begun = monotonic(), False
        try:
            while True:
                if self._stopped():
                    raise StoppedError
                if not begun and reply.bytesAvailable():
                    begun, start = True, _begin(reply, what, start)
                data = bytes(reply.read(_CHUNK).data())
                if data:
                    heard = monotonic()
                    yield Chunk(start, data)
                    start += len(data)
                elif reply.isFinished():
                    _end(reply, what)
                    return
                elif monotonic() - heard > SILENCE:
                    raise lost(f"{what}: nothing came for {SILENCE:.0f} s")
                else:
                    yield Chunk(start, silent=monotonic() - heard)
                    loop.exec()
        finally:
            tick.stop()


def let_go(reply: QNetworkReply) -> None:
    """Want no more of an answer, wherever it is."""
    # A reply that has failed is a moment later finished; to abort it in between is a second error,
    # of which Qt warns.
    if reply.error() is QNetworkReply.NetworkError.NoError:
        reply.abort()
    reply.deleteLater()


def _begin(reply: QNetworkReply, what: str, start: int) -> int:
    """Where the first byte of the answer belongs."""
    status = _status(reply)
    if status >= 400:
        raise _refused(reply, what, status)
    kind = reply.header(QNetworkRequest.KnownHeaders.ContentTypeHeader)
    if str(kind or "").startswith("text/html"):
        raise web_page(what)
    return start if status == _PARTIAL else 0


def _end(reply: QNetworkReply, what: str) -> None:
    """Raise what went wrong, if anything did."""
    status = _status(reply)
    if status >= 400:
        raise _refused(reply, what, status)
    if reply.error() is not QNetworkReply.NetworkError.NoError:
        raise broken_line(reply)


def _refused(reply: QNetworkReply, what: str, status: int) -> Exception:
    code, later = (reply.rawHeader(name).toStdString() for name in ("X-Error-Code", "Retry-After"))
    return refused(what, status, code, later)


def _status(reply: QNetworkReply) -> int:
    value = reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute)
    return value if isinstance(value, int) else 0
