"""A file that is written whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """What to write into; it stands in the place of `path` when the block has ended well.

    A link is followed, and who may read and write the file stays as it was. Until then, and if
    anything fails, what was there is untouched.

    Raises:
        OSError: it could not be written.
    """
    target = Path(os.path.realpath(path))
    partial = target.with_name(f".{target.name[:100]}.{os.getpid()}.part")
    partial.unlink(missing_ok=True)  # of a process that was killed and had the same number
    try:
        with partial.open("xb") as file:
            with suppress(OSError):
                shutil.copymode(target, partial)
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, target)
    except BaseException:
        with suppress(OSError):
            partial.unlink()
        raise
