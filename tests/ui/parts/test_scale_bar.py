"""Tests of the scale bar: the colours are those of the pictures, the marks those of the scale."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from bertviz_app.core.state import Scale
from bertviz_app.ui import look
from bertviz_app.ui.parts.scale_bar import ScaleBar
from bertviz_app.ui.theme import DARK, LIGHT, Theme
from tests.ui.looking import alike


@pytest.fixture
def bar(qtbot: QtBot) -> ScaleBar:
    look.load_fonts()
    look.apply(look.Look())
    made = ScaleBar()
    qtbot.addWidget(made)
    made.show()
    return made


def said(bar: ScaleBar) -> list[str]:
    return [bar.words(tick) for tick in bar.ticks]


def test_the_bar_says_the_marks_of_the_scale_in_use(bar: ScaleBar) -> None:
    assert said(bar) == ["0", "0.05", "0.25", "0.5", "1"]
    bar.show_scale(Scale.LOG)
    assert said(bar) == ["0.0001", "0.001", "0.01", "0.1", "1"]
    bar.show_scale(Scale.ROW)
    assert said(bar) == ["0", "row's largest"]
    bar.show_scale(Scale.MAP, signed=True)
    assert said(bar) == ["−", "0", "map's largest"]


def test_differences_have_signs_and_a_bound_of_their_own(bar: ScaleBar) -> None:
    bar.show_scale(Scale.LINEAR, signed=True)
    assert said(bar)[0] == "−1"
    assert said(bar)[4] == "0"
    assert said(bar)[-1] == "+1"
    assert "with a sign" in bar.accessibleName()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("signed", [False, True])
def test_the_ends_of_the_bar_are_the_ends_of_the_table(
    bar: ScaleBar, theme: Theme, *, signed: bool
) -> None:
    look.apply(look.Look(theme))
    bar.show_scale(Scale.ROOT, signed=signed)
    bar.resize(bar.sizeHint())
    image = bar.grab().toImage()
    ends = theme.diverging if signed else theme.ink
    assert alike(image.pixelColor(5, 6).name(), ends[0])
    assert alike(image.pixelColor(bar.width() - 6, 6).name(), ends[-1])
    middle = theme.paper if signed else theme.ink[2]
    assert alike(image.pixelColor(bar.width() // 2, 6).name(), middle)


@pytest.mark.parametrize("scale", Scale)
@pytest.mark.parametrize("width", [96, 136, 400])
def test_it_paints_at_any_width(bar: ScaleBar, scale: Scale, width: int) -> None:
    bar.show_scale(scale)
    bar.resize(width, 26)
    assert not bar.grab().isNull()
    assert bar.toolTip()
