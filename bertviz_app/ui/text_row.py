"""The text on top: one or two sentences, hiding a word, examples, and finding in the text."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QWidget,
)

from bertviz_app.core.encoding import Reading, Span
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.ui import look
from bertviz_app.ui.sentence_menu import SentenceMenu
from bertviz_app.ui.text_field import TextField


class TextRow(QWidget):
    """Both sentences and what is done with them as a whole.

    Signals:
        edited(int, str, int): sentence, its text, and the cursor in code points.
        moved(int, int): sentence, and where its cursor was put, in code points.
        overflowed(): a paste was longer than a field holds.
    """

    edited = Signal(int, str, int)
    moved = Signal(int, int)
    overflowed = Signal()

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._focused = 0
        self.fields = (
            TextField("textA", "Type a sentence", self),
            TextField("textB", "Type a second sentence", self),
        )
        for number, field in enumerate(self.fields):
            field.edited.connect(
                lambda text, cursor, sentence=number: self.edited.emit(sentence, text, cursor)
            )
            field.moved.connect(lambda cursor, sentence=number: self.moved.emit(sentence, cursor))
            field.overflowed.connect(self.overflowed)
            field.entered.connect(lambda sentence=number: self._remember(sentence))
        self._mask = _action_button(self, actions["text.mask"], "Hide word")
        self._examples = QToolButton(self)
        self._examples.setText("Examples ▾")
        self._examples.setObjectName("examples")
        self._examples.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = SentenceMenu(actions["text.save_sentence"], self)
        self._examples.setMenu(self.menu)
        self._pair = _action_button(self, actions["text.pair"], "+ second sentence")
        self._swap = _action_button(self, actions["text.swap"], "Swap")
        self.find_bar = FindBar(self)
        self.find_bar.found.connect(self._on_found)
        self.find_bar.closed.connect(lambda: self.fields[self.focused()].setFocus())
        self._lay_out()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Bring fields, buttons and marks in line with the snapshot."""
        state = snapshot.state
        for sentence, field in enumerate(self.fields):
            is_new = field.show_text(state.sentence(sentence))
            if is_new and state.cursor is not None and state.cursor[0] == sentence:
                field.select((state.cursor[1], state.cursor[1]))
        two = state.pair is not None
        self.fields[1].setVisible(two)
        self._swap.setVisible(two)
        self._pair.setText("− second sentence" if two else "+ second sentence")
        self.find_bar.texts = (state.text, state.pair or "")
        for sentence, field in enumerate(self.fields):
            field.mark(_unread_from(snapshot, sentence), _lit(snapshot, sentence))

    def focused(self) -> int:
        """The sentence that has, or had last, the keyboard: 0 or 1."""
        return self._focused if self.fields[1].isVisible() else 0

    def dress(self) -> None:
        """Take lengths from the look in force."""
        px = look.current().px
        self._grid.setContentsMargins(px(8), px(2), px(8), px(2))
        self._grid.setHorizontalSpacing(px(8))
        self._grid.setVerticalSpacing(px(2))
        for field in self.fields:
            field.dress()

    def _remember(self, sentence: int) -> None:
        self._focused = sentence

    def _lay_out(self) -> None:
        self._grid = QGridLayout(self)
        self._grid.addWidget(self.fields[0], 0, 0)
        first = QHBoxLayout()
        first.setSpacing(look.current().px(8))
        for button in (self._mask, self._examples, self._pair):
            first.addWidget(button)
        self._grid.addLayout(first, 0, 1, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(self.fields[1], 1, 0)
        self._grid.addWidget(self._swap, 1, 1, Qt.AlignmentFlag.AlignLeft)
        self._grid.addWidget(self.find_bar, 2, 0, 1, 2)
        self._grid.setColumnStretch(0, 1)
        self.dress()

    @Slot(int, object)
    def _on_found(self, sentence: int, span: Span) -> None:
        self.fields[sentence].select(span)


class FindBar(QWidget):
    """Finds in both sentences, from a line that Ctrl+F opens and Esc closes.

    Signals:
        found(int, Span): sentence and stretch of the place that was found.
        closed(): Esc was pressed.
    """

    found = Signal(int, object)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("find")
        self.texts: tuple[str, str] = ("", "")
        self._at = -1
        self._line = QLineEdit(self)
        self._line.setPlaceholderText("Find in the text")
        self._line.setAccessibleName("Find in the text")
        self._line.textChanged.connect(self._on_line_changed)
        self._line.returnPressed.connect(lambda: self.go(1))
        self._count = QLabel(self)
        self._count.setTextFormat(Qt.TextFormat.PlainText)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._line)
        row.addWidget(self._count)
        row.addStretch(1)
        self.hide()

    def begin(self) -> None:
        """Open the line and wait for words."""
        self.show()
        self._line.setFocus()
        self._line.selectAll()

    def go(self, by: int) -> None:
        """Show the next place (or the one before), round the end."""
        places = self.places()
        if places:
            self._at = (self._at + by) % len(places) if self._at >= 0 else 0
            self.found.emit(*places[self._at])
        self._say(len(places))

    def places(self) -> list[tuple[int, Span]]:
        """Where the words stand, whatever their case: (sentence, span)."""
        needle = self._line.text().lower()
        found = []
        for sentence, text in enumerate(self.texts):
            # Lower-casing one letter may give two, so letters are compared one by one.
            folded = "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
            start = folded.find(needle) if needle else -1
            while start >= 0:
                found.append((sentence, (start, start + len(needle))))
                start = folded.find(needle, start + 1)
        return found

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            self.closed.emit()
            return
        super().keyPressEvent(event)

    @Slot(str)
    def _on_line_changed(self, _text: str) -> None:
        self._at = -1
        self._say(len(self.places()))

    def _say(self, number: int) -> None:
        where = f"{self._at + 1} of {number}" if 0 <= self._at < number else f"{number} found"
        self._count.setText(where if self._line.text() else "")


def _unread_from(snapshot: Snapshot, sentence: int) -> int | None:
    trace = snapshot.trace
    if trace is None or not snapshot.state.same_texts(trace.request):
        return None
    reading: Reading = trace.encoding.second if sentence else trace.encoding.first
    return reading.cut_at


def _lit(snapshot: Snapshot, sentence: int) -> Span | None:
    """The stretch of the hovered piece in `sentence`, while the trace is of this very text."""
    trace, preview = snapshot.trace, snapshot.preview
    if trace is None or preview is None or not snapshot.state.same_texts(trace.request):
        return None
    position = preview.token if preview.token is not None else preview.second
    if position is None or not 0 <= position < len(trace.encoding):
        return None
    own = trace.encoding.sentences[position] == sentence
    return trace.encoding.spans[position] if own else None


def _action_button(parent: QWidget, action: QAction, text: str) -> QPushButton:
    button = QPushButton(text, parent)
    button.setObjectName(f"button.{action.objectName()}")
    keys = action.shortcut().toString()
    button.setToolTip(f"{action.text()} ({keys})" if keys else action.text())
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.clicked.connect(action.trigger)
    return button
