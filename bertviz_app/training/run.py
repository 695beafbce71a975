"""One training run: it learns; now and then it is judged on text it does not learn, and kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter

import torch

from bertviz_app.training.batches import Batches
from bertviz_app.training.errors import TrainingError
from bertviz_app.training.forward import Losses
from bertviz_app.training.learner import Learner
from bertviz_app.training.model_folder import write_model
from bertviz_app.training.recipe import Recipe
from bertviz_app.training.state import Place, write_state

_REPORT_SECONDS = 10.0
_JUDGED = 4
"""Batches of held-out text."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a run is: so many steps, or so many minutes of learning; the other is None.

    Attributes:
        rests: how often on the way, the end counted, the network is judged and kept.
    """

    steps: int | None = None
    minutes: float | None = None
    rests: int = 20

    def share(self, place: Place) -> float:
        """How much of the run is over, from 0 to 1 and a little beyond."""
        if self.steps:
            return place.steps / self.steps
        return place.seconds / 60 / self.minutes if self.minutes else 1.0

    def rested(self, place: Place) -> int:
        """How many rests are over at a place."""
        return int(self.share(place) * self.rests + 1e-9)


@dataclass(frozen=True, eq=False)
class TrainingRun:
    """What a run needs.

    Attributes:
        learner: learns `batches`, and is judged on `held_out`.
        start: the folder whose configuration and vocabulary the model has.
        out: the folder that gets the best model, and the state to go on from.
        plan: what a run must have been begun with to be gone on with.
        say: takes a line for the person who waits.
    """

    learner: Learner
    recipe: Recipe
    batches: Batches
    held_out: Batches
    pace: Pace
    start: Path
    out: Path
    plan: str
    say: Callable[[str], None] = field(repr=False)

    def go(self, place: Place) -> Place:
        """Learn from `place` to the end; returns the last place.

        Raises:
            TrainingError: a loss is not a number, or a file cannot be written.
        """
        lengths = len(self.batches.lengths)
        if why := self.learner.get_ready(map(self.batches.__getitem__, range(lengths))):
            self.say(f"nothing is compiled here, which is slower ({why})")
        if not place.steps:
            self._judge()
        report = _Report(place)
        begun = perf_counter() - place.seconds
        while (share := self.pace.share(place)) < 1:
            rate = self.recipe.rate_at(share)
            seed = (self.recipe.seed << 32) + place.steps
            report.losses.append(self.learner.learn(self.batches[place.steps], rate, seed))
            rested = self.pace.rested(place)
            place = replace(place, steps=place.steps + 1, seconds=perf_counter() - begun)
            rests = self.pace.rested(place) > rested
            if rests or place.seconds - report.since.seconds > _REPORT_SECONDS:
                self.say(report.line(place, self.pace.share(place), rate, self.recipe.pieces))
                report = _Report(place)
            if rests:
                place = self._rest(place)
        return place

    def _rest(self, place: Place) -> Place:
        """Judge the network, and keep it; the model too if it was never better."""
        if not self.learner.is_sound:
            raise _not_a_number(place)
        loss = self._judge()
        if loss <= place.best:
            place = replace(place, best=loss)
            write_model(self.learner.network, self.start, self.out)
        write_state(self.out, self.learner, place, self.plan)
        return place

    def _judge(self) -> float:
        judged = self.learner.judge(map(self.held_out.__getitem__, range(_JUDGED)))
        self.say(
            f"held out: {judged.words:.3f} nats a blank, {100 * judged.right:.1f} % right, "
            f"{judged.pairs:.3f} nats a pair"
        )
        return judged.words


class _Report:
    """What happened since the last line."""

    def __init__(self, since: Place) -> None:
        self.since = since
        self.losses: list[Losses] = []

    def line(self, place: Place, share: float, rate: float, pieces: int) -> str:
        """What a person is told at `place`; batches have so many `pieces`."""
        words, pairs = torch.stack([torch.stack(one) for one in self.losses]).mean(0).tolist()
        if not (words < float("inf") and pairs < float("inf")):
            raise _not_a_number(place)
        speed = pieces * len(self.losses) / max(1e-9, place.seconds - self.since.seconds)
        return (
            f"{100 * min(1.0, share):.0f} %, step {place.steps:,}: {words:.3f} nats a blank, "
            f"{pairs:.3f} a pair, rate {rate:.1e}, {speed:,.0f} pieces a second"
        )


def _not_a_number(place: Place) -> TrainingError:
    return TrainingError(
        f"The loss was not a number before step {place.steps}: a lower --rate may help. What was "
        "kept before is as it was."
    )
