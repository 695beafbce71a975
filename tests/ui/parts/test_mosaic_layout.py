"""Tests of where the tiles stand: how large they are, and which one is at a point."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF

from bertviz_app.ui.parts.mosaic_layout import LEAST, MOST, MosaicLayout

MARGINS = (36, 30)
NOT_SCROLLED = QPointF()


def fitted(shape: tuple[int, int], room: tuple[int, int], ratio: float = 1.0) -> MosaicLayout:
    return MosaicLayout.fitted(shape, room, MARGINS, ratio)


def test_tiles_are_as_large_as_the_panel_allows() -> None:
    layout = fitted((12, 12), (1600, 1000))
    assert layout.height + MARGINS[1] <= 1000
    assert layout.height + MARGINS[1] > 1000 - 12 - layout.gap
    assert layout.width + MARGINS[0] <= 1600


def test_at_twelve_heads_in_the_usual_panel_a_tile_has_a_pixel_for_each_of_32_tokens() -> None:
    assert fitted((6, 12), (444, 468)).tile == 32


@pytest.mark.parametrize("shape", [(1, 1), (48, 64), (6, 12), (24, 16)])
@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0])
def test_tiles_are_never_too_small_nor_too_large(shape: tuple[int, int], ratio: float) -> None:
    for room in ((100, 100), (444, 468), (3000, 2000)):
        layout = fitted(shape, room, ratio)
        assert round(LEAST * ratio) <= layout.tile <= round(MOST * ratio)
        assert layout.gap >= 1


def test_every_point_of_a_tile_and_of_the_gap_after_it_belongs_to_its_head() -> None:
    layout = fitted((3, 4), (300, 300))
    for layer in range(3):
        for head in range(4):
            area = layout.area((layer, head), NOT_SCROLLED)
            for point in (area.topLeft(), area.center(), area.bottomRight()):
                assert layout.head_at(point, NOT_SCROLLED) == (layer, head)


def test_outside_the_tiles_there_is_no_head() -> None:
    layout = fitted((3, 4), (300, 300))
    end = layout.area((2, 3), NOT_SCROLLED).bottomRight() + QPointF(layout.gap, layout.gap)
    for point in (QPointF(10, 100), QPointF(100, 10), end):
        assert layout.head_at(point, NOT_SCROLLED) is None


def test_scrolled_tiles_are_found_where_they_are_seen() -> None:
    layout = fitted((48, 64), (444, 468))
    offset = QPointF(500, 300)
    area = layout.area((20, 30), offset)
    assert layout.head_at(area.center(), offset) == (20, 30)
    assert layout.head_at(area.center(), NOT_SCROLLED) != (20, 30)
