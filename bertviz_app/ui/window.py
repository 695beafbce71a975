"""The window: passes snapshots down to the frame, and gestures up to the session."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Show
from bertviz_app.session import gestures
from bertviz_app.session.keeping import Keeping
from bertviz_app.session.session import Session
from bertviz_app.storage.settings import Settings
from bertviz_app.ui.action_states import checked_actions, enabled_actions, worded_actions
from bertviz_app.ui.actions import ACTS, Actions, place_acts
from bertviz_app.ui.appearance import Appearance
from bertviz_app.ui.commands import Commands
from bertviz_app.ui.consent import Consent
from bertviz_app.ui.diagnosis import Diagnosis
from bertviz_app.ui.engine_choice import EngineChoice, checked_choices, choices_there
from bertviz_app.ui.examples import Example
from bertviz_app.ui.exhibit import Exhibit
from bertviz_app.ui.frame import Frame
from bertviz_app.ui.held_key import HeldKey
from bertviz_app.ui.model_door import ModelDoor
from bertviz_app.ui.pages import explanation
from bertviz_app.ui.places import NAMES
from bertviz_app.ui.relay import Relay
from bertviz_app.ui.session_door import SessionDoor
from bertviz_app.ui.sheets.page import SheetPage
from bertviz_app.ui.stopwatch import Stopwatch

LEAST_WIDTH, LEAST_HEIGHT = 960, 600
USUAL_WIDTH, USUAL_HEIGHT = 1280, 800


class MainWindow(QMainWindow):
    """Everything on screen; it decides nothing about BERT.

    Signals:
        closing(): the window is about to close.
        arranged(): other views are on screen.
    """

    closing = Signal()
    arranged = Signal()

    def __init__(
        self,
        session: Session,
        settings: Settings,
        keeping: Keeping,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAnimated(False)  # there are no docks; Qt would animate the frame at every key
        self._session = session
        self.diagnosis = Diagnosis(session, self)
        self._choice = EngineChoice(self, session)
        self.appearance = Appearance(settings, self)
        self._show_before_held = Show.CHANGED
        commands = Commands(self, session, tuple(NAMES))
        acts = (*ACTS, *place_acts(NAMES))
        self.sessions = SessionDoor(self, session, keeping)
        bindings = commands.bindings() | self._choice.bindings() | self.sessions.bindings()
        self.actions_by_name = Actions(self, bindings, acts)
        self.actions_by_name.fill(self.menuBar())
        self._hint = commands.hint_mask
        self.frame = Frame(self.actions_by_name.all, self)
        self.setCentralWidget(self.frame)
        self.stopwatch = Stopwatch(self.frame.text_row.fields, self)
        self.stopwatch.measured.connect(self.frame.status.show_key)
        self.frame.turns.ended.connect(self._on_drawn)
        self.door = ModelDoor(self, session)
        self._connect()
        self.setMinimumSize(LEAST_WIDTH, LEAST_HEIGHT)
        self.resize(self._remembered(settings) or QSize(USUAL_WIDTH, USUAL_HEIGHT))
        self.frame.panes.set_shares(settings.shares)
        self.actions_by_name.check(f"theme.{settings.theme}", f"palette.{settings.palette}")
        self.sessions.connect_all()
        self.frame.text_row.fields[0].setFocus()

    @Slot()
    def begin(self) -> None:
        """Open the place that was open, unless one is; the window can be seen without."""
        if not self.frame.panes.place:
            self.frame.restore(self.sessions.first_layout)
            self.rearrange()

    def show_example(self, example: Example) -> None:
        """Replace texts and changes by an example's, and open what it points at."""
        note = example.note_after(self._session.state.interventions)
        self._session.push(example.state, None, note)
        self._session.choose(example.drawn(self._session.snapshot.options))
        self.frame.panes.forget_tabs()
        self.open_view(example.view)

    def act(self, name: str) -> None:
        """Do what the action of this name does."""
        self.actions_by_name[name].trigger()

    def explain(self) -> None:
        """Open the sheet that explains what asks for it, else what is in focus."""
        exhibit = self.sender()
        found = exhibit if isinstance(exhibit, Exhibit) else self.frame.exhibit_in_focus
        self.open_sheet(explanation(found), found)

    def open_sheet(self, page: SheetPage, about: Exhibit | None = None) -> None:
        """Slide a page in, beside what it is `about`; what it asks for is done."""
        self.begin()
        page.acted.connect(self.act)
        page.opened.connect(self._session.open_model)
        self.frame.open_sheet(page, about)

    def open_place(self, place: int) -> None:
        """Open a place of BERT, if it is there."""
        self.begin()
        if place in self.frame.places.present:
            self.frame.open_place(place)
            self.rearrange()

    def open_view(self, name: str) -> None:
        """Open a view by its name, with its place."""
        self.begin()
        self.frame.open_view(name)
        self.rearrange()

    def step_tab(self, by: int) -> None:
        """Open the next tab of the detailed pane, or the one before, round the end."""
        self.frame.panes.step_tab(by)

    def step_place(self, by: int) -> None:
        """Open the place before or after."""
        self.begin()
        present = self.frame.places.present
        self.open_place(present[(present.index(self.frame.panes.place) + by) % len(present)])

    def toggle_full_screen(self) -> None:
        """Fill the screen, or stop filling it."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def restore_layout(self) -> None:
        """Bring the usual widths of the panes back."""
        self.frame.panes.set_shares(())
        self.appearance.keep(shares=())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if not self.frame.leave():
                self._session.do(gestures.released(self._session.snapshot))
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange and self.isActiveWindow():
            self._session.watch.look()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.isFullScreen() and not self.isMaximized():
            self.appearance.keep(width=self.width(), height=self.height())
        self.appearance.save()
        self.closing.emit()
        super().closeEvent(event)

    def _remembered(self, settings: Settings) -> QSize | None:
        """The size of the last window, as far as a screen holds it that is there today."""
        if not (settings.width and settings.height):
            return None
        return QSize(settings.width, settings.height).boundedTo(self.screen().availableSize())

    def _connect(self) -> None:
        self._session.changed.connect(self._on_changed)
        self._relay = Relay(self, self._session)
        self._consent = Consent(self._session, self.appearance, self)
        self.frame.panes.resized.connect(self._on_panes_resized)
        self.frame.panes.rearranged.connect(self.rearrange)
        self.appearance.dressed.connect(self._on_dressed)
        HeldKey(self, Qt.Key.Key_F9).held.connect(self._on_as_is_held)

    @Slot(object)
    def _on_changed(self, snapshot: Snapshot) -> None:
        began = perf_counter()
        self.frame.show_snapshot(snapshot)
        self._update_actions(snapshot)
        self.stopwatch.shown(snapshot, began)
        self._session.want(self.frame.needs(snapshot))
        self._hint()
        self._choice.follow(snapshot)

    @Slot()
    def _on_drawn(self) -> None:
        self.stopwatch.painted()
        self.ask_for_needs()  # what has just been drawn may go on from it and need more

    @Slot()
    def ask_for_needs(self) -> None:
        """Ask for what traces must hold for the views on screen."""
        self._session.want(self.frame.needs(self._session.snapshot))

    @Slot()
    def rearrange(self) -> None:
        """Let the views that have come into sight draw, and say so."""
        self._on_changed(self._session.snapshot)
        self.arranged.emit()

    @Slot()
    def _on_panes_resized(self) -> None:
        self.appearance.keep(shares=self.frame.panes.shares)

    @Slot()
    def _on_dressed(self) -> None:
        self.frame.dress()
        # A new object of the same content: what was drawn is drawn anew.
        self._on_changed(replace(self._session.snapshot))

    @Slot(bool)
    def _on_as_is_held(self, held: bool) -> None:
        options = self._session.snapshot.options
        if held:
            self._show_before_held = options.show
        show = Show.AS_IS if held else self._show_before_held
        self._session.choose(replace(options, show=show))

    def _update_actions(self, snapshot: Snapshot) -> None:
        actions = self.actions_by_name
        for name, checked in (checked_actions(self._session) | checked_choices(snapshot)).items():
            actions[name].setChecked(checked)
        for name, enabled in enabled_actions(snapshot).items():
            actions[name].setEnabled(enabled)
        for name, words in worded_actions(snapshot).items():
            actions[name].setText(words)
        for name, there in choices_there(snapshot).items():
            actions[name].setVisible(there)
