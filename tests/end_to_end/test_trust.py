"""What was loaded, in the real window: opened by a click, followed through reload and change."""

from __future__ import annotations

import gc
import hashlib
import json
import shutil
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from bertviz_app.core.model_wanted import ModelWanted
from bertviz_app.core.paths import default_model
from bertviz_app.core.questions.check_files import CheckFiles
from bertviz_app.ui.sheets.trust import TrustPage
from tests.fixtures.desk import Desk
from tests.fixtures.tiny_models import TinyFolder


def opened_sheet(desk: Desk) -> TrustPage:
    page = desk.frame.sheet.page
    assert isinstance(page, TrustPage)
    return page


def test_a_click_on_the_models_name_shows_what_was_loaded(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    assert "warning" not in desk.frame.status.text
    desk.press("bundled model")
    page = opened_sheet(desk)
    desk.settle()
    report = desk.snapshot.report_of(CheckFiles())
    assert report is not None
    assert report.finished
    digest = hashlib.sha256((default_model() / "config.json").read_bytes()).hexdigest()
    assert f"SHA-256 {digest}" in page.text
    assert "embeddings.token.weight\t30522 × 384" in page.text
    assert "apache-2.0, says its model card" in page.text
    desk.key(Qt.Key.Key_Escape)
    assert desk.frame.sheet.page is None
    desk.type("!")
    assert desk.best()


@pytest.fixture
def model(tiny_folder: TinyFolder, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_folder(), tmp_path / "model"))


def test_m40_a_file_changed_on_disk_is_said_and_read_again(
    open_desk: Callable[..., Desk], model: Path
) -> None:
    desk = open_desk("--text", "he is the cat")
    desk.session.open_model(ModelWanted(model))
    desk.wait(lambda: "model · 2 layers" in desk.frame.status.text)
    before = desk.snapshot.facts
    assert before is not None
    config = json.loads((model / "config.json").read_text())
    (model / "config.json").write_text(json.dumps(config | {"num_attention_heads": 4}))
    desk.session.watch.look()  # what the window does when it becomes the active one
    desk.wait(lambda: "1 warning" in desk.frame.status.text)
    desk.window.act("model.trust")
    assert "config.json was changed or removed on disk" in opened_sheet(desk).text
    desk.press("Read it again")
    desk.wait(lambda: desk.snapshot.facts is not before)
    desk.settle()
    assert "model · 2 layers × 4 heads" in desk.frame.status.text
    assert "warning" not in desk.frame.status.text
    assert not any(
        button.text() == "Read it again" and button.isVisible()
        for button in desk.window.findChildren(QPushButton)
    )


def test_m45_models_that_were_left_are_let_go(
    open_desk: Callable[..., Desk], tiny_folder: TinyFolder
) -> None:
    desk = open_desk("--text", "he is the cat")
    left = []
    for seed in range(2):
        before = desk.snapshot.facts
        assert before is not None
        desk.session.open_model(ModelWanted(tiny_folder(seed=seed)))
        desk.wait(lambda before=before: desk.snapshot.facts is not before)  # type: ignore[misc]
        desk.settle()
        desk.window.act("model.trust")
        desk.settle()
        left.append(weakref.ref(before))
        del before

    def let_go() -> bool:
        gc.collect()
        return all(reference() is None for reference in left)

    desk.wait(let_go)
