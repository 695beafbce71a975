"""How does each head measure over a whole text file, and in which sentences most?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from bertviz_app.core.jobs import Question
from bertviz_app.core.trace import Array

LIMIT = 1000
"""Sentences that are read of a file; the rest is left out."""

STRONGEST = 10
"""Sentences that are kept of each measure and head."""


@dataclass(frozen=True, eq=False)
class HeadsOverFileAnswer:
    """The measures of the sentences read so far; arrays are read-only.

    Attributes:
        sentences: the lines of the file that are not blank, `LIMIT` at most (S,).
        more: the file holds more than that.
        read: how many of them are in the numbers.
        counts: how many had something for each measure (n,).
        mean: mean over those (n, L, H), NaN without one.
        spread: standard deviation over those, from their own mean (n, L, H).
        strongest: the numbers of the sentences with most of a measure (n, L, H, K), most first;
            -1 where there are fewer.
        values: their measures (n, L, H, K); NaN where there are fewer.
    """

    sentences: tuple[str, ...]
    more: bool
    read: int
    counts: NDArray[np.int64]
    mean: Array
    spread: Array
    strongest: NDArray[np.int64]
    values: Array


@dataclass(frozen=True, slots=True)
class HeadsOverFile(Question[HeadsOverFileAnswer]):
    """Every head measured over a text file, one sentence a line, by BERT as it is."""

    path: Path

    task: ClassVar[str] = "Heads over a file"
    about_text: ClassVar[bool] = False
