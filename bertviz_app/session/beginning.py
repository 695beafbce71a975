"""What a window begins with: what it was asked for, else what stood there last, else an example."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from bertviz_app.core.model_wanted import ModelWanted
from bertviz_app.core.request import UNCHANGED
from bertviz_app.core.saved_session import ModelReference, SavedSession
from bertviz_app.core.state import Note, NoteKind, Selection, State
from bertviz_app.core.text import FIELD_LIMIT, clean
from bertviz_app.session.open_file import OnDisk, on_disk_of, reading_note
from bertviz_app.storage.journal import Journal, Page
from bertviz_app.storage.session_file import SessionError, read_session

CAREFUL_AFTER = 2
"""Starts that came to nothing after which only the text is brought back."""

BACK = "Your last text is back."


@dataclass(frozen=True, slots=True)
class Asked:
    """What the window was asked for, each None if it was not.

    Attributes:
        text: the text; `pair` the second sentence.
        file: a session file.
        model: the model.
    """

    text: str | None = None
    pair: str | None = None
    file: Path | None = None
    model: ModelWanted | None = None


@dataclass(frozen=True, slots=True)
class Beginning:
    """What stands in the window first.

    Attributes:
        session: all of it.
        note: what is said about it.
        on_disk: the session file that is open.
        page: the page of the journal that was brought back.
    """

    session: SavedSession
    note: Note | None = None
    on_disk: OnDisk | None = None
    page: Page | None = None


def begin(asked: Asked, journal: Journal | None, example: Beginning) -> Beginning:
    """What a window begins with.

    A text that was asked for wins over that of a file, a file over the last page, and the example
    stands there only if there is neither. A model that was asked for wins over all; it has not the
    changes that were made for another one.
    """
    last = journal.last if journal is not None else None
    begun = example
    given = asked.text is not None or asked.pair is not None
    if given:
        begun = Beginning(SavedSession())
    elif last is not None and any(last.session.state.texts):
        begun = _again(last)
    if asked.file is not None:
        begun = _from_file(asked.file, instead=begun)
    if given:
        pair = clean(asked.pair)[:FIELD_LIMIT] if asked.pair is not None else None
        shown = example.session.state.selection  # a text typed over the example keeps its head
        selection = Selection(layer=shown.layer, head=shown.head)
        text = clean(asked.text or "")[:FIELD_LIMIT]
        state = State(text=text, pair=pair, selection=selection)
        begun = replace(begun, session=replace(begun.session, state=state))
    if asked.model is not None:
        begun = _with_model(begun, asked.model)
    if journal is not None and journal.problem:
        said = f"{begun.note.text} " if begun.page is not None and begun.note is not None else ""
        begun = replace(begun, note=Note(f"{said}{journal.problem}", NoteKind.RECOVERY))
    return begun


def _again(last: Page) -> Beginning:
    """The last page, with a note if the window before this one did not end in order."""
    on_disk = None
    if last.file is not None:
        kept = None if last.unsaved else last.session
        on_disk = OnDisk(last.file, last.digest, kept, last.spared)
    if last.starts < CAREFUL_AFTER:
        note = None if last.ended else Note(BACK, NoteKind.RECOVERY)
        return Beginning(last.session, note, on_disk, last)
    state = State(text=last.session.state.text, pair=last.session.state.pair)
    words = f"{BACK} The program ended {last.starts} times before it could show it, so what was "
    note = Note(f"{words}chosen and changed was left out.", NoteKind.RECOVERY)
    return Beginning(SavedSession(state=state), note, on_disk, last)


def _from_file(path: Path, instead: Beginning) -> Beginning:
    try:
        read = read_session(path)
    except SessionError as error:
        return replace(instead, note=Note(error.sentence, NoteKind.FAULT, detail=error.detail))
    return Beginning(read.session, reading_note(path, read), on_disk_of(path, read))


def _with_model(begun: Beginning, wanted: ModelWanted) -> Beginning:
    session = begun.session
    if wanted.path is None or wanted.path.absolute() != session.model.path:
        state = replace(session.state, interventions=UNCHANGED)
        session = replace(session, state=state, model=ModelReference.to(wanted))
    return replace(begun, session=session)
