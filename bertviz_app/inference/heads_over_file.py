"""Head measures over a text file: one sentence a line, one forward a sentence."""

from __future__ import annotations

import codecs
import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from bertviz_app.analysis.measures import MEASURES, NAMES, absent
from bertviz_app.bert.files import label, open_regular, unreadable
from bertviz_app.bert.network import Activations
from bertviz_app.core.encoding import Encoding
from bertviz_app.core.errors import BertVizError
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.heads_over_file import (
    LIMIT,
    STRONGEST,
    HeadsOverFile,
    HeadsOverFileAnswer,
)
from bertviz_app.core.spec import ModelSpec
from bertviz_app.core.text import FIELD_LIMIT, clean
from bertviz_app.core.trace import Array
from bertviz_app.inference.measuring import measured
from bertviz_app.inference.model import Model

Number = TypeVar("Number", np.float32, np.int64)

SIZE_LIMIT = 16 * 2**20
"""Bytes that are read of a file."""

REPORT_EVERY = 0.2
"""Seconds between two answers; between them the report of before is given again."""


def heads_over_file(
    model: Model, question: HeadsOverFile
) -> Iterator[JobReport[HeadsOverFileAnswer]]:
    """Measure every head on every sentence of a file.

    Raises:
        BertVizError: the file cannot be read, is no text, or holds no sentence.
    """
    start = perf_counter()
    sentences, more = read_sentences(question.path)
    tally = _Tally(model.network.spec)

    def report() -> JobReport[HeadsOverFileAnswer]:
        answer = tally.answer(sentences, more=more)
        return JobReport(question, answer.read, len(sentences), answer, perf_counter() - start)

    newest, said = report(), perf_counter()
    yield newest
    for sentence in sentences:
        encoding = model.tokenizer.encode(sentence)
        if len(encoding) > len(encoding.added):
            tally.add(measured(_weights(model, encoding), encoding), encoding)
        tally.read += 1
        if tally.read == len(sentences) or perf_counter() - said > REPORT_EVERY:
            newest, said = report(), perf_counter()
        yield newest


def read_sentences(path: Path) -> tuple[tuple[str, ...], bool]:
    """The first `LIMIT` lines of a file that are not blank, and whether there are more.

    Of a line no more is kept than a text field holds, of a file no more than `SIZE_LIMIT` bytes.

    Raises:
        BertVizError: the file cannot be read, is no text in UTF-8, or holds no sentence.
    """
    with open_regular(path) as file:
        try:
            raw = file.read(SIZE_LIMIT + 1)
        except OSError as error:
            raise unreadable(path, error) from error
    cut = len(raw) > SIZE_LIMIT
    try:
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(raw[:SIZE_LIMIT], final=not cut)
    except UnicodeDecodeError as error:
        raise BertVizError(f"{label(path)}: this is not text in UTF-8.", str(error)) from error
    lines = (
        " ".join(clean(line[:FIELD_LIMIT]).split("\n")).strip()
        for line in re.split("\r\n?|\n", text)
    )
    found = tuple(itertools.islice((line for line in lines if line), LIMIT + 1))
    if not found:
        raise BertVizError(f"{label(path)}: there is no sentence in it.")
    return found[:LIMIT], cut or len(found) > LIMIT


@torch.inference_mode()
def _weights(model: Model, encoding: Encoding) -> Tensor:
    """The weights of all heads (L, H, T, T) over one text."""
    run: Activations = model.network(
        torch.tensor([encoding.ids]), torch.tensor([encoding.segments])
    )
    return run.attention[0]


class _Tally:
    """Mean, spread and strongest sentences, kept up to date one sentence at a time.

    Source of the running mean and spread: Welford 1962.
    """

    def __init__(self, spec: ModelSpec) -> None:
        shape = (len(MEASURES), spec.layers, spec.heads)
        self.read = 0
        self._counts = np.zeros(len(MEASURES), np.int64)
        self._mean = np.zeros(shape)
        self._squares = np.zeros(shape)
        self._values = np.full((*shape, STRONGEST), -np.inf, np.float32)
        self._strongest = np.full((*shape, STRONGEST), -1)

    def add(self, measures: Array, encoding: Encoding) -> None:
        """Take in the measures (n, L, H) of the sentence whose number is `read`."""
        there = np.array([name not in absent(encoding) for name in NAMES])
        self._counts += there
        new = measures[there].astype(np.float64)
        step = new - self._mean[there]
        self._mean[there] += step / self._counts[there, None, None]
        self._squares[there] += step * (new - self._mean[there])
        self._keep_strongest(measures[..., None])

    def _keep_strongest(self, values: Array) -> None:
        """Let values (n, L, H, 1) take the place of the least ones; NaN is never more."""
        least = self._values.argmin(axis=-1, keepdims=True)
        lowest = np.take_along_axis(self._values, least, axis=-1)
        number = np.take_along_axis(self._strongest, least, axis=-1)
        more = values > lowest
        np.put_along_axis(self._values, least, np.where(more, values, lowest), axis=-1)
        np.put_along_axis(self._strongest, least, np.where(more, self.read, number), axis=-1)

    def answer(self, sentences: tuple[str, ...], *, more: bool) -> HeadsOverFileAnswer:
        """What is known so far."""
        counts = self._counts.copy()
        some = np.where(counts > 0, counts, np.nan)[:, None, None]
        order = np.lexsort((self._strongest, -self._values), axis=-1)
        values = np.take_along_axis(self._values, order, axis=-1)
        return HeadsOverFileAnswer(
            sentences,
            more,
            self.read,
            _frozen(counts),
            _frozen((self._mean + 0 * some).astype(np.float32)),
            _frozen(np.sqrt(self._squares / some).astype(np.float32)),
            _frozen(np.take_along_axis(self._strongest, order, axis=-1)),
            _frozen(np.where(np.isfinite(values), values, np.float32(np.nan))),
        )


def _frozen(array: NDArray[Number]) -> NDArray[Number]:
    array.setflags(write=False)
    return array
