"""Which function answers which kind of question."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from bertviz_app.core.jobs import JobReport, Kind, Question
from bertviz_app.core.questions.attention_flow import AttentionFlow
from bertviz_app.core.questions.attribution import (
    GradientTimesInput,
    IntegratedGradients,
    Occlusion,
)
from bertviz_app.core.questions.check_files import CheckFiles
from bertviz_app.core.questions.every_position import EveryPosition
from bertviz_app.core.questions.head_sweep import HeadSweep
from bertviz_app.core.questions.heads_over_file import HeadsOverFile
from bertviz_app.core.questions.nearest import Nearest
from bertviz_app.core.questions.output_heads import Pooler, ToWord
from bertviz_app.core.questions.output_stage import OutputStageOf
from bertviz_app.core.questions.positions import Positions
from bertviz_app.core.questions.precision import PrecisionCheck
from bertviz_app.core.questions.projection import Projection
from bertviz_app.core.questions.what_about import WhatAbout
from bertviz_app.core.questions.wordpiece import WhyThesePieces
from bertviz_app.inference.attention_flow import attention_flow
from bertviz_app.inference.attribution import (
    gradient_times_input,
    integrated_gradients,
    occlusion,
)
from bertviz_app.inference.attribution_difference import differing
from bertviz_app.inference.files_check import check_files
from bertviz_app.inference.head_sweep import head_sweep
from bertviz_app.inference.heads_over_file import heads_over_file
from bertviz_app.inference.model import Model
from bertviz_app.inference.nearest import nearest
from bertviz_app.inference.output_heads import pooler, to_word
from bertviz_app.inference.output_stage import output_stage
from bertviz_app.inference.positions import position_tables
from bertviz_app.inference.precision import precision_check
from bertviz_app.inference.projection import project
from bertviz_app.inference.surprise import every_position
from bertviz_app.inference.what_about import what_about
from bertviz_app.inference.wordpiece import why_these_pieces

A = TypeVar("A")

ANSWERS: Mapping[Kind, Callable[[Model, Any], Iterator[JobReport[Any]]]] = {
    AttentionFlow: attention_flow,
    CheckFiles: check_files,
    EveryPosition: every_position,
    HeadsOverFile: heads_over_file,
    Nearest: nearest,
    OutputStageOf: output_stage,
    Pooler: pooler,
    Positions: position_tables,
    PrecisionCheck: precision_check,
    Projection: project,
    ToWord: to_word,
    WhatAbout: what_about,
    WhyThesePieces: why_these_pieces,
    GradientTimesInput: differing(gradient_times_input),
    HeadSweep: head_sweep,
    IntegratedGradients: differing(integrated_gradients),
    Occlusion: differing(occlusion),
}
"""Each function yields a report after each slice of at most one forward."""


def answers(model: Model, question: Question[A]) -> Iterator[JobReport[A]]:
    """The reports on a question; nothing is computed before the first is asked for."""
    return ANSWERS[type(question)](model, question)
