"""Where the parts of one model gather, for one window at a time, until the model is complete."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QLockFile

from bertviz_app.core.amounts import in_bytes
from bertviz_app.core.hub import HubError, HubName
from bertviz_app.core.model_cache import cache_folder, model_folder
from bertviz_app.storage.hub.listing import HubFile, Listing
from bertviz_app.storage.hub.part_file import PartFile

SPARE = 50_000_000
"""Bytes of the disk that a download leaves free."""

OTHER_CACHE = "or set BERTVIZ_CACHE to another folder"


class Staging:
    """The folder of parts of one model, of whatever commit: what stays the same is kept."""

    def __init__(self, name: HubName) -> None:
        self._folder = parts_folder() / name.repository.replace("/", "--")
        self._lock = QLockFile(str(self._folder.with_name(f"{self._folder.name}.lock")))
        # A lock ends with the process that holds it, however long that takes.
        self._lock.setStaleLockTime(0)

    def enter(self) -> bool:
        """Take the folder for this window; False while another one has it.

        Raises:
            OSError, HubError: nothing can be written there.
        """
        self._folder.parent.mkdir(parents=True, exist_ok=True)
        if self._lock.tryLock(0):
            self._folder.mkdir(exist_ok=True)
            return True
        if self._lock.error() is QLockFile.LockError.LockFailedError:
            return False
        raise HubError(f"{parts_folder()}: make it a folder that can be written to, {OTHER_CACHE}.")

    def leave(self) -> None:
        """Let others have the folder; what is of no use is taken away."""
        if not self._lock.isLocked():
            return
        with suppress(OSError):
            for part in self._folder.glob("*.part"):
                if part.stat().st_size == 0:
                    part.unlink()
            self._folder.rmdir()  # refused while something is in it
        self._lock.unlock()

    def discard(self) -> None:
        """Delete all that has come."""
        if self._lock.isLocked():
            shutil.rmtree(self._folder, ignore_errors=True)

    def part(self, file: HubFile) -> PartFile:
        """What is here of `file`."""
        return PartFile(self._folder, file)

    def here(self, listing: Listing) -> int:
        """How many bytes of `listing` have come already."""
        return sum(self._size(file) for file in listing.files)

    def make_sure_of_room(self, listing: Listing) -> None:
        """Raise HubError if the disk has no room for what is still to come."""
        needed = listing.total - self.here(listing)
        free = shutil.disk_usage(self._folder).free
        if needed + SPARE > free:
            raise HubError(
                f"{listing.name} needs {in_bytes(needed)} more, and the disk of {self._folder} has "
                f"{in_bytes(free)} free. Make room, {OTHER_CACHE}."
            )

    def place(self, listing: Listing) -> Path:
        """Make the folder of the model out of its complete parts; it appears all at once."""
        final = model_folder(listing.name, listing.commit)
        making = final.with_name(f".{final.name}")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(parents=True)
        try:
            self._move(listing, making)
            making.rename(final)
        except OSError:
            self._move_back(listing, making)
            raise
        shutil.rmtree(self._folder, ignore_errors=True)
        return final

    def _move(self, listing: Listing, making: Path) -> None:
        rest = [file.digest for file in listing.files]
        for file in listing.files:
            rest.remove(file.digest)
            part = self.part(file).path
            if file.digest in rest:  # another file has the same content, and the same part
                shutil.copyfile(part, making / file.name)
            else:
                part.replace(making / file.name)

    def _move_back(self, listing: Listing, making: Path) -> None:
        for file in listing.files:
            with suppress(OSError):
                (making / file.name).replace(self.part(file).path)

    def _size(self, file: HubFile) -> int:
        try:
            return min(self.part(file).path.stat().st_size, file.size)
        except OSError:
            return 0


def parts_folder() -> Path:
    """Where what is not complete yet stands."""
    return cache_folder() / "parts"


def begun() -> dict[str, int]:
    """The repositories of which some bytes are here, and how many; never raises."""
    found: dict[str, int] = {}
    try:
        for folder in parts_folder().iterdir():
            size = sum(part.stat().st_size for part in folder.glob("*.part"))
            if size:
                found[folder.name.replace("--", "/")] = size
    except OSError:
        return found
    return found
