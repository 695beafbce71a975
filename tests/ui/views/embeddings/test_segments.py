"""Tests of Segments: both vectors, who carries which, and what the buttons ask for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from bertviz_app.core.request import Interventions
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick
from bertviz_app.core.trace import Answer
from bertviz_app.ui import look
from bertviz_app.ui.parts.segments_picture import SegmentsPicture
from bertviz_app.ui.views.embeddings.segments import ONE_SEGMENT, SegmentsView
from tests.synthetic import snapshot
from tests.ui.looking import alike

LEFT = Qt.MouseButton.LeftButton
TABLE = np.array([[0.0, 3.0, 0.0, 0.0], [0.0, 0.0, 4.0, 0.0]], np.float32)


@pytest.fixture
def view(qtbot: QtBot) -> SegmentsView:
    look.load_fonts()
    look.apply(look.Look())
    made = SegmentsView()
    qtbot.addWidget(made)
    made.resize(540, 560)
    made.show()
    return made


def known(made: Snapshot, rows: int = 2) -> Snapshot:
    """The snapshot with these segment vectors, A = (0, 3, 0, 0) and B = (0, 0, 4, 0)."""
    assert made.facts is not None
    return replace(made, facts=replace(made.facts, segment_table=TABLE[:rows]))


def swapped(made: Snapshot) -> Snapshot:
    """The snapshot with a changed run, in which the segments are exchanged."""
    assert isinstance(made.answer, Answer)
    changes = Interventions(segment_ids="swapped")
    run = made.answer.as_is
    changed = replace(run, request=replace(run.request, interventions=changes))
    state = replace(made.state, interventions=changes)
    return replace(made, state=state, answer=Answer(run, changed))


def picture(view: SegmentsView) -> SegmentsPicture:
    assert isinstance(view.picture, SegmentsPicture)
    return view.picture


def button(view: SegmentsView, words: str) -> QPushButton:
    return next(one for one in view.findChildren(QPushButton) if one.text().startswith(words))


def in_strip(view: SegmentsView, strip: int, number: int) -> QPoint:
    area = picture(view).strip(strip)
    x = area.left() + area.width() * (number + 0.5) / TABLE.shape[1]
    return QPointF(x, area.center().y()).toPoint()


def test_strips_hold_both_vectors_and_their_difference(view: SegmentsView) -> None:
    view.show_snapshot(known(snapshot(W=4)))
    image = picture(view).grab().toImage()
    found = [
        [image.pixelColor(in_strip(view, strip, number)) for number in range(4)]
        for strip in range(3)
    ]
    assert alike(found[0][0].name(), look.current().theme.diverging[2])
    assert found[1][2] == found[2][2]
    assert found[0][1].green() > found[0][1].blue()  # more than zero is green, less is violet
    assert found[2][1].green() < found[2][1].blue()


def test_at_rest_it_reads_out_how_alike_they_are_and_what_the_token_carries(
    view: SegmentsView,
) -> None:
    view.show_snapshot(known(snapshot(9, pair=True, masks=(), token=6)))
    words = "A and B: cosine 0, distance 5.00; "
    assert view.readout.startswith(words)
    assert view.readout.endswith("carries B")
    view.show_snapshot(swapped(known(snapshot(9, pair=True, masks=(), token=6))))
    assert view.readout.endswith("carries A (as is B)")
    view.show_snapshot(known(snapshot(9, pair=True, masks=())))
    assert view.readout == "A and B: cosine 0, distance 5.00"


def test_a_number_under_the_mouse_is_read_out(view: SegmentsView, qtbot: QtBot) -> None:
    view.show_snapshot(known(snapshot(W=4)))
    qtbot.mouseMove(picture(view), in_strip(view, 2, 1))
    assert view.readout == "number 2 of 4: A 3.0000, B 0, B − A −3.0000"


def test_tokens_are_tried_and_picked(view: SegmentsView, qtbot: QtBot) -> None:
    tried: list[Pick | None] = []
    view.previewed.connect(tried.append)
    view.show_snapshot(known(snapshot(9, pair=True)))
    at = picture(view).area_of(6).center().toPoint()
    qtbot.mouseMove(picture(view), at)
    assert tried == [Pick(token=6)]
    with qtbot.waitSignal(view.picked) as picked:
        qtbot.mouseClick(picture(view), LEFT, pos=at)
    assert picked.args == [Pick(token=6)]


def test_what_is_given_stands_below_where_it_differs(view: SegmentsView) -> None:
    made = known(snapshot(9, pair=True, masks=()))
    view.show_snapshot(made)
    assert len(picture(view)._segments) == 1  # noqa: SLF001
    view.show_snapshot(swapped(made))
    own, given = picture(view)._segments  # noqa: SLF001
    assert given == tuple(1 - segment for segment in own)


@pytest.mark.parametrize(
    ("words", "rule"), [("Give A’s tokens B", "swapped"), ("All in one segment", "all A")]
)
def test_buttons_exchange_segments_and_take_it_back(
    view: SegmentsView, qtbot: QtBot, words: str, rule: str
) -> None:
    kept = Interventions(causal=True)
    made = known(snapshot(pair=True))
    view.show_snapshot(replace(made, state=replace(made.state, interventions=kept)))
    with qtbot.waitSignal(view.intervened) as asked:
        qtbot.mouseClick(button(view, words), LEFT)
    assert asked.args == [Interventions(causal=True, segment_ids=rule)]
    view.show_snapshot(replace(made, state=replace(made.state, interventions=asked.args[0])))
    assert button(view, words).isChecked()
    with qtbot.waitSignal(view.intervened) as back:
        qtbot.mouseClick(button(view, words), LEFT)
    assert back.args == [kept]


def test_a_model_of_one_segment_says_so(view: SegmentsView) -> None:
    view.show_snapshot(known(snapshot(), rows=1))
    words = [label.text() for label in view.findChildren(QLabel) if label.isVisible()]
    assert ONE_SEGMENT in words
    assert view.numbers() == ""


def test_numbers_are_copied_in_full(view: SegmentsView) -> None:
    view.show_snapshot(swapped(known(snapshot(9, pair=True, masks=()))))
    lines = [line.split("\t") for line in view.numbers().split("\n")]
    assert lines[:2] == [["cosine", "0"], ["distance", "5"]]
    assert lines[4] == ["B − A", "0", "-3", "4", "0"]
    assert lines[-1] == ["[SEP]", "B", "A"]
