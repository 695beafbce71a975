"""How surprise becomes ink: from 0 bits, paper, to log₂ V bits, where any word is as likely.

A change of surprise is signed: full colour is a change of as many bits.
"""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtGui import QColor

from bertviz_app.analysis.scales import code
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.every_position import EveryPosition, EveryPositionAnswer, Guess
from bertviz_app.core.request import Capture
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Show
from bertviz_app.ui import look
from bertviz_app.ui.colours import ink_table, signed_table


def question_about(snapshot: Snapshot) -> EveryPosition | None:
    """The job about what is shown; what is captured beside it makes no difference."""
    if snapshot.trace is None:
        return None
    compared = snapshot.other if snapshot.options.show is Show.DIFFERENCE else None
    against = compared.request.interventions if compared is not None else None
    return EveryPosition(replace(snapshot.trace.request, capture=Capture()), against)


def compares(snapshot: Snapshot) -> bool:
    """Whether what is shown is the difference of two runs."""
    question = question_about(snapshot)
    return question is not None and question.against is not None


def report_about(snapshot: Snapshot) -> JobReport[EveryPositionAnswer] | None:
    """The newest report, if it is about the run that is shown."""
    question = question_about(snapshot)
    return snapshot.report_of(question) if question is not None else None


def guesses(snapshot: Snapshot) -> dict[int, Guess]:
    """What is known so far of each token of the run that is shown."""
    report = report_about(snapshot)
    return {guess.position: guess for guess in report.answer.guesses} if report else {}


def full_surprise(vocabulary: int) -> float:
    """The surprise in bits that is drawn in full: that of a word no likelier than any other."""
    return math.log2(max(vocabulary, 2))


def tint(bits: float, vocabulary: int, *, signed: bool = False) -> QColor:
    """The ink of a surprise in bits, or the colour of a change of it; errors have their own."""
    table = (signed_table if signed else ink_table)(look.current().theme)
    return QColor.fromRgb(int(table[code(bits / full_surprise(vocabulary), signed=signed)]))


def surprise_tints(snapshot: Snapshot) -> dict[int, QColor]:
    """The ink of each token whose surprise is known in the run that is shown."""
    if snapshot.trace is None:
        return {}
    vocabulary = snapshot.trace.spec.vocabulary
    return {
        at: tint(guess.drawn, vocabulary, signed=guess.without is not None)
        for at, guess in guesses(snapshot).items()
    }
