"""Text files become sentences: one paragraph a line, UTF-8, plain or packed with xz."""

from __future__ import annotations

import lzma
import re
from collections.abc import Iterator
from pathlib import Path

from bertviz_app.bert.files import label, printable
from bertviz_app.training.errors import TrainingError

# A sentence ends at a full stop and what closes behind it, if what follows begins like one.
_END = re.compile(r"[.!?…][\"”’')\]]*(\s+)(?=[\"“‘'(\[]*[A-Z0-9])")
# Not at an initial or a title.
_ABBREVIATED = re.compile(
    r"\b(?:[A-Z]|Mr|Mrs|Ms|Dr|St|Prof|Mt|Gen|Col|Capt|Lt|Rev|Hon|Fig|No|vs)\.$"
)


def paragraphs(path: Path) -> Iterator[str]:
    """The lines of a text that hold anything.

    Raises:
        TrainingError: the file cannot be read, is not UTF-8 text, or its packing is damaged.
    """
    try:
        with lzma.open(path) if path.suffix == ".xz" else path.open("rb") as file:
            for number, line in enumerate(file, 1):
                try:
                    text = line.decode("utf-8-sig").strip()
                except UnicodeDecodeError as error:
                    raise TrainingError(f"{label(path)}: line {number} is no UTF-8.") from error
                if text:
                    yield text
    except (lzma.LZMAError, EOFError) as error:
        raise TrainingError(f"{label(path)}: damaged, or not packed with xz.") from error
    except OSError as error:
        reason = printable(error.strerror or str(error))
        raise TrainingError(f"{label(path)}: could not be read ({reason}).") from error


def sentences(paragraph: str) -> Iterator[str]:
    """The sentences of a paragraph, in order; together they are all of it but the spaces."""
    start = 0
    for end in _END.finditer(paragraph):
        if not _ABBREVIATED.search(paragraph[start : end.start() + 1]):
            yield paragraph[start : end.start(1)]
            start = end.end()
    if start < len(paragraph):
        yield paragraph[start:]
