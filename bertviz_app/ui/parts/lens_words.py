"""What the views of the lens ask for, and where they look: the blank, else the pinned token."""

from __future__ import annotations

from collections.abc import Iterable

from bertviz_app.core.lens import Depth, Lens
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Show, State
from bertviz_app.ui import numbers


def place_in_question(snapshot: Snapshot) -> int | None:
    """The token whose word is in question: the blank, or the pinned token if nothing is hidden."""
    return snapshot.token if snapshot.blank is None else snapshot.blank


def lens_of(
    snapshot: Snapshot | None, state: State, positions: Iterable[int] = (), *, between: bool
) -> Lens:
    """The lens at the masks and at `positions`, on the words that `state` speaks of.

    The best words of the last layer are followed without being asked for. Only with a change in
    force the word in question is: what is best as it is may not be among the best when changed.
    Where differences are shown, the best words of both runs are followed in both; and as is, for
    a held key that shows it for a moment shall not lose them.
    """
    words = [*state.asked, *(word.piece for word in state.hidden), state.selection.word]
    if snapshot is not None and state.interventions:
        words.append(snapshot.word)
    ids = snapshot.facts.ids if snapshot is not None and snapshot.facts is not None else {}
    found = {ids[word] for word in words if word is not None and word in ids}
    both = snapshot is not None and snapshot.options.show is not Show.CHANGED
    question = place_in_question(snapshot) if snapshot is not None and both else None
    compared = (question,) if question is not None and state.interventions else ()
    return Lens(tuple(positions), between, tuple(sorted(found)), compared)


def layer_name(depth: Depth, first_number: int) -> str:
    """A depth as a label: emb., 1, in 2, 2."""
    if depth.layer == 0:
        return "emb."
    number = depth.layer - 1 + first_number
    return f"in {number}" if depth.between else str(number)


def spoken_depth(depth: Depth, first_number: int) -> str:
    """A depth inside a sentence: after layer 2."""
    if depth.layer == 0:
        return "at the embedding"
    number = depth.layer - 1 + first_number
    return f"inside layer {number}" if depth.between else f"after layer {number}"


def rank(value: int, probability: float) -> str:
    """A rank as it is said; a word without a number has none."""
    return numbers.ordinal(value) if probability == probability else numbers.NOT_A_NUMBER
