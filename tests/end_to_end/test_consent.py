"""A person is asked once whether a pickle may be read; both answers do what they say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from safetensors.torch import load_file

from bertviz_app.core.model_wanted import ModelWanted
from bertviz_app.core.request import Interventions
from bertviz_app.core.saved_session import ModelReference, SavedSession
from bertviz_app.core.state import State
from tests.fixtures.desk import Desk
from tests.fixtures.tiny_models import TinyFolder

OpenDesk = Callable[..., Desk]


@pytest.fixture
def pickled(tiny_folder: TinyFolder, tmp_path: Path) -> Path:
    """A model whose weights are a pickle."""
    folder = tmp_path / "mine"
    folder.mkdir()
    for file in tiny_folder().iterdir():
        if file.name == "model.safetensors":
            torch.save(load_file(file), folder / "pytorch_model.bin")
        else:
            (folder / file.name).write_bytes(file.read_bytes())
    return folder


def question(desk: Desk) -> QMessageBox:
    """The question, once it is asked."""

    def shown() -> QMessageBox | None:
        boxes = desk.window.findChildren(QMessageBox, "consent")
        return next((box for box in boxes if box.isVisible()), None)

    desk.wait(lambda: shown() is not None)
    found = shown()
    assert found is not None
    return found


def is_open(desk: Desk, name: str) -> bool:
    facts = desk.snapshot.facts
    return facts is not None and facts.name == name and desk.snapshot.loading is None


def test_yes_opens_it_and_the_same_content_is_not_asked_about_again(
    open_desk: OpenDesk, pickled: Path
) -> None:
    desk = open_desk("--text", "the [MASK] washed .")
    desk.session.open_model(ModelWanted(pickled))
    box = question(desk)
    assert box.text() == "Read the weights in mine/pytorch_model.bin?"
    assert is_open(desk, "bundled model")
    desk.press("Read the numbers")
    desk.wait(lambda: is_open(desk, "mine"))
    assert desk.snapshot.facts is not None
    words = "The weights were read from pytorch_model.bin in a separate process."
    assert words in desk.snapshot.facts.origin.remarks
    desk.window.act("model.bundled")
    desk.wait(lambda: is_open(desk, "bundled model"))
    desk.session.open_model(ModelWanted(pickled))
    desk.wait(lambda: is_open(desk, "mine"))


def test_no_leaves_everything_as_it_is_and_other_content_is_asked_about(
    open_desk: OpenDesk, pickled: Path
) -> None:
    desk = open_desk()
    desk.session.open_model(ModelWanted(pickled))
    desk.qtbot.keyClick(question(desk), Qt.Key.Key_Escape)
    desk.wait(lambda: desk.snapshot.note is not None)
    assert desk.snapshot.note is not None
    words = "mine/pytorch_model.bin was not read. The bundled model stays open."
    assert desk.snapshot.note.text == words
    assert is_open(desk, "bundled model")
    assert desk.window.appearance.settings.pickles == ()
    with (pickled / "pytorch_model.bin").open("ab") as file:
        file.write(b" ")
    desk.session.open_model(ModelWanted(pickled))
    assert question(desk).isVisible()


def test_allowed_on_the_command_line_nothing_is_asked(open_desk: OpenDesk, pickled: Path) -> None:
    desk = open_desk(bundled=False)
    desk.session.open_model(ModelWanted(pickled, allow_pickle=True))
    desk.wait(lambda: is_open(desk, "mine"))
    assert not desk.window.findChildren(QMessageBox)


@pytest.mark.parametrize("answer", ["Read the numbers", "Do not read it"])
def test_changes_of_a_session_wait_for_the_answer(
    answer: str, open_desk: OpenDesk, pickled: Path
) -> None:
    changes = Interventions(causal=True)
    state = State("the [MASK] washed .", interventions=changes)
    desk = open_desk()
    desk.session.resume(SavedSession(state, model=ModelReference(pickled, "mine")))
    question(desk)
    desk.press(answer)
    if answer == "Read the numbers":
        desk.wait(lambda: is_open(desk, "mine"))
        assert desk.session.state.interventions == changes
        return
    assert desk.session.state.text == state.text
    assert not desk.session.state.interventions
    assert desk.snapshot.note is not None
    assert desk.snapshot.note.text.startswith("mine/pytorch_model.bin was not read. The session is")
