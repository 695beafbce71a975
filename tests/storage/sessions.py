"""Strategies: any session a person can come to."""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st

from bertviz_app.analysis.measures import NAMES
from bertviz_app.core.order import ORDERS, SEGMENTS
from bertviz_app.core.request import TABLES, Interventions
from bertviz_app.core.saved_session import Layout, ModelReference, SavedSession
from bertviz_app.core.state import (
    HiddenWord,
    Pin,
    Role,
    Scale,
    Selection,
    Show,
    Sorting,
    State,
    ViewOptions,
    WeightKind,
)
from bertviz_app.core.text import clean

TEXTS = st.text(max_size=40).map(clean)
COUNTS = st.integers(0, 600)
HEADS = st.tuples(COUNTS, COUNTS)
WEIGHTS = st.lists(st.floats(0, 1), min_size=1, max_size=5).filter(lambda row: sum(row) > 0)
IDS = st.lists(COUNTS, max_size=5).map(tuple)

interventions = st.builds(
    Interventions,
    heads_off=st.lists(HEADS, max_size=3),
    causal=st.booleans(),
    parts=st.tuples(*[st.floats(0, 2)] * 3),
    attention=st.dictionaries(st.tuples(COUNTS, COUNTS, COUNTS), WEIGHTS, max_size=2),
    position_ids=st.none() | st.sampled_from(ORDERS) | IDS,
    segment_ids=st.none() | st.sampled_from(SEGMENTS) | IDS,
    position_table=st.sampled_from(TABLES),
    anticausal=st.booleans(),
    hidden_keys=st.lists(COUNTS, max_size=3),
)


def spans(text: str) -> st.SearchStrategy[tuple[int, int]]:
    ends = st.integers(0, len(text))
    return st.tuples(ends, ends).map(lambda span: (min(span), max(span)))


def pins(texts: tuple[str, str]) -> st.SearchStrategy[Pin]:
    return st.integers(0, 1).flatmap(
        lambda sentence: st.builds(
            Pin,
            sentence=st.just(sentence),
            span=spans(texts[sentence]),
            word=spans(texts[sentence]),
            role=st.none() | st.sampled_from(Role),
            nth=st.integers(0, 3),
        )
    )


def hidden(texts: tuple[str, str]) -> st.SearchStrategy[HiddenWord]:
    return st.integers(0, 1).flatmap(
        lambda sentence: st.builds(
            HiddenWord,
            sentence=st.just(sentence),
            span=spans(texts[sentence]),
            word=TEXTS,
            piece=st.none() | TEXTS,
        )
    )


@st.composite
def states(draw: st.DrawFn) -> State:
    text, pair = draw(TEXTS), draw(st.none() | TEXTS)
    texts = text, pair or ""
    selection = draw(
        st.builds(
            Selection,
            layer=COUNTS,
            head=COUNTS,
            also=st.lists(HEADS, max_size=3).map(tuple),
            token=st.none() | pins(texts),
            second=st.none() | pins(texts),
            blank=st.none() | pins(texts),
            word=st.none() | TEXTS,
        )
    )
    return State(
        text=text,
        pair=pair,
        hidden=tuple(draw(st.lists(hidden(texts), max_size=2))),
        interventions=draw(interventions),
        selection=selection,
        asked=tuple(draw(st.lists(TEXTS, max_size=8))),
    )


options = st.builds(
    ViewOptions,
    fold=st.booleans(),
    scale=st.sampled_from(Scale),
    show=st.sampled_from(Show),
    listed=st.integers(1, 100),
    temperature=st.floats(0.1, 10),
    sorting=st.none() | st.builds(Sorting, st.sampled_from(NAMES), st.booleans()),
    fold_punctuation=st.booleans(),
    words=st.booleans(),
    keep=st.floats(0, 1),
    above=st.floats(0, 1),
    kind=st.sampled_from(WeightKind),
)

sessions = st.builds(
    SavedSession,
    state=states(),
    options=options,
    layout=st.builds(Layout, st.integers(0, 9), st.lists(TEXTS, max_size=3).map(tuple)),
    model=st.builds(
        ModelReference, st.none() | st.just(Path("/models/bert")), TEXTS, st.just("0f")
    ),
)
