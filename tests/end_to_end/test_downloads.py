"""Opening a model from the window: the sheet, a download, what is dropped, what came before."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import QCoreApplication, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QLabel, QMessageBox
from safetensors.torch import load

from bertviz_app.core.download import Stage
from bertviz_app.core.model_cache import all_downloaded
from bertviz_app.storage.hub import transfer
from bertviz_app.storage.settings import MOST_MODELS, read, settings_path
from bertviz_app.ui.sheets.open_model import OpenModel
from tests.fixtures.desk import Desk
from tests.fixtures.hub_server import HubServer, refuse, stall
from tests.fixtures.tiny_models import TinyFolder

NAME = "google/small"


@pytest.fixture
def published(hub_server: HubServer, tiny_folder: TinyFolder) -> HubServer:
    """A hub with a small BERT."""
    hub_server.publish_folder(NAME, tiny_folder(layers=1))
    return hub_server


def sheet(desk: Desk) -> OpenModel:
    page = desk.frame.sheet.page
    assert isinstance(page, OpenModel)
    return page


def ask_for(desk: Desk, name: str) -> None:
    desk.window.act("model.open")
    focused = desk.window.focusWidget()
    assert focused is not None
    desk.qtbot.keyClicks(focused, name)
    desk.key(Qt.Key.Key_Return)


def layers(desk: Desk) -> int:
    return desk.snapshot.facts.spec.layers if desk.snapshot.facts is not None else 0


def test_a_model_is_downloaded_while_one_types_and_then_opens(
    open_desk: Callable[..., Desk], published: HubServer
) -> None:
    desk = open_desk()
    published.answer("model.safetensors", stall(20_000))
    ask_for(desk, NAME)
    desk.wait(lambda: "↓ google/small" in desk.frame.status.text)
    desk.wait(lambda: "licence apache-2.0" in sheet(desk).download.words)
    desk.key(Qt.Key.Key_Escape)
    assert desk.frame.sheet.page is None
    desk.retype("The [MASK] sat on the mat.")
    assert layers(desk) == 6
    published.released.set()
    desk.wait(lambda: layers(desk) == 1)
    desk.settle()
    assert "↓" not in desk.frame.status.text
    assert desk.frame.status.text.startswith("small@")
    assert desk.session.state.text == "The [MASK] sat on the mat."


def test_what_was_downloaded_opens_again_without_the_hub_and_by_its_name(
    open_desk: Callable[..., Desk], published: HubServer
) -> None:
    desk = open_desk()
    ask_for(desk, NAME)
    desk.wait(lambda: layers(desk) == 1)
    asked = len(published.asked)
    desk.open_bundled()
    ask_for(desk, NAME)
    desk.wait(lambda: layers(desk) == 1)
    assert len(published.asked) == asked
    assert list(all_downloaded()) == [NAME]


def test_d1_what_broke_off_is_said_in_the_note_and_goes_on(
    open_desk: Callable[..., Desk], published: HubServer
) -> None:
    desk = open_desk()
    published.answer("config.json", refuse(403))
    ask_for(desk, NAME)
    desk.key(Qt.Key.Key_Escape)
    desk.wait(lambda: desk.snapshot.note is not None and "give out" in desk.snapshot.note.text)
    desk.press("Go on")
    desk.wait(lambda: layers(desk) == 1)


def test_d12_cancelled_in_the_sheet_it_leaves_the_model_that_runs(
    open_desk: Callable[..., Desk], published: HubServer
) -> None:
    desk = open_desk()
    published.answer("model.safetensors", stall(20_000))
    ask_for(desk, NAME)
    desk.wait(
        lambda: "of" in sheet(desk).download.words and "licence" in sheet(desk).download.words
    )
    ask_for(desk, "bert-base-uncased")
    assert desk.snapshot.note is not None
    assert desk.snapshot.note.text == "One model at a time: google/small is being downloaded."
    desk.press("Cancel")
    assert "cancelled" in sheet(desk).download.words
    assert "↓" not in desk.frame.status.text
    assert layers(desk) == 6
    assert not desk.window.actions_by_name["model.cancel_download"].isEnabled()


def test_d14_a_large_one_is_asked_about_first(
    open_desk: Callable[..., Desk], published: HubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "LARGE", 1000)
    desk = open_desk()
    ask_for(desk, NAME)
    desk.wait(lambda: "Download that much?" in sheet(desk).download.words)
    assert desk.window.door.downloads.newest is not None
    assert desk.window.door.downloads.newest.stage is Stage.LARGE
    desk.press("Download")
    desk.wait(lambda: layers(desk) == 1)


def test_a_pickle_of_the_hub_is_asked_about_like_any_other(
    open_desk: Callable[..., Desk], published: HubServer
) -> None:
    files = published.repositories[NAME].files
    weights = io.BytesIO()
    torch.save(load(files.pop("model.safetensors")), weights)
    files["pytorch_model.bin"] = weights.getvalue()
    desk = open_desk()
    ask_for(desk, NAME)
    desk.wait(lambda: desk.window.findChild(QMessageBox, "consent") is not None)
    desk.press("Read the numbers")
    desk.wait(lambda: layers(desk) == 1)


def test_d8_without_a_network_the_sheet_says_so(
    open_desk: Callable[..., Desk], published: HubServer
) -> None:
    published.close()
    desk = open_desk()
    ask_for(desk, NAME)
    desk.wait(lambda: "There is no connection" in sheet(desk).download.words)
    assert desk.best() == "her"
    assert not desk.window.actions_by_name["model.resume"].isEnabled()
    desk.press("Try again")
    assert desk.window.actions_by_name["model.cancel_download"].isEnabled()


def test_a_folder_that_does_not_open_leaves_the_sheet_with_its_path_and_the_reason(
    open_desk: Callable[..., Desk], tiny_folder: TinyFolder, tmp_path: Path
) -> None:
    desk, folder = open_desk(), tiny_folder(layers=1)
    ask_for(desk, str(tmp_path / "gone"))
    desk.wait(lambda: "Reading" not in reason(desk))
    assert "gone: there is no such" in reason(desk)
    desk.qtbot.keyClick(
        desk.window.focusWidget(), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier
    )
    desk.qtbot.keyClicks(desk.window.focusWidget(), str(folder))
    assert reason(desk) == ""
    desk.key(Qt.Key.Key_Return)
    desk.wait(lambda: layers(desk) == 1)
    assert desk.frame.sheet.page is None


def reason(desk: Desk) -> str:
    """Why a model did not open, as the sheet says it."""
    return " ".join(one.text() for one in sheet(desk).findChildren(QLabel) if one.isVisible())


def test_d2_the_next_window_goes_on_where_the_last_one_ended(
    open_desk: Callable[..., Desk], published: HubServer
) -> None:
    desk = open_desk()
    published.answer("model.safetensors", stall(20_000))
    ask_for(desk, NAME)
    downloads = desk.window.door.downloads
    desk.wait(lambda: downloads.newest is not None and downloads.newest.done >= 20_000)
    downloads.close()
    published.released.set()
    again = open_desk()
    again.window.act("model.open")
    (row,) = [row for row in sheet(again).rows if row.name == NAME]
    assert "are here" in row.words
    ask_for(again, NAME)
    again.wait(lambda: layers(again) == 1)
    assert published.ranges("model.safetensors") == ["", "bytes=20000-"]


def test_a_folder_that_is_dropped_opens_and_is_remembered(
    open_desk: Callable[..., Desk], tiny_folder: TinyFolder
) -> None:
    desk, folder = open_desk(), tiny_folder(layers=1)
    older = tuple(f"/models/{number}" for number in range(MOST_MODELS))
    desk.window.appearance.keep(models=older)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(folder / "vocab.txt"))])
    held = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    over = desk.frame.text_row.fields[0].viewport()
    at, copy = QPoint(5, 5), Qt.DropAction.CopyAction
    QCoreApplication.sendEvent(over, QDragEnterEvent(at, copy, data, *held))
    QCoreApplication.sendEvent(over, QDropEvent(QPointF(at), copy, data, *held))
    desk.wait(lambda: layers(desk) == 1)
    desk.window.act("model.open")
    assert folder.name in [row.name for row in sheet(desk).rows if row.choosable]
    desk.wait(lambda: any("is not there any more" in row.words for row in sheet(desk).rows))
    desk.window.appearance.save()
    desk.wait(lambda: read(settings_path()).settings.models == (str(folder), *older[:-1]))


def test_a_text_that_is_opened_as_a_model_is_none_and_that_is_said(
    open_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    desk = open_desk()
    (tmp_path / "notes.txt").write_text("a sentence")
    desk.window.door.open_path(tmp_path / "notes.txt")
    desk.wait(lambda: desk.snapshot.note is not None and "notes.txt" in desk.snapshot.note.text)
    assert desk.session.state.text.startswith("The woman")


def test_nothing_that_is_shown_of_a_download_is_rich_text(
    open_desk: Callable[..., Desk], published: HubServer
) -> None:
    desk = open_desk()
    published.repositories[NAME].licence = "<img src='file:///etc/passwd'>"
    ask_for(desk, NAME)
    desk.wait(lambda: layers(desk) == 1)
    labels = sheet(desk).findChildren(QLabel)
    assert labels
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)
