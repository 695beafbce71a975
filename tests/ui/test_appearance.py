"""The theme holds for all of the program, the windows of the system included."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette, QStyleHints
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from bertviz_app.storage.settings import DEFAULTS
from bertviz_app.ui import look
from bertviz_app.ui.answer.answer import AnswerPane
from bertviz_app.ui.appearance import Appearance
from bertviz_app.ui.theme import DARK, LIGHT, Theme
from bertviz_app.ui.views.layers.lens import LensView


def test_the_system_is_asked_for_the_theme_of_the_program(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Qt.ColorScheme] = []
    monkeypatch.setattr(QStyleHints, "setColorScheme", lambda _, scheme: asked.append(scheme))
    appearance = Appearance(DEFAULTS)
    for theme in ("dark", "light", "system"):
        appearance.set_theme(theme)
    scheme = Qt.ColorScheme
    assert asked == [scheme.Unknown, scheme.Dark, scheme.Light, scheme.Unknown]


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_no_colour_of_the_system_shows_through(qapp: QApplication, theme: Theme) -> None:
    roles = [role for role in QPalette.ColorRole if role.name not in ("NoRole", "NColorRoles")]
    system = QPalette()
    for role in roles:
        system.setColor(role, Qt.GlobalColor.red)
    qapp.setPalette(system)
    look.apply(look.Look(theme))
    colours = {role.name: qapp.palette().color(role) for role in roles}
    assert {name: one.name() for name, one in colours.items() if one.hsvSaturation() > 200} == {}


def test_all_headings_have_one_size_whatever_the_theme(qtbot: QtBot) -> None:
    appearance = Appearance(DEFAULTS)
    views = (AnswerPane(), LensView())
    for view in views:
        qtbot.addWidget(view)
        view.show()

    def sizes() -> set[int]:
        labels = [label for view in views for label in view.findChildren(QLabel)]
        return {label.font().pixelSize() for label in labels if label.text() in ("Answer", "Lens")}

    for theme in ("light", "dark", "light"):
        appearance.set_theme(theme)
        assert sizes() == {look.LARGE}
    appearance.set_text_size(1)
    assert sizes() == {look.current().px(look.LARGE)}
    appearance.set_text_size(0)
