"""Appearance: theme, text size and layout as the person set them, applied and remembered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication

from bertviz_app.storage.settings import Settings
from bertviz_app.ui import look
from bertviz_app.ui.theme import DARK, LIGHT, PALETTES

SAVE_AFTER = 500
"""Milliseconds after the last change in which settings are written."""

SCHEMES = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}
"""What each theme asks of the system; unknown leaves it its own."""


class Appearance(QObject):
    """Owns the settings while the program runs.

    Signals:
        dressed(): fonts, colours and lengths are different; everything paints itself anew.
        settings_changed(Settings): these are to be remembered.
    """

    dressed = Signal()
    settings_changed = Signal(object)

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._saved = settings
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(SAVE_AFTER)
        self._later.timeout.connect(self.save)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_colour_scheme_changed)
        self._apply()

    @property
    def settings(self) -> Settings:
        """The settings as they are now."""
        return self._settings

    def keep(self, **changes: Any) -> None:
        """Remember other values of some settings; a drag is written down once, when it ends."""
        self._settings = replace(self._settings, **changes)
        self._later.start()

    def save(self) -> None:
        """Write down now what is still to be written."""
        if self._settings != self._saved:
            self._later.stop()
            self._saved = self._settings
            self.settings_changed.emit(self._settings)

    def set_theme(self, theme: str) -> None:
        """Use the "system", "light" or "dark" colours from now on."""
        self.keep(theme=theme)
        self._dress()

    def set_palette(self, palette: str) -> None:
        """Draw weights in "ink", "viridis" or "cividis" from now on."""
        self.keep(palette=palette)
        self._dress()

    def set_text_size(self, steps: int) -> None:
        """Make the text some steps larger or smaller; 0 is the usual size."""
        self.keep(text_size=look.resized(look.current(), steps).text_size)
        self._dress()

    def _dress(self) -> None:
        self._apply()
        self.dressed.emit()

    def _apply(self) -> None:
        hints = QGuiApplication.styleHints()
        # The system paints some of the program's windows, those that choose files among them.
        hints.setColorScheme(SCHEMES[self._settings.theme])
        look.apply(_look_of(self._settings))

    @Slot()
    def _on_colour_scheme_changed(self) -> None:
        if self._settings.theme == "system":
            self._dress()


def _look_of(settings: Settings) -> look.Look:
    dark = settings.theme == "dark"
    if settings.theme == "system":
        dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
    theme = replace(DARK if dark else LIGHT, weights=PALETTES[settings.palette])
    return look.Look(theme, settings.text_size)
