"""Words in a line that can be clicked, and look like the words around them until they are meant."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from bertviz_app.ui import look


class LinkButton(QPushButton):
    """A button without a frame, in the colour of one role of the theme; underlined when meant.

    Attributes:
        words: what it says.
    """

    def __init__(self, role: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = ""
        self._role = role
        self._dressed: look.Look | None = None
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    def show_words(self, words: str) -> None:
        """Say `words`; without any there is no button."""
        self._dress()
        self.words = words
        # An ampersand is a letter here, not the mark of a key.
        self.setText(words.replace("&", "&&"))
        self.setVisible(bool(words))

    def _dress(self) -> None:
        style = look.current()
        if style == self._dressed:
            return
        self._dressed = style
        colour = style.colour(self._role).name()
        plain = "border: none; padding: 0; min-height: 0; background: transparent;"
        self.setStyleSheet(
            f"QPushButton {{ {plain} color: {colour}; }}"
            f"QPushButton:hover, QPushButton:focus {{ {plain} color: {colour};"
            " text-decoration: underline; }"
        )
