"""What was loaded, on the sheet: nothing is left out, nothing untrusted is drawn as markup."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QTabBar
from pytestqt.qtbot import QtBot

from bertviz_app.core.facts import LoadReport, ModelFacts
from bertviz_app.core.jobs import JobReport, Question
from bertviz_app.core.origin import FileRead, Origin, TensorRead, TokenizerFacts
from bertviz_app.core.questions.check_files import CheckedFile, CheckedFiles, CheckFiles
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.ui.parts.fact_table import FactTable
from bertviz_app.ui.sheets import trust_words as words
from bertviz_app.ui.sheets.trust import TABS, TrustPage
from tests import synthetic

CONFIG = Path("synthetic/config.json")
HASH = "0123456789abcdef" * 4


def fused(name: str, row: int) -> TensorRead:
    parameter = "layers.0.attention.query_key_value.weight"
    return TensorRead(name, "F16", (12, 12), parameter, row, 3.25, 0, constant=False)


def facts(**changes: Any) -> ModelFacts:
    origin = Origin(
        files=(FileRead(CONFIG, 456, 1),),
        config=(("hidden_size", "12"), ("<b>x</b>", "null")),
        tensors=(
            fused("bert.key", 12),
            fused("bert.query", 0),
            TensorRead("bert.w", "F32", (64, 12), "embeddings.token.weight", None, 7.5, 2, False),
        ),
        tokenizer=TokenizerFacts("vocab.txt", 64, True, True, True, 100, (("[CLS]", 2),)),
        licence="mit",
        remarks=("The folder brings code along (a.py). It was not run; none ever is.",),
    )
    report = LoadReport((("bert.w", "embeddings.token.weight"),), ("mlm.decoder.bias",), ("junk",))
    model = replace(synthetic.model_facts(), origin=origin, report=report, fingerprint=HASH)
    return replace(model, **changes)


def snapshot(model: ModelFacts, **changes: Any) -> Snapshot:
    return replace(synthetic.snapshot(T=8), facts=model, **changes)


class Opened:
    """The sheet with what it asked for."""

    def __init__(self, qtbot: QtBot, shown: Snapshot) -> None:
        self.asked: list[Question[Any]] = []
        self.page = TrustPage(shown, self.asked.append)
        qtbot.addWidget(self.page)
        self.page.resize(500, 600)
        self.page.show()

    @property
    def labels(self) -> str:
        return "\n".join(label.text() for label in self.page.findChildren(QLabel))

    def table(self, name: str) -> FactTable:
        tables = self.page.findChildren(FactTable)
        return next(table for table in tables if table.accessibleName() == name)


def checked(*differences: str, **file: str) -> dict[str, Any]:
    answer = CheckedFiles((CheckedFile(CONFIG, **file),), differences)
    return {"reports": {CheckFiles: JobReport(CheckFiles(), 1, 1, answer)}}


def test_the_summary_says_all_in_words(qtbot: QtBot) -> None:
    opened = Opened(qtbot, snapshot(facts()))
    said = opened.labels
    for sentence in (
        "mit, says its model card",
        "2 layers × 3 heads × 12; feed-forward 24; 64 pieces; 512 positions; 2 segments; gelu; "
        "LayerNorm ε 1e-12",
        "token embeddings 768",
        "3 tensors read: 2 as F16, 1 as F32",
        "1 renamed, 1 missing, 1 not used",
        "from vocab.txt, 64 pieces; capitals kept, accents kept; each ideograph a word; words over "
        "100 letters are unknown",
        "[CLS] 2",
        "The folder brings code along (a.py). It was not run; none ever is.",
        "456 bytes\nSHA-256 …",
        "Warning: 2 weights are not numbers, in bert.w;",
    ):
        assert sentence in said
    labels = opened.page.findChildren(QLabel)
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)


def test_tensors_stand_in_order_with_both_names(qtbot: QtBot) -> None:
    rows = words.tensor_rows(facts())
    assert rows == [
        ("embeddings.token.weight", "64 × 12", "F32", "7.50", "2", "bert.w"),
        ("layers.0.attention.query_key_value.weight Q", "12 × 12", "F16", "3.25", "", "bert.query"),
        ("layers.0.attention.query_key_value.weight K", "12 × 12", "F16", "3.25", "", "bert.key"),
    ]
    opened = Opened(qtbot, snapshot(facts()))
    assert opened.table("Tensors").model().rowCount() == 3


def test_names_that_say_more_than_found_are_listed() -> None:
    assert words.name_rows(facts()) == [
        ("missing", "", "mlm.decoder.bias"),
        ("not used", "junk", ""),
        ("renamed", "bert.w", "embeddings.token.weight"),
    ]
    assert len(words.name_rows(facts(report=LoadReport()))) == 1


def test_the_files_are_asked_for_once_and_their_hashes_are_shown(qtbot: QtBot) -> None:
    model = facts()
    opened = Opened(qtbot, snapshot(model))
    assert opened.asked == [CheckFiles()]
    opened.page.show_snapshot(snapshot(model, running=frozenset({CheckFiles})))
    assert opened.asked == [CheckFiles()]
    news = checked("vocab.txt and tokenizer.json differ in 1 piece.", digest=HASH)
    opened.page.show_snapshot(snapshot(model, **news))
    assert opened.asked == [CheckFiles()]
    assert f"SHA-256 {HASH[:32]}\n{HASH[32:]}" in opened.labels
    assert "vocab.txt and tokenizer.json differ in 1 piece." in opened.labels
    opened.page.show_snapshot(snapshot(model, **checked(problem="config.json: gone.")))
    assert "456 bytes\nconfig.json: gone." in opened.labels


def test_another_model_is_followed_and_its_files_are_asked_for(qtbot: QtBot) -> None:
    opened = Opened(qtbot, snapshot(facts(), **checked(digest=HASH)))
    assert opened.asked == []
    opened.page.findChild(QTabBar).setCurrentIndex(1)
    other = facts(name="another", origin=Origin())
    opened.page.show_snapshot(snapshot(other))
    qtbot.waitUntil(lambda: len(opened.page.findChildren(FactTable)) == 3)
    assert opened.asked == [CheckFiles()]
    assert "another" in opened.labels
    assert opened.table("Tensors").isVisible()
    assert opened.table("Tensors").model().rowCount() == 0
    assert "its folder names none" in opened.labels


def test_a_hovered_token_makes_nothing_anew(qtbot: QtBot) -> None:
    shown = snapshot(facts(), **checked(digest=HASH))
    opened = Opened(qtbot, shown)
    labels = set(opened.page.findChildren(QLabel))
    opened.page.show_snapshot(replace(shown, can_undo=True))
    assert set(opened.page.findChildren(QLabel)) == labels


def test_a_changed_file_offers_to_read_it_again(qtbot: QtBot) -> None:
    model = facts()
    opened = Opened(qtbot, snapshot(model))
    button = next(
        one for one in opened.page.findChildren(QPushButton) if one.text() == "Read it again"
    )
    assert not button.isVisible()
    opened.page.show_snapshot(snapshot(model, changed_files=(CONFIG,)))
    assert "Warning: config.json was changed or removed on disk" in opened.labels
    with qtbot.waitSignal(opened.page.acted) as caught:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert caught.args == ["model.reload"]


def test_all_of_it_is_copied_with_hashes_in_one_piece(qtbot: QtBot) -> None:
    opened = Opened(qtbot, snapshot(facts(), **checked(digest=HASH)))
    button = next(one for one in opened.page.findChildren(QPushButton) if one.text() == "Copy all")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    text = QGuiApplication.clipboard().text()
    assert text.startswith("Warning: 2 weights are not numbers")
    assert f"config.json\t456 bytes; SHA-256 {HASH}" in text
    assert f"fingerprint\t{HASH}" in text
    assert "<b>x</b>\tnull" in text
    assert text.index("bert.query") < text.index("hidden_size") < text.index("junk")
    QGuiApplication.clipboard().clear()


def test_before_there_is_a_model_the_sheet_is_empty(qtbot: QtBot) -> None:
    opened = Opened(qtbot, Snapshot())
    assert opened.page.text == ""
    assert opened.asked == []


def test_four_hundred_tensors_are_gone_through_by_keys(qtbot: QtBot) -> None:
    many = tuple(
        TensorRead(f"t{n}", "F32", (4,), f"layers.{n}.attention.norm.bias", None, 1.0, 0, False)
        for n in range(400)
    )
    opened = Opened(qtbot, snapshot(facts(origin=Origin(tensors=many))))
    tabs = opened.page.findChild(QTabBar)
    assert [tabs.tabText(number) for number in range(tabs.count())] == list(TABS)
    qtbot.keyClick(tabs, Qt.Key.Key_Right)
    table = opened.table("Tensors")
    assert table.isVisible()
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_End)
    assert table.currentIndex().row() == 399
    qtbot.keyClick(table, Qt.Key.Key_Home)
    assert table.currentIndex().row() == 0
