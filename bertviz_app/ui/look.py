"""The look in force: theme, text size, fonts and lengths, applied to the whole program at once."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QFontMetricsF,
    QPalette,
    QStaticText,
    QTransform,
)
from PySide6.QtWidgets import QApplication

from bertviz_app.core.paths import fonts
from bertviz_app.ui.theme import LIGHT, Theme

log = logging.getLogger(__name__)

SANS = "IBM Plex Sans"
MONO = "IBM Plex Mono"
LARGE = 15
SMALL = 12
TEXT_SIZES = (0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0)


@dataclass(frozen=True)
class Look:
    """A theme at a text size; lengths are in device-independent pixels at 100 % text.

    Attributes:
        theme: the colours.
        text_size: factor on every type size and every length made with `px`.
    """

    theme: Theme = LIGHT
    text_size: float = 1.0

    def px(self, length: float) -> int:
        """A length in pixels, grown with the text."""
        return round(length * self.text_size)

    def colour(self, role: str) -> QColor:
        """The colour of a role of the theme, by the name it has in `Theme`."""
        return _colour(getattr(self.theme, role))

    def sans(self, size: int = SMALL, *, bold: bool = False) -> QFont:
        """The proportional font, for words."""
        return _font(SANS, self.px(size), bold)

    def mono(self, size: int = SMALL, *, bold: bool = False) -> QFont:
        """The monospaced font, for pieces and numbers."""
        return _font(MONO, self.px(size), bold)


_current = Look()


def current() -> Look:
    """The look in force; read it whenever something is painted or laid out."""
    return _current


def load_fonts() -> None:
    """Register the bundled fonts with Qt; in place of a damaged one stands the system's."""
    for path in sorted(fonts().glob("*.ttf")):
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            log.warning("%s could not be read as a font.", path)


def apply(look: Look) -> None:
    """Make `look` the one in force and hand it to every widget."""
    global _current
    _current = look
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        raise RuntimeError("A look needs a running QApplication.")
    application.setFont(look.sans())
    application.setPalette(_palette(look.theme))
    application.setStyleSheet(_style_sheet(look))


def resized(look: Look, steps: int) -> Look:
    """`look` with the text `steps` sizes larger (or smaller); 0 means 100 %."""
    if steps == 0:
        return replace(look, text_size=1.0)
    nearest = min(range(len(TEXT_SIZES)), key=lambda at: abs(TEXT_SIZES[at] - look.text_size))
    return replace(look, text_size=TEXT_SIZES[min(max(nearest + steps, 0), len(TEXT_SIZES) - 1)])


def text_width(font: QFont, text: str) -> float:
    """How wide `text` is in `font`, in pixels."""
    return _width(font.family(), font.pixelSize(), font.bold(), text)


def baseline(font: QFont) -> float:
    """How far under the middle of a line its letters stand, in pixels."""
    return _baseline(font.family(), font.pixelSize(), font.bold())


def shaped(font: QFont, text: str) -> tuple[QStaticText, float]:
    """`text` as glyphs that are made once, and how far over its letters' foot it begins."""
    return _shaped(font.family(), font.pixelSize(), font.bold(), text)


@lru_cache(maxsize=1 << 14)
def _width(family: str, pixels: int, bold: bool, text: str) -> float:
    return QFontMetricsF(_font(family, pixels, bold)).horizontalAdvance(text)


@lru_cache(maxsize=64)
def _baseline(family: str, pixels: int, bold: bool) -> float:
    metrics = QFontMetricsF(_font(family, pixels, bold))
    return metrics.ascent() - metrics.height() / 2


@lru_cache(maxsize=1 << 12)
def _shaped(family: str, pixels: int, bold: bool, text: str) -> tuple[QStaticText, float]:
    made, font = QStaticText(text), _font(family, pixels, bold)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.prepare(QTransform(), font)
    return made, QFontMetricsF(font).ascent()


@lru_cache(maxsize=64)
def _colour(name: str) -> QColor:
    return QColor(name)


@lru_cache(maxsize=64)
def _font(family: str, pixels: int, bold: bool) -> QFont:
    font = QFont(family)
    font.setPixelSize(max(pixels, 1))
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return font


