"""What each action does: the only place where names of actions meet the session and the window.

What only an action needs is imported when it is chosen, so that the window is there sooner.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLineEdit

from bertviz_app.core.changes import Sight, looking, toggled
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.model_wanted import ModelWanted
from bertviz_app.core.questions.heads_over_file import HeadsOverFile
from bertviz_app.core.request import UNCHANGED
from bertviz_app.core.state import Note, NoteKind, State, ViewOptions
from bertviz_app.session import gestures
from bertviz_app.session.editing import Outcome, swapped, with_pair, without_pair
from bertviz_app.session.filling import Filling
from bertviz_app.session.gestures import FIX_MASK
from bertviz_app.session.session import Session
from bertviz_app.ui.action_states import KINDS, SCALES, SWITCHES
from bertviz_app.ui.mime import mime_data
from bertviz_app.ui.pages import page_bindings
from bertviz_app.ui.parts.download_words import CANCEL, RESUME, RETRY
from bertviz_app.ui.parts.words import LEFT_ONLY
from bertviz_app.ui.theme import PALETTES

if TYPE_CHECKING:
    from bertviz_app.ui.window import MainWindow


class Commands:
    """The actions by name, each bound to the session or to the window."""

    def __init__(self, window: MainWindow, session: Session, places: Sequence[int]) -> None:
        self._window = window
        self._session = session
        self._places = places
        self._filling = Filling(session, window)
        self._before_one = State()  # where the second sentence was taken away last
        self._hinted: tuple[tuple[str, str], ModelFacts | None] | None = None

    def bindings(self) -> dict[str, Callable[[], object]]:
        """What each action of the table does."""
        session, window = self._session, self._window
        appearance = window.appearance
        return {
            "model.open": lambda: window.door.open_sheet(),
            RESUME: lambda: window.door.resume(),
            RETRY: lambda: window.door.resume(),
            CANCEL: lambda: window.door.downloads.cancel(),
            "model.bundled": lambda: session.open_model(ModelWanted()),
            "model.reload": lambda: session.open_model(session.wanted),
            "engine.stop_waiting": session.stop_waiting,
            "engine.restart": session.restart_engine,
            "file.close": window.close,
            "file.quit": window.close,
            "edit.undo": session.undo,
            "edit.redo": session.redo,
            **self._text_bindings(),
            **self._selection_bindings(),
            **{name: self._chooses(scale=scale) for name, scale in SCALES.items()},
            **{name: self._chooses(kind=kind) for name, kind in KINDS.items()},
            **{name: self._toggles(option) for name, option in SWITCHES.items()},
            "view.count_from_zero": self._toggle_first_number,
            "view.copy": self._copy_view,
            **{f"palette.{name}": self._paints(name) for name in PALETTES},
            "theme.system": lambda: appearance.set_theme("system"),
            "theme.light": lambda: appearance.set_theme("light"),
            "theme.dark": lambda: appearance.set_theme("dark"),
            "text_size.larger": lambda: appearance.set_text_size(1),
            "text_size.smaller": lambda: appearance.set_text_size(-1),
            "text_size.reset": lambda: appearance.set_text_size(0),
            "view.full_screen": window.toggle_full_screen,
            "view.restore_layout": window.restore_layout,
            "change.left_only": self._toggle_left_only,
            "change.silence": self._toggle_head,
            "change.weights": self._edit_weights,
            "change.restore": lambda: session.intervene(UNCHANGED),
            "measures.file": self._measure_file,
            "help.view": window.explain,
            "help.profile": self._copy_profile,
            **page_bindings(window, session),
        }

    def _text_bindings(self) -> dict[str, Callable[[], object]]:
        window = self._window
        return {
            "text.mask": lambda: self._mask(each=False),
            "text.mask_pieces": lambda: self._mask(each=True),
            FIX_MASK: self._fix_mask,
            "text.fill": self._filling.begin,
            "text.pair": self._toggle_pair,
            "text.swap": lambda: self._do(swapped(self._session.state)),
            "text.reverse": lambda: self._do(gestures.reversed_text(self._session.snapshot)),
            "text.find": lambda: window.frame.text_row.find_bar.begin(),
            "text.find_next": lambda: window.frame.text_row.find_bar.go(1),
            "text.find_previous": lambda: window.frame.text_row.find_bar.go(-1),
            "go.text": lambda: window.frame.text_row.fields[0].setFocus(),
            "go.pair": self._go_to_pair,
            "word.ask": lambda: window.frame.answer.what_about.begin(),
            "go.region_next": lambda: self._go_region(1),
            "go.region_previous": lambda: self._go_region(-1),
        }

    def _selection_bindings(self) -> dict[str, Callable[[], object]]:
        def head(layers: int, heads: int) -> Callable[[], None]:
            return lambda: self._do(gestures.stepped_head(self._session.snapshot, layers, heads))

        def blank(by: int) -> Callable[[], None]:
            return lambda: self._do(gestures.stepped_blank(self._session.snapshot, by))

        return {
            "blank.next": blank(1),
            "blank.previous": blank(-1),
            "head.next": head(0, 1),
            "head.previous": head(0, -1),
            "head.find": self._find_head,
            "layer.next": head(1, 0),
            "layer.previous": head(-1, 0),
            **{f"place.{number}": self._opens(number) for number in self._places},
            "tab.next": lambda: self._window.step_tab(1),
            "tab.previous": lambda: self._window.step_tab(-1),
            "place.next": lambda: self._window.step_place(1),
            "place.previous": lambda: self._window.step_place(-1),
        }

    @property
    def _options(self) -> ViewOptions:
        return self._session.snapshot.options

    def _do(self, outcome: Outcome | None) -> None:
        self._session.do(outcome)

    def _choose(self, **changes: Any) -> None:
        self._session.choose(replace(self._options, **changes))

    def _toggle_first_number(self) -> None:
        self._choose(first_number=1 - self._options.first_number)
        self._window.appearance.keep(first_number=self._options.first_number)

    def _chooses(self, **changes: Any) -> Callable[[], None]:
        return lambda: self._choose(**changes)

    def _paints(self, palette: str) -> Callable[[], None]:
        return lambda: self._window.appearance.set_palette(palette)

    def _toggles(self, option: str) -> Callable[[], None]:
        return lambda: self._choose(**{option: not getattr(self._options, option)})

    def _opens(self, place: int) -> Callable[[], None]:
        return lambda: self._window.open_place(place)

    def _mask(self, *, each: bool) -> None:
        sentence = self._window.frame.text_row.focused()
        cursor = self._window.frame.text_row.fields[sentence].cursor_position
        self._do(gestures.hidden_at(self._session.snapshot, sentence, cursor, each=each))

    def _fix_mask(self) -> None:
        self._do(gestures.fixed_masks(self._session.snapshot))

    def hint_mask(self) -> None:
        """Offer to correct a mask that is read as letters; take the offer back when it is gone."""
        snapshot = self._session.snapshot
        if self._hinted == (snapshot.state.texts, snapshot.facts):
            return
        self._hinted = (snapshot.state.texts, snapshot.facts)
        hint = gestures.mask_hint(snapshot)
        if hint is not None or (snapshot.note is not None and snapshot.note.action == FIX_MASK):
            self._session.note(hint)

    def _toggle_pair(self) -> None:
        state = self._session.state
        if state.pair is None:
            self._go_to_pair()
        else:
            self._before_one = state
            self._do(without_pair(state))
            self._window.frame.text_row.fields[0].setFocus()

    def _go_to_pair(self) -> None:
        state = self._session.state
        if state.pair is None:
            self._do(with_pair(state, self._before_one))
        self._window.frame.text_row.fields[1].setFocus()

    def _go_region(self, by: int) -> None:
        self._window.frame.regions.go(self._window.focusWidget(), by)

    def _toggle_left_only(self) -> None:
        changes = self._session.state.interventions
        self._session.intervene(looking(changes, Sight.BOTH if changes.causal else Sight.LEFT))
        if not changes.causal:
            self._session.note(Note(LEFT_ONLY, NoteKind.RECOVERY))

    def _toggle_head(self) -> None:
        snapshot = self._session.snapshot
        self._session.intervene(toggled(snapshot.state.interventions, snapshot.head))

    def _edit_weights(self) -> None:
        from bertviz_app.ui.parts.weight_editing import EDIT_WEIGHTS

        self._window.open_view("attention")
        for switch in self._window.findChildren(QAction, EDIT_WEIGHTS):
            if not switch.isChecked():
                switch.trigger()

    def _find_head(self) -> None:
        self._window.open_view("measures")
        for field in self._window.findChildren(QLineEdit, "findHead"):
            field.setFocus()
            field.selectAll()

    def _measure_file(self) -> None:
        title, kinds = "A text file, one sentence a line", "Text (*.txt);;All files (*)"
        path, _ = QFileDialog.getOpenFileName(self._window, title, "", kinds)
        if path:
            self._window.open_view("measures")
            self._session.ask(HeadsOverFile(Path(path)))

    def _copy_profile(self) -> None:
        stopwatch = self._window.stopwatch
        QGuiApplication.clipboard().setMimeData(mime_data(stopwatch.table))
        words = f"Copied: where the time of the last {len(stopwatch.keystrokes):,} keys went."
        self._session.note(Note(words, NoteKind.RECOVERY))

    def _copy_view(self) -> None:
        from bertviz_app.ui.copying import copy

        frame = self._window.frame
        copy(frame.exhibit_in_focus, self._session, frame.turns)
