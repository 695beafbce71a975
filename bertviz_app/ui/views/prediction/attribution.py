"""Which words mattered: what each word gives the logit of the word that is followed."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPoint, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bertviz_app.analysis.visible import cell_text
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.attribution import (
    Attribution,
    AttributionAnswer,
    Baseline,
    IntegratedGradients,
)
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick
from bertviz_app.ui import look, numbers
from bertviz_app.ui.parts.contribution_rows import (
    ContributionPainter,
    ContributionRow,
    contribution_rows,
    contribution_tints,
    in_all,
)
from bertviz_app.ui.parts.job_line import JobLine
from bertviz_app.ui.parts.method_boxes import MethodBoxes
from bertviz_app.ui.parts.row_list import RowList
from bertviz_app.ui.parts.target_word import TargetWord, target_word, why_not
from bertviz_app.ui.parts.token_menu import pop_up_token_menu
from bertviz_app.ui.view import Pane, View

WITHOUT = {
    Baseline.MASK: "with the words hidden",
    Baseline.PAD: "with [PAD] for every word",
    Baseline.ZERO: "with no words",
}

BY_ITSELF = 32
"""Texts of at most this many tokens are computed unasked."""


class AttributionView(View):
    """A table: one row a word, its contribution to the logit, and a bar to either side.

    Attributes:
        job: the line over the table.
    """

    name = "attribution"
    pane = Pane.ONE
    order = 1
    title = "Which words mattered"
    sees = "what each gives the logit"
    explains = (
        "What each token gives the logit of the word that is followed, at the blank; to the right "
        "it raises the logit, to the left it lowers it.\n"
        "With something changed inside BERT, the difference is what a word gives then less what "
        "it gives without the change.\n"
        "Computed: All three methods speak of the sum of the three embeddings, before its "
        "LayerNorm. Integrated gradients (Sundararajan et al. 2017) average the gradient on the "
        "straight path from a baseline to the text, at the points of Gauss and Legendre: in the "
        "baseline every typed piece has the token embedding of [MASK] or [PAD], or none, while "
        "[CLS], [SEP], segments and positions stay. The contributions then add up to the logit "
        "less that of the baseline; the gap is what the steps left out.\n"
        "Gradient × input is one gradient, where the text stands, times the token embedding "
        "(times the sum it is 0, for LayerNorm takes no notice of length): it need not add up to "
        "the logit.\n"
        "Occlusion masks each word, all its pieces at once, and says how much lower the logit is "
        "then.\n"
        "Caution: The three answer different questions and often disagree; none of them says what "
        "BERT would do with another word in that place."
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asked: tuple[Attribution, ModelFacts] | None = None
        self._painter = ContributionPainter()
        self._table = RowList(self._painter, self)
        self._table.setUniformItemSizes(True)
        self._table.setAccessibleName("What each word gives")
        self.job = JobLine("Compute", self)
        self.set_picture(self._laid_out())
        self._methods = MethodBoxes(self)
        self._methods.chosen.connect(self._on_method_chosen)
        self.add_control(self._methods)
        self.job.asked.connect(self._on_asked)
        self.job.cancelled.connect(self._on_cancelled)
        self._table.tried.connect(self._on_tried)
        self._table.kept.connect(self._on_kept)
        self._table.edited.connect(self._on_edited)
        self._table.menu_wanted.connect(self._on_menu_wanted)

    @property
    def rows(self) -> tuple[ContributionRow, ...]:
        """The rows of the table."""
        return tuple(row for row in self._table.rows if isinstance(row, ContributionRow))

    def show_snapshot(self, snapshot: Snapshot) -> None:
        if self._asked is not None and self._asked != self._wanted(snapshot):
            self._asked = None  # seen even while hidden: a text that comes back is new again
        super().show_snapshot(snapshot)

    def draw(self, snapshot: Snapshot) -> None:
        trace, target = snapshot.trace, target_word(snapshot)
        if trace is None or target is None:
            self.say(why_not(snapshot))
            return
        report = self._report(snapshot)
        rows = (
            contribution_rows(snapshot, trace, target, report.answer) if report is not None else ()
        )
        self._painter.arrange(rows)
        chosen = next((at for at, row in enumerate(rows) if row.marks.looks), -1)
        self._table.show_rows(rows, chosen)
        asks = self._is_new(snapshot, len(trace))
        running = snapshot.is_running(self._methods.method) or asks
        unfinished = report is None or not report.finished
        words = _words(report, target) if report is not None or running else _offer(target)
        self.job.show_job(report, words, running=running, offered=unfinished)
        self._read_out()
        if asks:
            self._ask(snapshot)

    def tints(self, snapshot: Snapshot) -> Mapping[int, QColor]:
        report = self._report(snapshot)
        return contribution_tints(report.answer) if report is not None else {}

    def numbers(self) -> str:
        lines = [["token", f"{self._methods.method.task}: gives the logit"]]
        lines += [[cell_text(row.piece), numbers.exact(row.value)] for row in self.rows]
        report = self._report(self.snapshot)
        if report is not None:
            answer = report.answer
            ends = {"together": answer.together, "of": answer.whole, "gap": answer.gap}
            lines += [[name, numbers.exact(value)] for name, value in ends.items()]
        return "\n".join("\t".join(line) for line in lines)

    def forget(self) -> None:
        self._table.show_rows(())

    def _question(self, snapshot: Snapshot) -> Attribution | None:
        target = target_word(snapshot)
        return self._methods.question(target) if target is not None else None

    def _wanted(self, snapshot: Snapshot) -> tuple[Attribution, ModelFacts] | None:
        """What the job would be asked, and of which model."""
        question = self._question(snapshot)
        if question is None or snapshot.facts is None:
            return None
        return question, snapshot.facts

    def _report(self, snapshot: Snapshot) -> JobReport[AttributionAnswer] | None:
        question = self._question(snapshot)
        return snapshot.report_of(question) if question is not None else None

    def _is_new(self, snapshot: Snapshot, tokens: int) -> bool:
        """Whether this is to be computed unasked, now."""
        about = self._wanted(snapshot)
        return (
            about is not None
            and tokens <= BY_ITSELF
            and about != self._asked
            and self._report(snapshot) is None
            and snapshot.state.same_texts(about[0].request)
        )

    def _ask(self, snapshot: Snapshot) -> None:
        about = self._wanted(snapshot)
        if about is not None:
            self._asked = about
            self.asked.emit(about[0])

    def _read_out(self) -> None:
        rows = self.rows
        told = [row for row in rows if row.marks.lit] + [row for row in rows if row.marks.pinned]
        told += sorted(rows, key=lambda row: -abs(row.value))
        self.read_out(told[0].readout if told else "")

    def _laid_out(self) -> QWidget:
        picture = QWidget(self)
        rows = QVBoxLayout(picture)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(look.current().px(4))
        rows.addWidget(self.job)
        rows.addWidget(self._table, 1)
        return picture

    @Slot()
    def _on_method_chosen(self) -> None:
        self.draw(self.snapshot)
        self.retinted.emit()

    @Slot()
    def _on_asked(self) -> None:
        self._ask(self.snapshot)

    @Slot()
    def _on_cancelled(self) -> None:
        self.cancelled.emit(self._methods.method)

    @Slot(object)
    def _on_tried(self, row: object) -> None:
        self.previewed.emit(Pick(token=row.tokens[0]) if isinstance(row, ContributionRow) else None)

    @Slot(object, bool)
    def _on_kept(self, row: object, also: bool) -> None:
        if isinstance(row, ContributionRow):
            at = row.tokens[0]
            self.picked.emit(Pick(second=at) if also else Pick(token=at))

    @Slot(object, bool)
    def _on_edited(self, row: object, each: bool) -> None:
        if isinstance(row, ContributionRow):
            self.hidden.emit(row.tokens[0], each)

    @Slot(object, QPoint)
    def _on_menu_wanted(self, row: object, where: QPoint) -> None:
        if isinstance(row, ContributionRow):
            picked, hidden = self.picked.emit, self.hidden.emit
            pop_up_token_menu(self, where, self.snapshot, row.tokens[0], picked, hidden)


def _offer(target: TargetWord) -> str:
    return f"Which words give {target.shown} its logit?"


def _words(report: JobReport[AttributionAnswer] | None, target: TargetWord) -> str:
    """The line over the table of a job that is done or has just begun."""
    if report is None:
        return ""
    answer, question = report.answer, report.question
    logit = numbers.signed(answer.logit)
    what = "logit" if target.against is None else "change of the logit"
    if isinstance(question, IntegratedGradients):
        start = numbers.signed(answer.logit - answer.whole)
        logit = f"from {start} {WITHOUT[question.baseline]} to {logit}"
    return f"{target.shown}: {what} {logit}; {in_all(answer)}"
