"""From a snapshot to the numbers that the pictures of attention draw: of which kind, of what.

`head_map` gives one map, for the views that show one head, and `every_head` all of them. Sources:
norm-weighted, Kobayashi et al. 2020, Attention Is Not Only a Weight; rollout and flow, Abnar &
Zuidema 2020, Quantifying Attention Flow in Transformers.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from bertviz_app.analysis.heads import SIGNED_KINDS, HeadMap, existing
from bertviz_app.core.questions.attention_flow import AttentionFlow
from bertviz_app.core.request import Capture, Head
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Show, WeightKind
from bertviz_app.core.trace import Array, Trace

PER_HEAD = (WeightKind.WEIGHT, WeightKind.NORM, WeightKind.GRADIENT)
"""Kinds of which every head has numbers of its own; the others are of several heads at once."""


@dataclass(frozen=True, eq=False)
class EveryHead:
    """The numbers of one kind for every head; those of some layers are made when they are read.

    Attributes:
        attention: attention weights (L, H, T, T).
        factors: what each weight is multiplied with: one factor a key (L, H, T) or a cell
            (L, H, T, T); None for the weights themselves.
        full: the number that is full ink where maps are compared: none is larger in size.
        kind: which numbers these are.
    """

    attention: Array = field(repr=False)
    factors: Array | None = field(default=None, repr=False)
    full: float = 1.0
    kind: WeightKind = WeightKind.WEIGHT

    @property
    def signed(self) -> bool:
        """Whether they may be negative."""
        return self.kind in SIGNED_KINDS

    @property
    def shape(self) -> tuple[int, ...]:
        """(L, H, T, T)."""
        return self.attention.shape

    def __getitem__(self, index: Head | tuple[slice, slice]) -> Array:
        """The numbers of one head (T, T), or of some layers and heads."""
        weights: Array = self.attention[index]
        if self.factors is None:
            return weights
        factors: Array = self.factors[index]
        return weights * (factors if factors.ndim == weights.ndim else factors[..., np.newaxis, :])

    def same_as(self, other: EveryHead | None) -> bool:
        """Whether these are the same numbers, made of the same arrays."""
        return (
            other is not None
            and self.attention is other.attention
            and self.factors is other.factors
        )


def wanted(snapshot: Snapshot) -> Capture:
    """What a trace must hold for the numbers of the kind that is chosen."""
    kind = snapshot.options.kind
    return Capture(
        gradients=gradient_target(snapshot) if kind is WeightKind.GRADIENT else None,
        value_norms=kind is WeightKind.NORM,
        rollout=kind is WeightKind.ROLLOUT,
    )


def gradient_target(snapshot: Snapshot) -> tuple[int, int] | None:
    """The blank and the id of the followed word, whose logit is differentiated; None without.

    Only once the text has been read: in another text that position may not exist.
    """
    trace, facts = snapshot.trace, snapshot.facts
    if trace is None or facts is None or snapshot.blank is None:
        return None
    if not snapshot.state.same_texts(trace.request):
        return None
    word = facts.ids.get(snapshot.word or "")
    return (snapshot.blank, word) if word is not None else None


def every_head(trace: Trace, kind: WeightKind) -> EveryHead | None:
    """The numbers of every head of a run; None if the run does not hold what they are made of.

    Kinds that are of several heads at once give the weights.
    """
    if kind is WeightKind.NORM:
        if trace.value_norms is None:
            return None
        return EveryHead(trace.attention, trace.value_norms, _full(trace.value_norms), kind)
    if kind is WeightKind.GRADIENT:
        if trace.gradients is None or trace.gradient_reach is None:
            return None
        return EveryHead(trace.attention, trace.gradients, _full(trace.gradient_reach), kind)
    return EveryHead(trace.attention)


def of_every_head(trace: Trace, kind: WeightKind) -> EveryHead:
    """The same, and the weights where the run holds no numbers of this kind."""
    return every_head(trace, kind) or EveryHead(trace.attention)


def head_map(snapshot: Snapshot, head: Head | None = None) -> HeadMap | None:
    """The map of a head, by default of the one in question, as the options want it drawn.

    None while the answer does not hold what this kind of numbers is made of.
    """
    if snapshot.options.kind is WeightKind.FLOW:
        return _flow(snapshot)
    trace, other = snapshot.trace, snapshot.other
    assert trace is not None
    head = existing(head or snapshot.head, trace.spec)
    now = _numbers(snapshot, trace, head)
    before = _numbers(snapshot, other, head) if other is not None else None
    if now is None or (other is not None and before is None):
        return None
    runs = [run for run in (now, before) if run is not None]
    return HeadMap(
        now[0],
        trace.encoding,
        snapshot.options,
        before[0] if before is not None else None,
        max(full for _, full in runs),
    )


def map_source(snapshot: Snapshot) -> tuple[object, ...]:
    """What the map of a snapshot is made of: while these are the same, so is the map."""
    trace, options = snapshot.trace, snapshot.options
    assert trace is not None
    flow = snapshot.reports.get(AttentionFlow) if options.kind is WeightKind.FLOW else None
    head, also = existing(snapshot.head, trace.spec), snapshot.state.selection.also
    return trace, snapshot.other, head, options, also, flow


def is_difference(snapshot: Snapshot) -> bool:
    """Whether changed minus as is is to be drawn."""
    return snapshot.other is not None and snapshot.options.show is Show.DIFFERENCE


def flow_question(snapshot: Snapshot) -> AttentionFlow | None:
    """What to ask for the flow of the run that is drawn.

    None while its text is an older one, and for a difference: a flow is of one run.
    """
    trace = snapshot.trace
    if trace is None or not snapshot.state.same_texts(trace.request) or is_difference(snapshot):
        return None
    layer, _ = existing(snapshot.head, trace.spec)
    return AttentionFlow(replace(trace.request, capture=Capture()), layer)


def _flow(snapshot: Snapshot) -> HeadMap | None:
    """The map of the flow, once all of it is found."""
    question = flow_question(snapshot)
    report = snapshot.report_of(question) if question is not None else None
    if report is None or not report.finished or snapshot.trace is None:
        return None
    return HeadMap(report.answer.flow, snapshot.trace.encoding, snapshot.options)


def heads_meant(snapshot: Snapshot) -> tuple[Head, ...]:
    """The heads that a mean is over: the chosen ones or, if only one is, its whole layer."""
    assert snapshot.trace is not None
    spec = snapshot.trace.spec
    layer, head = existing(snapshot.head, spec)
    also = {one for one in snapshot.state.selection.also if existing(one, spec) == one}
    also.discard((layer, head))
    if not also:
        return tuple((layer, number) for number in range(spec.heads))
    return tuple(sorted({(layer, head), *also}))


def _full(sizes: Array) -> float:
    """The largest of some sizes; 1 if all are 0 or none is a number."""
    return float(np.nan_to_num(sizes).max(initial=0)) or 1.0


def _numbers(snapshot: Snapshot, trace: Trace, head: Head) -> tuple[Array, float] | None:
    """The numbers of one map (T, T) and what is full ink in it."""
    kind = snapshot.options.kind
    if kind is WeightKind.MEAN:
        heads = heads_meant(snapshot)
        total = np.zeros(trace.attention.shape[2:], np.float32)
        for one in heads:
            total += trace.attention[one]
        return total / np.float32(len(heads)), 1.0
    if kind is WeightKind.ROLLOUT:
        return (trace.rollout[head[0]], 1.0) if trace.rollout is not None else None
    found = every_head(trace, kind)
    return (found[head], found.full) if found is not None else None
