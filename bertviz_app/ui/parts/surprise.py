"""How surprise becomes ink: from 0 bits, paper, to log₂ V bits, where any word is as likely."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtGui import QColor

from bertviz_app.analysis.scales import FULL
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.every_position import EveryPosition, EveryPositionAnswer, Guess
from bertviz_app.core.request import Capture
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.trace import Trace
from bertviz_app.ui import look
from bertviz_app.ui.colours import ink_table


def question_about(trace: Trace) -> EveryPosition:
    """The job about this run; what is captured beside its usual content makes no difference."""
    return EveryPosition(replace(trace.request, capture=Capture()))


def report_about(snapshot: Snapshot) -> JobReport[EveryPositionAnswer] | None:
    """The newest report, if it is about the run that is shown."""
    trace = snapshot.trace
    return snapshot.report_of(question_about(trace)) if trace is not None else None


def guesses(snapshot: Snapshot) -> dict[int, Guess]:
    """What is known so far of each token of the run that is shown."""
    report = report_about(snapshot)
    return {guess.position: guess for guess in report.answer.guesses} if report else {}


def full_surprise(vocabulary: int) -> float:
    """The surprise in bits that is drawn in full: that of a word no likelier than any other."""
    return math.log2(max(vocabulary, 2))


def tint(surprise: float, vocabulary: int) -> QColor:
    """The ink of a surprise in bits; the error colour if it is not a number."""
    table = ink_table(look.current().theme)
    if math.isnan(surprise):
        return QColor.fromRgb(int(table[-1]))
    fraction = min(max(surprise / full_surprise(vocabulary), 0.0), 1.0)
    return QColor.fromRgb(int(table[round(fraction * FULL)]))


def surprise_tints(snapshot: Snapshot) -> dict[int, QColor]:
    """The ink of each token whose surprise is known in the run that is shown."""
    if snapshot.trace is None:
        return {}
    vocabulary = snapshot.trace.spec.vocabulary
    return {at: tint(guess.surprise, vocabulary) for at, guess in guesses(snapshot).items()}
