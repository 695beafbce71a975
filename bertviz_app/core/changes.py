"""The changes inside BERT as a person reads them: one chip each, and BERT without it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bertviz_app.core.request import Head, Interventions
from bertviz_app.core.state import Note, NoteKind

PART_NAMES = ("token", "segment", "position")


@dataclass(frozen=True, slots=True)
class Chip:
    """One change: what it is called, and the interventions that are left when it is taken away."""

    label: str
    without: Interventions


def chips(interventions: Interventions, first_number: int = 1) -> tuple[Chip, ...]:
    """All changes in force; layers and heads are counted from `first_number`."""
    found = []
    for layer, head in interventions.heads_off:
        rest = tuple(other for other in interventions.heads_off if other != (layer, head))
        name = head_name(layer, head, first_number)
        found.append(Chip(f"head {name} off", replace(interventions, heads_off=rest)))
    if interventions.causal:
        found.append(Chip("left only", replace(interventions, causal=False)))
    for number, factor in enumerate(interventions.parts):
        if factor != 1.0:
            label = f"{PART_NAMES[number]} {factor * 100:.0f} %"
            whole = (*interventions.parts[:number], 1.0, *interventions.parts[number + 1 :])
            found.append(Chip(label, _with_parts(interventions, whole)))
    for key, _ in interventions.attention:
        rows = tuple(row for row in interventions.attention if row[0] != key)
        layer, head, query = key
        label = f"row {query} of head {head_name(layer, head, first_number)} edited"
        found.append(Chip(label, replace(interventions, attention=rows)))
    return tuple(found)


def removed_note(interventions: Interventions, more: tuple[str, ...] = ()) -> Note:
    """What is said when something else than the person takes the changes away."""
    number = len(chips(interventions))
    what = "1 change was" if number == 1 else f"{number} changes were"
    return Note(f"{what} removed.", NoteKind.RECOVERY, "edit.undo", more=more)


def head_name(layer: int, head: int, first_number: int = 1) -> str:
    """A head as it is called on screen: 6.9 is layer 6, head 9."""
    return f"{layer + first_number}.{head + first_number}"


def toggled(interventions: Interventions, head: Head) -> Interventions:
    """Silence a head, or let it speak again."""
    off = set(interventions.heads_off) ^ {head}
    return replace(interventions, heads_off=tuple(off))


def _with_parts(interventions: Interventions, parts: tuple[float, ...]) -> Interventions:
    token, segment, position = parts
    return replace(interventions, parts=(token, segment, position))
