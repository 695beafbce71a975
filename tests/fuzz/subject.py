"""A subject of the harness: it makes hostile files, one set after another, and has them read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from importlib import import_module
from pathlib import Path
from random import Random

SUBJECTS = {
    "config": "tests.fuzz.texts:Config",
    "vocabulary": "tests.fuzz.texts:Vocabulary",
    "tokenizer": "tests.fuzz.texts:Tokenizer",
    "session": "tests.fuzz.texts:Session",
    "kept": "tests.fuzz.texts:Kept",
    "card": "tests.fuzz.texts:Card",
    "header": "tests.fuzz.weights:Header",
    "weights": "tests.fuzz.weights:Weights",
    "pickle": "tests.fuzz.pickles:Pickle",
    "model": "tests.fuzz.weights:Model",
}
"""Where the subject of each name is."""


class Subject(ABC):
    """One door through which a stranger's files come.

    Attributes:
        light: its checks need no torch.
    """

    light = True

    @abstractmethod
    def write(self, chance: Random, folder: Path) -> None:
        """Write one case into an empty folder; the same `chance` gives the same files."""

    @abstractmethod
    def read(self, folder: Path) -> None:
        """Have the case read.

        Raises:
            BertVizError: it is refused, in a sentence.
            Exception: anything else is a finding, a wrong result (AssertionError) too.
        """


def find(place: str) -> Subject:
    """The subject of a name in `SUBJECTS`, or at `module:class`."""
    module, _, name = SUBJECTS.get(place, place).partition(":")
    found = getattr(import_module(module), name)()
    assert isinstance(found, Subject)
    return found
