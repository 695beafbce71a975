"""Tests of the sentences that are remembered: newest first, each once, whatever the file holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bertviz_app.core.text import clean
from bertviz_app.storage.sentences import (
    RECENT,
    Sentence,
    Sentences,
    change_sentences,
    read_sentences,
)

TEXTS = st.text(max_size=30).map(clean)


@settings(max_examples=30)
@given(st.lists(st.builds(Sentence, TEXTS, st.none() | TEXTS), max_size=5))
def test_sentences_come_back_as_they_were_left(
    tmp_path_factory: pytest.TempPathFactory, left: list[Sentence]
) -> None:
    file = tmp_path_factory.mktemp("sentences") / "deep" / "sentences.json"
    for sentence in left:
        change_sentences(file, lambda all_, one=sentence: all_.left(one))
    newest_first = tuple(dict.fromkeys(reversed(left)))
    assert read_sentences(file) == Sentences(recent=newest_first)


def test_the_last_ten_are_remembered_each_once() -> None:
    sentences = Sentences()
    for number in range(RECENT + 2):
        sentences = sentences.left(Sentence(str(number)))
    sentences = sentences.left(Sentence("5"))
    newest_first = [5, 11, 10, 9, 8, 7, 6, 4, 3, 2]
    assert [int(one.text) for one in sentences.recent] == newest_first


def test_saving_a_saved_sentence_forgets_it() -> None:
    once = Sentences().toggled(Sentence("a")).toggled(Sentence("b"))
    assert once.saved == (Sentence("b"), Sentence("a"))
    assert once.toggled(Sentence("a")).saved == (Sentence("b"),)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b"[" * 500_000])
def test_a_damaged_file_is_kept_aside(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "sentences.json"
    file.write_bytes(content)
    assert read_sentences(file) == Sentences()
    assert (tmp_path / "sentences.broken-1.json").read_bytes() == content


def test_unfit_entries_are_left_out(tmp_path: Path) -> None:
    file = tmp_path / "sentences.json"
    file.write_text('{"recent": [{"text": 7}, 8, {"text": "a", "pair": null}], "saved": {}}')
    assert read_sentences(file) == Sentences(recent=(Sentence("a"),))


def test_a_folder_in_its_place_remembers_nothing(tmp_path: Path) -> None:
    assert read_sentences(tmp_path) == Sentences()
    assert change_sentences(tmp_path, lambda all_: all_.left(Sentence("a"))).recent
