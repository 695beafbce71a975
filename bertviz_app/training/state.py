"""Where a run stands, in a file from which it goes on exactly: no pickle, so it runs no code."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from bertviz_app.bert.files import label, open_regular
from bertviz_app.training.errors import TrainingError
from bertviz_app.training.files import write
from bertviz_app.training.learner import Learner

STATE = "training.safetensors"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run stands: steps taken, seconds spent, and the least loss on held-out text."""

    steps: int = 0
    seconds: float = 0.0
    best: float = math.inf


def write_state(folder: Path, learner: Learner, place: Place, plan: str) -> None:
    """Put a run away in `folder`; `plan` is all that it was begun with.

    Raises:
        TrainingError: it cannot be written; the state before is untouched.
    """
    about = {"place": json.dumps(asdict(place)), "plan": plan}
    write(folder / STATE, save(learner.put_away(), about))


def read_state(folder: Path, learner: Learner, plan: str) -> Place:
    """Take up the run in `folder`.

    Raises:
        ModelError: there is none.
        TrainingError: it is damaged, or it was begun with another plan.
    """
    path = folder / STATE
    open_regular(path).close()
    try:
        with safe_open(path, framework="pt", backend="pread") as file:
            about = file.metadata() or {}
            if about["plan"] != plan:
                raise TrainingError(
                    f"{label(path)}: this run was begun with other options, or another text; give "
                    "those again."
                )
            learner.take_up({name: file.get_tensor(name) for name in file.keys()})  # noqa: SIM118
            return Place(**json.loads(about["place"]))
    except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
        raise TrainingError(f"{label(path)}: damaged, or not the state of this run.") from error
