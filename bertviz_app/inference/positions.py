"""The position tables of a model, and how alike their rows are."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

import numpy as np

from bertviz_app.core.jobs import JobReport
from bertviz_app.core.positions import mean_length, sinusoidal
from bertviz_app.core.questions.positions import Positions, PositionTables
from bertviz_app.core.trace import Array
from bertviz_app.inference.model import Model


def position_tables(model: Model, question: Positions) -> Iterator[JobReport[PositionTables]]:
    """Both tables with their cosines, in one report."""
    start = perf_counter()
    learned = model.facts.position_table
    fixed = sinusoidal(*learned.shape)
    lengths = (mean_length(learned), mean_length(fixed))
    tables = PositionTables(learned, fixed, lengths, cosines(learned), cosines(fixed))
    yield JobReport(question, 1, 1, tables, perf_counter() - start)


def cosines(table: Array) -> Array:
    """The cosine of every row of a table (P, W) with every other (P, P), read-only."""
    lengths = np.linalg.norm(table, axis=1, keepdims=True)
    units = np.divide(table, lengths, out=np.full_like(table, np.nan), where=lengths > 0)
    found: Array = units @ units.T
    found.flags.writeable = False
    return found
