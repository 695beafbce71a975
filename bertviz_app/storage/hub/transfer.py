"""One download from the first question to the finished folder; runs on a thread of its own."""

from __future__ import annotations

import errno
import threading
import traceback
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from time import monotonic
from typing import Any, TypeVar

from bertviz_app.core.download import Download, Stage
from bertviz_app.core.errors import Fault
from bertviz_app.core.hub import HubError, HubName, hub_address
from bertviz_app.core.model_cache import cache_folder, model_folder
from bertviz_app.storage.hub.failures import LONGEST_WAIT
from bertviz_app.storage.hub.listing import HubFile, Listing, ask_hub
from bertviz_app.storage.hub.part_file import PartFile
from bertviz_app.storage.hub.speed import Speed
from bertviz_app.storage.hub.staging import OTHER_CACHE, Staging
from bertviz_app.storage.hub.transport import StoppedError, Transport

LARGE = 1_000_000_000
"""Bytes from which on a person is asked first."""

MOST_TRIES = 5
"""Tries in a row, without one byte in between, before a download gives up."""

TELL_EVERY = 0.2
LOOK_EVERY = 0.25
"""Seconds between two reports, and between two looks at a lock."""

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class _Pull:
    """A file to get: its address, its part, and the bytes of the files before it."""

    address: str
    file: HubFile
    part: PartFile
    before: int


class Transfer:
    """What the thread does.

    `tell` hears of every change of stage and of progress, `TELL_EVERY` at most. With `large` no
    size is too much.
    """

    def __init__(self, name: HubName, tell: Callable[[Download], None], *, large: bool) -> None:
        self._now = Download(name, Stage.ASKING, most_tries=MOST_TRIES)
        self._tell = tell
        self._large = large
        self._stop = threading.Event()
        self._keep = True
        self._furthest = 0
        self._speed = Speed()
        self._told = 0.0

    def stop(self, *, keep: bool) -> None:
        """End soon, from any thread; what has come is kept for another time, or deleted."""
        self._keep = keep
        self._stop.set()

    def run(self) -> None:
        """Download, and say how it ended. Never raises."""
        staging = Staging(self._now.name)
        try:
            end = self._download(staging)
        except StoppedError:
            if not self._keep:
                staging.discard()
            end = self._at(Stage.CANCELLED)
        except HubError as error:
            end = self._at(Stage.FAILED, fault=Fault(error.sentence, error.detail))
        except OSError as error:
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            if full:
                staging.discard()
            fault = Fault(_disk_words(error, full=full), traceback.format_exc())
            end = self._at(Stage.FAILED, fault=fault)
        except Exception as error:  # a thread that ends in silence leaves the window waiting
            sentence = f"{self._now.name}: {type(error).__name__}: {error}"
            end = self._at(Stage.FAILED, fault=Fault(sentence, traceback.format_exc()))
        # Whoever hears of the end may begin again at once.
        staging.leave()
        self._tell(end)

    def _download(self, staging: Staging) -> Download:
        """How it ends if nothing goes wrong."""
        self._say(Stage.ASKING)
        listing = self._patiently(lambda: ask_hub(self._now.name))
        self._now = replace(
            self._now, total=listing.total, files=len(listing.files), licence=listing.licence
        )
        self._wait_for(staging)
        final = model_folder(listing.name, listing.commit)
        if final.is_dir():
            return self._at(Stage.DONE, done=listing.total, folder=final)
        if listing.total > LARGE and not self._large:
            return self._at(Stage.LARGE, done=staging.here(listing))
        staging.make_sure_of_room(listing)
        self._fetch(staging, listing)
        self._say(Stage.PLACING, done=listing.total)
        return self._at(Stage.DONE, folder=staging.place(listing))

    def _wait_for(self, staging: Staging) -> None:
        """Wait for another window that downloads the same."""
        while not staging.enter():
            self._say(Stage.WAITING)
            self._pause(LOOK_EVERY)

    def _fetch(self, staging: Staging, listing: Listing) -> None:
        transport = Transport(self._stop.is_set)
        base = f"{hub_address()}/{listing.name.repository}/resolve/{listing.commit}"
        before = 0
        self._say(Stage.FETCHING, done=staging.here(listing))
        for file in listing.files:
            with staging.part(file) as part:
                for _ in part.take_up():
                    self._pause(0)
                pull = _Pull(f"{base}/{file.name}", file, part, before)
                self._patiently(partial(self._pull, transport, pull))
            before += file.size

    def _pull(self, transport: Transport, pull: _Pull) -> None:
        """Get what is missing of one file, and check all of it."""
        part = pull.part
        if not part.complete:
            with closing(transport.get(pull.address, pull.file.name, part.size)) as pieces:
                for piece in pieces:
                    part.write_at(piece.start, piece.data)
                    self._progress(pull.before + part.size, piece.silent)
        part.check()

    def _patiently(self, attempt: Callable[[], A]) -> A:
        """Try again what may succeed; the count begins anew when it has got further."""
        tries, furthest = 0, self._furthest
        while True:
            try:
                return attempt()
            except HubError as error:
                tries = tries + 1 if self._furthest == furthest else 1
                furthest = self._furthest
                if error.wait is None or tries > MOST_TRIES:
                    raise
                wait = min(error.wait * 2 ** (tries - 1), LONGEST_WAIT)
                self._say(
                    Stage.RETRYING,
                    tries=tries,
                    wait=wait,
                    fault=Fault(error.sentence, error.detail),
                )
                self._pause(wait)

    def _pause(self, seconds: float) -> None:
        if self._stop.wait(seconds):
            raise StoppedError

    def _progress(self, done: int, silent: float) -> None:
        now, self._furthest = monotonic(), max(done, self._furthest)
        if now - self._told >= TELL_EVERY:
            self._speed.see(now, done)
            self._say(Stage.FETCHING, done=done, rate=self._speed.rate, silent=silent)

    def _say(self, stage: Stage, **news: Any) -> None:
        self._told = monotonic()
        self._tell(self._at(stage, **news))

    def _at(self, stage: Stage, **news: Any) -> Download:
        """What is to be said at this stage; the amounts stay, all else is of the moment."""
        usual = {"tries": 0, "wait": 0.0, "silent": 0.0, "fault": None}
        self._now = replace(self._now, stage=stage, **usual | news)
        return self._now


def _disk_words(error: OSError, *, full: bool) -> str:
    advice = "Make room" if full else "Make it a folder that can be written to"
    return f"{error.filename or cache_folder()}: {error.strerror}. {advice}, {OTHER_CACHE}."
