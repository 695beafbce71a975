"""Head measures in the real window: the finder, a file, and models with nothing to show."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from safetensors.torch import load_file, save_file

from bertviz_app.core.questions.heads_over_file import HeadsOverFile
from bertviz_app.core.state import Sorting
from tests.fixtures.desk import Desk
from tests.fixtures.tiny_models import TinyFolder

SENTENCE = "The cat sat on the mat and the dog sat on the rug."
CONTROL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def test_a_head_is_found_from_the_keyboard(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk("--text", SENTENCE)
    desk.key(Qt.Key.Key_H, CONTROL_SHIFT)
    view = desk.view("measures")
    desk.qtbot.keyClicks(desk.window.focusWidget(), "the token after")
    desk.key(Qt.Key.Key_Return)
    desk.wait(lambda: desk.snapshot.head == (1, 8))
    assert view.readout == "layer 2, head 9: next 0.84, 1st of 72"


def test_all_heads_are_sorted_by_a_measure(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk("--text", SENTENCE)
    view = desk.view("all_heads")
    desk.frame.open_view("all_heads")
    view.optioned.emit(
        type(desk.snapshot.options)(sorting=Sorting("previous", within_layers=False))
    )
    desk.wait(lambda: desk.snapshot.trace is not None and desk.snapshot.trace.measures is not None)
    desk.session.preview(None)
    assert "previous" in view.readout


def test_a_file_is_measured_while_the_text_changes_and_a_sentence_of_it_is_read(
    open_desk: Callable[..., Desk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "sentences.txt"
    path.write_text(f"The woman washed her hands.\n\n{SENTENCE}\nI like cats.\n", "utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    desk = open_desk()
    desk.window.actions_by_name["measures.file"].trigger()
    desk.retype("Typing goes on meanwhile.")
    desk.wait(lambda: not desk.snapshot.is_running(HeadsOverFile))
    view = desk.view("measures")
    desk.wait(lambda: "over 3 sentences" in view.readout)
    report = desk.snapshot.reports[HeadsOverFile]
    assert report.answer.sentences == ("The woman washed her hands.", SENTENCE, "I like cats.")
    view.retexted.emit(report.answer.sentences[1], None)
    desk.settle()
    assert desk.session.state.text == SENTENCE
    assert desk.snapshot.reports[HeadsOverFile] is report


def test_a_file_that_is_no_text_is_said_in_one_sentence(
    open_desk: Callable[..., Desk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(b"\x89PNG\xff")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    desk = open_desk()
    desk.window.actions_by_name["measures.file"].trigger()
    desk.wait(lambda: not desk.snapshot.is_running(HeadsOverFile))
    note = desk.snapshot.note
    assert note is not None
    assert note.text.endswith("picture.png: this is not text in UTF-8.")


def spoiled(folder: Path, source: Path, change: Callable[[str, torch.Tensor], None]) -> Path:
    """A copy of a model whose weights are changed by their names."""
    shutil.copytree(source, folder, dirs_exist_ok=True)
    tensors = load_file(folder / "model.safetensors")
    for name, tensor in tensors.items():
        change(name, tensor)
    save_file(tensors, folder / "model.safetensors")
    return folder


def uniform(name: str, tensor: torch.Tensor) -> None:
    if "attention.self" in name:
        tensor *= 0.01


def broken(name: str, tensor: torch.Tensor) -> None:
    if name == "bert.encoder.layer.1.output.dense.bias":
        tensor[0] = math.nan


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            uniform,
            "All heads look everywhere alike. Usually the weights were not loaded: see What was "
            "loaded.",
        ),
        (
            broken,
            "Layer 2 holds values that are not numbers; nothing after it means anything.",
        ),
    ],
)
def test_a_model_with_nothing_to_show_is_said_once(
    open_desk: Callable[..., Desk],
    tiny_folder: TinyFolder,
    tmp_path: Path,
    change: Callable[[str, torch.Tensor], None],
    words: str,
) -> None:
    desk = open_desk("--text", "the woman washed her hands in the cat .")
    desk.window.door.open_path(spoiled(tmp_path / "model", tiny_folder(), change))
    desk.wait(lambda: desk.snapshot.facts is not None and desk.snapshot.facts.spec.layers == 2)
    desk.wait(lambda: desk.snapshot.note is not None)
    note = desk.snapshot.note
    assert note is not None
    assert note.text == words
    desk.open_bundled()
    desk.wait(lambda: desk.snapshot.note is None)
    desk.window.door.open_path(tmp_path / "model")
    desk.wait(lambda: desk.snapshot.note is not None)
    desk.settle()
    desk.session.note(None)
    desk.type(" and")
    assert desk.snapshot.note is None
