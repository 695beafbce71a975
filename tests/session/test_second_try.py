"""A model whose file is still being written is tried once more when it changes no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from bertviz_app.core.devices import CPU, FLOAT32
from bertviz_app.core.errors import UnfinishedError
from bertviz_app.core.model_wanted import ModelWanted
from bertviz_app.session import second_try
from tests.session.gated_desk import Desk

HALF = ModelWanted(Path("half"), device=CPU, precision=FLOAT32)
WHOLE = 30
WAITS = "half/file: the file is still being written; it is opened when the file changes no more."


class Writing:
    """A file that grows, of a model that opens when it is whole."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tries = 0
        self.path.write_bytes(b"x")

    def grow(self) -> None:
        if self.path.stat().st_size < WHOLE:
            with self.path.open("ab") as file:
                file.write(b"x")

    def refuse(self, wanted: ModelWanted) -> None:
        if wanted == HALF:
            self.tries += 1
            if self.path.stat().st_size < WHOLE:
                said = "half/file: the file is still being written; open it again."
                raise UnfinishedError(said, "", self.path)


@pytest.fixture
def file(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Writing:
    """A part of it is there when its model is asked for, beside one that runs."""
    monkeypatch.setattr(second_try, "LOOK_EVERY", 20)
    made = Writing(tmp_path / "file")
    desk.refuse = made.refuse
    desk.start()
    desk.session.open_model(HALF)
    desk.wait(lambda: said(desk).startswith(WAITS))
    assert desk.session.snapshot.loading == "half when it is whole"
    return made


def said(desk: Desk) -> str:
    note = desk.session.snapshot.note
    return note.text if note is not None else ""


def test_it_opens_by_itself_when_the_file_is_whole(desk: Desk, file: Writing) -> None:
    def opened() -> bool:
        file.grow()
        return "half" in desk.engines

    desk.wait(opened)
    assert said(desk) == "half changes no more, and is opened now."
    desk.engines["half"].open(9)
    desk.wait(lambda: desk.session.model.name == "half")
    assert file.tries == 2


def test_it_is_tried_by_itself_once_only(desk: Desk, file: Writing) -> None:
    desk.wait(lambda: "open it again" in said(desk))
    assert file.tries == 2
    assert desk.session.snapshot.loading is None
    desk.session.open_model(HALF)
    desk.wait(lambda: said(desk).startswith(WAITS))


def test_whoever_waits_may_stop(desk: Desk, file: Writing) -> None:
    desk.session.stop_waiting()
    assert (said(desk), desk.session.snapshot.loading) == ("", None)
    desk.session.open_model(ModelWanted(Path("other")))
    desk.wait(lambda: "other" in desk.engines)
    assert file.tries == 1


def test_another_model_is_opened_instead(desk: Desk, file: Writing) -> None:
    desk.session.open_model(ModelWanted(Path("broken")))
    desk.wait(lambda: said(desk).startswith("broken: "))
    assert desk.session.snapshot.loading is None
