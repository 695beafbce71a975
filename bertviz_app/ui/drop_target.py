"""What is dropped on the window: anywhere, and in sight while it hovers."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QLabel, QWidget

from bertviz_app.analysis.visible import visible
from bertviz_app.ui import look
from bertviz_app.ui.look import LARGE

LONGEST = 80
"""Letters of a name that are shown."""


class DropTarget(QObject):
    """Makes all of a window take folders and files of this computer.

    Signals:
        dropped(Path): this was dropped.
    """

    dropped = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._card = QLabel(window)
        self._card.setObjectName("drop")
        self._card.setTextFormat(Qt.TextFormat.PlainText)
        self._card.setAutoFillBackground(True)
        self._card.setFrameShape(QLabel.Shape.Box)
        self._card.setLineWidth(2)
        self._card.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._card.hide()
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event.type():
            case QEvent.Type.DragEnter if isinstance(event, QDragEnterEvent):
                path = dropped_path(event.mimeData())
                if path is None:
                    return False
                event.acceptProposedAction()
                self._announce(path)
            case QEvent.Type.DragLeave:
                self._card.hide()
            case QEvent.Type.Drop if isinstance(event, QDropEvent):
                self._card.hide()
                path = dropped_path(event.mimeData())
                if path is None:
                    return False
                event.acceptProposedAction()
                self.dropped.emit(path)
            case _:
                return False
        return True

    def _announce(self, path: Path) -> None:
        self._card.setText(f"Open {visible(path.name or str(path), LONGEST)}")
        style = look.current()
        self._card.setFont(style.sans(LARGE, bold=True))
        self._card.setMargin(style.px(24))
        self._card.adjustSize()
        place = self._card.rect()
        place.moveCenter(self._window.rect().center())
        self._card.setGeometry(place)
        self._card.raise_()
        self._card.show()


def dropped_path(data: QMimeData) -> Path | None:
    """The first folder or file of this computer in what is dragged; None if there is none."""
    for address in data.urls():
        if address.isLocalFile():
            return Path(address.toLocalFile())
    return None
