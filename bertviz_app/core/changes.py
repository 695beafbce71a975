"""The changes inside BERT as a person reads them: one chip each, and BERT without it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from bertviz_app.core import order
from bertviz_app.core.request import (
    LEARNED,
    RAW,
    SINUSOIDAL,
    UNCHANGED,
    Head,
    Interventions,
    RowKey,
)
from bertviz_app.core.state import UNDO, Note, NoteKind

PART_NAMES = ("token", "segment", "position")


MADE_IN = {
    2: ("parts", "position_ids", "segment_ids", "position_table"),
    3: ("heads_off", "causal", "anticausal", "hidden_keys", "attention"),
}
"""The kinds of change that are made inside a place, by its number."""

_RULES = {
    order.REVERSED: "order reversed",
    order.SHUFFLED: "order shuffled",
    order.ALL_A: "all in segment A",
    order.SWAPPED: "segments swapped",
    SINUSOIDAL: "sinusoidal positions",
    RAW: "sinusoidal positions, raw",
}


@dataclass(frozen=True, slots=True)
class Chip:
    """One change: what it is called, and the interventions that are left when it is taken away."""

    label: str
    without: Interventions


def chips(
    interventions: Interventions, first_number: int = 1, names: Sequence[str] = ()
) -> tuple[Chip, ...]:
    """All changes in force; layers and heads are counted from `first_number`.

    `names` are those of the tokens, T of them; one that has none is called by its position.
    """
    return (
        *_of_heads(interventions, first_number),
        *_of_sight(interventions, names),
        *_of_parts(interventions),
        *_of_input(interventions),
        *_of_rows(interventions, first_number, names),
    )


def _of_heads(changes: Interventions, first_number: int) -> Iterator[Chip]:
    for layer, head in changes.heads_off:
        rest = tuple(other for other in changes.heads_off if other != (layer, head))
        label = f"head {head_name(layer, head, first_number)} off"
        yield Chip(label, replace(changes, heads_off=rest))


def _of_sight(changes: Interventions, names: Sequence[str]) -> Iterator[Chip]:
    """Who may look where."""
    if changes.causal:
        yield Chip("left only", replace(changes, causal=False))
    if changes.anticausal:
        yield Chip("right only", replace(changes, anticausal=False))
    for key in changes.hidden_keys:
        rest = tuple(other for other in changes.hidden_keys if other != key)
        what = names[key] if key < len(names) else f"token {key}"
        yield Chip(f"no one looks at {what}", replace(changes, hidden_keys=rest))


def _of_parts(changes: Interventions) -> Iterator[Chip]:
    for number, factor in enumerate(changes.parts):
        if factor != 1.0:
            label = f"{PART_NAMES[number]} {factor * 100:.0f} %"
            yield Chip(label, with_part(changes, number, 1.0))


def _of_input(changes: Interventions) -> Iterator[Chip]:
    """Which positions and segments the tokens are given."""
    order_now, segments_now = changes.position_ids, changes.segment_ids
    if order_now is not None:
        label = _RULES[order_now] if isinstance(order_now, str) else "positions by hand"
        yield Chip(label, replace(changes, position_ids=None))
    if segments_now is not None:
        label = _RULES[segments_now] if isinstance(segments_now, str) else "segments by hand"
        yield Chip(label, replace(changes, segment_ids=None))
    if changes.position_table != LEARNED:
        yield Chip(_RULES[changes.position_table], replace(changes, position_table=LEARNED))


def _of_rows(changes: Interventions, first_number: int, names: Sequence[str]) -> Iterator[Chip]:
    for (layer, head, query), _ in changes.attention:
        rows = tuple(row for row in changes.attention if row[0] != (layer, head, query))
        row = names[query] if query < len(names) else query
        label = f"row {row} of head {head_name(layer, head, first_number)} edited"
        yield Chip(label, replace(changes, attention=rows))


def changed_in(place: int, interventions: Interventions) -> bool:
    """Whether something is changed inside a place."""
    kinds = MADE_IN.get(place, ())
    return any(getattr(interventions, kind) != getattr(UNCHANGED, kind) for kind in kinds)


def removed_note(interventions: Interventions) -> Note:
    """What is said when something else than the person takes the changes away."""
    return Note(removed(interventions), NoteKind.RECOVERY, UNDO)


def removed(interventions: Interventions) -> str:
    """The same in words."""
    were = "was" if len(chips(interventions)) == 1 else "were"
    return f"{counted(interventions)} {were} removed."


def counted(interventions: Interventions) -> str:
    """How many changes there are, in words."""
    number = len(chips(interventions))
    return "1 change" if number == 1 else f"{number} changes"


def head_name(layer: int, head: int, first_number: int = 1) -> str:
    """A head as it is called on screen: 6.9 is layer 6, head 9."""
    return f"{layer + first_number}.{head + first_number}"


def toggled(interventions: Interventions, head: Head) -> Interventions:
    """Silence a head, or let it speak again."""
    off = set(interventions.heads_off) ^ {head}
    return replace(interventions, heads_off=tuple(off))


def toggled_layer(interventions: Interventions, layer: int, heads: int) -> Interventions:
    """Silence all heads of a layer that has so many, or let them speak again if all are silent."""
    whole = {(layer, head) for head in range(heads)}
    off = set(interventions.heads_off)
    return replace(interventions, heads_off=tuple(off - whole if whole <= off else off | whole))


class Sight(Enum):
    """Where every token may look."""

    BOTH = "both"
    LEFT = "left only"
    RIGHT = "right only"


def looking(interventions: Interventions, sight: Sight) -> Interventions:
    """Let every token look there."""
    left, right = sight is Sight.LEFT, sight is Sight.RIGHT
    return replace(interventions, causal=left, anticausal=right)


def sight_of(interventions: Interventions) -> Sight | None:
    """Where every token may look; None if it sees but itself."""
    if interventions.causal and interventions.anticausal:
        return None
    if interventions.causal:
        return Sight.LEFT
    return Sight.RIGHT if interventions.anticausal else Sight.BOTH


def hidden_from_all(interventions: Interventions, token: int) -> Interventions:
    """Let no other token look at this one, or let them look again."""
    keys = set(interventions.hidden_keys) ^ {token}
    return replace(interventions, hidden_keys=tuple(keys))


def with_row(interventions: Interventions, key: RowKey, row: Iterable[float]) -> Interventions:
    """Give one attention row by hand; one that was given before is replaced."""
    rows = dict(interventions.attention) | {key: tuple(row)}
    return replace(interventions, attention=tuple(rows.items()))


def with_part(interventions: Interventions, number: int, factor: float) -> Interventions:
    """Another factor for the token (0), segment (1) or position (2) embedding."""
    token, segment, position = (
        factor if part == number else now for part, now in enumerate(interventions.parts)
    )
    return replace(interventions, parts=(token, segment, position))


def of_one_text(interventions: Interventions) -> str:
    """In words what belongs to one text and goes with it; empty if nothing does."""
    rows, keys = len(interventions.attention), len(interventions.hidden_keys)
    found = []
    if rows:
        found.append("1 edited row" if rows == 1 else f"{rows} edited rows")
    if keys:
        found.append(f"{keys} token{'' if keys == 1 else 's'} that no one looks at")
    for name in ("position_ids", "segment_ids"):
        if isinstance(getattr(interventions, name), tuple):
            found.append(f"the {name.replace('_', ' ')} given by hand")
    return " and ".join(found)
