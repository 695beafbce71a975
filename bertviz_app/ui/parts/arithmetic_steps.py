"""The arithmetic of one weight as numbered steps, from the hidden states to the next LayerNorm."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from bertviz_app.analysis.arithmetic import LOUD, Exact
from bertviz_app.analysis.embeddings import scale_of
from bertviz_app.ui import numbers
from bertviz_app.ui.parts.arithmetic_softmax import softmax
from bertviz_app.ui.parts.followed import Followed
from bertviz_app.ui.parts.steps import Bars, Block, Heading, Result, Strip, Words
from bertviz_app.ui.parts.word_steps import DIFFERS

EACH_RUN = (
    "Each run is calculated by itself, and every number here is changed minus as is: the product "
    "of two differences is not the difference of two products."
)

THE_SAME = "the same"

BEING_READ = "The matrix is being read …"

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
    over = f"Softmax over all {len(followed.trace)} tokens of the row"
    yield over, softmax(followed, whole=whole)
    yield _weight(followed)
    yield _values(followed)
    yield _context(followed)
    yield _output(followed)
    yield _norm(followed)
    yield _exactness(followed)


def _inputs(followed: Followed) -> Step:
    spec, (layer, _) = followed.trace.spec, followed.head
    states = followed.shown(lambda one: one.trace.hidden[layer])
    full = scale_of(states.astype(np.float32))
    after = "the LayerNorm over the embeddings"
    if layer:
        after = f"layer {layer - 1 + followed.first_number}"
    rests = f"“{followed.name(followed.key)}” is the strongest of its row; click another in step 5."
    return f"Two tokens come in{DIFFERS if followed.compared else ''}", [
        *([Words(rests)] if followed.rests else []),
        *(
            Strip(followed.labels[token], states[token], full, _length(states[token]), role)
            for token, role in zip(_two(followed), ("query", "key"), strict=True)
        ),
        Words(
            f"{spec.width} numbers each, as they leave {after}, and their length. Full "
            f"colour is ±{full:g} or more. Head {followed.head_name} has three matrices of its "
            f"own; they make a query q, a key k and a value v of every token, "
            f"{len(followed.row.q)} numbers each."
        ),
        *([Words(EACH_RUN)] if followed.compared else []),
    ]


def _products(followed: Followed) -> Step:
    key = followed.key
    query = followed.shown(lambda one: one.row.q)
    looked_at = followed.shown(lambda one: one.row.keys[key])
    terms = followed.shown(lambda one: one.row.terms(key))
    both = _largest(query, looked_at)
    return "Query times key, number by number", [
        _bars(followed, f"q of {followed.labels[followed.query]}", query, both, "query"),
        _bars(followed, f"k of {followed.labels[key]}", looked_at, both, "key"),
        _bars(followed, "q × k", terms, _largest(terms)),
        _result(followed, f"sum of the {len(terms)} products", lambda one: one.row.products[key]),
    ]


def _divided(followed: Followed) -> Step:
    key, row = followed.key, followed.row
    return f"Divide by √{len(row.q)} = {numbers.term(row.root)}", [
        _result(followed, "the score", lambda one: one.row.products[key] / one.row.root),
        Words("Longer vectors have larger products; the division takes that out again."),
    ]


def _masked(followed: Followed) -> Step:
    name, key = followed.name(followed.key), followed.key
    seen = bool(followed.row.seen[key])
    why = f"“{name}” may be looked at: nothing is taken away."
    if not seen:
        why = f"“{name}” may not be looked at here: its weight is 0, whatever the score."
    mask = _result(followed, "mask", lambda one: 0.0 if one.row.seen[key] else -math.inf)
    return "Add the mask", [
        replace(mask, role="text" if seen else "change"),
        _result(followed, "the score that counts", lambda one: one.row.scores[key]),
        Words(why),
    ]


def _weight(followed: Followed) -> Step:
    row, key = followed.row, followed.key
    power = float(row.powers[key])
    given = row.given is not None
    name = "its part of the total"
    if followed.compared is None:
        name += f": {numbers.term(power)} ÷ {numbers.term(row.total)}"
    part = _result(followed, name, lambda one: one.row.softmax[key], bold=not given)
    blocks: list[Block] = [replace(part, aside="") if given and not followed.compared else part]
    if given:
        in_use = _result(followed, "in its place, by hand", lambda one: one.row.weights[key])
        blocks += [
            replace(in_use, role="change", bold=True),
            Words("This row was edited: the softmax above is computed, but not used.", "change"),
        ]
    return f"The weight of “{followed.name(key)}”", [*blocks, *_beside_the_model(followed)]


def _beside_the_model(followed: Followed) -> Iterator[Block]:
    key, apart = followed.key, float(followed.apart[followed.key])
    loud = not apart <= LOUD
    yield replace(
        _result(followed, "the model's own, in float32", lambda one: one.row.model[key]), aside=""
    )
    yield Result("apart", numbers.weight(apart), role="error" if loud else "text")
    if not followed.row.furthest <= LOUD:
        yield Words(
            f"Weights of this row are up to {numbers.weight(followed.row.furthest)} apart from the "
            "model's: more than rounding (1e−06) explains. Do not trust this page.",
            "error",
        )


def _values(followed: Followed) -> Step:
    key, weight = followed.key, float(followed.row.weights[followed.key])
    value = followed.shown(lambda one: one.row.values[key])
    taken = followed.shown(lambda one: one.row.weights[key] * one.row.values[key])
    full = _largest(value, taken)
    times = "weight" if followed.compared else numbers.term(weight)
    return "Weight times value: what is taken from it", [
        _bars(followed, f"v of {followed.labels[key]}", value, full, "key"),
        _bars(followed, f"{times} × v", taken, full),
    ]


def _context(followed: Followed) -> Step:
    context = followed.shown(lambda one: one.row.context)
    full = _largest(context, followed.shown(lambda one: one.row.heard))
    blocks: list[Block] = [
        _bars(followed, "sum", context, full),
        Result("its length", _length(context)),
    ]
    if followed.row.silenced:
        words = f"Head {followed.head_name} is off: its sum is set to 0, its weights stay."
        blocks.append(Words(words, "change"))
    title = f"The same for all {len(followed.trace)} tokens, added: the head's output"
    return title, blocks


def _output(followed: Followed) -> Step:
    spec, parts = followed.trace.spec, followed.shown_output
    title = f"Times W_O: {len(followed.row.q)} numbers become {spec.width}"
    if parts is None:
        return title, [Words(BEING_READ)]
    full = scale_of(parts.own.astype(np.float32))
    return title, [
        Strip(f"head {followed.head_name}", parts.own, full, _length(parts.own)),
        Words(f"The part of this head in what the layer adds. Full colour is ±{full:g} or more."),
    ]


def _norm(followed: Followed) -> Step:
    output, layer = followed.shown_output, followed.head[0] + followed.first_number
    title = f"All heads, added to what came in; LayerNorm of layer {layer}"
    if output is None:
        return title, [Words(BEING_READ)]
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
    row, key = followed.row, followed.key
    terms = followed.shown(lambda one: one.row.terms(key))
    rounded = float(np.round(terms, 4).sum() - terms.sum())
    summed = float(followed.shown(lambda one: one.row.weights.sum() - 1))
    weights = "the weights of the row, less 1"
    if followed.compared is not None:
        weights = "the differences of the row's weights, added"
    return "How exact this is", [
        Result(f"the {len(terms)} products rounded, less their sum", numbers.term(rounded)),
        Result(weights, numbers.term(summed)),
        Result("furthest from the model's weights", numbers.weight(row.furthest)),
        Words(
            "Queries, keys and values are the model's own, in float32; from there on everything "
            "is computed in float64, and sums are of terms that were not rounded. What is "
            "written has four decimals; copying gives all digits."
        ),
    ]


def _two(followed: Followed) -> tuple[int, int]:
    return followed.query, followed.key


def _result(
    followed: Followed, name: str, number: Callable[[Followed], float], *, bold: bool = False
) -> Result:
    """A number of the weight that is followed, with what it was."""
    return Result(name, followed.written(number), followed.aside(number), bold=bold)


def _bars(
    followed: Followed, name: str, values: Exact, full: float, role: str | None = None
) -> Bars:
    """Numbers as bars up to ±`full`, which stands beside them; where none differs, that does."""
    same = followed.compared is not None and not values.any()
    return Bars(name, values, full, THE_SAME if same else _full(full), role)


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
