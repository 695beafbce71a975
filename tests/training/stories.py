"""Small texts to learn from, and what training is made of, on the CPU."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import torch

from bertviz_app.bert.config import read_config
from bertviz_app.inference.tokenizer import Tokenizer, load_tokenizer
from bertviz_app.training.batches import Batches, Signs
from bertviz_app.training.corpus import Corpus, cut
from bertviz_app.training.recipe import Recipe

LINES = [
    f"The {who} washed {what} hands. {who.title()} and {other} sat on the mat. Unhappiness is {at}."
    for who, what, other, at in product(
        ("woman", "man", "cat"), ("her", "his", "their"), ("dog", "farmers"), range(12)
    )
]


def write_story(folder: Path, name: str = "story.txt") -> Path:
    """A text of 648 sentences in `folder`."""
    path = folder / name
    path.write_text("\n".join(LINES), "utf-8")
    return path


def tokenizer_of(folder: Path) -> Tokenizer:
    """The tokenizer of a model folder."""
    return load_tokenizer(folder, read_config(folder))


def story(folder: Path, model: Path) -> Corpus:
    """The story as the model in `model` reads it."""
    return cut([write_story(folder)], tokenizer_of(model))


def batches_of(corpus: Corpus, model: Path, recipe: Recipe) -> Batches:
    """Batches of a corpus."""
    return Batches(corpus, Signs(tokenizer_of(model), torch.device("cpu")), recipe)
