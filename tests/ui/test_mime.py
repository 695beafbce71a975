"""Tests of what is copied: both kinds arrive, and what stays on the clipboard outlives Python."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtGui import QColor, QGuiApplication, QImage

from bertviz_app.ui.mime import mime_data

COPIES = {
    "a view": """
from bertviz_app.ui.mime import mime_data
from PySide6.QtGui import QImage
picture = QImage(2, 2, QImage.Format.Format_RGB32)
application.clipboard().setMimeData(mime_data("numbers", picture))
""",
    "a text": """
from bertviz_app.ui.text_field import TextField
field = TextField("textA", "a sentence")
field.show_text("numbers")
field.selectAll()
field.copy()
""",
}


def test_words_and_picture_are_both_there(qapp: QGuiApplication) -> None:
    picture = QImage(2, 2, QImage.Format.Format_RGB32)
    picture.fill(QColor("red"))
    data = mime_data("0.5\t<b>", picture)
    assert sorted(data.formats()) == ["application/x-qt-image", "text/plain"]
    assert data.text() == "0.5\t<b>"
    assert data.imageData().pixelColor(0, 0) == QColor("red")


@pytest.mark.parametrize("copy", COPIES.values(), ids=COPIES)
def test_what_was_copied_does_not_kill_the_program_at_its_end(copy: str) -> None:
    program = f"""
from PySide6.QtWidgets import QApplication
application = QApplication([])
{copy}
assert application.clipboard().text() == "numbers"
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
