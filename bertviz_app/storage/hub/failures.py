"""What can go wrong between here and the hub, in words, and whether another try may succeed."""

from __future__ import annotations

from PySide6.QtNetwork import QNetworkReply

from bertviz_app.core.hub import HubError, hub_host, meant

SOON = 1.0
"""Seconds before another try after a lost connection; each further one waits twice as long."""

LONGEST_WAIT = 300.0
USUAL_WAIT = 30.0


def refused(what: str, status: int, code: str = "", retry_after: str = "") -> HubError:
    """The answer of HTTP `status` to a wish for `what`; `code` is the hub's own word for it."""
    detail = f"HTTP {status} {code}".strip()
    if code == "GatedRepo":
        sentence = (
            f"{what} is given only to people who have accepted its terms: download it in a "
            "browser, and open the folder."
        )
        return HubError(sentence, detail)
    if status in (401, 404):
        hint = f" Do you mean {meant(what)}?" if meant(what) else ""
        return HubError(f"{what}: {hub_host()} has no such public model or version.{hint}", detail)
    if status == 403:
        return HubError(f"{hub_host()} does not give out {what}.", detail)
    if status == 429:
        wait = min(float(retry_after) if retry_after.isdecimal() else USUAL_WAIT, LONGEST_WAIT)
        return HubError(
            f"{hub_host()} has too much to do and asks for patience.", detail, wait=wait
        )
    if status >= 500 or status == 408:
        return HubError(f"{hub_host()} is in trouble (HTTP {status}).", detail, wait=SOON)
    return HubError(f"{hub_host()} refused {what} (HTTP {status}).", detail)


def not_answered(detail: str) -> HubError:
    """Nothing came back at all, or nothing that can be trusted."""
    if "certificate" in detail.casefold():
        return _unsafe(detail)
    sentence = f"There is no connection to {hub_host()}. What was downloaded before opens without."
    return HubError(sentence, detail)


def lost(detail: str) -> HubError:
    """The connection ended before the file did."""
    return HubError(f"The connection to {hub_host()} was lost.", detail, wait=SOON)


def web_page(what: str) -> HubError:
    """HTML came back where a file was asked for."""
    sentence = (
        f"A web page came back instead of {what}. It may be a page of your network, to log in to: "
        "open it in a browser, then try again."
    )
    return HubError(sentence)


def broken_line(reply: QNetworkReply) -> HubError:
    """What Qt says of a connection that failed below HTTP."""
    kind = QNetworkReply.NetworkError
    detail = f"{reply.error().name}: {reply.errorString()}"
    if reply.error() is kind.SslHandshakeFailedError:
        return _unsafe(detail)
    if "Proxy" in reply.error().name:
        return HubError(f"The proxy did not lead to {hub_host()}: see your proxy settings.", detail)
    return lost(detail)


def _unsafe(detail: str) -> HubError:
    sentence = (
        f"The connection to {hub_host()} is not safe: its certificate is not trusted here. Your "
        "network may look into it; nothing was downloaded."
    )
    return HubError(sentence, detail)
