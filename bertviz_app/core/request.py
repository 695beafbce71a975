"""What is asked of the engine: a text, what to change inside BERT, what to keep of the run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from numpy.typing import ArrayLike

from bertviz_app.core import entries, order
from bertviz_app.core.encoding import Encoding
from bertviz_app.core.lens import Lens
from bertviz_app.core.spec import ModelSpec

Head = tuple[int, int]
"""(layer, head), both counted from 0."""

RowKey = tuple[int, int, int]
"""(layer, head, query token), all counted from 0."""

RowEdit = tuple[RowKey, tuple[float, ...]]
"""One attention row given by hand: where it stands and its T weights."""

LEARNED, SINUSOIDAL, RAW = TABLES = ("learned", "sinusoidal", "sinusoidal raw")
"""The tables that positions can be read from."""


@dataclass(frozen=True)
class Interventions:
    """What is changed inside BERT, for one run; the default changes nothing.

    Sets and mappings are accepted and become sorted tuples, so that equal changes compare equal
    and hash alike. The order of application is: visibility (`causal`, `anticausal`,
    `hidden_keys`) -> softmax -> edited row -> head off. A token always sees itself.

    Attributes:
        heads_off: (layer, head) of those whose context is zero; their weights stay in the trace.
        causal: every layer looks left only.
        parts: factors of the token, segment and position embedding, in that order.
        attention: (layer, head, query) -> T weights, used as given after the softmax.
        position_ids: the position each of the T tokens is given, or for any text "reversed" or
            "shuffled".
        segment_ids: the segment each of the T tokens is given, or for any text "all A" or
            "swapped".
        position_table: "learned", "sinusoidal" (Vaswani et al. 2017, scaled to the mean length of
            the learned rows) or "sinusoidal raw".
        anticausal: every layer looks right only.
        hidden_keys: tokens that no other token may look at.

    Raises:
        ValueError: an entry is negative, not a number or none of the choices, or a row sums to
            zero; the text names it.
        TypeError: a layer, head, token or id is no whole number; the text names it.
    """

    heads_off: tuple[Head, ...] = ()
    causal: bool = False
    parts: tuple[float, float, float] = (1.0, 1.0, 1.0)
    attention: tuple[RowEdit, ...] = ()
    position_ids: tuple[int, ...] | str | None = None
    segment_ids: tuple[int, ...] | str | None = None
    position_table: str = LEARNED
    anticausal: bool = False
    hidden_keys: tuple[int, ...] = ()

    def __init__(
        self,
        heads_off: Iterable[Head] = (),
        causal: bool = False,
        parts: Iterable[float] = (1.0, 1.0, 1.0),
        attention: Mapping[RowKey, ArrayLike] | Iterable[RowEdit] = (),
        position_ids: Iterable[int] | str | None = None,
        segment_ids: Iterable[int] | str | None = None,
        position_table: str = LEARNED,
        anticausal: bool = False,
        hidden_keys: Iterable[int] = (),
    ) -> None:
        rows = attention.items() if isinstance(attention, Mapping) else attention
        checked = {
            "heads_off": tuple(sorted({entries.head(head) for head in heads_off})),
            "causal": bool(causal),
            "parts": entries.parts(parts),
            "attention": tuple(sorted(entries.row(key, row) for key, row in rows)),
            "position_ids": entries.ids("position_ids", position_ids, order.ORDERS),
            "segment_ids": entries.ids("segment_ids", segment_ids, order.SEGMENTS),
            "position_table": entries.choice("position_table", position_table, TABLES),
            "anticausal": bool(anticausal),
            "hidden_keys": entries.tokens("hidden_keys", hidden_keys),
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)

    def __bool__(self) -> bool:
        return self != UNCHANGED

    @property
    def of_any_text(self) -> Interventions:
        """These changes less those that belong to one text: they name its tokens."""
        changes = replace(self, attention=(), hidden_keys=())
        if isinstance(self.position_ids, tuple):
            changes = replace(changes, position_ids=None)
        if isinstance(self.segment_ids, tuple):
            changes = replace(changes, segment_ids=None)
        return changes

    def within(self, spec: ModelSpec) -> Interventions:
        """These changes less those of heads that the model does not have."""

        def there(layer: int, head: int) -> bool:
            return layer < spec.layers and head < spec.heads

        heads = [head for head in self.heads_off if there(*head)]
        rows = [(key, weights) for key, weights in self.attention if there(*key[:2])]
        if len(heads) == len(self.heads_off) and len(rows) == len(self.attention):
            return self
        return replace(self, heads_off=tuple(heads), attention=tuple(rows))

    def for_text(self, spec: ModelSpec, encoding: Encoding) -> Interventions:
        """These changes as they are for one text: checked, with an id for each token.

        Raises:
            ValueError: something here does not exist in this run; the text names it.
        """
        self.check(spec, len(encoding))
        if not (isinstance(self.position_ids, str) or isinstance(self.segment_ids, str)):
            return self
        return replace(
            self,
            position_ids=order.position_ids(self.position_ids, encoding),
            segment_ids=order.segment_ids(self.segment_ids, encoding, spec),
        )

    def check(self, spec: ModelSpec, tokens: int) -> None:
        """Raise ValueError, naming the entry, if something here does not exist in this run."""
        for layer, head in self.heads_off:
            entries.check_head(f"heads_off {(layer, head)}", layer, head, spec)
        for (layer, head, query), weights in self.attention:
            name = f"attention {(layer, head, query)}"
            entries.check_head(name, layer, head, spec)
            entries.check_token(name, query, tokens)
            if len(weights) != tokens:
                raise ValueError(f"{name}: {len(weights)} weights for {tokens} tokens")
        for key in self.hidden_keys:
            entries.check_token(f"hidden_keys {key}", key, tokens)
        entries.check_ids("position_ids", self.position_ids, tokens, spec.positions)
        entries.check_ids("segment_ids", self.segment_ids, tokens, spec.segments)


@dataclass(frozen=True, slots=True)
class Capture:
    """What a trace holds beside its usual content.

    Attributes:
        logits_at: token positions whose V logits are wanted, in any order.
        qkv: keep queries, keys and values.
        gradients: (token position, vocabulary id) of a logit; the trace then holds the gradient
            of that logit with respect to every attention weight.
        measures: keep the measures of every head.
        lens: where the word-prediction head shall read the states inside BERT; None: nowhere.
        sizes: measure what each layer adds.
        value_norms: keep how long each value is once it has gone through W_O.
        rollout: keep the attention rolled out over the layers.

    Raises:
        TypeError, ValueError: an entry of `logits_at` is no token.
    """

    logits_at: tuple[int, ...] = ()
    qkv: bool = False
    gradients: tuple[int, int] | None = None
    measures: bool = False
    lens: Lens | None = None
    sizes: bool = False
    value_norms: bool = False
    rollout: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "logits_at", entries.places("logits_at", self.logits_at))

    @property
    def compares(self) -> bool:
        """Whether what is kept of one run depends on the other run that is read beside it."""
        return self.lens is not None and bool(self.lens.compared)

    def __or__(self, other: Capture) -> Capture:
        """Everything either asks for; the left one's gradient target wins."""
        return Capture(
            tuple(sorted({*self.logits_at, *other.logits_at})),
            self.qkv or other.qkv,
            self.gradients if self.gradients is not None else other.gradients,
            self.measures or other.measures,
            self.lens | other.lens if self.lens and other.lens else self.lens or other.lens,
            self.sizes or other.sizes,
            self.value_norms or other.value_norms,
            self.rollout or other.rollout,
        )


@dataclass(frozen=True, slots=True)
class Request:
    """One run: the text, an optional second sentence, the changes, and what to keep.

    Attributes:
        text: what BERT reads; a blank is written as the model's vocabulary has it, mostly [MASK].
        pair: a second sentence; empty if there is none.
        interventions: what is changed inside BERT.
        capture: what the trace holds beside its usual content.

    Raises:
        TypeError: a sentence is no text.
    """

    text: str
    pair: str = ""
    interventions: Interventions = field(default_factory=Interventions)
    capture: Capture = Capture()

    def __post_init__(self) -> None:
        entries.text("text", self.text)
        entries.text("pair", self.pair)


UNCHANGED = Interventions()
