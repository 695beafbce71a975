"""Sessions in the real window: what was typed is back at the next start; files hold all of it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu

from bertviz_app.core.request import Interventions
from bertviz_app.core.state import Note, Pick
from bertviz_app.storage import session_file
from bertviz_app.storage.session_file import read_session
from bertviz_app.ui.drop_target import DropTarget
from bertviz_app.ui.examples import EXAMPLES, FIRST
from tests.fixtures.desk import Desk

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
REPOSITORY = Path(__file__).parents[2]

Opens = Callable[..., Desk]


def note_of(desk: Desk) -> Note:
    note = desk.snapshot.note
    assert note is not None
    return note


def entries(desk: Desk) -> list[str]:
    menu = desk.frame.text_row.menu
    menu.aboutToShow.emit()
    return [action.text() for action in menu.actions() if action.text()]


def recall(menu: QMenu, text: str) -> None:
    menu.aboutToShow.emit()
    next(action for action in menu.actions() if action.text() == text).trigger()


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Sets the file that is chosen in the next dialogs."""

    def chosen(path: Path) -> None:
        for name in ("getOpenFileName", "getSaveFileName"):
            monkeypatch.setattr(QFileDialog, name, lambda *_: (str(path), ""))

    return chosen


def test_text_selection_and_place_are_back_in_silence_after_an_orderly_end(
    open_desk: Opens,
) -> None:
    desk = open_desk()
    desk.retype("She put the cup on the [MASK].")
    desk.session.do(None)
    desk.window.open_view("path")
    desk.frame.strip.picked.emit(Pick(token=4))
    desk.close()
    again = open_desk()
    assert again.session.state == desk.session.state
    assert again.view("path").isVisible()
    assert again.snapshot.note is None
    assert not again.snapshot.can_undo


def test_changes_inside_bert_are_back_in_force(open_desk: Opens) -> None:
    desk = open_desk()
    desk.window.actions_by_name["change.silence"].trigger()
    desk.settle()
    desk.close()
    again = open_desk()
    assert again.session.state.interventions == Interventions(heads_off=[(5, 8)])
    assert "her as is 0.90 → changed 0.63" in again.frame.change_bar.accessibleName()


def test_a_text_that_was_asked_for_wins_and_the_last_one_is_remembered(open_desk: Opens) -> None:
    desk = open_desk()
    desk.retype("She put the cup on the table.")
    desk.close()
    again = open_desk("--text", "Another text.")
    assert again.session.state.text == "Another text."
    again.wait(lambda: "She put the cup on the table." in entries(again))


def start(folder: Path, name: str) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_DATA_HOME": str(folder / "data"),
    }
    return subprocess.Popen(
        [sys.executable, "-c", TYPIST, name],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
    )


