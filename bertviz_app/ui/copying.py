"""Copy this view: its figure and its numbers go to the clipboard, and the note bar says so."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

from bertviz_app.analysis.visible import quoted, visible
from bertviz_app.core.changes import chips
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Note, NoteKind
from bertviz_app.core.trace import Trace
from bertviz_app.session.session import Session
from bertviz_app.ui import look, numbers
from bertviz_app.ui.exhibit import Exhibit
from bertviz_app.ui.figure import FigureLine, at_rest, figure
from bertviz_app.ui.mime import mime_data
from bertviz_app.ui.parts.words import token_names
from bertviz_app.ui.turns import Turns

LONGEST = 400
"""Letters of a sentence that a figure shows."""


def copy(exhibit: Exhibit, session: Session, turns: Turns) -> None:
    """Copy an exhibit as it is when nothing is hovered."""
    with at_rest(exhibit):
        session.preview(None)
        turns.finish()
        exhibit.finish()
        if not exhibit.shows_something:
            session.note(
                Note(f"{exhibit.title} shows nothing to copy.", NoteKind.RECOVERY, passes=True)
            )
            return
        image = figure(exhibit, *lines(exhibit, session.snapshot))
    table = exhibit.numbers()
    if not data_rows(table):
        table = ""
    QGuiApplication.clipboard().setMimeData(mime_data(table, image))
    session.note(Note(said(exhibit.title, table), NoteKind.RECOVERY, passes=True))


def said(title: str, table: str) -> str:
    """What was copied."""
    rows = data_rows(table)
    if not rows:
        return f"Copied the picture of {title}."
    return f"Copied the picture and the numbers of {title}, {numbers.counted(rows, 'row')}."


def data_rows(table: str) -> int:
    """How many lines of a table hold data: not what names them, over each part of the table.

    Empty lines part it. A line of one cell is a title, and the first of several cells names the
    columns, unless numbers alone follow its first cell.
    """
    count = 0
    for part in table.split("\n\n"):
        rows = [cells for line in part.split("\n") if len(cells := line.split("\t")) > 1]
        is_named = bool(rows) and not all(map(_is_number, rows[0][1:]))
        count += len(rows) - is_named
    return count


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def lines(exhibit: Exhibit, snapshot: Snapshot) -> tuple[list[FigureLine], list[FigureLine]]:
    """What stands over a figure, and below: the readout, what is in force, and the model."""
    style, trace, facts = look.current(), snapshot.trace, snapshot.facts
    above = [
        FigureLine(exhibit.heading, style.sans(look.LARGE, bold=True)),
        FigureLine(exhibit.sees, style.sans(), "muted"),
    ]
    below = [FigureLine(exhibit.readout, style.sans())]
    if trace is not None:
        above += [FigureLine(sentence, style.sans()) for sentence in _sentences(trace)]
    if changes := _changes(snapshot):
        below.append(FigureLine(f"Changed inside BERT: {changes}", style.sans(), "change"))
    if facts is not None:
        below.append(FigureLine(_model(facts), style.sans(), "muted"))
    return above, [line for line in below if line.words]


def _sentences(trace: Trace) -> list[str]:
    texts = [trace.request.text, trace.request.pair]
    return [quoted(text, LONGEST) for text in texts if text]


def _changes(snapshot: Snapshot) -> str:
    """The changes of the run that the pictures are of, as the bar of changes names them."""
    answer = snapshot.answer
    if answer is None or answer.changed is None:
        return ""
    changes = answer.changed.request.interventions
    found = chips(changes, snapshot.options.first_number, token_names(snapshot))
    return ", ".join(chip.label for chip in found)


def _model(facts: ModelFacts) -> str:
    spec = facts.spec
    layers, heads = numbers.counted(spec.layers, "layer"), numbers.counted(spec.heads, "head")
    return f"{visible(facts.name)}: {layers} × {heads} × {spec.width}"
