"""The arithmetic of one weight as numbered steps, from the hidden states to the next LayerNorm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from bertviz_app.analysis.arithmetic import LOUD, Exact
from bertviz_app.analysis.embeddings import scale_of
from bertviz_app.ui import numbers
from bertviz_app.ui.parts.followed import Followed
from bertviz_app.ui.parts.steps import Bars, Block, Heading, Result, Strip, Term, TermHead, Words

WHOLE = 32
"""A row of up to so many tokens is always written whole."""

STRONGEST = 12
"""Terms of a longer row that are written one by one."""

Step = tuple[str, list[Block]]
"""What is done, and how it is shown."""


def steps(followed: Followed, *, whole: bool) -> list[Block]:
    """All steps; `whole` writes every term of a long row."""
    found: list[Block] = []
    for number, (title, blocks) in enumerate(_all_steps(followed, whole=whole), 1):
        found += [Heading(number, title), *blocks]
    return found


def _all_steps(followed: Followed, *, whole: bool) -> Iterator[Step]:
    yield _inputs(followed)
    yield _products(followed)
    yield _divided(followed)
    yield _masked(followed)
    yield _softmax(followed, whole=whole)
    yield _weight(followed)
    yield _values(followed)
    yield _context(followed)
    yield _output(followed)
    yield _norm(followed)
    yield _exactness(followed)


def _inputs(followed: Followed) -> Step:
    trace, (layer, _) = followed.trace, followed.head
    states = [trace.hidden[layer][token].astype(np.float64) for token in _two(followed)]
    full = scale_of(trace.hidden[layer])
    after = "the LayerNorm over the embeddings"
    if layer:
        after = f"layer {layer - 1 + followed.first_number}"
    rests = f"{followed.name(followed.key)} is the strongest of its row; click another in step 5."
    return "Two tokens come in", [
        *([Words(rests)] if followed.rests else []),
        *(
            Strip(followed.labels[token], state, full, _length(state), role)
            for token, state, role in zip(_two(followed), states, ("query", "key"), strict=True)
        ),
        Words(
            f"{trace.spec.width} numbers each, as they leave {after}, and their length. Full "
            f"colour is ±{full:g} or more. Head {followed.head_name} has three matrices of its "
            f"own; they make a query q, a key k and a value v of every token, "
            f"{len(followed.row.q)} numbers each."
        ),
    ]


def _products(followed: Followed) -> Step:
    row, key = followed.row, followed.key
    both = _largest(row.q, row.keys[key])
    terms = row.terms(key)
    return "Query times key, number by number", [
        Bars(f"q of {followed.labels[followed.query]}", row.q, both, _full(both), "query"),
        Bars(f"k of {followed.labels[key]}", row.keys[key], both, _full(both), "key"),
        Bars("q × k", terms, _largest(terms), _full(_largest(terms))),
        Result(
            f"sum of the {len(terms)} products",
            numbers.term(float(row.products[key])),
            followed.as_is(lambda before: before.products[key]),
        ),
    ]


def _divided(followed: Followed) -> Step:
    row = followed.row
    root = numbers.term(row.root)
    return f"Divide by √{len(row.q)} = {root}", [
        Result(
            "the score",
            numbers.term(float(row.products[followed.key]) / row.root),
            followed.as_is(lambda before: before.products[followed.key] / before.root),
        ),
        Words("Longer vectors have larger products; the division takes that out again."),
    ]


def _masked(followed: Followed) -> Step:
    key, seen = followed.name(followed.key), bool(followed.row.seen[followed.key])
    added = "0" if seen else f"{numbers.MINUS}{numbers.INFINITE}"
    why = f"{key} may be looked at: nothing is taken away."
    if not seen:
        why = f"{key} may not be looked at here: its weight is 0, whatever the score."
    return "Add the mask", [
        Result("mask", added, role="text" if seen else "change"),
        Result("the score that counts", numbers.term(float(followed.row.scores[followed.key]))),
        Words(why),
    ]


def _softmax(followed: Followed, *, whole: bool) -> Step:
    row, tokens = followed.row, range(len(followed.trace))
    listed = list(tokens) if whole or len(tokens) <= WHOLE else _strongest(followed)
    left = sorted({*tokens} - {*listed})
    columns = np.stack([row.scores, row.powers, row.softmax], axis=1).tolist()
    terms = [
        replace(
            _term(followed.labels[token], *columns[token]),
            position=token,
            chosen=token == followed.key,
        )
        for token in listed
    ]
    if left:
        others = float(row.powers[left].sum()), float(row.softmax[left].sum())
        terms.append(_term(f"{len(left)} others", None, *others))
    total = _term("total", None, row.total, float(row.softmax.sum()))
    return f"Softmax over all {len(tokens)} tokens of the row", [
        TermHead(("looked at", "score s", "e^(s − max)", "÷ total")),
        *terms,
        replace(total, part=0.0, bold=True),
        Words(
            f"max = {numbers.term(row.largest)}, the largest score of the row: taking it away "
            "changes no weight and keeps e^… from growing beyond what a float holds."
        ),
    ]


def _weight(followed: Followed) -> Step:
    row, key = followed.row, followed.key
    power, softmax = float(row.powers[key]), float(row.softmax[key])
    was = followed.as_is(lambda before: before.weights[key])
    blocks: list[Block] = [
        Result(
            f"its part of the total: {numbers.term(power)} ÷ {numbers.term(row.total)}",
            numbers.term(softmax),
            was if row.given is None else "",
            bold=row.given is None,
        )
    ]
    if row.given is not None:
        given = numbers.term(float(row.given[key]))
        blocks += [
            Result("in its place, by hand", given, was, role="change", bold=True),
            Words("This row was edited: the softmax above is computed, but not used.", "change"),
        ]
    return f"The weight of {followed.name(key)}", [*blocks, *_beside_the_model(followed)]


def _beside_the_model(followed: Followed) -> Iterator[Block]:
    row, key = followed.row, followed.key
    loud = not row.apart(key) <= LOUD
    yield Result("the model's own, in float32", numbers.term(float(row.model[key])))
    yield Result("apart", numbers.weight(row.apart(key)), role="error" if loud else "text")
    if not row.furthest <= LOUD:
        yield Words(
            f"Weights of this row are up to {numbers.weight(row.furthest)} apart from the "
            "model's: more than rounding (1e−06) explains. Do not trust this page.",
            "error",
        )


def _values(followed: Followed) -> Step:
    row, key = followed.row, followed.key
    value, weight = row.values[key], float(row.weights[key])
    full = _largest(value)
    return "Weight times value: what is taken from it", [
        Bars(f"v of {followed.labels[key]}", value, full, _full(full), "key"),
        Bars(f"{numbers.term(weight)} × v", weight * value, full, _full(full)),
    ]


def _context(followed: Followed) -> Step:
    row = followed.row
    full = _largest(row.heard)
    blocks: list[Block] = [
        Bars("sum", row.context, full, _full(full)),
        Result("its length", _length(row.context)),
    ]
    if row.silenced:
        words = f"Head {followed.head_name} is off: its sum is set to 0, its weights stay."
        blocks.append(Words(words, "change"))
    title = f"The same for all {len(followed.trace)} tokens, added: the head's output"
    return title, blocks


def _output(followed: Followed) -> Step:
    output, spec = followed.output, followed.trace.spec
    title = f"Times W_O: {len(followed.row.q)} numbers become {spec.width}"
    if output is None:
        return title, [Words("The matrix is being read …")]
    full = scale_of(output.own.astype(np.float32))
    return title, [
        Strip(f"head {followed.head_name}", output.own, full, _length(output.own)),
        Words(f"The part of this head in what the layer adds. Full colour is ±{full:g} or more."),
    ]


def _norm(followed: Followed) -> Step:
    output, layer = followed.output, followed.head[0] + followed.first_number
    title = f"All heads, added to what came in; LayerNorm of layer {layer}"
    if output is None:
        return title, [Words("The matrix is being read …")]
    others = followed.trace.spec.heads - 1
    parts = {
        followed.labels[followed.query]: output.x,
        f"+ head {followed.head_name}": output.own,
        f"+ {others} other heads": output.others,
        "+ bias of W_O": output.bias,
        "= sum": output.summed,
    }
    full = scale_of(*(part.astype(np.float32) for part in parts.values()))
    of_norm = scale_of(output.normed.astype(np.float32))
    return title, [
        *(Strip(name, part, full, _length(part)) for name, part in parts.items()),
        Strip("LayerNorm", output.normed, of_norm, _length(output.normed)),
        Words(
            f"Lengths at the right. Full colour is ±{full:g} or more, after the LayerNorm "
            f"±{of_norm:g}. The feed-forward of layer {layer} reads the last line."
        ),
    ]


def _exactness(followed: Followed) -> Step:
    row = followed.row
    terms = row.terms(followed.key)
    rounded = float(np.round(terms, 4).sum() - terms.sum())
    return "How exact this is", [
        Result(f"the {len(terms)} products rounded, less their sum", numbers.term(rounded)),
        Result("the weights of the row, less 1", numbers.term(float(row.weights.sum()) - 1)),
        Result("furthest from the model's weights", numbers.weight(row.furthest)),
        Words(
            "Queries, keys and values are the model's own, in float32; from there on everything "
            "is computed in float64, and sums are of terms that were not rounded. What is "
            "written has four decimals; copying gives all digits."
        ),
    ]


def _two(followed: Followed) -> tuple[int, int]:
    return followed.query, followed.key


def _strongest(followed: Followed) -> list[int]:
    """The terms of a long row that are written: its strongest, and the two that are followed."""
    strong = np.argsort(-np.nan_to_num(followed.row.softmax), kind="stable")[:STRONGEST].tolist()
    return sorted({*strong, *_two(followed)})


def _term(name: str, score: float | None, power: float, weight: float) -> Term:
    """One line of the softmax; a sum has no score."""
    written = "" if score is None else numbers.term(score)
    return Term(name, (written, numbers.term(power), numbers.term(weight)), weight)


def _largest(*arrays: Exact) -> float:
    """The largest size in the arrays, for the scale of their bars; 1 if all are 0."""
    sizes = np.abs(np.concatenate(arrays))
    sizes = sizes[np.isfinite(sizes)]
    return float(sizes.max()) if sizes.size and sizes.max() > 0 else 1.0


def _full(full: float) -> str:
    """What a bar of full height means."""
    return f"±{full:.2f}" if full >= 0.01 else f"±{full:.0e}"


def _length(values: Exact) -> str:
    return numbers.length(float(np.linalg.norm(values)))