def _palette(theme: Theme) -> QPalette:
    # Made of the theme's own colours: where nothing is said here, the system's would show through.
    palette = QPalette(_colour(theme.chrome), _colour(theme.chrome))
    roles = {
        QPalette.ColorRole.Window: theme.chrome,
        QPalette.ColorRole.Base: theme.paper,
        QPalette.ColorRole.AlternateBase: theme.chrome,
        QPalette.ColorRole.Button: theme.chrome,
        QPalette.ColorRole.WindowText: theme.text,
        QPalette.ColorRole.Text: theme.text,
        QPalette.ColorRole.ButtonText: theme.text,
        QPalette.ColorRole.ToolTipBase: theme.chrome,
        QPalette.ColorRole.ToolTipText: theme.text,
        QPalette.ColorRole.PlaceholderText: theme.muted,
        QPalette.ColorRole.Highlight: theme.text,
        QPalette.ColorRole.HighlightedText: theme.paper,
        QPalette.ColorRole.Link: theme.text,
        QPalette.ColorRole.LinkVisited: theme.muted,
        QPalette.ColorRole.Accent: theme.text,
        QPalette.ColorRole.Mid: theme.hairline,
        QPalette.ColorRole.Light: theme.paper,
        QPalette.ColorRole.Dark: theme.muted,
    }
    for role, colour in roles.items():
        palette.setColor(role, _colour(colour))
    for role in (
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
    ):
        palette.setColor(QPalette.ColorGroup.Disabled, role, _colour(theme.muted))
    return palette


def _style_sheet(look: Look) -> str:
    theme, px = look.theme, look.px
    return f"""
    QToolTip {{ color: {theme.text}; background: {theme.chrome};
        border: 1px solid {theme.hairline}; padding: {px(4)}px; }}
    QMenuBar, QMenu {{ background: {theme.chrome}; color: {theme.text}; }}
    QMenuBar::item {{ padding: {px(3)}px {px(8)}px; background: transparent; }}
    QMenuBar::item:selected, QMenu::item:selected {{ background: {theme.text};
        color: {theme.paper}; }}
    QMenu {{ border: 1px solid {theme.hairline}; }}
    QMenu::item {{ padding: {px(4)}px {px(20)}px; }}
    QMenu::item:disabled {{ color: {theme.muted}; }}
    QMenu::separator {{ height: 1px; background: {theme.hairline}; margin: {px(4)}px 0; }}
    QPushButton, QToolButton, QComboBox, QAbstractSpinBox, QLineEdit {{ color: {theme.text};
        background: {theme.paper}; border: 1px solid {theme.muted};
        border-radius: {px(4)}px; padding: 0 {px(8)}px; min-height: {px(22)}px; outline: none; }}
    QToolButton::menu-indicator {{ image: none; }}
    QPushButton:hover, QToolButton:hover, QComboBox:hover {{ border-color: {theme.text}; }}
    QPushButton:pressed, QPushButton:checked, QToolButton:pressed, QToolButton:checked {{
        background: {theme.text}; color: {theme.paper}; }}
    QPushButton:focus, QToolButton:focus, QComboBox:focus, QAbstractSpinBox:focus,
    QLineEdit:focus {{
        border: 2px solid {theme.text}; }}
    QPushButton:checked:focus, QToolButton:checked:focus {{
        border: 3px double {theme.paper}; padding: 0 {px(8) - 2}px; }}
    QPushButton:disabled, QToolButton:disabled, QComboBox:disabled {{ color: {theme.muted};
        border-color: {theme.hairline}; }}
    QPushButton[flat="true"], QToolButton[flat="true"] {{ background: transparent;
        border-color: transparent; }}
    QPushButton[flat="true"]:focus, QToolButton[flat="true"]:focus {{
        border: 2px solid {theme.text}; }}
    QComboBox QAbstractItemView {{ background: {theme.paper}; color: {theme.text};
        selection-background-color: {theme.text}; selection-color: {theme.paper}; }}
    QLabel[heading="true"] {{ font-size: {px(LARGE)}px; }}
    QSplitter::handle {{ background: {theme.hairline}; }}
    QScrollBar:vertical {{ background: {theme.chrome}; width: {px(10)}px; }}
    QScrollBar:horizontal {{ background: {theme.chrome}; height: {px(10)}px; }}
    QScrollBar::handle {{ background: {theme.muted}; border-radius: {px(4)}px;
        min-width: {px(20)}px; min-height: {px(20)}px; margin: 1px; }}
    QScrollBar::handle:disabled {{ background: transparent; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QCheckBox, QRadioButton {{ color: {theme.text}; spacing: {px(4)}px; }}
    QCheckBox::indicator, QRadioButton::indicator {{ width: {px(12)}px; height: {px(12)}px;
        border: 1px solid {theme.muted}; border-radius: {px(2)}px; background: {theme.paper}; }}
    QRadioButton::indicator {{ border-radius: {px(6)}px; }}
    QCheckBox::indicator:checked, QRadioButton::indicator:checked {{ background: {theme.text}; }}
    QCheckBox::indicator:focus, QRadioButton::indicator:focus {{
        border: 2px solid {theme.text}; }}
    """
