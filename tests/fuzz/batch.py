"""Some cases of one subject, for one child."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Batch:
    """Cases `first` to `end` (which is not read) of a subject.

    Attributes:
        seed: with the subject and the number it decides what the files of a case are.
        folder: where they are written; those of a case that goes wrong stay there.
        limit: seconds that one case may take.
    """

    subject: str
    seed: int
    first: int
    end: int
    folder: str
    limit: float
