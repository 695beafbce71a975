"""The relay: carries what the person does in the parts of the window up to the session."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from bertviz_app.core.paths import SESSION_SUFFIX
from bertviz_app.core.state import Note, NoteKind, Pick, Show
from bertviz_app.session import gestures
from bertviz_app.session.session import Session
from bertviz_app.session.text_files import is_text
from bertviz_app.ui.answer.answer import AnswerPane
from bertviz_app.ui.drop_target import DropTarget
from bertviz_app.ui.token_strip import TokenStrip
from bertviz_app.ui.view import View

if TYPE_CHECKING:
    from bertviz_app.ui.window import MainWindow


class Relay(QObject):
    """Connects every part once, a view when it is built; outcomes of gestures go to the session."""

    def __init__(self, window: MainWindow, session: Session) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._connect_text()
        self._connect_bars()
        self._connect_answer()
        DropTarget(window).dropped.connect(self._on_dropped)
        self._connect_picture(window.frame.strip)
        self._connect_picture(window.frame.answer)
        window.frame.panes.built.connect(self._on_built)

    def _connect_text(self) -> None:
        session, text_row = self._session, self._window.frame.text_row
        text_row.edited.connect(self._on_edited)
        text_row.moved.connect(lambda *at: session.do(gestures.moved(session.snapshot, *at)))
        text_row.overflowed.connect(self._on_overflowed)
        text_row.menu.chosen.connect(self._window.show_example)
        self._window.frame.strip.hidden.connect(self._on_hidden)

    def _connect_bars(self) -> None:
        session, frame = self._session, self._window.frame
        frame.note_bar.asked.connect(self._window.act)
        frame.note_bar.dismissed.connect(lambda: session.note(None))
        frame.change_bar.intervened.connect(session.intervene)
        frame.change_bar.restored.connect(lambda: self._window.act("change.restore"))
        frame.change_bar.shown.connect(self._on_run_chosen)
        frame.places.opened.connect(self._window.open_place)
        frame.status.asked.connect(self._window.act)

    def _connect_answer(self) -> None:
        session, answer = self._session, self._window.frame.answer
        answer.filled.connect(self._on_filled)
        answer.optioned.connect(session.choose)
        answer.asked.connect(session.ask)
        answer.worded.connect(self._on_worded)
        answer.acted.connect(self._window.act)
        answer.explained.connect(self._window.explain)

    def _connect_picture(self, picture: TokenStrip | AnswerPane | View) -> None:
        """Hear a part that speaks of tokens, heads and words: it picks and previews."""
        picture.picked.connect(self._on_picked)
        picture.previewed.connect(self._session.preview)

    @Slot(object)
    def _on_built(self, view: View) -> None:
        session, window = self._session, self._window
        self._connect_picture(view)
        view.hidden.connect(self._on_hidden)
        view.intervened.connect(session.intervene)
        view.adjusted.connect(session.intervene)
        view.asked.connect(session.ask)
        view.optioned.connect(session.choose)
        view.cancelled.connect(session.cancel)
        view.explained.connect(window.explain)
        view.acted.connect(window.act)
        view.opened.connect(window.open_view)
        view.filled.connect(self._on_filled)
        view.retexted.connect(self._on_retexted)
        view.needed.connect(window.ask_for_needs)

    @Slot(object)
    def _on_dropped(self, path: Path) -> None:
        window, is_session = self._window, path.name.endswith(SESSION_SUFFIX)
        door = window.sessions if is_session or is_text(path) else window.door
        door.open_path(path)

    @Slot(object)
    def _on_picked(self, pick: Pick) -> None:
        self._session.do(gestures.picked(self._session.snapshot, pick))

    @Slot(int, bool)
    def _on_hidden(self, position: int, each: bool) -> None:
        self._session.do(gestures.hidden_token(self._session.snapshot, position, each=each))

    @Slot(int, str)
    def _on_filled(self, position: int, word: str) -> None:
        self._session.do(gestures.filled_blank(self._session.snapshot, position, word))

    @Slot(object)
    def _on_worded(self, words: tuple[str, ...]) -> None:
        self._session.do(gestures.asked(self._session.snapshot, words))

    @Slot(str, object)
    def _on_retexted(self, text: str, pair: str | None) -> None:
        self._session.do(gestures.retexted(self._session.snapshot, text, pair))

    @Slot(object)
    def _on_run_chosen(self, show: Show) -> None:
        self._session.choose(replace(self._session.snapshot.options, show=show))

    @Slot(int, str, int)
    def _on_edited(self, sentence: int, text: str, cursor: int) -> None:
        self._session.do(gestures.typed(self._session.snapshot, sentence, text, cursor))

    @Slot()
    def _on_overflowed(self) -> None:
        self._session.note(Note("The paste was cut to 100,000 characters.", NoteKind.RECOVERY))
