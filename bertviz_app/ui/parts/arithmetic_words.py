"""The arithmetic of one weight in words, for the readout, and as a table, for the clipboard."""

from __future__ import annotations

from collections.abc import Sequence

from bertviz_app.analysis.arithmetic import Exact
from bertviz_app.analysis.labels import numbered
from bertviz_app.analysis.visible import cell_text
from bertviz_app.ui import numbers
from bertviz_app.ui.parts.followed import Followed


def weight_in_words(followed: Followed, key: int) -> str:
    """How the weight on `key` comes about."""
    row, was = followed.row, followed.as_is(lambda before: before.weights[key])
    root = f"√{len(row.q)}"
    words = (
        f"{followed.name(followed.query)} · {followed.name(key)} = "
        f"{numbers.term(float(row.products[key]))}, ÷ {root} = "
        f"{numbers.term(float(row.products[key]) / row.root)}; softmax over {len(row.model)}: "
        f"{numbers.term(float(row.softmax[key]))}"
    )
    if row.given is not None:
        words += f"; by hand {numbers.term(float(row.given[key]))}"
    words += f"; model {numbers.term(float(row.model[key]))}, "
    words += f"apart {numbers.weight(row.apart(key))}"
    return words + (f" {was}" if was else "")


def bar_in_words(followed: Followed, number: int) -> str:
    """One of the D numbers of query, key, product, value and output."""
    row = followed.row
    q, k, product, value, weighted, summed = (
        numbers.term(float(values[number])) for values in _columns(followed)
    )
    return (
        f"number {number + 1} of {len(row.q)}: q {q} × k {k} = {product}; "
        f"v {value}, weighted {weighted}, summed over the row {summed}"
    )


def _columns(followed: Followed) -> tuple[Exact, ...]:
    """Query, key, product, value, weighted value and output, D numbers each."""
    row, key = followed.row, followed.key
    weighted = row.weights[key] * row.values[key]
    return row.q, row.keys[key], row.terms(key), row.values[key], weighted, row.context


def table(followed: Followed) -> str:
    """All numbers of all steps, for the clipboard."""
    row, key, output = followed.row, followed.key, followed.output
    names = [cell_text(name) for name in numbered(followed.trace.encoding.tokens)]
    lines: list[Sequence[object]] = [
        [f"head {followed.head_name}: {names[followed.query]} looks at {names[key]}"],
        ["number", "q", "k", "q × k", "v", "weight × v", "head's output"],
        *zip(range(1, len(row.q) + 1), *_columns(followed), strict=True),
        ["sum q · k", row.products[key]],
        ["√D", row.root],
        ["largest score", row.largest],
        ["total", row.total],
        [],
        ["looked at", "score", "e^(score − max)", "softmax", "in use", "model", "apart"],
        *zip(
            names,
            row.scores,
            row.powers,
            row.softmax,
            row.weights,
            row.model,
            abs(row.weights - row.model),
            strict=True,
        ),
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
