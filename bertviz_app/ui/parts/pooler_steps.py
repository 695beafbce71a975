"""From the last vector of [CLS] to the two probabilities of the next-sentence head, in steps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bertviz_app.analysis.difference import change, difference
from bertviz_app.analysis.head_logits import Logit, softmax
from bertviz_app.core.questions.output_heads import PoolerAnswer
from bertviz_app.core.trace import Array, Trace
from bertviz_app.ui import numbers
from bertviz_app.ui.parts.steps import Block, Heading, Result, Term, TermHead, Words
from bertviz_app.ui.parts.word_steps import DIFFERS, bars, strip

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
        probabilities: of "B follows A" and of "it does not", from the model's own logits.
    """

    state: Array
    pooled: Array | None
    logits: tuple[Logit, ...]
    model: Array
    probabilities: tuple[float, ...]

    @classmethod
    def of(cls, trace: Trace, answer: PoolerAnswer | None, run: int) -> Judgement:
        """The judgement of run `run` of the answer; ValueError if the model has no such head."""
        if trace.nsp is None:
            raise ValueError("the run holds no next-sentence logits")
        state, chances = trace.hidden[-1][0], softmax(trace.nsp)
        if answer is None:
            return cls(state, None, (), trace.nsp, chances)
        pooled = answer.pooled[run]
        logits = tuple(
            Logit(pooled, answer.weights[side], float(answer.biases[side]), float(trace.nsp[side]))
            for side in range(2)
        )
        return cls(state, pooled, logits, trace.nsp, chances)

    @property
    def written(self) -> list[str]:
        """Both probabilities in so many decimals that neither is written as 1, and they add up."""
        return numbers.parts(self.probabilities)

    def minus(self, before: Judgement) -> Judgement:
        """Every number of this judgement minus that of another one; the biases cancel out."""
        pooled = None
        if self.pooled is not None and before.pooled is not None:
            pooled = difference(self.pooled, before.pooled)
        logits = () if pooled is None else zip(self.logits, before.logits, strict=True)
        chances = zip(self.probabilities, before.probabilities, strict=True)
        return Judgement(
            difference(self.state, before.state),
            pooled,
            tuple(
                Logit(
                    difference(now.vector, then.vector),
                    now.weights,
                    0.0,
                    change(now.model, then.model),
                )
                for now, then in logits
            ),
            difference(self.model, before.model),
            tuple(change(now, then) for now, then in chances),
        )


@dataclass(frozen=True, eq=False)
class NextSentence:
    """What is drawn.

    Attributes:
        now: the run that is shown; `before` the run as is, where it is compared.
        shown: what is drawn; where `differs`, all its numbers are changed minus as is.
        layer: the last layer, as it is counted on screen.
    """

    now: Judgement
    before: Judgement | None
    differs: bool
    layer: int

    @cached_property
    def shown(self) -> Judgement:
        """See above."""
        return self.now.minus(self.before) if self.differs and self.before else self.now

    @property
    def said(self) -> str:
        """What is said behind the name of what is a difference."""
        return DIFFERS if self.differs else ""


def blocks(drawn: NextSentence) -> list[Block]:
    """All steps, as far as they are known; the end of the sum is known with the run."""
    sees = f"What the pooler sees: the vector of [CLS] after layer {drawn.layer}{drawn.said}"
    found: list[Block] = [Heading(1, sees), strip("[CLS]", drawn.shown.state)]
    if drawn.shown.pooled is not None:
        found += [
            Heading(2, "The pooler: a dense layer, then tanh"),
            strip("pooled", drawn.shown.pooled),
            Heading(3, "Two rows of weights, one for each answer"),
            *_sums(drawn),
        ]
    else:
        found.append(Words(PENDING))
    found.append(Heading(4, f"Softmax over the two{drawn.said}"))
    return [*found, *(_softmaxes(drawn) if drawn.differs else _softmax(drawn))]


