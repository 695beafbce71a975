"""The arithmetic of one weight in words, for the readout, and as a table, for the clipboard."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bertviz_app.analysis.arithmetic import Exact
from bertviz_app.analysis.labels import numbered
from bertviz_app.analysis.visible import cell_text
from bertviz_app.ui import numbers
from bertviz_app.ui.parts.followed import Followed
from bertviz_app.ui.parts.word_steps import DIFFERS


def weight_in_words(followed: Followed, key: int) -> str:
    """How the weight on `key` comes about."""
    row, written = followed.row, followed.written
    words = (
        f"{followed.name(followed.query)} · {followed.name(key)}{_differs(followed)} = "
        f"{written(lambda one: one.row.products[key])}, ÷ √{len(row.q)} = "
        f"{written(lambda one: one.row.products[key] / one.row.root)}; "
        f"softmax over {len(row.model)}: {written(lambda one: one.row.softmax[key])}"
    )
    if row.given is not None:
        words += f"; by hand {written(lambda one: one.row.weights[key])}"
    words += f"; model {written(lambda one: one.row.model[key])}, "
    words += f"apart {numbers.weight(float(followed.apart[key]))}"
    was = followed.as_is(lambda one: one.row.weights[key])
    return words + (f" {was}" if was else "")


def bar_in_words(followed: Followed, number: int) -> str:
    """One of the D numbers of query, key, product, value and output."""
    row = followed.row
    q, k, product, value, weighted, summed = (
        numbers.term(float(values[number])) for values in followed.shown(_columns)
    )
    product = f"q × k {product}" if followed.compared else product
    factors = f"q {q}, k {k}, " if followed.compared else f"q {q} × k {k} = "
    return (
        f"number {number + 1} of {len(row.q)}{_differs(followed)}: {factors}{product}; "
        f"v {value}, weighted {weighted}, summed over the row {summed}"
    )


def _differs(followed: Followed) -> str:
    return DIFFERS if followed.compared is not None else ""


def _columns(followed: Followed) -> Exact:
    """Query, key, product, value, weighted value and output (6, D)."""
    row, key = followed.row, followed.key
    weighted = row.weights[key] * row.values[key]
    return np.stack([row.q, row.keys[key], row.terms(key), row.values[key], weighted, row.context])


def _weights(followed: Followed) -> Exact:
    """Score, power, softmax, weight in use and the model's own of each token (5, T)."""
    row = followed.row
    return np.stack([row.scores, row.powers, row.softmax, row.weights, row.model])


def table(followed: Followed) -> str:
    """All numbers of all steps, for the clipboard."""
    key, output = followed.key, followed.shown_output
    names = [cell_text(name) for name in numbered(followed.trace.encoding.tokens)]
    what = f"head {followed.head_name}: {names[followed.query]} looks at {names[key]}"
    lines: list[Sequence[object]] = [
        [what + _differs(followed)],
        ["number", "q", "k", "q × k", "v", "weight × v", "head's output"],
        *zip(range(1, len(followed.row.q) + 1), *followed.shown(_columns), strict=True),
        ["sum q · k", float(followed.shown(lambda one: one.row.products[key]))],
        ["√D", followed.row.root],
        ["largest score", float(followed.shown(lambda one: one.row.largest))],
        ["total", float(followed.shown(lambda one: one.row.total))],
        [],
        ["looked at", "score", "e^(score − max)", "softmax", "in use", "model", "apart"],
        *zip(names, *followed.shown(_weights), followed.apart, strict=True),
    ]
    if output is not None:
        parts = (output.x, output.own, output.others, output.bias, output.summed, output.normed)
        lines += [
            [],
            ["number", "before", "this head", "other heads", "bias", "sum", "after LayerNorm"],
            *zip(range(1, len(output.x) + 1), *parts, strict=True),
        ]
    return "\n".join("\t".join(map(_digits, line)) for line in lines)


def _digits(value: object) -> str:
    return f"{value:.17g}" if isinstance(value, float) else str(value)
