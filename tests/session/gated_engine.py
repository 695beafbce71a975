"""An engine that waits at a gate, so that a test can freeze a run half-way."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bertviz_app.core.encoding import Encoding, Reading
from bertviz_app.core.errors import BertVizError
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.every_position import EveryPosition, EveryPositionAnswer
from bertviz_app.core.request import Request
from bertviz_app.core.spec import ModelSpec
from bertviz_app.core.trace import Answer, Candidate, Embeddings, MaskPrediction, Trace

SPEC = ModelSpec(layers=2, heads=2, width=2, feed_forward=4, vocabulary=4, positions=64)
VOCABULARY = ("[CLS]", "[SEP]", "[MASK]", "cat")


def encode(text: str) -> Encoding:
    """`[CLS]`, the words and `[MASK]`s of `text`, `[SEP]`; a run of letters or a mark is a word."""
    found = list(re.finditer(r"\[MASK\]|\w+|[^\w\s]", text))
    tokens = ["[CLS]", *(match.group() for match in found), "[SEP]"]
    return Encoding(
        ids=tuple(VOCABULARY.index(token) if token in VOCABULARY else 3 for token in tokens),
        segments=(0,) * len(tokens),
        tokens=tuple(tokens),
        spans=((0, 0), *(match.span() for match in found), (0, 0)),
        added=(0, len(tokens) - 1),
        masks=tuple(at for at, token in enumerate(tokens) if token == "[MASK]"),
        first=Reading(len(found), len(found)),
    )


def trace_of(request: Request) -> Trace:
    """A trace of the right shape whose only honest number is the text."""
    encoding = encode(request.text)
    tokens = len(encoding)
    parts = [np.zeros((tokens, 2), np.float32) for _ in range(5)]
    candidate = Candidate("cat", 3, 0.5, 1.0, 1)
    return Trace(
        request=request,
        spec=SPEC,
        encoding=encoding,
        embeddings=Embeddings(*parts),
        attention=np.full((2, 2, tokens, tokens), 1 / tokens, np.float32),
        hidden=np.zeros((3, tokens, 2), np.float32),
        mask_logits=np.zeros((len(encoding.masks), 4), np.float32),
        predictions=tuple(MaskPrediction(at, (candidate,)) for at in encoding.masks),
    )


def facts_of(name: str) -> ModelFacts:
    """Facts of a model that does not exist."""
    return ModelFacts(
        name=name,
        folder=Path("/") / name,
        spec=SPEC,
        vocabulary=VOCABULARY,
        mask_token="[MASK]",
        has_mlm=True,
        has_nsp=False,
        token_table=np.zeros((4, 2), np.float32),
        segment_table=np.zeros((2, 2), np.float32),
        position_table=np.zeros((64, 2), np.float32),
        parameters=0,
        device="a gate",
    )


class GatedEngine:
    """Answers one run each time the gate is opened; `requests` lists what it was asked.

    A text that contains "fail" raises, one with "memory" runs out of it, and while `ends` is true
    any ends the thread; the engine refuses to work on the main thread.
    """

    def __init__(self, name: str = "gated") -> None:
        self.facts = facts_of(name)
        self.requests: list[Request] = []
        self.slices = 0
        self.ends = False
        self._gate = threading.Semaphore(0)

    def open(self, times: int = 1) -> None:
        """Let runs (or slices of a job) pass."""
        self._gate.release(times)

    def answer(self, request: Request, as_is: Trace | None) -> Answer:
        """Wait at the gate, then answer."""
        self._pass(request)
        trace = trace_of(request)
        return Answer(trace, trace if request.interventions else None)

    def job(self, question: EveryPosition) -> Iterator[JobReport]:
        """One slice a token."""
        tokens = encode(question.request.text).tokens
        for done in range(1, len(tokens) + 1):
            self._gate.acquire()
            self.slices += 1
            yield JobReport(question, done, len(tokens), EveryPositionAnswer(tokens))

    def _pass(self, request: Request) -> None:
        assert threading.current_thread() is not threading.main_thread()
        self.requests.append(request)
        self._gate.acquire()
        if "fail" in request.text:
            raise BertVizError("the text asks for it")
        if "memory" in request.text:
            raise MemoryError
        if self.ends:
            raise SystemExit("the thread ends")
