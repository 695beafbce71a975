"""The question what exactly is in the files that a model was read from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from bertviz_app.core.jobs import Question


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """One file: its SHA-256 in hexadecimal, or why it has none."""

    path: Path
    digest: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class CheckedFiles:
    """The files as far as they are read, and what they say against each other.

    Attributes:
        files: in the order in which the model names them.
        differences: what vocab.txt and tokenizer_config.json say otherwise than tokenizer.json,
            which decides; a sentence each.
    """

    files: tuple[CheckedFile, ...] = ()
    differences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckFiles(Question[CheckedFiles]):
    """What is the SHA-256 of each file of the model, and do its two vocabularies agree?"""

    task: ClassVar[str] = "Reading the files"
    about_text: ClassVar[bool] = False
