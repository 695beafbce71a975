"""What may go wrong with a training run, said in one sentence."""

from __future__ import annotations

from bertviz_app.core.errors import BertVizError


class TrainingError(BertVizError):
    """A training run could not begin or go on."""
