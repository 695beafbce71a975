"""A corpus is its texts, piece by piece; it can be kept, and some of it held out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bertviz_app.training.corpus import read_corpus, write_corpus
from bertviz_app.training.errors import TrainingError
from tests.fixtures.tiny_models import VOCABULARY, TinyFolder
from tests.training.stories import LINES, story, tokenizer_of, write_story


def test_its_pieces_are_those_that_the_program_reads(
    tiny_folder: TinyFolder, tmp_path: Path
) -> None:
    corpus, tokenizer = story(tmp_path, tiny_folder()), tokenizer_of(tiny_folder())
    third = slice(corpus.starts[0], corpus.starts[3])  # a line has three sentences
    assert tuple(corpus.ids[third]) == tokenizer.encode(LINES[0]).ids[1:-1]
    assert corpus.sentences == 3 * len(LINES)
    assert corpus.starts[-1] == len(corpus.ids)


@pytest.mark.parametrize("name", ["kept.safetensors", "kept.safetensors.xz"])
def test_a_kept_corpus_is_the_same(tiny_folder: TinyFolder, tmp_path: Path, name: str) -> None:
    corpus = story(tmp_path, tiny_folder())
    write_corpus(corpus, tmp_path / name)
    again = read_corpus([tmp_path / name], tokenizer_of(tiny_folder()))
    assert again.mark == corpus.mark


def test_a_kept_corpus_of_another_vocabulary_is_refused(
    tiny_folder: TinyFolder, tmp_path: Path
) -> None:
    kept = tmp_path / "kept.safetensors"
    write_corpus(story(tmp_path, tiny_folder()), kept)
    other = tokenizer_of(tiny_folder(vocabulary=(*VOCABULARY, "more")))
    with pytest.raises(TrainingError, match="another vocabulary"):
        read_corpus([kept], other)


def test_a_damaged_one_is_refused(tiny_folder: TinyFolder, tmp_path: Path) -> None:
    kept = tmp_path / "kept.safetensors"
    write_corpus(story(tmp_path, tiny_folder()), kept)
    kept.write_bytes(kept.read_bytes()[:-9])
    with pytest.raises(TrainingError, match="damaged"):
        read_corpus([kept], tokenizer_of(tiny_folder()))


def test_what_is_held_out_is_not_learned(tiny_folder: TinyFolder, tmp_path: Path) -> None:
    corpus = story(tmp_path, tiny_folder())
    learned, held = corpus.split(0.1)
    assert learned.sentences + held.sentences == corpus.sentences
    assert 0.05 < held.sentences / corpus.sentences < 0.2
    assert np.array_equal(held.ids[: held.starts[32]], corpus.ids[: corpus.starts[32]])
    assert np.array_equal(
        learned.ids[: learned.starts[32]], corpus.ids[corpus.starts[32] : corpus.starts[64]]
    )


def test_nothing_and_too_little_are_said(tiny_folder: TinyFolder, tmp_path: Path) -> None:
    tokenizer, text = tokenizer_of(tiny_folder()), write_story(tmp_path)
    text.write_text(" \n\n", "utf-8")
    with pytest.raises(TrainingError, match="there is no text"):
        read_corpus([text], tokenizer)
    text.write_text("The cat sat.\n" * 63, "utf-8")
    with pytest.raises(TrainingError, match="63 sentences, where 64 are needed"):
        read_corpus([text], tokenizer).split(0.1)
