"""Pieces that break programs, in every view: drawn, read out and copied as what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from bertviz_app.ui import look
from bertviz_app.ui.view import View
from tests.fixtures.naughty import NAUGHTY
from tests.synthetic import snapshot
from tests.ui.views.test_views import VIEWS, assert_drawn, shown

NUMBER = re.compile(r"[+\-−]?(\d[\d.]*(e[+\-−]\d+)?|nan|inf)( %)?", re.IGNORECASE)
PIECES = {
    kind: tuple(text for text in texts if text and len(text) < 500)
    for kind, texts in NAUGHTY.items()
    if kind != "not text"
}


@pytest.fixture(autouse=True)
def dressed(qtbot: QtBot) -> Iterator[None]:
    look.load_fonts()
    look.apply(look.Look())
    yield
    look.apply(look.Look())


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would compute `cell`."""
    return cell.startswith(("=", "+", "-", "@")) and NUMBER.fullmatch(cell) is None


@pytest.mark.parametrize("kind", VIEWS, ids=lambda kind: kind.name)
def test_pieces_of_any_kind_are_drawn_read_out_and_copied(qtbot: QtBot, kind: type[View]) -> None:
    view = shown(qtbot, kind, snapshot(8))
    for pieces in PIECES.values():
        view.show_snapshot(snapshot(tokens=pieces, token=2, second=1))
        assert_drawn(view)
        assert view.readout.replace("\u2068", "").replace("\u2069", "").isprintable()
        cells = [cell for row in view.numbers().splitlines() for cell in row.split("\t")]
        assert [cell for cell in cells if is_formula(cell)] == []
        assert [cell for cell in cells if not cell.replace("\u200d", "").isprintable()] == []
