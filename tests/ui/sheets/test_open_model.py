"""The sheet that opens a model, by keyboard and by mouse."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from bertviz_app.core.download import Download, Stage
from bertviz_app.core.errors import Fault
from bertviz_app.core.hub import HubName
from bertviz_app.core.model_wanted import ModelWanted
from bertviz_app.core.shelf import Shelf
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import State, ViewOptions
from bertviz_app.ui.parts.model_rows import ModelRow
from bertviz_app.ui.sheets.open_model import ModelList, OpenModel

LATELY = Path("/data/my-bert")
NAME = HubName("bert-base-uncased")


@pytest.fixture
def page(qtbot: QtBot) -> OpenModel:
    page = OpenModel(Shelf(recent=(LATELY,)))
    qtbot.addWidget(page)
    page.resize(500, 700)
    page.show()
    page.setFocus()
    return page


def field(page: OpenModel) -> QLineEdit:
    found = page.focusProxy()
    assert isinstance(found, QLineEdit)
    return found


def rows(page: OpenModel) -> ModelList:
    found = page.findChild(ModelList)
    assert isinstance(found, ModelList)
    return found


def test_enter_opens_the_first_and_the_arrows_go_on(page: OpenModel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.opened) as first:
        qtbot.keyClick(field(page), Qt.Key.Key_Return)
    assert first.args == [ModelWanted()]
    qtbot.keyClick(field(page), Qt.Key.Key_Down)
    with qtbot.waitSignal(page.opened) as second:
        qtbot.keyClick(field(page), Qt.Key.Key_Return)
    assert second.args == [ModelWanted(LATELY)]
    qtbot.keyClick(field(page), Qt.Key.Key_PageUp)
    assert rows(page).rows[rows(page).chosen] == page.rows[1]


def test_typing_filters_and_enter_downloads(page: OpenModel, qtbot: QtBot) -> None:
    qtbot.keyClicks(field(page), "bert-base-uncased")
    with qtbot.waitSignal(page.fetched) as fetched:
        qtbot.keyClick(field(page), Qt.Key.Key_Return)
    assert fetched.args == [NAME]


def test_a_click_opens_and_one_on_a_heading_does_not(page: OpenModel, qtbot: QtBot) -> None:
    models, opened = rows(page), []
    page.opened.connect(opened.append)
    for at in (0, 1):
        where = models.visualRect(models.model().index(at, 0)).center()
        qtbot.mouseClick(models.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert opened == [ModelWanted()]


def test_the_list_has_the_same_keys_as_the_field(page: OpenModel, qtbot: QtBot) -> None:
    qtbot.keyClick(rows(page), Qt.Key.Key_Down)
    with qtbot.waitSignal(page.opened) as opened:
        qtbot.keyClick(rows(page), Qt.Key.Key_Enter)
    assert opened.args == [ModelWanted(LATELY)]


def test_enter_on_what_is_no_name_does_nothing(page: OpenModel, qtbot: QtBot) -> None:
    field(page).setText("no name at all, really")
    assert page.rows == []
    assert any("is no name of a model" in label.text() for label in page.findChildren(QLabel))
    with qtbot.assertNotEmitted(page.opened), qtbot.assertNotEmitted(page.fetched):
        qtbot.keyClick(field(page), Qt.Key.Key_Return)


@pytest.mark.parametrize(
    ("stage", "total", "button", "action"),
    [
        (Stage.FETCHING, 100, "Cancel", "model.cancel_download"),
        (Stage.LARGE, 100, "Download", "model.resume"),
        (Stage.FAILED, 100, "Go on", "model.resume"),
        (Stage.FAILED, 0, "Try again", "model.retry_download"),
        (Stage.CANCELLED, 100, "", ""),
        (Stage.DONE, 100, "", ""),
    ],
)
def test_a_download_has_one_button_at_each_stage(
    page: OpenModel, qtbot: QtBot, stage: Stage, total: int, button: str, action: str
) -> None:
    page.show_download(Download(NAME, stage, total // 2, total, 6, fault=Fault("Why.")))
    assert page.download.isVisible()
    shown = [one for one in page.download.findChildren(QPushButton) if one.isVisible()]
    assert [one.text() for one in shown] == ([button] if button else [])
    for one in shown:
        with qtbot.waitSignal(page.acted) as acted:
            one.click()
        assert acted.args == [action]


def test_a_shelf_that_changes_keeps_what_was_typed(page: OpenModel) -> None:
    field(page).setText("my")
    page.show_shelf(Shelf(recent=(LATELY, Path("/data/my-other"))))
    assert [row.name for row in page.rows if row.wanted] == ["my-bert", "my-other"]


def test_a_shelf_that_changes_keeps_what_was_chosen(page: OpenModel, qtbot: QtBot) -> None:
    qtbot.keyClick(field(page), Qt.Key.Key_Down)
    page.show_shelf(Shelf(recent=(Path("/data/newer"), LATELY)))
    chosen = rows(page).rows[rows(page).chosen]
    assert isinstance(chosen, ModelRow)
    assert chosen.name == "my-bert"


def test_why_a_model_did_not_open_stands_there_until_something_else_is_typed(
    page: OpenModel, qtbot: QtBot
) -> None:
    def said() -> list[str]:
        return [one.text() for one in page.findChildren(QLabel) if one.isVisible()]

    with qtbot.waitSignal(page.opened) as opened:
        page.open_path(Path("/data/gone"))
    assert opened.args == [ModelWanted(Path("/data/gone"))]
    page.show_snapshot(Snapshot(State(), ViewOptions(), loading="gone"))
    assert said() == ["Reading gone …"]
    page.show_fault("gone: there is no such folder.")
    page.show_snapshot(Snapshot(State(), ViewOptions()))
    page.show_shelf(Shelf())
    assert said() == ["gone: there is no such folder."]
    assert field(page).text() == "/data/gone"
    qtbot.keyClicks(field(page), "-not")
    assert said() == []
