"""Errors a person may read: one sentence on what is wrong, where, why and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class BertVizError(Exception):
    """An expected failure whose text is one sentence written for the user.

    `detail` holds what a developer wants beside it (names, numbers, a traceback) and may be empty.
    """

    def __init__(self, sentence: str, detail: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.detail = detail


class ModelError(BertVizError):
    """A folder could not be opened as a BERT model."""


class ConsentError(ModelError):
    """The weights are a pickle that nobody has allowed to be read yet.

    `file` is what to call it, `digest` its SHA-256 in hexadecimal, by which it can be allowed.
    """

    def __init__(self, sentence: str, file: str, digest: str) -> None:
        super().__init__(sentence)
        self.file = file
        self.digest = digest


class UnfinishedError(ModelError):
    """A file of a model is still being written; `path` is the file."""

    def __init__(self, sentence: str, detail: str, path: Path) -> None:
        super().__init__(sentence, detail)
        self.path = path


class DeviceError(BertVizError):
    """A device other than the processor gave up; what it was to do can be done again elsewhere."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A failure as a value: the sentence to show and the details to copy."""

    sentence: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Withheld(Fault):
    """A model was not opened because its pickle was not allowed.

    `file` is what to call the pickle, `digest` its SHA-256 in hexadecimal.
    """

    file: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Unfinished(Fault):
    """A model was not opened because a file of it is still being written; `path` is the file."""

    path: Path = Path()
