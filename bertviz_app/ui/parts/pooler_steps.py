"""From the last vector of [CLS] to the two probabilities of the next-sentence head, in steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bertviz_app.analysis.head_logits import Logit, softmax
from bertviz_app.core.questions.heads import PoolerAnswer
from bertviz_app.core.trace import Array, Trace
from bertviz_app.ui import numbers
from bertviz_app.ui.parts.number_steps import NumberStrip
from bertviz_app.ui.parts.steps import Block, Heading, Result, Term, TermHead, Words
from bertviz_app.ui.parts.word_steps import bars, signed_term, strip

FOLLOWS, DOES_NOT = NAMES = ("B follows A", "B does not")

PENDING = "Steps 2 and 3, the pooler and its two rows of weights, are being computed."


@dataclass(frozen=True, eq=False)
class Judgement:
    """What one run says of the two sentences.

    Attributes:
        state: the last hidden state of [CLS] (W,).
        pooled: tanh of its dense layer (W,); None while it is not known.
        logits: of "B follows A" and of "it does not", each as a sum; none while not known.
        model: the model's own two logits (2,).
    """

    state: Array
    pooled: Array | None
    logits: tuple[Logit, ...]
    model: Array

    @classmethod
    def of(cls, trace: Trace, answer: PoolerAnswer | None, run: int) -> Judgement:
        """The judgement of run `run` of the answer; ValueError if the model has no such head."""
        if trace.nsp is None:
            raise ValueError("the run holds no next-sentence logits")
        state = trace.hidden[-1][0]
        if answer is None:
            return cls(state, None, (), trace.nsp)
        pooled = answer.pooled[run]
        logits = tuple(
            Logit(pooled, answer.weights[side], float(answer.biases[side]), float(trace.nsp[side]))
            for side in range(2)
        )
        return cls(state, pooled, logits, trace.nsp)

    @property
    def probabilities(self) -> tuple[float, ...]:
        """Of "B follows A" and of "it does not", from the model's own logits."""
        return softmax(self.model)


@dataclass(frozen=True, eq=False)
class NextSentence:
    """What is drawn.

    Attributes:
        now: the run that is shown; `before` the run as is, where it is compared.
        differs: the vectors shown are changed minus as is.
        layer: the last layer, as it is counted on screen.
    """

    now: Judgement
    before: Judgement | None
    differs: bool
    layer: int


def blocks(drawn: NextSentence) -> list[Block]:
    """All steps, as far as they are known; the end of the sum is known with the run."""
    found: list[Block] = [
        Heading(1, f"What the pooler sees: the vector of [CLS] after layer {drawn.layer}"),
        _vector("[CLS]", drawn.now.state, drawn.before.state if drawn.before else None, drawn),
    ]
    if drawn.now.pooled is not None:
        before = drawn.before.pooled if drawn.before is not None else None
        found += [
            Heading(2, "The pooler: a dense layer, then tanh"),
            _vector("pooled", drawn.now.pooled, before, drawn),
            Heading(3, "Two rows of weights, one for each answer"),
            *_sums(drawn),
        ]
    else:
        found.append(Words(PENDING))
    return [*found, Heading(4, "Softmax over the two"), *_softmax(drawn)]


def in_words(drawn: NextSentence) -> str:
    """The readout of both answers."""
    (yes, no), logits = drawn.now.probabilities, drawn.now.model.tolist()
    text = (
        f"B follows A: {numbers.weight(yes)} (logit {numbers.signed(logits[0])}); "
        f"does not: {numbers.weight(no)} (logit {numbers.signed(logits[1])})"
    )
    if drawn.before is not None:
        text += f" (as is {numbers.weight(drawn.before.probabilities[0])})"
    return text


def number_in_words(drawn: NextSentence, number: int) -> str:
    """The readout of one of the W numbers."""
    now = drawn.now
    text = (
        f"number {number + 1} of {len(now.state)}: [CLS] {numbers.term(float(now.state[number]))}"
    )
    if now.pooled is None:
        return text
    yes, no = (numbers.term(float(logit.products[number])) for logit in now.logits)
    pooled = numbers.term(float(now.pooled[number]))
    return f"{text}, pooled {pooled}; adds {yes} to “{FOLLOWS}”, {no} to “{DOES_NOT}”"


def table(drawn: NextSentence) -> str:
    """All numbers as tab-separated text."""
    now = drawn.now
    lines = [["", "logit of the model", "probability"]]
    for name, logit, probability in zip(NAMES, now.model.tolist(), now.probabilities, strict=True):
        lines.append([name, numbers.exact(logit), numbers.exact(probability)])
    if now.pooled is not None:
        lines += [[], ["number", "[CLS]", "pooled", *(f"weight: {name}" for name in NAMES)]]
        columns = [now.state, now.pooled, *(logit.weights for logit in now.logits)]
        for number, values in enumerate(np.stack(columns, axis=1).tolist(), 1):
            lines.append([str(number), *map(numbers.exact, values)])
    return "\n".join("\t".join(line) for line in lines)


def _vector(name: str, now: Array, before: Array | None, drawn: NextSentence) -> NumberStrip:
    return strip(name, now - before if drawn.differs and before is not None else now)


def _sums(drawn: NextSentence) -> list[Block]:
    """What each number adds to the one answer rather than to the other, and both logits."""
    yes, no = drawn.now.logits
    products = yes.products - no.products
    if drawn.differs and drawn.before is not None and drawn.before.logits:
        one, other = drawn.before.logits
        products = products - (one.products - other.products)
    apart = max(yes.apart, no.apart)
    return [
        strip("follows", yes.weights),
        strip("does not", no.weights),
        bars("for “follows”", products),
        *(
            Result(
                f"logit of “{name}”",
                signed_term(logit.logit),
                f"sum {signed_term(logit.summed)}, bias {signed_term(logit.bias)}",
            )
            for name, logit in zip(NAMES, drawn.now.logits, strict=True)
        ),
        Words(
            "Green bars speak for “B follows A”, violet ones against it. From the model's own "
            f"logits these are at most {numbers.length(apart)} apart."
        ),
    ]


def _softmax(drawn: NextSentence) -> list[Block]:
    now, before = drawn.now, drawn.before
    was = before.probabilities if before is not None else None
    rows: list[Block] = [
        TermHead(("", "logit", "as is" if was is not None else "", "probability")),
    ]
    for side, name in enumerate(NAMES):
        said = (
            numbers.signed(float(now.model[side])),
            numbers.weight(was[side]) if was is not None else "",
            numbers.weight(now.probabilities[side]),
        )
        largest = now.probabilities[side] == max(now.probabilities)
        rows.append(Term(name, said, now.probabilities[side], bold=largest))
    return rows
