"""The installation: whether the files that come with the program are as they were released."""

from __future__ import annotations

import hashlib
from pathlib import Path

SUMS = "SHA256SUMS"
"""The file beside them that lists them, as `sha256sum` writes it."""


def check_installation(folder: Path) -> str:
    """Read every file that was released in `folder`, and say in words what is wrong, if anything.

    Takes some tenths of a second; raises nothing.
    """
    try:
        lines = (folder / SUMS).read_text("ascii").splitlines()
        released = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
        if not released:
            raise ValueError("it is empty")
    except (OSError, ValueError) as error:
        return f"{SUMS} could not be read ({error}). Install the program again."
    wrong = [name for name, digest in released.items() if digest_of(folder / name) != digest]
    if wrong:
        return f"not as released: {', '.join(wrong)}. Install the program again."
    return f"all {len(released)} files are as released"


def digest_of(path: Path) -> str:
    """The SHA-256 of a file in hexadecimal digits; empty if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
