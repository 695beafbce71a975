"""What all views look like: title and one line, the picture, a slim row of controls, a readout."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from bertviz_app.ui import look
from bertviz_app.ui.exhibit import Exhibit
from bertviz_app.ui.parts.copy_button import CopyButton
from bertviz_app.ui.parts.legend import Legend
from bertviz_app.ui.parts.one_line import OneLine
from bertviz_app.ui.parts.steady import Steady


class ViewFrame(Exhibit):
    """The parts of a view, in their places; it knows nothing of BERT.

    Attributes:
        name: short name; the object name is `view.<name>`. Its tab says the title.
        picture: the widget in the middle.
    """

    name: ClassVar[str]

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"view.{self.name}")
        self.setAccessibleName(f"{self.title}: {self.sees}")
        self._tabbed = False
        self._about: tuple[str, ...] = ()
        self._dressed_for = look.current()
        self._fault_detail = ""
        self._title_controls: list[QWidget] = []
        self._more: QToolButton | None = None
        self._title = _label(self, wraps=False)
        self._title.setProperty("heading", True)
        self._explain = QToolButton(self)
        self._explain.setText("?")
        self._explain.setProperty("flat", True)
        self._explain.setAccessibleName("This view explained")
        self._explain.clicked.connect(self.explained)
        self._message = _label(self, wraps=True)
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._copy = CopyButton("Copy details", self)
        self._copy.clicked.connect(self._on_copy_clicked)
        self._readout = _label(self, wraps=True)
        self._readout.setObjectName(f"readout.{self.name}")
        self._readout_place = Steady(self._readout, self)
        self.picture = QWidget(self)
        self._lay_out()
        self.dress()
        self.say("")

    @property
    def readout(self) -> str:
        return self._readout.text()

    @property
    def heading(self) -> str:
        chosen = (control.accessibleDescription() for control in self._title_controls)
        return ", ".join(filter(None, (self.title, *chosen, *self._about)))

    @property
    def pictures(self) -> tuple[QWidget, ...]:
        return (self.picture,)

    @property
    def legends(self) -> tuple[QWidget, ...]:
        return tuple(one for one in self._control_row.findChildren(Legend) if one.isVisible())

    @property
    def shows_something(self) -> bool:
        return not self.picture.isHidden()

    @property
    def more(self) -> QMenu:
        """The menu behind ⋯ at the end of the slim row, for what is needed less often."""
        if self._more is None:
            self._more = QToolButton(self)
            self._more.setText("⋯")
            self._more.setAccessibleName("More of this view")
            self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
            self._more.setMenu(QMenu(self._more))
            self._controls.addWidget(self._more)
        menu = self._more.menu()
        assert menu is not None
        return menu

    def set_picture(self, picture: QWidget) -> None:
        """Put the widget that paints in the middle; it takes all free space."""
        self._rows.replaceWidget(self.picture, picture)
        self.picture.deleteLater()
        self.picture = picture

    def add_control(self, control: QWidget) -> None:
        """Append a control to the slim row under the picture (three at most)."""
        self._controls.insertWidget(self._controls.count() - 1 - bool(self._more), control)

    def add_to_title(self, control: QWidget) -> None:
        """Put a control, whose description says what it is set to, at the end of the title row."""
        self._title_row.addWidget(control)
        self._title_controls.append(control)

    def set_tabbed(self, tabbed: bool) -> None:
        """Leave the name to the tab of this view, or say it in the title row."""
        if tabbed != self._tabbed:
            self._tabbed = tabbed
            self.dress()

    def add_words(self, *about: str) -> None:
        """Say these words behind the title, instead of those that stand there."""
        if (about, look.current()) != (self._about, self._dressed_for):
            self._about = about
            self.dress()

    def read_out(self, text: str) -> None:
        """Say in words what is under the mouse, or what is pinned; also the accessible value."""
        self._readout.setText(text)
        self.picture.setAccessibleDescription(text)

    def say(self, message: str, detail: str = "") -> None:
        """Show a sentence instead of the picture; an empty one brings the picture back.

        With a `detail`, a button copies it.
        """
        self._message.setText(message)
        self._message.setVisible(bool(message))
        if detail != self._fault_detail:
            self._fault_detail = detail
            self._copy.renew()
        self._copy.setVisible(bool(detail))
        for drawn in (self.picture, self._control_row, *self._title_controls):
            drawn.setVisible(not message)
        if message:
            self.read_out("")

    def dress(self) -> None:
        """Take fonts and lengths from the look in force, and say the title anew."""
        self._dressed_for = style = look.current()
        words = "  ".join(self._about if self._tabbed else (self.title, *self._about))
        self._title.setText(words)
        self._title.setVisible(bool(words))
        self._title_row.setSpacing(style.px(8))
        self._readout.setFont(style.sans())
        self._readout_place.setFixedHeight(style.px(36))
        self._control_row.updateGeometry()
        self._rows.setContentsMargins(style.px(8), style.px(4), style.px(8), style.px(4))

    def _lay_out(self) -> None:
        self._rows = QVBoxLayout(self)
        self._rows.setSpacing(0)
        self._title_row = QHBoxLayout()
        self._title_row.addWidget(self._title)
        what = OneLine(self)
        what.say(self.sees)
        what.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._title_row.addWidget(what, 1)
        self._title_row.addWidget(self._explain)
        self._rows.addLayout(self._title_row)
        self._rows.addWidget(self._message, 1)
        self._rows.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignHCenter)
        self._rows.addWidget(self.picture, 1)
        self._control_row = _ControlRow(self)
        self._controls = QHBoxLayout(self._control_row)
        self._controls.setContentsMargins(0, 0, 0, 0)
        self._controls.addStretch(1)
        self._rows.addWidget(self._control_row)
        self._rows.addWidget(self._readout_place)

    @Slot()
    def _on_copy_clicked(self) -> None:
        self._copy.copy(self._fault_detail)


class _ControlRow(QWidget):
    """The slim row under the picture; while it shows no control its height is the picture's."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width(), look.current().px(28) if hint.height() > 0 else 0)


def _label(parent: QWidget, *, wraps: bool) -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wraps)
    return label
