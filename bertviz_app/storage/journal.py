"""The journal: what stands in the window, kept on disk so that nothing typed is ever lost.

Each running window keeps a journal of its own, locked by its process, and takes over the newest
one that no running window holds; one left behind by a crash comes first.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLockFile

from bertviz_app.core.saved_session import SavedSession
from bertviz_app.storage.atomic import read_regular, set_aside, write_whole
from bertviz_app.storage.fields import Fields, flag, optional, text, whole
from bertviz_app.storage.session_fields import NAME_LIMIT
from bertviz_app.storage.session_file import SIZE_LIMIT, SessionRead, encode_session, parse_session

log = logging.getLogger(__name__)

JOURNALS = 20
"""Windows that keep journals at a time; a further one keeps none."""

MOST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Page:
    """What one window showed.

    Attributes:
        session: all of it.
        file: the session file that was open, and `digest` its content when it was read or written.
        unsaved: the session is not what that file holds.
        spared: why that file is not overwritten unasked, or empty.
        ended: the window was closed in order.
        starts: how often in a row a window began with this page and did not get to an answer.
    """

    session: SavedSession
    file: Path | None = None
    digest: str = ""
    unsaved: bool = False
    spared: str = ""
    ended: bool = False
    starts: int = 0


class Journal:
    """One file that only this process writes, until it is let go.

    Attributes:
        last: what the window before this one left in it, or None.
        problem: a sentence if that could not be read, or not all of it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.last: Page | None = None
        self.problem = ""
        self.order = 0
        self._lock = QLockFile(str(path.with_suffix(".lock")))
        self._lock.setStaleLockTime(0)  # however old it is: as long as its process runs

    def hold(self) -> bool:
        """Take the journal for this process and read it; False if another window has it."""
        if self._lock.tryLock(0):
            self._read()
            return True
        with suppress(OSError):
            found = parse_session(read_regular(self.path, SIZE_LIMIT))
            self.order = _order(found) if found is not None else 0
        return False

    def let_go(self) -> None:
        """Leave the journal to the next window."""
        self._lock.unlock()

    def write(self, page: Page) -> str:
        """Keep a page instead of the last; returns what went wrong, or an empty text."""
        return write_whole(self.path, self._encoded(page))

    def _encoded(self, page: Page) -> bytes:
        kept = {
            "order": self.order,
            "file": None if page.file is None else str(page.file),
            "digest": page.digest,
            "unsaved": page.unsaved,
            "spared": page.spared,
            "ended": page.ended,
            "starts": page.starts,
        }
        return encode_session(page.session, {"journal": kept}, indent=None)

    def _read(self) -> None:
        try:
            found = parse_session(read_regular(self.path, SIZE_LIMIT))
        except FileNotFoundError:
            return
        except OSError as error:
            log.warning("%s could not be read: %s", self.path, error)
            found = None
        if found is None or not found.found:
            kept = set_aside(self.path)
            where = f" It was kept as {kept.name}." if kept is not None else ""
            self.problem = f"{self.path.name} was damaged.{where}"
        if found is None:
            return
        fields = Fields(found.found).table("journal")
        self.order = _order(found)
        file = fields.read("file", optional(text(NAME_LIMIT)), None)
        self.last = Page(
            session=found.session,
            file=Path(file) if file and "\0" not in file else None,
            digest=fields.read("digest", text(NAME_LIMIT), ""),
            unsaved=fields.read("unsaved", flag, False),
            spared=fields.read("spared", text(NAME_LIMIT), ""),
            ended=fields.read("ended", flag, False),
            starts=fields.read("starts", whole(0, MOST), 0),
        )


def open_journal(folder: Path) -> Journal | None:
    """The journal for a window that opens now; None if there is none to be had.

    Its order is above that of all others, so that what is written last is found first.
    """
    journals = [Journal(folder / f"journal-{number + 1}.json") for number in range(JOURNALS)]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written = [journal for journal in journals if journal.path.exists()]
    except OSError as error:
        log.warning("No journal in %s: %s", folder, error)
        return None
    held = [journal for journal in written if journal.hold()]
    unused = (journal for journal in journals if journal not in written and journal.hold())
    chosen = max(held, key=_precedence) if held else next(unused, None)
    if chosen is None:
        return None
    chosen.order = max(journal.order for journal in (chosen, *written)) + 1
    for journal in held:
        if journal is not chosen:
            journal.let_go()
    return chosen


def _order(found: SessionRead) -> int:
    return Fields(found.found).table("journal").read("order", whole(0, MOST), 0)


def _precedence(journal: Journal) -> tuple[bool, bool, int]:
    page = journal.last
    return page is not None, page is not None and not page.ended, journal.order