TYPIST = """
# A window in which somebody types a word every 50 ms, and says what stands there.
import sys
from PySide6.QtCore import QTimer
from bertviz_app.app import build_window, make_application
from bertviz_app.cli import build_parser
application = make_application()
application.setApplicationName(sys.argv[1])
session, window = build_window(build_parser().parse_args([]))
window.begin()
window.show()
session.open_model(session.model.wanted)
field = window.frame.text_row.fields[0]
field.selectAll()
count = 0
def key():
    global count
    count += 1
    field.insertPlainText(f"word{count} ")
    print(count, flush=True)
timer = QTimer()
timer.timeout.connect(key)
timer.start(50)
application.exec()
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a signal that nobody can catch")
def test_after_kill_minus_9_two_seconds_at_most_are_lost(
    open_desk: Opens, tmp_path: Path, qapp: QApplication
) -> None:
    with start(tmp_path, qapp.applicationName()) as typist:
        assert typist.stdout is not None
        for line in typist.stdout:
            if int(line) == 80:
                break
        typist.send_signal(signal.SIGKILL)
        typed = 80 + sum(1 for _ in typist.stdout)
    desk = open_desk()
    words = desk.session.state.text.split()
    assert words == [f"word{number + 1}" for number in range(len(words))]
    assert typed - len(words) <= 2000 / 50
    assert note_of(desk).text == "Your last text is back."


def test_a_damaged_journal_does_not_keep_the_window_away(open_desk: Opens) -> None:
    desk = open_desk()
    desk.retype("She put the cup on the table.")
    desk.close()
    (journal,) = Path(os.environ["XDG_DATA_HOME"]).rglob("journal-1.json")
    journal.write_bytes(b"\0" * 1000)
    again = open_desk()
    assert again.session.state.text == FIRST.text
    assert note_of(again).text.startswith("journal-1.json was damaged.")
    assert journal.with_name("journal-1.broken-1.json").exists()


def test_two_windows_at_a_time_keep_their_own_texts(open_desk: Opens) -> None:
    first, second = open_desk(), open_desk()
    first.retype("The first window.")
    second.retype("The second window.")
    first.close()
    second.close()
    assert open_desk().session.state.text == "The second window."


def test_a_session_is_saved_and_opened_with_all_that_was_chosen(
    open_desk: Opens, tmp_path: Path, choose: Callable[[Path], None]
) -> None:
    desk = open_desk()
    choose(tmp_path / "hands")
    desk.window.actions_by_name["change.silence"].trigger()
    desk.session.choose(replace(desk.snapshot.options, listed=20))
    desk.settle()
    kept, options = desk.session.state, desk.snapshot.options
    desk.key(Qt.Key.Key_S, CONTROL)
    file = tmp_path / "hands.bertviz.json"
    desk.wait(lambda: desk.window.windowTitle() == "hands[*] – bertviz-app")
    assert file.exists()
    assert not desk.window.isWindowModified()
    desk.window.show_example(EXAMPLES[3])
    assert desk.window.isWindowModified()
    choose(file)
    desk.key(Qt.Key.Key_O, CONTROL | SHIFT)
    desk.wait(lambda: desk.session.state.text == kept.text)
    desk.settle()
    assert desk.session.state == kept
    assert desk.snapshot.options == options
    assert not desk.window.isWindowModified()
    assert "her as is 0.90 → changed 0.63" in desk.frame.change_bar.accessibleName()


def test_opening_a_session_is_one_step_and_says_what_it_stands_instead_of(
    open_desk: Opens, tmp_path: Path
) -> None:
    desk = open_desk()
    file = tmp_path / "a.bertviz.json"
    file.write_bytes(session_file.encode_session(saved("Another text."), {}))
    desk.session.intervene(Interventions(heads_off=[(5, 8)], causal=True))
    before = desk.session.state
    desk.window.findChild(DropTarget).dropped.emit(file)
    desk.wait(lambda: desk.session.state.text == "Another text.")
    assert desk.session.state.interventions == Interventions()
    assert note_of(desk).text == "a.bertviz.json was opened instead of a text with 2 changes."
    desk.press("Undo")
    assert desk.session.state == before


def saved(text: str) -> session_file.SavedSession:
    return session_file.SavedSession(state=session_file.State(text=text))


def test_a_session_whose_model_is_missing_shows_its_text_and_offers_another(
    open_desk: Opens, tmp_path: Path
) -> None:
    missing = session_file.SavedSession(
        state=replace(FIRST.state, interventions=Interventions(heads_off=[(9, 11)])),
        model=replace(saved("").model, path=tmp_path / "gone", name="gone", fingerprint="0f"),
    )
    file = tmp_path / "a.bertviz.json"
    file.write_bytes(session_file.encode_session(missing, {}))
    desk = open_desk("--session", str(file), bundled=False)
    desk.session.open_model(desk.session.model.wanted)
    desk.settle()
    assert desk.best() == "her"
    assert "gone" in note_of(desk).text
    assert note_of(desk).text.endswith("its text is kept. 1 change was removed.")
    assert note_of(desk).action == "model.open"


@pytest.mark.parametrize("folder", ["gone", None])
def test_a_file_whose_model_is_missing_or_another_is_not_overwritten_by_surprise(
    open_desk: Opens, tmp_path: Path, folder: str | None
) -> None:
    path = None if folder is None else tmp_path / folder
    about = session_file.SavedSession(
        state=replace(FIRST.state, interventions=Interventions(heads_off=[(1, 1)])),
        model=replace(saved("").model, path=path, name="gone", fingerprint="0f"),
    )
    file = tmp_path / "a.bertviz.json"
    file.write_bytes(session_file.encode_session(about, {}))
    before = file.read_bytes()
    desk = open_desk()
    desk.window.sessions.open_path(file)
    desk.wait(lambda: note_of(desk).text.endswith("1 change was removed."))
    desk.session.note(None)
    desk.key(Qt.Key.Key_S, CONTROL)
    refused = "a.bertviz.json holds more than could be opened. Nothing was saved yet."
    assert note_of(desk).text == refused
    desk.close()
    again = open_desk()
    again.key(Qt.Key.Key_S, CONTROL)
    assert note_of(again).text == refused
    assert file.read_bytes() == before
    again.press("Overwrite")
    again.wait(lambda: not again.window.isWindowModified())
    assert read_session(file).session.model == again.session.model
    again.session.note(None)
    again.key(Qt.Key.Key_S, CONTROL)
    again.wait(lambda: again.snapshot.note is not None)
    assert note_of(again).text == "Saved as a.bertviz.json."


@pytest.mark.parametrize("at_start", [True, False])
def test_changes_to_heads_that_the_model_does_not_have_are_left_out_and_that_is_said(
    open_desk: Opens, tmp_path: Path, at_start: bool
) -> None:
    changes = Interventions(heads_off=[(1, 1), (99, 2)])
    file = tmp_path / "a.bertviz.json"
    state = replace(FIRST.state, interventions=changes)
    file.write_bytes(session_file.encode_session(session_file.SavedSession(state=state), {}))
    desk = open_desk("--session", str(file)) if at_start else open_desk()
    if not at_start:
        desk.window.sessions.open_path(file)
    desk.wait(lambda: desk.session.state.interventions == Interventions(heads_off=[(1, 1)]))
    assert note_of(desk).text.endswith(": 1 change to a head it does not have was left out.")
    assert desk.window.isWindowModified()
    desk.session.note(None)
    desk.key(Qt.Key.Key_S, CONTROL)
    assert note_of(desk).other == "session.overwrite"
    desk.session.undo()
    desk.session.redo()
    assert desk.session.state.interventions == Interventions(heads_off=[(1, 1)])


def test_the_model_that_was_open_is_opened_again_or_said_to_be_gone(
    open_desk: Opens, tiny_folder: Callable[..., Path], tmp_path: Path
) -> None:
    desk = open_desk()
    folder = shutil.copytree(
        tiny_folder(layers=1, heads=2, width=8, feed_forward=16), tmp_path / "mine"
    )
    desk.window.door.open_path(folder)
    desk.wait(lambda: desk.session.model.path == folder and desk.snapshot.loading is None)
    desk.close()
    again = open_desk(bundled=False)
    assert again.session.model.path == folder
    again.session.open_model(again.session.model.wanted)
    again.wait(lambda: again.snapshot.answer is not None)
    assert again.session.model == desk.session.model
    again.close()
    shutil.rmtree(folder)
    last = open_desk(bundled=False)
    last.session.open_model(last.session.model.wanted)
    last.settle()
    assert last.session.model.path is None
    assert last.session.state.text == FIRST.text
    assert note_of(last).action == "model.open"


def test_a_file_that_something_else_has_changed_is_not_overwritten_by_surprise(
    open_desk: Opens, tmp_path: Path
) -> None:
    file = tmp_path / "a.bertviz.json"
    file.write_bytes(session_file.encode_session(saved("Mine."), {}))
    desk = open_desk("--session", str(file))
    other = session_file.encode_session(saved("Theirs."), {})
    file.write_bytes(other)
    desk.retype("Mine is longer.")
    desk.key(Qt.Key.Key_S, CONTROL)
    desk.wait(lambda: desk.snapshot.note is not None)
    assert note_of(desk).text.startswith("a.bertviz.json was changed by another program.")
    assert file.read_bytes() == other
    assert desk.window.isWindowModified()
    desk.press("Overwrite")
    desk.wait(lambda: not desk.window.isWindowModified())
    assert read_session(file).session.state.text == "Mine is longer."
    assert note_of(desk).text == "Saved as a.bertviz.json."


def test_a_file_of_a_newer_version_opens_and_is_not_overwritten_by_surprise(
    open_desk: Opens, tmp_path: Path
) -> None:
    file = tmp_path / "a.bertviz.json"
    newer = {**json.loads(session_file.encode_session(saved("New."), {})), "version": 2, "hue": 1}
    file.write_text(json.dumps(newer))
    desk = open_desk("--session", str(file))
    assert "newer version" in note_of(desk).text
    desk.retype("Old.")
    desk.key(Qt.Key.Key_S, CONTROL)
    assert note_of(desk).other == "session.overwrite"
    assert json.loads(file.read_text()) == newer
    desk.press("Overwrite")
    desk.wait(lambda: not desk.window.isWindowModified())
    assert json.loads(file.read_text())["hue"] == 1


def was_read_again(desk: Desk) -> bool:
    on_disk = desk.window.sessions.file.on_disk
    return on_disk is not None and bool(on_disk.found) and "newer version" in on_disk.spared


def test_what_is_new_in_a_file_is_kept_after_another_start_too(
    open_desk: Opens, tmp_path: Path
) -> None:
    file = tmp_path / "a.bertviz.json"
    newer = {**json.loads(session_file.encode_session(saved("New."), {})), "version": 2, "hue": 1}
    file.write_text(json.dumps(newer))
    open_desk("--session", str(file), bundled=False).close()
    desk = open_desk(bundled=False)
    desk.frame.text_row.fields[0].insertPlainText("Old. ")
    desk.wait(lambda: was_read_again(desk))
    desk.key(Qt.Key.Key_S, CONTROL)
    assert note_of(desk).other == "session.overwrite"
    desk.press("Overwrite")
    desk.wait(lambda: "Old." in json.loads(file.read_text())["text"])
    assert json.loads(file.read_text())["hue"] == 1


def test_going_elsewhere_writes_at_once(open_desk: Opens, qapp: QApplication) -> None:
    desk = open_desk(bundled=False)
    desk.frame.text_row.fields[0].insertPlainText("Typed. ")
    qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    folder = Path(os.environ["XDG_DATA_HOME"])
    desk.wait(lambda: any("Typed." in one.read_text() for one in folder.rglob("journal-1.json")))


def test_saved_and_closed_at_once_the_file_is_known_to_be_saved(
    open_desk: Opens, tmp_path: Path
) -> None:
    file = tmp_path / "a.bertviz.json"
    file.write_bytes(session_file.encode_session(saved("Mine."), {}))
    desk = open_desk("--session", str(file))
    desk.retype("Mine is longer.")
    desk.key(Qt.Key.Key_S, CONTROL)
    desk.close()
    assert read_session(file).session.state.text == "Mine is longer."
    assert not open_desk().window.isWindowModified()


def test_a_damaged_file_is_not_overwritten_by_surprise(open_desk: Opens, tmp_path: Path) -> None:
    file = tmp_path / "a.bertviz.json"
    damaged = session_file.encode_session(saved("Mine."), {})[:-20]
    file.write_bytes(damaged)
    desk = open_desk("--session", str(file), bundled=False)
    assert note_of(desk).text.startswith(
        "a.bertviz.json: only the text could be read (not valid JSON at line "
    )
    assert note_of(desk).text.endswith("Its text was opened.")
    assert desk.session.state.text == "Mine."
    desk.session.note(None)
    desk.window.act("session.save")
    assert note_of(desk).text.startswith("a.bertviz.json holds more than could be read.")
    assert file.read_bytes() == damaged


def test_what_cannot_be_saved_is_said_and_stays_unsaved(open_desk: Opens, tmp_path: Path) -> None:
    file = tmp_path / "folder" / "a.bertviz.json"
    file.parent.mkdir()
    file.write_bytes(session_file.encode_session(saved("Mine."), {}))
    desk = open_desk("--session", str(file))
    file.unlink()
    file.parent.rmdir()
    desk.retype("Mine is longer.")
    desk.key(Qt.Key.Key_S, CONTROL)
    desk.wait(lambda: desk.snapshot.note is not None)
    assert note_of(desk).text.startswith("a.bertviz.json could not be saved:")
    assert not (tmp_path / "folder").exists()
    assert note_of(desk).action == "session.save_as"
    assert desk.window.isWindowModified()


def test_a_file_that_is_no_session_leaves_what_stands_there(
    open_desk: Opens, tmp_path: Path
) -> None:
    desk = open_desk()
    (tmp_path / "a.bertviz.json").write_text("<html>")
    desk.window.sessions.open_path(tmp_path / "a.bertviz.json")
    desk.wait(lambda: "is no session file" in note_of(desk).text)
    assert desk.session.state.text == FIRST.text
    assert desk.window.windowTitle() == "bertviz-app"


def test_the_open_file_is_open_again_at_the_next_start(open_desk: Opens, tmp_path: Path) -> None:
    file = tmp_path / "a.bertviz.json"
    file.write_bytes(session_file.encode_session(saved("Mine."), {}))
    desk = open_desk("--session", str(file))
    desk.close()
    again = open_desk()
    assert again.window.windowTitle() == "a[*] – bertviz-app"
    assert not again.window.isWindowModified()
    again.retype("Mine is longer.")
    again.close()
    assert open_desk().window.isWindowModified()


def test_a_text_file_that_is_dropped_becomes_the_text_and_undo_brings_the_old_one_back(
    open_desk: Opens, tmp_path: Path
) -> None:
    desk = open_desk()
    before, file = desk.session.state, tmp_path / "notes.txt"
    file.write_bytes(b"The dog [MASK] loudly.\r\nThe cat slept.\r\n")
    target = desk.window.findChild(DropTarget)
    target.dropped.emit(file)
    desk.wait(lambda: desk.session.state.text == "The dog [MASK] loudly.\nThe cat slept.")
    desk.settle()
    assert (note_of(desk).text, note_of(desk).action) == ("notes.txt is the text now.", "edit.undo")
    target.dropped.emit(file)
    desk.wait(lambda: note_of(desk).text == "notes.txt is the text already.")
    assert note_of(desk).action == ""  # the step before is another one
    desk.session.undo()
    assert desk.session.state == before
    file.write_bytes(b"\xff")
    target.dropped.emit(file)
    desk.wait(lambda: desk.snapshot.note is not None)
    assert note_of(desk).text == "notes.txt is not UTF-8 text (byte 0). Save it as UTF-8."
    assert desk.session.state == before


def test_a_text_longer_than_bert_reads_is_said_to_be_cut(open_desk: Opens, tmp_path: Path) -> None:
    desk = open_desk()
    (tmp_path / "long.TXT").write_text("cat " * 600)
    desk.window.findChild(DropTarget).dropped.emit(tmp_path / "long.TXT")
    desk.wait(lambda: "BERT reads 512 pieces at most" in note_of(desk).text)
    assert note_of(desk).text == (
        "long.TXT is the text now. BERT reads 512 pieces at most, with [CLS] and [SEP]: of this "
        "text's 600 it sees the first 510. The rest is grey in the text."
    )
    desk.press("Undo")
    assert desk.session.state.text == FIRST.text


def test_sentences_that_were_left_or_saved_stand_among_the_examples(open_desk: Opens) -> None:
    desk = open_desk()
    desk.retype("Cats & dogs sat.")
    desk.window.actions_by_name["text.save_sentence"].trigger()
    desk.retype("<b>Another</b> text.")
    desk.window.show_example(FIRST)
    desk.wait(lambda: "<b>Another</b> text." in entries(desk))
    assert entries(desk)[len(EXAMPLES) :] == [
        "Recent",
        "<b>Another</b> text.",
        "Cats && dogs sat.",
        "Saved",
        "Cats && dogs sat.",
        "Save this sentence",
    ]
    recall(desk.frame.text_row.menu, "Cats && dogs sat.")
    assert desk.session.state.text == "Cats & dogs sat."
    save = desk.window.actions_by_name["text.save_sentence"]
    assert save.isChecked()
    save.trigger()
    assert not save.isChecked()
