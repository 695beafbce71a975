"""The page that compares with float32: what it says of an answer, and what it offers."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from bertviz_app.core.devices import BFLOAT16
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.precision import BlankCompared, PrecisionAnswer, PrecisionCheck
from bertviz_app.core.request import Capture
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.ui.sheets.precision import EXPLAINS, PrecisionPage
from tests.synthetic import snapshot

ANSWER = PrecisionAnswer(
    largest=0.0123,
    head=(3, 8),
    mean=0.0002,
    hidden=0.05,
    blanks=(BlankCompared(2, 9, 10, ("her", "his"), 0.004),),
    seconds=(0.004, 0.012),
    reading=0.31,
)


def asked(made: Snapshot) -> PrecisionCheck:
    assert made.answer is not None
    return PrecisionCheck(replace(made.answer.shown.request, capture=Capture()))


def rounded() -> Snapshot:
    """A text that a model in bfloat16 has read."""
    made = snapshot(6)
    assert made.facts is not None
    return replace(made, facts=replace(made.facts, precision=BFLOAT16))


def test_every_difference_is_said_with_the_text_it_is_of(qtbot: QtBot) -> None:
    page, made = PrecisionPage(), rounded()
    qtbot.addWidget(page)
    report = JobReport(asked(made), 4, 4, ANSWER, 0.5)
    page.show_snapshot(replace(made, reports={PrecisionCheck: report}))
    words = page.words
    assert words["weights"] == "differ by 0.01 at most (layer 4, head 9), by 0.0002 on average"
    assert words["best words"] == (
        "9 of 10 are the same at token 2; her leads here, his in float32; "
        "probabilities differ by 0.004 at most"
    )
    assert words["one forward"] == "4.0 ms here, 12.0 ms in float32"
    assert words["cost"].startswith("the weights were read again in 0.3 s, ")
    assert not page.job.ask.isVisibleTo(page)


def test_another_text_can_be_compared_and_nothing_offers_what_it_cannot_do(qtbot: QtBot) -> None:
    page, made = PrecisionPage(), rounded()
    qtbot.addWidget(page)
    acted: list[str] = []
    page.acted.connect(acted.append)
    page.show_snapshot(made)
    assert {words for head, words in page.words.items() if head} == {"…"}
    assert page.job.ask.isVisibleTo(page)
    page.job.ask.click()
    assert acted == ["precision.compare"]
    slow = JobReport(asked(made), 1, 4, None, 2.0)
    kinds = frozenset({PrecisionCheck})
    page.show_snapshot(replace(made, reports={PrecisionCheck: slow}, running=kinds))
    assert page.job.words == "Comparison with float32: 1 of 4, about 6 s left"
    assert not page.job.ask.isVisibleTo(page)
    assert not page.job.cancel.isVisibleTo(page)


def test_float32_on_the_processor_is_not_compared_with_itself(qtbot: QtBot) -> None:
    page = PrecisionPage()
    qtbot.addWidget(page)
    page.show_snapshot(snapshot(6))
    (said,) = page.words.values()
    assert "nothing differs" in said
    assert not page.job.isVisibleTo(page)
    page.show_snapshot(rounded())
    assert page.words["weights"] == "…"
    assert page.job.ask.isVisibleTo(page)


def test_what_is_compared_stands_over_the_whole_table(qtbot: QtBot) -> None:
    page = PrecisionPage()
    qtbot.addWidget(page)
    page.resize(500, 700)
    page.show()
    page.show_snapshot(rounded())
    labels = [one for one in page.findChildren(QLabel) if one.isVisible() and one.text()]
    introduction = next(one for one in labels if one.text() == EXPLAINS)
    head = next(one for one in labels if one.text() == "weights")
    assert introduction.x() == head.x()
    assert introduction.geometry().bottom() < head.y()
