"""From the last vector at a blank to the probability of one word, as numbered steps.

Every step up to the logit is drawn of one run, or of the difference of two: the last product is
linear, so the difference of the logits is the sum of the differences of the products.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bertviz_app.analysis.difference import change, difference
from bertviz_app.analysis.embeddings import scale_of
from bertviz_app.analysis.head_logits import Exact, Logit
from bertviz_app.analysis.labels import numbered
from bertviz_app.analysis.predictions import Distribution
from bertviz_app.analysis.visible import cell_text, isolated, visible
from bertviz_app.core.questions.output_heads import ToWordAnswer, WordSteps
from bertviz_app.core.trace import Array, Trace
from bertviz_app.ui import numbers
from bertviz_app.ui.parts.number_steps import NumberStrip
from bertviz_app.ui.parts.steps import Bars, Block, Heading, Result

ACTIVATIONS = {"gelu": "GELU", "gelu_tanh": "GELU (tanh)", "relu": "ReLU"}

DIFFERS = ", changed − as is"
"""Said behind the name of what is a difference."""


@dataclass(frozen=True, eq=False)
class Way:
    """The way of one run from its last vector at the blank to one word.

    Attributes:
        state: the last hidden state at the blank (W,).
        steps: what the head makes of it.
        logit: the last step as a sum.
        log_total: log Σ exp of all V logits.
        probability: the model's own.
    """

    state: Array
    steps: WordSteps
    logit: Logit
    log_total: float
    probability: float

    @classmethod
    def of(cls, trace: Trace, blank: int, word: int, answer: ToWordAnswer, run: int) -> Way:
        """The way of run `run` of the answer; ValueError if the trace has no logits there."""
        if trace.mask_logits is None or blank not in trace.encoding.masks:
            raise ValueError(f"token {blank}: the run has no logits there")
        logits = trace.mask_logits[trace.encoding.masks.index(blank)]
        softmax = Distribution(logits)
        steps = answer.steps[run]
        logit = Logit(steps.normed, answer.row, answer.bias, float(logits[word]))
        state = trace.hidden[-1][blank]
        return cls(state, steps, logit, softmax.log_total, softmax.probability(word))

    @property
    def vectors(self) -> tuple[Array, ...]:
        """State, dense, activated, normed, each (W,)."""
        return self.state, self.steps.dense, self.steps.activated, self.steps.normed

    def minus(self, before: Way) -> Way:
        """Every number of this way minus that of another one; the bias cancels out."""
        logit, other = self.logit, before.logit
        state, *steps = map(difference, self.vectors, before.vectors)
        return Way(
            state,
            WordSteps(*steps),
            Logit(steps[-1], logit.weights, 0.0, change(logit.model, other.model)),
            change(self.log_total, before.log_total),
            change(self.probability, before.probability),
        )


@dataclass(frozen=True, eq=False)
class ToOneWord:
    """What is drawn.

    Attributes:
        trace: the run that is shown; `blank` is the token, `word` the id.
        now: its way; `before` that of the run as is, where it is compared.
        shown: the way that is drawn; where `differs`, all its numbers are changed minus as is.
        tied: the row of the word is its own embedding.
    """

    trace: Trace
    blank: int
    word: int
    piece: str
    now: Way
    before: Way | None
    differs: bool
    tied: bool
    first_number: int

    @cached_property
    def shown(self) -> Way:
        """See above."""
        return self.now.minus(self.before) if self.differs and self.before else self.now

    @property
    def said(self) -> str:
        """The word for the middle of a sentence."""
        return isolated(visible(self.piece))

    @property
    def names(self) -> tuple[str, ...]:
        """What the vectors are called."""
        return "last vector", "dense", ACTIVATIONS[self.trace.spec.activation], "LayerNorm"

    def as_is(self, number: Callable[[Way], float], write: Callable[[float], str]) -> str:
        """What stands beside a number: that as is or, beside a difference, both; else nothing."""
        if self.before is None:
            return ""
        then = write(number(self.before))
        return f"({then} → {write(number(self.now))})" if self.differs else f"(as is {then})"


def blocks(drawn: ToOneWord) -> list[Block]:
    """All steps."""
    spec, names, word = drawn.trace.spec, drawn.names, drawn.said
    token = isolated(numbered(drawn.trace.encoding.tokens)[drawn.blank])
    layer = spec.layers - 1 + drawn.first_number
    whose = ", its own embedding" if drawn.tied else ""
    titles = (
        f"The last vector at {token}, after layer {layer}{DIFFERS if drawn.differs else ''}",
        f"A dense layer: {spec.width} × {spec.width} weights and a bias",
        f"The activation, {names[2]}",
        "LayerNorm",
    )
    found: list[Block] = []
    for number, title in enumerate(titles):
        found += [Heading(number + 1, title), _strip(drawn, number)]
    found.append(Heading(5, f"Times the decoder's row of {word}{whose}, plus its bias"))
    found += [*_products(drawn), *_sum(drawn)]
    softmax = f"Softmax over {numbers.count(spec.vocabulary)} words"
    found.append(Heading(6, softmax + (DIFFERS if drawn.differs else "")))
    return [*found, *(_softmaxes(drawn) if drawn.differs else _softmax(drawn))]


def in_words(drawn: ToOneWord) -> str:
    """The readout of the whole way."""
    logit, probability = drawn.shown.logit, drawn.shown.probability
    written = numbers.signed(probability) if drawn.differs else numbers.weight(probability)
    text = (
        f"{drawn.said}{DIFFERS if drawn.differs else ''}: "
        f"sum {numbers.signed(logit.summed)} + bias {numbers.signed(logit.bias)} = "
        f"logit {numbers.signed(logit.model)}; softmax over "
        f"{numbers.count(drawn.trace.spec.vocabulary)}: {written}"
    )
    if drawn.before is not None:
        text += f" (as is {numbers.weight(drawn.before.probability)})"
    return text


def number_in_words(drawn: ToOneWord, number: int) -> str:
    """The readout of one of the W numbers, step by step."""
    values = [numbers.term(float(vector[number])) for vector in drawn.shown.vectors]
    logit = drawn.shown.logit
    text = " → ".join(f"{name} {value}" for name, value in zip(drawn.names, values, strict=True))
    text = (
        f"number {number + 1} of {drawn.trace.spec.width}"
        f"{DIFFERS if drawn.differs else ''}: {text}; "
        f"× {numbers.term(float(logit.weights[number]))} = "
        f"{numbers.term(float(logit.products[number]))}"
    )
    if drawn.before is not None:
        text += f" (as is {numbers.term(float(drawn.before.logit.products[number]))})"
    return text


def table(drawn: ToOneWord) -> str:
    """All numbers as tab-separated text."""
    logit = drawn.shown.logit
    lines = [["changed − as is"]] if drawn.differs else []
    lines.append(["number", *drawn.names, "row", "product"])
    columns = np.stack([*drawn.shown.vectors, logit.weights, logit.products], axis=1)
    for number, values in enumerate(columns.tolist(), 1):
        lines.append([str(number), *map(numbers.exact, values)])
    lines += [
        [],
        [f"the way to {cell_text(drawn.piece)}"],
        ["sum", f"{logit.summed:.17g}"],
        ["bias", numbers.exact(logit.bias)],
        ["logit in float64", f"{logit.logit:.17g}"],
        ["logit of the model", numbers.exact(logit.model)],
        ["log of the total", f"{drawn.shown.log_total:.17g}"],
        ["probability", numbers.exact(drawn.shown.probability)],
    ]
    return "\n".join("\t".join(line) for line in lines)


def _strip(drawn: ToOneWord, number: int) -> Block:
    return strip(drawn.names[number], drawn.shown.vectors[number])


def strip(name: str, vector: Array) -> NumberStrip:
    """A vector on a scale of its own, which its name states, with its length."""
    full = scale_of(vector)
    exact = vector.astype(np.float64)
    length = numbers.length(float(np.linalg.norm(exact)))
    return NumberStrip(f"{name} ±{full:g}", exact, full, length)


def bars(name: str, values: Exact) -> Bars:
    """Products on a scale of their own, which the name states, with their sum."""
    finite = values[np.isfinite(values)]
    full = float(np.abs(finite).max(initial=0.0)) or 1.0
    total = numbers.signed(float(values.sum()))
    return Bars(f"{name} ±{numbers.length(full)}", values, full, total)


def _products(drawn: ToOneWord) -> list[Block]:
    logit = drawn.shown.logit
    return [strip("row", logit.weights), bars("products", logit.products)]


def _sum(drawn: ToOneWord) -> list[Block]:
    logit, bias = drawn.shown.logit, drawn.now.logit.bias
    summed = drawn.as_is(lambda way: way.logit.summed, numbers.signed_term)
    both = drawn.as_is(lambda way: way.logit.logit, numbers.signed_term)
    in_both = f"({numbers.signed_term(bias)} in both)"
    apart = f"{numbers.length(logit.apart)} apart from the model's own"
    return [
        Result("sum of the products", numbers.signed_term(logit.summed), summed),
        Result("bias", numbers.signed_term(logit.bias), in_both * drawn.differs),
        Result("= logit", numbers.signed_term(logit.logit), f"{both} {apart}".strip(), bold=True),
    ]


def _softmax(drawn: ToOneWord) -> list[Block]:
    now, aside = drawn.now, drawn.as_is(lambda way: way.probability, numbers.weight)
    return [
        Result("log of the total of e^logit", numbers.term(now.log_total)),
        Result(
            "probability: e^(logit − log total)", numbers.term(now.probability), aside, bold=True
        ),
    ]


def _softmaxes(drawn: ToOneWord) -> list[Block]:
    """What became of the softmax: of two runs it multiplies, so the ratio stands beside it."""
    shown, log = drawn.shown, drawn.as_is(lambda way: way.log_total, numbers.term)
    with np.errstate(over="ignore"):
        ratio = float(np.exp(np.float64(shown.logit.model) - shown.log_total))
    aside = drawn.as_is(lambda way: way.probability, numbers.weight)
    return [
        Result("log of the total of e^logit", numbers.signed_term(shown.log_total), log),
        Result("times as probable: e^(logit − log total)", numbers.term(ratio)),
        Result("probability", numbers.signed_term(shown.probability), aside, bold=True),
    ]
