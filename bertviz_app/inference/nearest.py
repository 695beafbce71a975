"""Nearest words: a vector beside every row of the token table."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.nearest import (
    LISTED,
    Nearest,
    NearestAnswer,
    Neighbour,
    Neighbours,
)
from bertviz_app.core.trace import Array
from bertviz_app.inference.model import Model


def nearest(model: Model, question: Nearest) -> Iterator[JobReport[NearestAnswer]]:
    """Compare the vectors in question with all V rows, in one slice."""
    begun = perf_counter()
    facts = model.facts
    ids: tuple[int, ...] = ()
    vectors = [np.array(vector, np.float32) for vector in question.vectors]
    if question.word:
        ids = typed_ids(model, question.word)
        vectors = [facts.token_table[list(ids)].mean(axis=0)] if ids else []
    allowed = facts.ordinary if question.ordinary else _with_a_piece(facts)
    found = tuple(neighbours(facts, vector, allowed) for vector in vectors)
    yield JobReport(question, 1, 1, NearestAnswer(found, ids), perf_counter() - begun)


def typed_ids(model: Model, word: str) -> tuple[int, ...]:
    """The pieces a typed word is read as, without [CLS] and [SEP]."""
    encoding = model.tokenizer.encode(word)
    return tuple(number for at, number in enumerate(encoding.ids) if at not in encoding.added)


def neighbours(facts: ModelFacts, vector: Array, allowed: NDArray[np.bool_]) -> Neighbours:
    """The rows of the token table nearest to a vector (W,), among the `allowed` ones (V,).

    What is not a number is nowhere near.
    """
    length = float(np.linalg.norm(vector))
    with np.errstate(all="ignore"):
        dots = facts.token_table @ vector  # (V,)
        cosines = dots / (facts.token_lengths * np.float32(length))

    def nearest_by(values: Array) -> tuple[Neighbour, ...]:
        ranked = np.where(allowed & ~np.isnan(values), values, -np.inf)
        count = min(LISTED, len(ranked))
        # Of equal values the lower ids come first, also where the list ends.
        least = np.partition(ranked, -count)[-count]
        ids = np.flatnonzero((ranked >= least) & (ranked > -np.inf))
        ids = ids[np.argsort(-ranked[ids], kind="stable")][:count]
        lengths = facts.token_lengths
        return tuple(
            Neighbour(int(at), float(cosines[at]), float(dots[at]), float(lengths[at]))
            for at in ids
        )

    return Neighbours(length, nearest_by(cosines), nearest_by(dots))


def _with_a_piece(facts: ModelFacts) -> NDArray[np.bool_]:
    return np.array([bool(piece) for piece in facts.vocabulary], np.bool_)
