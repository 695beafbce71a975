"""The readout of the lens: what one token would say at one depth, in words."""

from __future__ import annotations

from bertviz_app.analysis.labels import numbered
from bertviz_app.analysis.visible import isolated, visible
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.lens import Depth, LensReading, Standing
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.trace import Trace
from bertviz_app.ui import numbers
from bertviz_app.ui.parts.lens_grid import LensCell
from bertviz_app.ui.parts.lens_words import rank, spoken_depth
from bertviz_app.ui.parts.words import not_one_piece


def lens_readout(snapshot: Snapshot, token: int, depth: Depth, word: str | None) -> str:
    """The two best words at a token, and the rank of `word` there if it is followed."""
    trace, facts = snapshot.trace, snapshot.facts
    if trace is None or facts is None or trace.lens is None:
        return ""
    if token not in trace.lens.places or depth not in trace.lens.depths:
        return ""
    piece = isolated(numbered(trace.encoding.tokens)[token])
    where = spoken_depth(depth, snapshot.options.first_number)
    text = f"{piece} {where}: {_best(trace.lens, facts, token, depth)}"
    now = _standing(trace, facts, token, depth, word)
    if word is not None and word not in facts.ids:
        text += f"; {not_one_piece(word)} and has no rank"
    if now is None or word is None:
        return text
    text += f"; {said(word)} is {rank(now.rank, now.probability)}"
    other = snapshot.other if snapshot.other is not trace else None
    then = _standing(other, facts, token, depth, word)
    return text if then is None else f"{text} (as is {rank(then.rank, then.probability)})"


def difference_readout(snapshot: Snapshot, cell: LensCell) -> str:
    """How probable the word of a cell is there in both runs, and the difference."""
    trace, facts, other = snapshot.trace, snapshot.facts, snapshot.other
    if trace is None or facts is None:
        return ""
    now = _standing(trace, facts, cell.token, cell.depth, cell.word)
    then = _standing(other, facts, cell.token, cell.depth, cell.word)
    if now is None or then is None:
        return ""
    piece = isolated(numbered(trace.encoding.tokens)[cell.token])
    where = spoken_depth(cell.depth, snapshot.options.first_number)
    as_is, changed = (numbers.weight(one.probability) for one in (then, now))
    return (
        f"{piece} {where}: {said(cell.word)} {as_is} as is, {changed} changed, "
        f"{numbers.signed(cell.value)}"
    )


def said(word: str) -> str:
    """A word inside a sentence."""
    return isolated(visible(word))


def _best(lens: LensReading, facts: ModelFacts, token: int, depth: Depth) -> str:
    place, row = lens.places[token], lens.depths.index(depth)
    ids, chances = lens.ids[place, row, :2].tolist(), lens.probabilities[place, row, :2].tolist()
    return ", ".join(
        f"{said(facts.vocabulary[word])} {numbers.weight(chance)}"
        for word, chance in zip(ids, chances, strict=True)
    )


def _standing(
    trace: Trace | None, facts: ModelFacts, token: int, depth: Depth, word: str | None
) -> Standing | None:
    """How a word stands at one depth of a run; None if it was not followed there."""
    if trace is None or trace.lens is None or word is None or word not in facts.ids:
        return None
    standings = trace.lens.standings(token, facts.ids[word])
    if not standings or depth not in trace.lens.depths:
        return None
    return standings[trace.lens.depths.index(depth)]
