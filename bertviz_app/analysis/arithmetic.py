"""The arithmetic of one row of one head, from q, k and v to what enters the next LayerNorm.

Legend: H heads, T tokens, W width, D = W / H. It starts from the model's own float32 numbers and
goes on in float64, so what is left between it and the model is the model's rounding.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bertviz_app.analysis.difference import difference
from bertviz_app.core.questions.output_stage import OutputStage
from bertviz_app.core.request import Head, Interventions
from bertviz_app.core.trace import Array, Trace

Exact = NDArray[np.float64]

LOUD = 1e-6
"""A weight further than this from the model's own is an error, in the model or here."""


@dataclass(frozen=True, eq=False)
class WeightRow:
    """How one head weighs all tokens for one that looks, and what it takes from them.

    Softmax of q · k / √D, as in Vaswani et al. 2017, 3.2.1. The changes inside BERT come in the
    order of `Interventions`: visibility, softmax, edited row, head off.

    Attributes:
        q: the query (D,).
        keys: the keys of all tokens (T, D); `values` their values.
        seen: which tokens may be looked at (T,).
        model: the weights the model came to (T,), rounded to float32 as they are.
        given: the row that was put in the place of the softmax (T,), or None.
        silenced: the head is off.
    """

    q: Exact
    keys: Exact
    values: Exact
    seen: NDArray[np.bool_]
    model: Exact
    given: Exact | None = None
    silenced: bool = False

    @classmethod
    def of(cls, trace: Trace, head: Head, query: int) -> WeightRow:
        """The row of `query` in a trace that holds q, k and v; ValueError if it does not."""
        if trace.q is None or trace.k is None or trace.v is None:
            raise ValueError("the trace holds no queries, keys and values")
        changes = trace.request.interventions
        given = dict(changes.attention).get((*head, query))
        return cls(
            q=_exact(trace.q[head][query]),
            keys=_exact(trace.k[head]),
            values=_exact(trace.v[head]),
            seen=_seen(changes, query, len(trace)),
            model=_exact(trace.attention[head][query]),
            given=None if given is None else np.array(given),
            silenced=head in changes.heads_off,
        )

    @property
    def root(self) -> float:
        """√D."""
        return math.sqrt(len(self.q))

    @cached_property
    def products(self) -> Exact:
        """The sum of the D products q × k, of every token (T,)."""
        found: Exact = self.keys @ self.q
        return found

    @cached_property
    def scores(self) -> Exact:
        """What the softmax reads (T,): -inf for tokens that may not be looked at."""
        return np.where(self.seen, self.products / self.root, -np.inf)

    @property
    def largest(self) -> float:
        """The largest score of the row."""
        return float(self.scores.max())

    @cached_property
    def powers(self) -> Exact:
        """Of each score less the largest, e to its power (T,)."""
        return np.exp(self.scores - self.largest)

    @property
    def total(self) -> float:
        """The sum of all powers."""
        return float(self.powers.sum())

    @cached_property
    def softmax(self) -> Exact:
        """Each power's part of the total (T,)."""
        return self.powers / self.total

    @property
    def weights(self) -> Exact:
        """The weights in use (T,): the softmax, or the row given by hand."""
        return self.softmax if self.given is None else self.given

    @property
    def context(self) -> Exact:
        """The head's output (D,): what is heard, or zeros if the head is off."""
        return np.zeros_like(self.q) if self.silenced else self.heard

    @cached_property
    def heard(self) -> Exact:
        """The weighted sum of all values (D,), whether or not the head is off."""
        summed: Exact = self.weights @ self.values
        return summed

    def terms(self, key: int) -> Exact:
        """The D products whose sum is q · k."""
        found: Exact = self.q * self.keys[key]
        return found

    def apart(self, key: int) -> float:
        """How far the weight on `key` is from the model's own."""
        return abs(float(self.weights[key] - self.model[key]))

    @property
    def furthest(self) -> float:
        """How far the weights are from the model's own, at most; not a number counts as far."""
        found = float(np.abs(self.weights - self.model).max())
        return math.inf if math.isnan(found) else found


@dataclass(frozen=True, eq=False)
class LayerOutput:
    """What the heads of a layer add to one token, and the LayerNorm over the sum.

    Attributes:
        x: the token's numbers before the layer (W,).
        own: what one head adds (W,): its columns of W_O times its context.
        others: what the other heads add together (W,).
        bias: the bias of W_O (W,).
        normed: LayerNorm(x + own + others + bias), which the feed-forward reads (W,).
    """

    x: Exact
    own: Exact
    others: Exact
    bias: Exact
    normed: Exact

    @property
    def summed(self) -> Exact:
        """What the LayerNorm reads (W,)."""
        return self.x + self.own + self.others + self.bias

    def minus(self, before: LayerOutput) -> LayerOutput:
        """Every number less that of another run; the bias is the same in both."""
        return LayerOutput(
            difference(self.x, before.x),
            difference(self.own, before.own),
            difference(self.others, before.others),
            difference(self.bias, before.bias),
            difference(self.normed, before.normed),
        )

    @classmethod
    def of(cls, trace: Trace, head: Head, query: int, output: OutputStage) -> LayerOutput:
        """The layer of `head` at the token `query`."""
        layer, number = head
        rows = [WeightRow.of(trace, (layer, other), query) for other in range(trace.spec.heads)]
        matrix = _exact(output.matrix).reshape(trace.spec.width, trace.spec.heads, -1)
        parts = np.stack([matrix[:, at] @ row.context for at, row in enumerate(rows)])  # (H, W)
        x, bias = _exact(trace.hidden[layer][query]), _exact(output.bias)
        summed = x + parts.sum(axis=0) + bias
        spread = np.sqrt(summed.var() + trace.spec.norm_eps)
        normed = (summed - summed.mean()) / spread * output.norm_weight + output.norm_bias
        others = np.delete(parts, number, axis=0).sum(axis=0)
        return cls(x, parts[number], others, bias, normed)


def _seen(changes: Interventions, query: int, tokens: int) -> NDArray[np.bool_]:
    """Which of T tokens one may look at (T,); itself always."""
    at = np.arange(tokens)
    seen = np.ones(tokens, np.bool_)
    if changes.causal:
        seen &= at <= query
    if changes.anticausal:
        seen &= at >= query
    seen[list(changes.hidden_keys)] = False
    seen[query] = True
    return seen


def _exact(array: Array) -> Exact:
    return array.astype(np.float64)
