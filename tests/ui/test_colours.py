"""Tests of the colour tables, of images made of pixels, and of the hatch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyqtgraph
import pytest
from PySide6.QtGui import QColor, QGuiApplication

from bertviz_app.analysis.scales import FULL, NOT_A_NUMBER
from bertviz_app.ui import look
from bertviz_app.ui.colours import (
    HATCH,
    Pixels,
    blank,
    hatch,
    image_of,
    ink_table,
    pixel,
    signed_table,
)
from bertviz_app.ui.theme import DARK, LIGHT, PALETTES, Theme

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)


def names(table: Pixels, *codes: int) -> list[str]:
    return [QColor.fromRgb(int(table[code])).name().upper() for code in codes]


@THEMES
def test_the_ink_table_runs_over_the_stops_of_the_theme(theme: Theme) -> None:
    table = ink_table(theme)
    assert names(table, 0, FULL // 2, FULL) == [theme.ink[0], theme.ink[2], theme.ink[4]]
    assert names(table, 0) == [theme.paper]


@THEMES
def test_the_signed_table_has_paper_in_the_middle(theme: Theme) -> None:
    ends = theme.diverging
    assert names(signed_table(theme), 0, FULL // 2, FULL) == [ends[0], theme.paper, ends[4]]


@THEMES
def test_what_is_not_a_number_has_a_colour_of_its_own(theme: Theme) -> None:
    for table in (ink_table(theme), signed_table(theme)):
        assert names(table, NOT_A_NUMBER) == [theme.error]
        assert (table[:NOT_A_NUMBER] != table[NOT_A_NUMBER]).all()


@THEMES
def test_ink_grows_with_the_weight(theme: Theme) -> None:
    table = ink_table(theme)[: FULL + 1]
    greys = [(code >> 16 & 255) + (code >> 8 & 255) + (code & 255) for code in table.tolist()]
    steps = np.diff(greys)
    assert (steps <= 0).all() if theme is LIGHT else (steps >= 0).all()


@THEMES
@pytest.mark.parametrize("name", ["viridis", "cividis"])
def test_a_palette_is_the_published_one_in_every_theme(theme: Theme, name: str) -> None:
    published = pyqtgraph.colormap.get(name).getLookupTable(nPts=FULL + 1)
    table = ink_table(replace(theme, weights=PALETTES[name]))
    found = np.stack([table[: FULL + 1] >> shift & 255 for shift in (16, 8, 0)], axis=-1)
    assert np.abs(found.astype(int) - published).max() <= 8
    assert names(table, NOT_A_NUMBER) == [theme.error]


def test_writing_into_the_pixels_paints_the_image() -> None:
    image, pixels = blank(3, 2)
    pixels[...] = pixel("#FFFFFF")
    pixels[1, 2] = pixel("#B84A00")
    assert image.pixelColor(2, 1).name() == "#b84a00"
    assert image.pixelColor(1, 1).name() == "#ffffff"
    assert pixels.shape == (image.height(), image.width())


def test_an_image_of_pixels_does_not_change_with_them() -> None:
    pixels = np.full((2, 5), pixel("#101A24"), np.uint32)
    image = image_of(pixels[:, ::2])
    pixels[...] = 0
    assert (image.width(), image.height()) == (3, 2)
    assert image.pixelColor(2, 1).name() == "#101a24"


def test_the_hatch_has_lines_at_45_degrees_in_the_colour_of_its_role(
    qapp: QGuiApplication,
) -> None:
    texture = hatch("change").textureImage()
    colours = {
        (column, row): texture.pixelColor(column, row)
        for row in range(HATCH)
        for column in range(HATCH)
    }
    inked = {at for at, colour in colours.items() if colour.alpha()}
    assert len(inked) == HATCH * HATCH // 2
    assert {colours[at].name() for at in inked} == {look.current().colour("change").name()}
    assert {((column + 1) % HATCH, (row - 1) % HATCH) for column, row in inked} == inked
