"""Rows are what the corpus says, pairs follow or do not, and blanks are as the recipe has them."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor

from bertviz_app.training.batches import NOTHING, Batch
from bertviz_app.training.corpus import Corpus
from bertviz_app.training.recipe import Recipe
from tests.fixtures.tiny_models import VOCABULARY, TinyFolder
from tests.training.stories import batches_of, story

CLS, SEP, MASK = (VOCABULARY.index(name) for name in ("[CLS]", "[SEP]", "[MASK]"))
RECIPE = Recipe(lengths=(48, 24), pieces=4800, masked=0.2)


def unmasked(batch: Batch) -> Tensor:
    """The rows before anything was hidden (R, T)."""
    ids = batch.rows.ids
    shown = ids.gather(1, batch.places)
    return ids.scatter(1, batch.places, torch.where(batch.targets == NOTHING, shown, batch.targets))


def texts(batch: Batch) -> list[tuple[list[int], ...]]:
    """The one or two texts of each row, without what stands around them."""
    found = []
    for ids, size in zip(unmasked(batch).tolist(), batch.rows.size.tolist(), strict=True):
        inner = ids[1 : size - 1]
        assert ids[0] == CLS
        assert ids[size - 1] == SEP
        assert not any(ids[size:])
        if SEP in inner:
            middle = inner.index(SEP)
            found.append((inner[:middle], inner[middle + 1 :]))
        else:
            found.append((inner,))
    return found


def stands_in(corpus: Corpus, text: list[int]) -> bool:
    """Whether the corpus holds these pieces side by side."""
    # Ids below 256 in this vocabulary, so that bytes find them.
    return bytes(text) in bytes(corpus.ids.tolist())


@pytest.fixture
def corpus(tiny_folder: TinyFolder, tmp_path: Path) -> Corpus:
    return story(tmp_path, tiny_folder())


@pytest.mark.parametrize("number", [0, 1])
def test_rows_are_texts_of_the_corpus(corpus: Corpus, tiny_folder: TinyFolder, number: int) -> None:
    batch = batches_of(corpus, tiny_folder(), RECIPE)[number]
    assert batch.rows.ids.shape == ((100, 48), (200, 24))[number]
    assert all(stands_in(corpus, text) for row in texts(batch) for text in row)
    filled = batch.rows.seen.float().mean()
    assert 0.7 < filled < 1


def test_b_follows_a_in_half_of_the_pairs(corpus: Corpus, tiny_folder: TinyFolder) -> None:
    batch = batches_of(corpus, tiny_folder(), RECIPE)[0]
    rows, follows = texts(batch), batch.rows.follows.tolist()
    for row, answer in zip(rows, follows, strict=True):
        assert (len(row) == 2) == (answer != NOTHING)
        if answer == 0:
            assert stands_in(corpus, row[0] + row[1])
    strangers = [
        stands_in(corpus, row[0] + row[1])
        for row, one in zip(rows, follows, strict=True)
        if one == 1
    ]
    assert sum(strangers) < len(strangers) / 2  # this story repeats itself
    assert 0.3 < follows.count(0) / (follows.count(0) + follows.count(1)) < 0.7
    assert 0.3 < follows.count(NOTHING) / len(follows) < 0.7


def test_segments_change_after_the_first_separator(corpus: Corpus, tiny_folder: TinyFolder) -> None:
    batch = batches_of(corpus, tiny_folder(), RECIPE)[0]
    for row, segments in zip(texts(batch), batch.rows.segments.tolist(), strict=True):
        first = len(row[0]) + 2
        second = len(row[1]) + 1 if len(row) == 2 else 0
        assert segments == [0] * first + [1] * second + [0] * (48 - first - second)


def test_blanks_are_a_fifth_and_hidden_in_three_ways(
    corpus: Corpus, tiny_folder: TinyFolder
) -> None:
    recipe = Recipe(lengths=(48,), pieces=48_000, masked=0.2)
    batch = batches_of(corpus, tiny_folder(), recipe)[0]
    asked = batch.targets != NOTHING
    assert torch.equal(asked.sum(1), (0.2 * batch.rows.size).round().long())
    true, shown = batch.targets[asked], batch.rows.ids.gather(1, batch.places)[asked]
    assert not (set(true.tolist()) & {CLS, SEP})
    assert (shown == MASK).float().mean() == pytest.approx(0.8, abs=0.03)
    assert (shown == true).float().mean() == pytest.approx(0.1, abs=0.03)


def test_whole_words_are_chosen_whole(corpus: Corpus, tiny_folder: TinyFolder) -> None:
    recipe = Recipe(lengths=(48,), pieces=48_000, masked=0.2, whole_words=True)
    batch = batches_of(corpus, tiny_folder(), recipe)[0]
    asked = torch.zeros_like(batch.rows.ids, dtype=torch.bool)
    asked.scatter_(1, batch.places, batch.targets != NOTHING)
    pieces = unmasked(batch)
    inside = torch.tensor([piece.startswith("##") for piece in VOCABULARY])[pieces]
    inside[:, :2] = False  # a text that was cut may begin inside a word
    same = asked[:, 1:] == asked[:, :-1]
    assert same[inside[:, 1:]].all()
    assert 0.1 < asked.float().sum() / batch.rows.size.sum() <= 0.21


def test_a_batch_is_a_function_of_its_number(corpus: Corpus, tiny_folder: TinyFolder) -> None:
    one, other = (batches_of(corpus, tiny_folder(), RECIPE) for _ in range(2))
    assert torch.equal(one[7].rows.ids, other[7].rows.ids)
    assert not torch.equal(one[7].rows.ids, one[9].rows.ids)
