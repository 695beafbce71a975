"""Texts that break programs, through the real window and the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtWidgets import QLabel, QWidget

from bertviz_app import cli
from bertviz_app.core.text import FIELD_LIMIT, clean
from bertviz_app.inference import load
from tests.fixtures.desk import Desk
from tests.fixtures.naughty import EVERY, NAUGHTY
from tests.fixtures.tiny_models import TinyFolder

PLACES = (1, 2, 4, 5, 6)


def paste(desk: Desk, text: str) -> str:
    """Replace the first sentence as a paste does, and wait for its picture.

    Returns what was pasted: half of a surrogate pair does not get as far as the clipboard.
    """
    field = desk.frame.text_row.fields[0]
    data = QMimeData()
    data.setText(text)
    field.selectAll()
    field.insertFromMimeData(data)
    if not text:
        field.clear()
    desk.settle()
    return data.text()


def wrong_labels(window: QWidget) -> list[str]:
    """What visible labels say of a view that failed, or might take for HTML."""
    labels = [label for label in window.findChildren(QLabel) if label.isVisible()]
    return [
        label.text()
        for label in labels
        if "could not be drawn" in label.text()
        or (label.textFormat() is not Qt.TextFormat.PlainText and "<" in label.text())
    ]


def test_every_text_is_read_as_it_is_shown(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk()
    for text in EVERY:
        pasted = paste(desk, text)
        shown = desk.frame.text_row.fields[0].text
        assert shown == clean(pasted)[:FIELD_LIMIT], ascii(text)
        assert desk.session.state.text == shown
        trace = desk.snapshot.trace
        assert trace is not None
        assert trace.request.text == shown
        assert all(start <= end <= len(shown) for start, end in trace.encoding.spans), ascii(text)
        assert desk.snapshot.fault is None, ascii(text)
        assert wrong_labels(desk.window) == [], ascii(text)


@pytest.mark.parametrize("place", PLACES)
def test_every_place_draws_the_worst_of_each_kind(
    open_desk: Callable[..., Desk], place: int
) -> None:
    desk = open_desk()
    desk.window.open_place(place)
    for kind, texts in NAUGHTY.items():
        paste(desk, " ".join(texts))
        assert desk.snapshot.fault is None, kind
        assert wrong_labels(desk.window) == [], kind


def test_the_command_line_takes_every_text_or_says_in_a_line_why_not(
    tiny_folder: TinyFolder,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = str(tiny_folder())
    monkeypatch.setattr(load, "load_engine", cache(load.load_engine))
    for text in EVERY:
        whole = f"{text} [MASK]"
        status = cli.main(["predict", "--model", model, "--json", "--", whole])
        said, complaints = capsys.readouterr()
        assert "Traceback" not in complaints
        assert all(line.isprintable() for line in complaints.splitlines()), ascii(text)
        if status == 0:
            assert json.loads(said)["text"] == whole
        else:
            line = complaints.splitlines()[-1]
            assert "not UTF-8 text" in line or "There is no [MASK]" in line, line
