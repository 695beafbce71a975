"""Tests of the Mixer: numbers read back from the pixels, readouts, gestures, every shape."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick, Show, ViewOptions
from bertviz_app.core.trace import Answer, Array, Embeddings, Trace
from bertviz_app.ui import look
from bertviz_app.ui.parts.mixer_picture import MixerPart, MixerPicture
from bertviz_app.ui.theme import DARK, LIGHT
from bertviz_app.ui.views.embeddings.embeddings import EmbeddingsView
from tests.synthetic import snapshot
from tests.ui.looking import alike, colour, colours, shows
from tests.ui.menus import menu, opens_a_menu

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def view(qtbot: QtBot) -> EmbeddingsView:
    look.load_fonts()
    look.apply(look.Look())
    made = EmbeddingsView()
    qtbot.addWidget(made)
    made.resize(460, 560)
    made.show()
    return made


def mixer(view: EmbeddingsView) -> MixerPicture:
    assert isinstance(view.picture, MixerPicture)
    return view.picture


def run(made: Snapshot) -> Trace:
    assert made.trace is not None
    return made.trace


def parts_shown(view: EmbeddingsView) -> tuple[MixerPart, ...]:
    return mixer(view)._parts  # noqa: SLF001


def footer(view: EmbeddingsView) -> str:
    return mixer(view)._footer[0]  # noqa: SLF001


def parts_of(token: Array, segment: Array, position: Array) -> Embeddings:
    total = token + segment + position
    return Embeddings(token, segment, position, total, 3 * total)


def with_parts(made: Snapshot, parts: Embeddings) -> Snapshot:
    return replace(made, answer=Answer(replace(run(made), embeddings=parts)))


def filled(T: int, W: int, value: float) -> Array:
    return np.full((T, W), value, np.float32)


def spot(view: EmbeddingsView, part: int, token: int, number: int, of: int) -> QPoint:
    area = mixer(view).areas.row(part, token)
    return QPointF(area.left() + (number + 0.5) * area.width() / of, area.center().y()).toPoint()


def colour_at(view: EmbeddingsView, part: int, token: int, number: int, of: int) -> str:
    image = mixer(view).grab().toImage()
    return image.pixelColor(spot(view, part, token, number, of)).name()


def test_each_cell_has_the_colour_of_its_number(view: EmbeddingsView) -> None:
    token, segment, position = filled(4, 6, 0), filled(4, 6, 0), filled(4, 6, 0)
    token[2, 1], segment[3, 4], position[1, 0] = 1.0, -1.0, 0.5
    view.show_snapshot(with_parts(snapshot(4, W=6, masks=()), parts_of(token, segment, position)))
    minus, _, zero, half, full = look.current().theme.diverging
    assert alike(colour_at(view, 0, 2, 1, of=6), full)
    assert alike(colour_at(view, 1, 3, 4, of=6), minus)
    assert alike(colour_at(view, 2, 1, 0, of=6), half)
    assert alike(colour_at(view, 0, 2, 2, of=6), zero)
    assert alike(colour_at(view, 3, 2, 1, of=6), full)
    assert alike(colour_at(view, 3, 1, 0, of=6), half)


def test_the_strip_is_the_row_of_the_token(view: EmbeddingsView) -> None:
    token = filled(4, 2, 0)
    token[2] = 1.0, -1.0
    made = snapshot(4, W=2, masks=(), token=2)
    view.show_snapshot(with_parts(made, parts_of(token, filled(4, 2, 0), filled(4, 2, 0))))
    area = mixer(view).areas.strip(0)
    left = QRectF(area.left(), area.top(), area.width() / 2 - 1, area.height())
    right = left.translated(area.width() / 2 + 1, 0)
    theme = look.current().theme
    image = mixer(view).grab().toImage()
    assert image.pixelColor(left.center().toPoint()).name() == QColor(theme.diverging[4]).name()
    assert image.pixelColor(right.center().toPoint()).name() == QColor(theme.diverging[0]).name()


def test_parts_and_sum_share_a_scale_and_layer_norm_has_its_own(view: EmbeddingsView) -> None:
    parts = parts_of(filled(4, 6, 0.2), filled(4, 6, 0.1), filled(4, 6, -0.1))
    view.show_snapshot(with_parts(snapshot(4, W=6, masks=()), parts))
    said = [bar.accessibleName() for bar in mixer(view).bars]
    assert said == [
        "parts, sum: from −0.2 or less over 0 to +0.2 or more",
        "LayerNorm: from −1 or less over 0 to +1 or more",
    ]
    full = look.current().theme.diverging[-1]
    assert alike(colour_at(view, 0, 2, 2, of=6), full)
    assert not alike(colour_at(view, 4, 2, 2, of=6), full)


def test_at_rest_it_reads_out_the_lengths(view: EmbeddingsView) -> None:
    parts = parts_of(filled(4, 4, 0.5), filled(4, 4, 1), filled(4, 4, 0))
    made = with_parts(snapshot(4, W=4, masks=(), token=2), parts)
    view.show_snapshot(made)
    piece = run(made).encoding.tokens[2]
    assert view.readout == (
        f"{piece}: lengths token 1.00, segment 2.00, position 0; sum 3.00; after LayerNorm 9.00"
    )
    lit = replace(made, preview=Pick(token=1))
    view.show_snapshot(lit)
    assert view.readout.startswith(run(made).encoding.tokens[1] + ": lengths")


def test_without_a_pin_or_a_blank_it_is_about_token_one(view: EmbeddingsView) -> None:
    made = snapshot(5, masks=())
    view.show_snapshot(made)
    assert view.readout.startswith(run(made).encoding.tokens[1] + ":")
    blank = snapshot(5, masks=(2,))
    view.show_snapshot(blank)
    assert view.readout.startswith("[MASK]:")


def test_a_cell_is_read_out_as_a_sum(view: EmbeddingsView, qtbot: QtBot) -> None:
    parts = parts_of(filled(4, 6, 0.25), filled(4, 6, -0.125), filled(4, 6, 0))
    made = with_parts(snapshot(4, W=6, masks=()), parts)
    view.show_snapshot(made)
    said: list[Pick | None] = []
    view.previewed.connect(said.append)
    qtbot.mouseMove(mixer(view), spot(view, 2, 3, 4, of=6))
    assert view.readout == (
        "[SEP], number 5 of 6: 0.2500 + −0.1250 + 0 = 0.1250, after LayerNorm 0.3750"
    )
    assert said == [Pick(token=3)]
    qtbot.mouseMove(mixer(view), QPoint(1, 1))
    assert said == [Pick(token=3), None]
    assert view.readout.startswith(run(made).encoding.tokens[1] + ": lengths")


def test_changes_are_read_out_beside_as_is(view: EmbeddingsView) -> None:
    made = snapshot(4, W=4, masks=(), token=1, changed=True)
    assert made.answer is not None
    assert made.answer.changed is not None
    as_is = replace(
        made.answer.as_is, embeddings=parts_of(*(filled(4, 4, value) for value in (1, 0, 0)))
    )
    changed = replace(
        made.answer.changed, embeddings=parts_of(*(filled(4, 4, value) for value in (0.5, 0, 0)))
    )
    both = replace(made, answer=Answer(as_is, changed))
    view.show_snapshot(both)
    assert "lengths token 1.00," in view.readout
    assert view.readout.endswith("(as is 2.00, 0, 0; 2.00; 6.00)")
    view.show_snapshot(replace(both, options=ViewOptions(show=Show.DIFFERENCE)))
    theme = look.current().theme
    assert colour_at(view, 0, 2, 1, of=4) == QColor(theme.diverging[0]).name()
    assert colour_at(view, 1, 2, 1, of=4) == colour("paper")
    view.show_snapshot(replace(both, options=ViewOptions(show=Show.AS_IS)))
    assert "(as is" not in view.readout


def test_click_and_keys_keep_a_token(view: EmbeddingsView, qtbot: QtBot) -> None:
    view.show_snapshot(snapshot(6, W=4, masks=(), token=2))
    picks: list[Pick] = []
    hides: list[tuple[int, bool]] = []
    view.picked.connect(picks.append)
    view.hidden.connect(lambda token, each: hides.append((token, each)))
    qtbot.mouseClick(mixer(view), LEFT, pos=spot(view, 0, 4, 1, of=4))
    qtbot.mouseClick(
        mixer(view), LEFT, Qt.KeyboardModifier.ControlModifier, spot(view, 4, 3, 1, of=4)
    )
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End):
        qtbot.keyClick(mixer(view), key)
    assert picks == [Pick(token=4), Pick(second=3), *(Pick(token=at) for at in (1, 3, 0, 5))]
    qtbot.mouseDClick(mixer(view), LEFT, pos=spot(view, 0, 3, 1, of=4))
    qtbot.keyClick(mixer(view), Qt.Key.Key_Return)
    assert hides == [(3, False), (2, False)]


@opens_a_menu
def test_a_row_has_the_menu_of_its_token(view: EmbeddingsView) -> None:
    made = snapshot(6, W=4, masks=())
    view.show_snapshot(made)
    with menu(mixer(view), spot(view, 1, 4, 1, of=4)) as entries:
        assert f"Follow what {run(made).encoding.tokens[4]} looks at" in entries


@pytest.mark.parametrize("T", [1, 2, 16, 512])
@pytest.mark.parametrize("W", [1, 12, 1024])
@pytest.mark.parametrize("size", [(460, 560), (300, 400)])
def test_every_shape_is_drawn(view: EmbeddingsView, T: int, W: int, size: tuple[int, int]) -> None:
    view.resize(*size)
    made = snapshot(T, 1, 1, W=W, masks=() if T < 3 else (0,))
    if T < 3:  # what BERT never reads: a text whose tokens were all typed
        made = replace(
            made, answer=Answer(replace(run(made), encoding=replace(run(made).encoding, added=())))
        )
    view.show_snapshot(made)
    theme = look.current().theme
    image = mixer(view).grab().toImage()
    area = mixer(view).areas.map(0).toAlignedRect().intersected(image.rect())
    seen = {
        image.pixelColor(x, y).name()
        for x in range(area.left(), area.right(), 3)
        for y in range(area.top(), area.bottom() + 1)
    }
    assert len(seen - {theme.chrome.lower(), theme.query.lower()}) > 0
    assert view.readout


def test_not_a_number_is_seen_and_said(view: EmbeddingsView, qtbot: QtBot) -> None:
    token = filled(4, 6, 0.1)
    token[2, 3] = np.nan
    view.show_snapshot(
        with_parts(snapshot(4, W=6, masks=()), parts_of(token, token, filled(4, 6, 0)))
    )
    around = mixer(view).areas.row(0, 2)
    assert shows(mixer(view), "error", around) > 10
    qtbot.mouseMove(mixer(view), spot(view, 0, 2, 3, of=6))
    assert "not a number + not a number + 0 = not a number" in view.readout


def test_labels_stand_where_rows_are_high_enough(view: EmbeddingsView) -> None:
    made = snapshot(6, W=4, masks=())
    view.show_snapshot(made)
    narrow = mixer(view).areas.strip(0).left()
    view.resize(460, 1200)
    view.show_snapshot(replace(made))
    assert mixer(view).areas.strip(0).left() > narrow + 40


def test_numbers_are_copied_in_full(view: EmbeddingsView) -> None:
    made = snapshot(4, W=3, tokens=("=cmd()", "the"), token=1)
    view.show_snapshot(made)
    lines = [line.split("\t") for line in view.numbers().split("\n")]
    assert lines[0][0] == "token"
    assert len(lines[0]) == 9
    assert lines[2][0] == "'=cmd()"
    assert float(lines[2][1]) == pytest.approx(np.linalg.norm(run(made).embeddings.token[1]))
    numbers_of = dict((line[0], line[1:]) for line in lines[-5:])
    assert [np.float32(text) for text in numbers_of["sum"]] == list(run(made).embeddings.summed[1])


def test_a_part_of_zero_has_no_cosine_and_a_sum_of_zero_no_shares(view: EmbeddingsView) -> None:
    one, none = filled(4, 6, 1), filled(4, 6, 0)
    view.show_snapshot(with_parts(snapshot(4, W=6, masks=()), parts_of(one, one, none)))
    assert footer(view) == "cosines: token–segment 1.00, token–position –, segment–position –"
    view.show_snapshot(with_parts(snapshot(4, W=6, masks=()), parts_of(one, -one, none)))
    assert [part.share for part in parts_shown(view)] == ["–", "–", "–", "", ""]
    view.show_snapshot(with_parts(snapshot(4, W=6, masks=()), parts_of(one, -one / 2, none)))
    assert [part.share for part in parts_shown(view)] == ["200 %", "−100 %", "0 %", "", ""]


def test_both_themes_draw_zero_as_paper(view: EmbeddingsView) -> None:
    made = with_parts(
        snapshot(4, W=6, masks=()), parts_of(*(filled(4, 6, value) for value in (1, 0, 0)))
    )
    for theme in (LIGHT, DARK):
        look.apply(look.Look(theme))
        view.show_snapshot(replace(made))
        assert colour_at(view, 1, 2, 2, of=6) == theme.paper.lower()
        assert colour_at(view, 0, 2, 2, of=6) == theme.diverging[4].lower()
    look.apply(look.Look())


def test_a_hover_makes_no_new_image(view: EmbeddingsView) -> None:
    made = snapshot(6, W=4, masks=())
    view.show_snapshot(made)
    view.grab()
    images = mixer(view)._images  # noqa: SLF001
    view.show_snapshot(replace(made, preview=Pick(token=3)))
    view.grab()
    assert mixer(view)._images is images  # noqa: SLF001


def test_shown_again_it_draws_the_same_text_again(view: EmbeddingsView) -> None:
    view.show_snapshot(snapshot(6, W=4, masks=()))
    before = colours(mixer(view), mixer(view).areas.map(3))
    view.hide()
    view.show()
    assert colours(mixer(view), mixer(view).areas.map(3)) == before
