"""Tests of the largest flow: by hand, and against the narrowest cut of every small network."""

from __future__ import annotations

from collections import deque
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from bertviz_app.analysis.max_flow import Numbers, Widths, flowing

Pipe = tuple[int, int]


def max_flows(layers: Widths, sources: Numbers, sinks: Numbers) -> Widths:
    *_, found = flowing(layers, sources, sinks)
    return found


def max_flow(layers: Widths, source: int, sink: int) -> float:
    return float(max_flows(layers, np.array([source]), np.array([sink]))[0])


def narrowest_cut(layers: Widths, source: int, sink: int) -> float:
    """The least width that parts the source from the sink, of all ways to part the tokens."""
    count, tokens, _ = layers.shape
    found = np.inf
    for sides in product((False, True), repeat=(count - 1) * tokens):
        above = np.zeros((count + 1, tokens), bool)  # on the side of the source
        above[1:count] = np.reshape(sides, (count - 1, tokens))
        above[count] = np.arange(tokens) == source
        above[0] = np.arange(tokens) != sink
        cut = sum(layers[layer][above[layer + 1]][:, ~above[layer]].sum() for layer in range(count))
        found = min(found, cut)
    return float(found)


def by_paths(layers: Widths, source: int, sink: int) -> float:
    """The same along shortest paths (Edmonds & Karp 1972), one after the other."""
    count, tokens, _ = layers.shape
    left: dict[Pipe, float] = {}
    for layer, above, below in product(range(count), range(tokens), range(tokens)):
        pipe = (layer + 1) * tokens + above, layer * tokens + below
        left[pipe], left[pipe[::-1]] = layers[layer, above, below], 0.0
    found = 0.0
    while path := shortest_path(left, count * tokens + source, sink):
        most = min(left[pipe] for pipe in path)
        for above, below in path:
            left[above, below] -= most
            left[below, above] += most
        found += most
    return found


def shortest_path(left: dict[Pipe, float], start: int, end: int) -> list[Pipe]:
    came, waiting = {start: start}, deque([start])
    while waiting and end not in came:
        node = waiting.popleft()
        for (above, below), width in left.items():
            if above == node and below not in came and width > 1e-12:
                came[below] = node
                waiting.append(below)
    path, node = [], end
    while node in came and node != start:
        path.append((came[node], node))
        node = came[node]
    return path


def test_one_layer_is_the_pipe_itself() -> None:
    layers = np.array([[[0.7, 0.3], [0.1, 0.9]]])
    assert max_flow(layers, 0, 1) == 0.3
    assert max_flow(layers, 1, 1) == 0.9


def test_two_layers_by_hand() -> None:
    lower = np.array([[0.5, 0.5], [0.2, 0.8]])
    upper = np.array([[0.9, 0.1], [0.4, 0.6]])
    # From 0 by way of 0: min(0.9, 0.5), by way of 1: min(0.1, 0.2).
    assert max_flow(np.stack([lower, upper]), 0, 0) == pytest.approx(0.5 + 0.1)


def test_what_flows_is_taken_back_where_another_way_needs_the_pipe() -> None:
    # The widest path 0 → 1 → 1 → 0 takes the pipe 1 → 0 that the path by way of 0 needs.
    top = np.array([[0.5, 0.6, 0.0], [0.0] * 3, [0.0] * 3])
    middle = np.array([[0.0, 0.5, 0.0], [0.0, 0.6, 0.6], [0.0] * 3])
    bottom = np.array([[0.0] * 3, [0.6, 0.0, 0.0], [0.5, 0.0, 0.0]])
    layers = np.stack([bottom, middle, top])
    assert max_flow(layers, 0, 0) == pytest.approx(1.1)


WIDTHS = st.sampled_from([0.0, 0.1, 0.25, 0.4, 1.0])


@given(npst.arrays(np.float64, st.sampled_from([(3, 3, 3), (5, 2, 2)]), elements=WIDTHS))
@settings(deadline=None, max_examples=60)
def test_the_largest_flow_is_the_narrowest_cut(layers: Widths) -> None:
    last = layers.shape[-1] - 1
    pairs = np.array([(0, 0), (1, last), (last, 1)])  # all at once, though some are done sooner
    found = max_flows(layers, *pairs.T)
    assert found == pytest.approx([narrowest_cut(layers, *pair) for pair in pairs], abs=1e-6)


def test_what_flows_is_given_back_more_than_one_level_up() -> None:
    # More comes down to token 0 above the bottom than leaves it: a part goes by way of 1 instead.
    top = np.array([[0.5, 0.5], [0.0, 0.0]])
    upper = np.array([[0.5, 0.3], [0.0, 0.2]])
    lower = np.array([[0.4, 0.0], [0.0, 0.4]])
    bottom = np.array([[0.1, 0.0], [0.4, 0.0]])
    layers = np.stack([bottom, lower, upper, top])
    assert max_flow(layers, 0, 0) == pytest.approx(narrowest_cut(layers, 0, 0), abs=1e-9)


def test_through_layers_as_attention_has_them_it_is_what_paths_find() -> None:
    chance = np.random.default_rng(4)
    layers = np.exp(3 * chance.normal(size=(5, 9, 9)))
    layers = (layers / layers.sum(axis=-1, keepdims=True) + np.eye(9)) / 2
    pairs = np.array([(0, 5), (3, 3), (8, 1), (2, 7), (6, 0)])
    waves = [found.copy() for found in flowing(layers, *pairs.T)]
    assert np.all(np.diff(waves, axis=0) >= 0)
    assert waves[-1] == pytest.approx([by_paths(layers, *pair) for pair in pairs], abs=1e-7)
