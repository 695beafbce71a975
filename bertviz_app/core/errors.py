"""Errors a person may read: one sentence on what is wrong, where, why and what to do."""

from __future__ import annotations

from dataclasses import dataclass


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


@dataclass(frozen=True, slots=True)
class Fault:
    """A failure as a value: the sentence to show and the details to copy."""

    sentence: str
    detail: str = ""
