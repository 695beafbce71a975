"""A download in words: a sentence for its sheet, a few for the status line, what can be done."""

from __future__ import annotations

from collections.abc import Callable

from bertviz_app.core.amounts import in_bytes, in_time
from bertviz_app.core.download import Download, Stage
from bertviz_app.core.hub import hub_host
from bertviz_app.ui import numbers

RESUME, RETRY, CANCEL = "model.resume", "model.retry_download", "model.cancel_download"
"""The actions about a download: to go on with what is here, to ask once more, to give it up."""

SILENT_FROM = 3.0
"""Seconds without a byte after which that is said."""


def said(download: Download) -> str:
    """A sentence on where a download stands."""
    if download.stage is Stage.FAILED:
        return _failure(download)
    return f"{download.name}: {_WORDS[download.stage](download)}"


def said_briefly(download: Download) -> str:
    """What the status line says while one is under way; else empty."""
    if not download.runs:
        return ""
    parts = [str(download.name)]
    if download.total:
        parts.append(numbers.percent(download.fraction))
    if download.stage is Stage.RETRYING:
        parts.append("trying again")
    elif download.stage is Stage.WAITING:
        parts.append("waiting")
    elif download.left is not None and download.silent < SILENT_FROM:
        parts.append(f"{in_time(download.left)} left")
    return f"↓ {' · '.join(parts)}"


def act_about(download: Download) -> tuple[str, str]:
    """What can be done about a download: the name of the action, and what its button says."""
    if download.runs:
        return CANCEL, "Cancel"
    if download.stage is Stage.LARGE:
        return RESUME, "Download"
    if download.stage is Stage.FAILED:
        return (RESUME, "Go on") if download.begun else (RETRY, "Try again")
    return "", ""


def _amount(download: Download) -> str:
    files = numbers.counted(download.files, "file")
    licence = f", licence {download.licence}" if download.licence else ""
    return f"{in_bytes(download.total)} in {files}{licence}"


def _progress(download: Download) -> str:
    parts = [f"{numbers.percent(download.fraction)} of {_amount(download)}"]
    if download.silent >= SILENT_FROM:
        parts.append(f"nothing has come for {in_time(download.silent)}")
    elif download.rate:
        parts.append(f"{in_bytes(download.rate)}/s")
        parts.append(f"{in_time(download.left or 0)} left")
    return "; ".join(parts)


def _retry(download: Download) -> str:
    at = f"at {numbers.percent(download.fraction)}. " if download.done else ""
    why = download.fault.sentence if download.fault is not None else ""
    tries = f"{download.tries} of {download.most_tries}"
    return f"{at}{why} Trying again in {in_time(download.wait)} ({tries})."


def _failure(download: Download) -> str:
    why = download.fault.sentence if download.fault is not None else ""
    if not why.startswith(str(download.name)):
        why = f"{download.name}: {why}"
    return f"{why} {in_bytes(download.done)} are kept." if download.done else why


_WORDS: dict[Stage, Callable[[Download], str]] = {
    Stage.ASKING: lambda _: f"asking {hub_host()} what it consists of …",
    Stage.LARGE: lambda download: f"{_amount(download)}. Download that much?",
    Stage.WAITING: lambda _: "waiting for another window, which downloads the same.",
    Stage.FETCHING: _progress,
    Stage.RETRYING: _retry,
    Stage.PLACING: lambda _: "all is here, and is put in its place.",
    Stage.DONE: lambda download: f"complete, {_amount(download)}.",
    Stage.CANCELLED: lambda _: "cancelled; what had come was deleted.",
}
