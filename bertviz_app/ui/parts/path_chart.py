"""The chart of the paths of words: their ranks or probabilities, or what a change made of them."""

from __future__ import annotations

import math

from bertviz_app.analysis.difference import change
from bertviz_app.analysis.visible import visible
from bertviz_app.core.lens import Standing
from bertviz_app.ui import look, numbers
from bertviz_app.ui.parts.lens_words import layer_name
from bertviz_app.ui.parts.plot import Axes, Curve
from bertviz_app.ui.parts.word_paths import WordPath, WordPaths

RANK, PROBABILITY = "rank", "probability"

DECADES = range(7)
"""Powers of 10 that ranks can reach."""


def curves_of(paths: WordPaths, measure: str) -> list[Curve]:
    """A line a path; of differences, and a line at 0 behind them."""
    xs = [depth.at for depth in paths.depths]
    found = [_curve(path, measure, xs, differs=paths.differs) for path in paths.paths]
    if paths.differs:
        nothing = [0.0 for _ in xs]
        found.append(Curve("", xs, nothing, look.current().colour("hairline")))
    return found


def axes_of(paths: WordPaths, measure: str, first_number: int) -> Axes:
    """Layers sideways; ranks upwards to the first on a logarithmic axis, probabilities evenly.

    A difference of ranks is logarithmic on either side of 0.
    """
    whole = (depth for depth in paths.depths if not depth.between)
    layers = tuple((depth.at, layer_name(depth, first_number)) for depth in whole)
    if measure == PROBABILITY:
        return Axes("layer", "probability" + (", changed − as is" * paths.differs), layers)
    if not paths.differs:
        marks = tuple((10.0**power, numbers.count(10**power)) for power in DECADES)
        return Axes("layer", "rank", layers, marks, y_log=True, y_inverted=True)
    sizes = [10**power for power in DECADES]
    both = [(_squeezed(sign * size), sign, size) for size in sizes for sign in (-1, 1)]
    places = [
        (at, f"{'+' if sign > 0 else numbers.MINUS}{numbers.count(size)}")
        for at, sign, size in both
    ]
    name = "rank, changed − as is; upwards is nearer to the first"
    return Axes("layer", name, layers, ((0.0, "0"), *places), y_inverted=True)


def _curve(path: WordPath, measure: str, xs: list[float], *, differs: bool) -> Curve:
    if differs:
        both = zip(path.standings, path.before, strict=True)
        ys = [_difference(now, then, measure) for now, then in both]
    else:
        ys = [_height(one, measure) for one in path.standings]
    role = "text" if path.followed else "muted"
    name = "as is" if path.as_is else f"● {visible(path.word)}" if path.followed else ""
    name = name or visible(path.word)
    width = 2.5 if path.followed and not path.as_is else 1.5
    return Curve(name, xs, ys, look.current().colour(role), width, dashed=path.as_is)


def _height(one: Standing, measure: str) -> float:
    """Where a standing is on the axis; what is not a number leaves a gap."""
    if one.probability != one.probability:
        return math.nan
    return float(one.rank) if measure == RANK else one.probability


def _difference(now: Standing, then: Standing, measure: str) -> float:
    """Where the difference of two standings is on the axis."""
    found = change(_height(now, measure), _height(then, measure))
    return _squeezed(found) if measure == RANK else found


def _squeezed(change: float) -> float:
    """A difference of ranks on an axis that is logarithmic on either side of 0."""
    return math.copysign(math.log10(1 + abs(change)), change)
