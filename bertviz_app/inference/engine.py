"""The engine: a request goes in, a trace comes out; longer questions are answered as jobs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import inf
from time import perf_counter
from typing import TypeVar

from bertviz_app.bert.threads import leave_a_core, use_all_cores
from bertviz_app.core.errors import DeviceError
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.jobs import JobReport, Question
from bertviz_app.core.request import UNCHANGED, Capture, Request
from bertviz_app.core.spec import ModelSpec
from bertviz_app.core.trace import Answer, Trace
from bertviz_app.inference.device import on_the_processor, working_on
from bertviz_app.inference.jobs import answers
from bertviz_app.inference.model import Model
from bertviz_app.inference.part_clock import PartClock
from bertviz_app.inference.reading import read

A = TypeVar("A")

PAINTING = 0.03
"""Seconds after an answer in which a window paints it, and wants a core."""


class Engine:
    """One model, ready to read; used by one thread at a time.

    If another device than the processor gives up, the model is read again for the processor, and
    what was asked is computed there.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._clock = PartClock()
        self._answered = -inf

    def __repr__(self) -> str:
        facts = self.facts
        return f"<Engine: {facts.name}, {facts.spec.words}, {facts.device}>"

    @property
    def facts(self) -> ModelFacts:
        """What is known of the model apart from any text; others once a device has given up."""
        return self._model.facts

    def __call__(self, request: Request) -> Trace:
        """Read one text.

        Raises:
            TypeError: this is no request.
            ValueError: the request names a layer, head, position or word that does not exist.
            BertVizError: there is not enough memory.
        """
        if not isinstance(request, Request):
            raise TypeError(f"a Request is expected, found {type(request).__name__}: Request(text)")
        return self._read([request])[0]

    def answer(self, request: Request, as_is: Trace | None = None) -> Answer:
        """Read a text as it is and, if the request changes anything, changed; for a window.

        Args:
            request: what is asked.
            as_is: an earlier run without changes; used again if it is of the same text and holds
                the same, unless what is kept compares the two runs.

        Raises:
            ValueError: the request names a layer, head, position or word that does not exist.
            BertVizError: there is not enough memory.
        """
        self._clock.start()
        unchanged = replace(request, interventions=UNCHANGED)
        together = bool(request.interventions) and request.capture.compares
        if together or (as_is is not None and as_is.request != unchanged):
            as_is = None
        known = [as_is] if as_is is not None else []
        wanted = [unchanged, request] if request.interventions else [unchanged]
        paints = perf_counter() - self._answered < PAINTING
        as_it_is, *changed = (*known, *self._read(wanted[len(known) :], beside_painting=paints))
        self._answered = perf_counter()
        return Answer(as_it_is, changed[0] if changed else None, self._clock.timings)

    def job(self, question: Question[A]) -> Iterator[JobReport[A]]:
        """Answer a longer question, with a report after each slice of at most one forward.

        Raises:
            ValueError: the request names a layer, head or position that does not exist.
            BertVizError: the model lacks what the question needs, or memory ran out.
        """
        reports = answers(self._model, question)
        while True:
            try:
                # Between two slices other questions are answered, perhaps elsewhere.
                use_all_cores()
                with working_on(self._model.facts.place):
                    report = next(reports, None)
            except DeviceError as error:
                self._model = on_the_processor(self._model, error)
                reports = answers(self._model, question)
                continue
            if report is None:
                return
            yield report

    def _read(self, requests: Sequence[Request], *, beside_painting: bool = False) -> list[Trace]:
        """Read one text in one batch, as each of the requests changes it."""
        if not requests:
            return []
        request, spec = requests[0], self.facts.spec
        with self._clock.of("tokenise"):
            encoding = self._model.tokenizer.encode(request.text, request.pair)
        _check(request.capture, spec, len(encoding))
        if beside_painting:
            leave_a_core(spec.multiplications(len(encoding)) * len(requests))
        else:
            use_all_cores()
        self._clock.listen_to(self._model.network)
        try:
            with working_on(self._model.facts.place):
                return read(self._model.network, encoding, requests, self.facts.vocabulary)
        except DeviceError as error:
            self._model = on_the_processor(self._model, error)
        with working_on(self._model.facts.place):
            return read(self._model.network, encoding, requests, self.facts.vocabulary)


def _check(capture: Capture, spec: ModelSpec, tokens: int) -> None:
    positions = {f"logits_at {position}": position for position in capture.logits_at}
    words = {f"lens {word}": word for word in capture.lens.words} if capture.lens else {}
    if capture.gradients is not None:
        position, word = capture.gradients
        positions[f"gradients {capture.gradients}"] = position
        words[f"gradients {capture.gradients}"] = word
    for name, word in words.items():
        if not 0 <= word < spec.vocabulary:
            raise ValueError(f"{name}: the vocabulary has {spec.vocabulary} words, counted from 0")
    for name, position in positions.items():
        if not 0 <= position < tokens:
            raise ValueError(f"{name}: the text has {tokens} tokens, counted from 0")
