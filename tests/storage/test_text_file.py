"""Text files are read whole, or refused in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from bertviz_app.storage.text_file import SIZE_LIMIT, TextFileError, read_text


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"A caf\xc3\xa9.\n", "A caf\u00e9."),
        (b"\xef\xbb\xbfWith a mark.\r\n", "With a mark."),
        (b"Two\n\nlines", "Two\n\nlines"),
        (b"x" * SIZE_LIMIT, "x" * SIZE_LIMIT),
    ],
)
def test_utf_8_is_read(tmp_path: Path, content: bytes, text: str) -> None:
    (tmp_path / "a.txt").write_bytes(content)
    assert read_text(tmp_path / "a.txt") == text


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"caf\xe9", "a.txt is not UTF-8 text (byte 3). Save it as UTF-8."),
        ("cat".encode("utf-16"), "a.txt is not UTF-8 text (byte 0). Save it as UTF-8."),
        (b"x" * (SIZE_LIMIT + 1), "a.txt is larger than 100 kB. Copy a part of it into the text."),
        (b" \n\n", "a.txt holds no text."),
    ],
)
def test_what_cannot_be_shown_is_refused(tmp_path: Path, content: bytes, why: str) -> None:
    (tmp_path / "a.txt").write_bytes(content)
    with pytest.raises(TextFileError) as error:
        read_text(tmp_path / "a.txt")
    assert (error.value.sentence, error.value.detail) == (why, str(tmp_path / "a.txt"))


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "gone.txt"):
        with pytest.raises(TextFileError, match="could not be read"):
            read_text(path)