def in_words(drawn: NextSentence) -> str:
    """The readout of both answers."""
    shown = drawn.shown
    changes = map(numbers.signed, shown.probabilities)
    (yes, no), logits = changes if drawn.differs else shown.written, shown.model.tolist()
    text = (
        f"B follows A{drawn.said}: {yes} (logit {numbers.signed(logits[0])}); "
        f"does not: {no} (logit {numbers.signed(logits[1])})"
    )
    if drawn.before is not None:
        text += f" (as is {drawn.before.written[0]})"
    return text


def number_in_words(drawn: NextSentence, number: int) -> str:
    """The readout of one of the W numbers."""
    now = drawn.shown
    state = numbers.term(float(now.state[number]))
    text = f"number {number + 1} of {len(now.state)}{drawn.said}: [CLS] {state}"
    if now.pooled is None:
        return text
    yes, no = (numbers.term(float(logit.products[number])) for logit in now.logits)
    pooled = numbers.term(float(now.pooled[number]))
    return f"{text}, pooled {pooled}; adds {yes} to “{FOLLOWS}”, {no} to “{DOES_NOT}”"


def table(drawn: NextSentence) -> str:
    """All numbers as tab-separated text."""
    now = drawn.shown
    lines = [["changed − as is" if drawn.differs else "", "logit of the model", "probability"]]
    for name, logit, probability in zip(NAMES, now.model.tolist(), now.probabilities, strict=True):
        lines.append([name, numbers.exact(logit), numbers.exact(probability)])
    if now.pooled is not None:
        lines += [[], ["number", "[CLS]", "pooled", *(f"weight: {name}" for name in NAMES)]]
        columns = [now.state, now.pooled, *(logit.weights for logit in now.logits)]
        for number, values in enumerate(np.stack(columns, axis=1).tolist(), 1):
            lines.append([str(number), *map(numbers.exact, values)])
    return "\n".join("\t".join(line) for line in lines)


def _sums(drawn: NextSentence) -> list[Block]:
    """What each number adds to the one answer rather than to the other, and both logits."""
    yes, no = drawn.shown.logits
    products = yes.products - no.products
    apart = max(yes.apart, no.apart)
    return [
        strip("follows", yes.weights),
        strip("does not", no.weights),
        bars("for “follows”", products),
        *(
            Result(f"logit of “{name}”", numbers.signed_term(logit.logit), _of_logit(drawn, side))
            for side, (name, logit) in enumerate(zip(NAMES, drawn.shown.logits, strict=True))
        ),
        Words(
            "Green bars speak for “B follows A”, violet ones against it. From the model's own "
            f"logits these are at most {numbers.length(apart)} apart."
        ),
    ]


def _of_logit(drawn: NextSentence, side: int) -> str:
    """What stands beside a logit: what it is the sum of or, beside a difference, both logits."""
    now = drawn.now.logits[side]
    if drawn.before is None or not drawn.differs:
        return f"sum {numbers.signed_term(now.summed)}, bias {numbers.signed_term(now.bias)}"
    then = drawn.before.logits[side]
    return f"({numbers.signed_term(then.logit)} → {numbers.signed_term(now.logit)})"


def _softmaxes(drawn: NextSentence) -> list[Block]:
    """What became of both probabilities."""
    before = drawn.before
    assert before is not None
    return [
        Result(
            name,
            numbers.signed_term(drawn.shown.probabilities[side]),
            f"({before.written[side]} → {drawn.now.written[side]})",
            bold=True,
        )
        for side, name in enumerate(NAMES)
    ]


def _softmax(drawn: NextSentence) -> list[Block]:
    now, before = drawn.now, drawn.before
    was = before.written if before is not None else None
    rows: list[Block] = [
        TermHead(("", "logit", "as is" if was is not None else "", "probability")),
    ]
    for side, name in enumerate(NAMES):
        said = (
            numbers.signed(float(now.model[side])),
            was[side] if was is not None else "",
            now.written[side],
        )
        largest = now.probabilities[side] == max(now.probabilities)
        rows.append(Term(name, said, now.probabilities[side], bold=largest))
    return rows
