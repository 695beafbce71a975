"""Reads a model's files once more, a piece at a time: their SHA-256, and whether they agree."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bertviz_app.bert.files import open_regular
from bertviz_app.core.errors import ModelError
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.check_files import CheckedFile, CheckedFiles, CheckFiles
from bertviz_app.inference.model import Model
from bertviz_app.inference.vocabulary_check import differences

_SLICE = 4_000_000
"""Bytes hashed at a time: a few milliseconds."""


def check_files(model: Model, question: CheckFiles) -> Iterator[JobReport[CheckedFiles]]:
    """The files one after another; how far it is, is counted in bytes."""
    files = model.facts.origin.files
    total = sum(file.size for file in files) + 1
    rules, rows = model.tokenizer.rules, len(model.facts.vocabulary)
    known = CheckedFiles(differences=differences(rules, rows))
    done = 0
    yield JobReport(question, done, total, known)
    for file in files:
        for checked in _hashed(file.path):
            if isinstance(checked, CheckedFile):
                known = replace(known, files=(*known.files, checked))
            else:
                # A file that has grown since makes no job longer than it said.
                yield JobReport(question, min(done + checked, total - 1), total, known)
        done += file.size
    yield JobReport(question, total, total, known)


def _hashed(path: Path) -> Iterator[int | CheckedFile]:
    """How many bytes are read so far, again and again, and in the end the file."""
    digest, count = hashlib.sha256(), 0
    try:
        with open_regular(path) as file:
            while piece := file.read(_SLICE):
                digest.update(piece)
                count += len(piece)
                yield count
    except ModelError as error:
        yield CheckedFile(path, problem=error.sentence)
    except OSError as error:
        yield CheckedFile(path, problem=f"could not be read ({error.strerror or error})")
    else:
        yield CheckedFile(path, digest.hexdigest())
