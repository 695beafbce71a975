"""Tests of filling the blanks one by one: order, waiting, one step of undo, and what ends it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from bertviz_app.core.errors import BertVizError
from bertviz_app.core.request import Capture
from bertviz_app.core.trace import Candidate, MaskPrediction
from bertviz_app.session.filling import Filling, most_certain
from tests.session.gated_desk import Desk, open_desk
from tests.synthetic import snapshot


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    """A desk with two blanks."""
    with open_desk(qtbot, "[MASK] saw [MASK]") as made:
        made.start()
        yield made


def pass_one(desk: Desk) -> None:
    """Let one run pass, and wait until its answer is shown."""
    text = desk.session.state.text
    desk.engine.open()
    desk.wait(lambda: desk.shown() == text)


def test_each_blank_waits_for_the_answer_to_the_one_before(desk: Desk) -> None:
    filling = Filling(desk.session, desk.session)
    filling.begin()
    assert desk.session.state.text == "cat saw [MASK]"
    pass_one(desk)
    assert desk.session.state.text == "cat saw cat"
    pass_one(desk)
    assert [request.text for request in desk.engine.requests][1:] == [
        "cat saw [MASK]",
        "cat saw cat",
    ]


def test_one_undo_brings_all_back(desk: Desk) -> None:
    filling = Filling(desk.session, desk.session)
    filling.begin()
    pass_one(desk)
    pass_one(desk)
    desk.session.undo()
    assert desk.session.state.text == "[MASK] saw [MASK]"
    pass_one(desk)
    assert desk.session.state.text == "[MASK] saw [MASK]"


def test_typing_ends_it(desk: Desk) -> None:
    filling = Filling(desk.session, desk.session)
    filling.begin()
    desk.type("cat saw [MASK] again")
    desk.engine.open(2)
    desk.wait(lambda: desk.shown() == "cat saw [MASK] again")
    assert desk.session.state.text == "cat saw [MASK] again"


def test_a_text_that_fails_ends_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise BertVizError("this once")

    filling = Filling(desk.session, desk.session)
    with monkeypatch.context() as patched:
        patched.setattr(desk.engine, "answer", fail)
        filling.begin()
        desk.wait(lambda: desk.session.snapshot.fault is not None)
    desk.session.want(Capture(sizes=True))
    pass_one(desk)
    assert desk.session.state.text == "cat saw [MASK]"


def test_the_most_certain_blank_comes_first_and_no_blank_is_filled_with_a_blank() -> None:
    trace = snapshot(masks=(1, 3)).trace
    assert trace is not None
    unsure, sure = (Candidate(word, 5, p, 1.0, 1) for word, p in (("a", 0.4), ("the", 0.6)))
    mask = Candidate("[MASK]", 4, 0.9, 2.0, 1)
    asked = replace(
        trace, predictions=(MaskPrediction(2, (mask, unsure)), MaskPrediction(4, (sure,)))
    )
    assert most_certain(asked, "[MASK]") == (4, sure)
    nan = replace(sure, probability=float(np.nan))
    asked = replace(trace, predictions=(MaskPrediction(2, (nan,)), MaskPrediction(4, (mask,))))
    assert most_certain(asked, "[MASK]") is None
