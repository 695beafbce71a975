"""From the last vector at a blank to the probability of one word, as numbered steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bertviz_app.analysis.embeddings import scale_of
from bertviz_app.analysis.head_logits import Exact, Logit
from bertviz_app.analysis.labels import numbered
from bertviz_app.analysis.predictions import Distribution
from bertviz_app.analysis.visible import cell_text, isolated, visible
from bertviz_app.core.questions.heads import ToWordAnswer, WordSteps
from bertviz_app.core.trace import Array, Trace
from bertviz_app.ui import numbers
from bertviz_app.ui.parts.number_steps import NumberStrip
from bertviz_app.ui.parts.steps import Bars, Block, Heading, Result

ACTIVATIONS = {"gelu": "GELU", "gelu_tanh": "GELU (tanh)", "relu": "ReLU"}


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


@dataclass(frozen=True, eq=False)
class ToOneWord:
    """What is drawn.

    Attributes:
        trace: the run that is shown; `blank` is the token, `word` the id.
        now: its way; `before` that of the run as is, where it is compared.
        differs: the vectors shown are changed minus as is.
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

    @property
    def said(self) -> str:
        """The word for the middle of a sentence."""
        return isolated(visible(self.piece))

    @property
    def names(self) -> tuple[str, ...]:
        """What the vectors are called."""
        return "last vector", "dense", ACTIVATIONS[self.trace.spec.activation], "LayerNorm"


def blocks(drawn: ToOneWord) -> list[Block]:
    """All steps."""
    spec, names, word = drawn.trace.spec, drawn.names, drawn.said
    token = isolated(numbered(drawn.trace.encoding.tokens)[drawn.blank])
    layer = spec.layers - 1 + drawn.first_number
    whose = ", its own embedding" if drawn.tied else ""
    titles = (
        f"The last vector at {token}, after layer {layer}",
        f"A dense layer: {spec.width} × {spec.width} weights and a bias",
        f"The activation, {names[2]}",
        "LayerNorm",
    )
    found: list[Block] = []
    for number, title in enumerate(titles):
        found += [Heading(number + 1, title), _strip(drawn, number)]
    found.append(Heading(5, f"Times the decoder's row of {word}{whose}, plus its bias"))
    found += [*_products(drawn), *_sum(drawn)]
    found.append(Heading(6, f"Softmax over {numbers.count(spec.vocabulary)} words"))
    return [*found, *_softmax(drawn)]


def in_words(drawn: ToOneWord) -> str:
    """The readout of the whole way."""
    logit = drawn.now.logit
    text = (
        f"{drawn.said}: sum {numbers.signed(logit.summed)} + bias {numbers.signed(logit.bias)} = "
        f"logit {numbers.signed(logit.model)}; softmax over "
        f"{numbers.count(drawn.trace.spec.vocabulary)}: {numbers.weight(drawn.now.probability)}"
    )
    if drawn.before is not None:
        text += f" (as is {numbers.weight(drawn.before.probability)})"
    return text


def number_in_words(drawn: ToOneWord, number: int) -> str:
    """The readout of one of the W numbers, step by step."""
    values = [numbers.term(float(vector[number])) for vector in drawn.now.vectors]
    logit = drawn.now.logit
    text = " → ".join(f"{name} {value}" for name, value in zip(drawn.names, values, strict=True))
    text = (
        f"number {number + 1} of {drawn.trace.spec.width}: {text}; "
        f"× {numbers.term(float(logit.weights[number]))} = "
        f"{numbers.term(float(logit.products[number]))}"
    )
    if drawn.before is not None:
        text += f" (as is {numbers.term(float(drawn.before.logit.products[number]))})"
    return text


def table(drawn: ToOneWord) -> str:
    """All numbers as tab-separated text."""
    logit = drawn.now.logit
    lines = [["number", *drawn.names, "row", "product"]]
    columns = np.stack([*drawn.now.vectors, logit.weights, logit.products], axis=1)
    for number, values in enumerate(columns.tolist(), 1):
        lines.append([str(number), *map(numbers.exact, values)])
    lines += [
        [],
        ["word", cell_text(drawn.piece)],
        ["sum", f"{logit.summed:.17g}"],
        ["bias", numbers.exact(logit.bias)],
        ["logit in float64", f"{logit.logit:.17g}"],
        ["logit of the model", numbers.exact(logit.model)],
        ["log of the total", f"{drawn.now.log_total:.17g}"],
        ["probability", numbers.exact(drawn.now.probability)],
    ]
    return "\n".join("\t".join(line) for line in lines)


def _strip(drawn: ToOneWord, number: int) -> Block:
    vector = drawn.now.vectors[number]
    if drawn.differs and drawn.before is not None:
        vector = vector - drawn.before.vectors[number]
    return strip(drawn.names[number], vector)


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
    products = drawn.now.logit.products
    if drawn.differs and drawn.before is not None:
        products = products - drawn.before.logit.products
    return [strip("row", drawn.now.logit.weights), bars("products", products)]


def _sum(drawn: ToOneWord) -> list[Block]:
    logit, before = drawn.now.logit, drawn.before
    aside = f"{numbers.length(logit.apart)} apart from the model's own"
    if before is not None:
        aside = f"{_as_is(before, 'logit')} {aside}"
    return [
        Result("sum of the products", signed_term(logit.summed), _as_is(before, "summed")),
        Result("bias", signed_term(logit.bias)),
        Result("= logit", signed_term(logit.logit), aside, bold=True),
    ]


def _softmax(drawn: ToOneWord) -> list[Block]:
    now, before = drawn.now, drawn.before
    aside = "" if before is None else f"(as is {numbers.weight(before.probability)})"
    return [
        Result("log of the total of e^logit", numbers.term(now.log_total)),
        Result(
            "probability: e^(logit − log total)", numbers.term(now.probability), aside, bold=True
        ),
    ]


def _as_is(before: Way | None, name: str) -> str:
    return "" if before is None else f"(as is {signed_term(getattr(before.logit, name))})"


def signed_term(value: float) -> str:
    """A term of a sum with its sign."""
    text = numbers.term(value)
    return text if value < 0 or value == 0 or value != value else f"+{text}"
