"""Text files become sentences, and what is no text is named in one line."""

from __future__ import annotations

import lzma
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertviz_app.training.errors import TrainingError
from bertviz_app.training.sentences import paragraphs, sentences


@pytest.mark.parametrize(
    ("paragraph", "found"),
    [
        ("She sat. He stood.", ["She sat.", "He stood."]),
        ("“Go!” “Why?” he asked.", ["“Go!”", "“Why?” he asked."]),
        ("Mr. Smith met J. Brown. They ate.", ["Mr. Smith met J. Brown.", "They ate."]),
        ("It cost 3.5 dollars, e.g. little", ["It cost 3.5 dollars, e.g. little"]),
        ("(It was. Really.) So.", ["(It was.", "Really.)", "So."]),
    ],
)
def test_sentences_end_where_they_do(paragraph: str, found: list[str]) -> None:
    assert list(sentences(paragraph)) == found


@given(st.text(alphabet='Ab .!?"”’)(1'))
def test_nothing_but_spaces_is_lost(paragraph: str) -> None:
    assert "".join(sentences(paragraph)).replace(" ", "") == paragraph.replace(" ", "")


def test_packed_text_is_the_text(tmp_path: Path) -> None:
    plain, packed = tmp_path / "a.txt", tmp_path / "a.txt.xz"
    plain.write_text("\ufeffOne.\n\n  Two.  \n", "utf-8")
    packed.write_bytes(lzma.compress(plain.read_bytes()))
    assert list(paragraphs(plain)) == list(paragraphs(packed)) == ["One.", "Two."]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.txt", b"fine\n\xff\n", "line 2 is no UTF-8"),
        ("a.txt.xz", b"fine", "not packed with xz"),
        ("a.txt.xz", lzma.compress(b"cut off" * 99)[:-20], "damaged"),
    ],
)
def test_what_is_no_text_is_named(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(TrainingError, match=said):
        list(paragraphs(tmp_path / name))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"absent\.txt: could not be read"):
        list(paragraphs(tmp_path / "absent.txt"))
