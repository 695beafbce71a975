"""How alike are the positions, learned and sinusoidal?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bertviz_app.core.jobs import Question
from bertviz_app.core.trace import Array


@dataclass(frozen=True, eq=False)
class PositionTables:
    """Both encodings of all positions.

    Attributes:
        learned: the model's own table (P, W); `sinusoidal` the fixed one, not scaled.
        lengths: mean length of a row of the learned and of the sinusoidal table.
        learned_cosines: of every position with every other (P, P); not a number for a row of
            zeros. `sinusoidal_cosines` likewise.
    """

    learned: Array
    sinusoidal: Array
    lengths: tuple[float, float]
    learned_cosines: Array
    sinusoidal_cosines: Array

    @property
    def factor(self) -> float:
        """What scales the sinusoidal table to the mean length of the learned one."""
        learned, sinusoidal = self.lengths
        return learned / sinusoidal


@dataclass(frozen=True, slots=True)
class Positions(Question[PositionTables]):
    """How alike are the positions of the model, beside the sinusoidal ones of the same size?"""

    task: ClassVar[str] = "Positions"
    about_text: ClassVar[bool] = False
