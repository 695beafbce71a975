"""Every position: how much each piece surprises BERT, and what it would say in its place."""

from __future__ import annotations

import math
from collections.abc import Mapping

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from bertviz_app.analysis.visible import cell_text
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.every_position import EveryPosition, EveryPositionAnswer
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick
from bertviz_app.core.trace import Candidate, Trace
from bertviz_app.ui import look, numbers
from bertviz_app.ui.parts.job_line import Waiting, how_far, takes_long
from bertviz_app.ui.parts.row_head import RowHead
from bertviz_app.ui.parts.row_list import RowList
from bertviz_app.ui.parts.surprise import compares, question_about, report_about, surprise_tints
from bertviz_app.ui.parts.surprise_rows import (
    SurprisePainter,
    SurpriseRow,
    surprise_rows,
)
from bertviz_app.ui.parts.token_menu import pop_up_token_menu
from bertviz_app.ui.parts.words import cannot_fill
from bertviz_app.ui.view import Pane, View

BY_ITSELF = 32
"""Texts of at most this many tokens are computed unasked."""

Report = JobReport[EveryPositionAnswer]

NOTHING_TO_HIDE = "Every piece is a [MASK]: nothing is left to hide."


class EveryPositionView(View):
    """A table: one row a token, its surprise, and BERT's guesses with the word hidden and seen."""

    name = "every_position"
    pane = Pane.ALL
    title = "Every position"
    sees = "each piece hidden in turn"
    explains = (
        "Each piece is hidden by [MASK] in turn, all others stay, and BERT says how probable the "
        "piece is that stands there.\n"
        "“Left in” is what the same head says with the word in sight, which is nearly always the "
        "word itself.\n"
        "With something changed inside BERT, the difference is the surprise then less the "
        "surprise without the change: to the right, the piece has become harder to guess.\n"
        "Computed: Surprise is −log₂ of the probability of the piece, in bits: 0 if BERT was "
        "certain of it, 1 for one chance in two, log₂ V (about 15) if every piece of the "
        "vocabulary were as likely. The mean over all pieces, as a power of 2, is the "
        "pseudo-perplexity (Salazar et al. 2020).\n"
        "Caution: Several pieces of one word are hidden one at a time, so the others give the "
        "word away; that lowers their surprise."
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asked: tuple[EveryPosition, ModelFacts] | None = None
        self._waiting = Waiting(self)
        self._waiting.lasted.connect(self.redraw)
        self._painter = SurprisePainter()
        self._line = QLabel(self)
        self._line.setTextFormat(Qt.TextFormat.PlainText)
        self._line.setWordWrap(True)
        self._compute = QPushButton("Compute", self)
        self._compute.clicked.connect(self._on_compute_clicked)
        self._cancel = QPushButton("Cancel", self)
        self._cancel.clicked.connect(self._on_cancel_clicked)
        self._table = RowList(self._painter, self)
        self._table.setUniformItemSizes(True)
        self._table.setAccessibleName("Surprise of each piece")
        self._table.tried.connect(self._on_tried)
        self._table.kept.connect(self._on_kept)
        self._table.edited.connect(self._on_edited)
        self._table.menu_wanted.connect(self._on_menu_wanted)
        self._head = RowHead(self._painter, self._table, self)
        self.set_picture(self._laid_out())

    @property
    def rows(self) -> tuple[SurpriseRow, ...]:
        """The rows of the table."""
        return tuple(row for row in self._table.rows if isinstance(row, SurpriseRow))

    @property
    def line(self) -> str:
        """What the line over the table says: the mean, how far the job is, or what it offers."""
        return self._line.text()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        if self._asked is not None and self._asked != _about(snapshot):
            self._asked = None  # seen even while hidden: a text that comes back is new again
        super().show_snapshot(snapshot)

    def draw(self, snapshot: Snapshot) -> None:
        trace, facts = snapshot.trace, snapshot.facts
        if trace is None or facts is None:
            return
        if reason := cannot_fill(facts):
            self.say(reason)
            return
        rows, report = surprise_rows(snapshot, trace), report_about(snapshot)
        to_hide = sum(not row.blank for row in rows)
        asks = to_hide > 0 and self._is_new(snapshot, trace, report)
        running = snapshot.is_running(EveryPosition) or asks
        unfinished = report is None or not report.finished
        self._waiting.go_on(running=running and unfinished)
        self._painter.arrange(rows, differs=compares(snapshot))
        self._table.show_rows(rows, _chosen(rows))
        self._table.keep_in_sight(_newest(rows) if running else 0)
        self._head.update()
        self._line.setText(_words(report, to_hide, running=running, long=self._waiting.long))
        self._compute.setVisible(unfinished and not running and to_hide > 0)
        self._cancel.setVisible(
            unfinished and running and (self._waiting.long or takes_long(report))
        )
        self._read_out()
        if asks:
            self._ask(snapshot)

    def tints(self, snapshot: Snapshot) -> Mapping[int, QColor]:
        return surprise_tints(snapshot)

    def numbers(self) -> str:
        surprise = "change of surprise" if compares(self.snapshot) else "surprise"
        names = ("piece", f"{surprise} in bits", "hidden: best", "probability")
        lines = [(*names, "left in: surprise in bits", "left in: best", "probability")]
        for row in self.rows:
            if (guess := row.guess) is not None:
                hidden, seen = _best(guess.hidden_best), _best(guess.seen_best)
                left_in = numbers.exact(guess.left_in)
                surprise = numbers.exact(guess.drawn)
                lines.append((cell_text(row.piece), surprise, *hidden, left_in, *seen))
        return "\n".join("\t".join(line) for line in lines)

    def _is_new(self, snapshot: Snapshot, trace: Trace, report: Report | None) -> bool:
        """Whether this text is to be computed unasked, now."""
        return (
            len(trace) <= BY_ITSELF
            and report is None
            and not snapshot.is_running(EveryPosition)
            and snapshot.state.same_texts(trace.request)
            and self._asked != _about(snapshot)
        )

    def _ask(self, snapshot: Snapshot) -> None:
        self._asked = _about(snapshot)
        if self._asked is not None:
            self.asked.emit(self._asked[0])

    def _read_out(self) -> None:
        rows, preview = self.rows, self.snapshot.preview
        lit = preview.token if preview is not None else None
        told = [row for row in rows if row.position == lit]
        told += [row for row in rows if row.marks.looks and row.guess is not None]
        told += [row for row in rows if row.most]
        self.read_out(told[0].spoken if told else "")

    def _laid_out(self) -> QWidget:
        picture = QWidget(self)
        rows = QVBoxLayout(picture)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(look.current().px(4))
        over = QHBoxLayout()
        over.addStrut(look.current().px(26))
        over.addWidget(self._line, 1)
        over.addWidget(self._compute)
        over.addWidget(self._cancel)
        rows.addLayout(over)
        rows.addWidget(self._head)
        rows.addWidget(self._table, 1)
        return picture

    @Slot()
    def _on_compute_clicked(self) -> None:
        self._ask(self.snapshot)

    @Slot()
    def _on_cancel_clicked(self) -> None:
        self.cancelled.emit(EveryPosition)

    @Slot(object)
    def _on_tried(self, row: object) -> None:
        self.previewed.emit(Pick(token=row.position) if isinstance(row, SurpriseRow) else None)

    @Slot(object, bool)
    def _on_kept(self, row: object, also: bool) -> None:
        if isinstance(row, SurpriseRow):
            at = row.position
            self.picked.emit(Pick(second=at) if also else Pick(token=at))

    @Slot(object, bool)
    def _on_edited(self, row: object, each: bool) -> None:
        if isinstance(row, SurpriseRow):
            self.hidden.emit(row.position, each)

    @Slot(object, QPoint)
    def _on_menu_wanted(self, row: object, where: QPoint) -> None:
        if isinstance(row, SurpriseRow):
            picked, hidden = self.picked.emit, self.hidden.emit
            pop_up_token_menu(self, where, self.snapshot, row.position, picked, hidden)


def _about(snapshot: Snapshot) -> tuple[EveryPosition, ModelFacts] | None:
    """What a job about the run that is shown would be asked, and of which model."""
    question = question_about(snapshot)
    if question is None or snapshot.facts is None:
        return None
    return question, snapshot.facts


def _words(report: Report | None, to_hide: int, *, running: bool, long: bool) -> str:
    """The line over the table; a job that is `long` under way says so without a report too."""
    if to_hide == 0:
        return NOTHING_TO_HIDE
    begun = f"{EveryPosition.task}: 0 of {to_hide:,}" if long else ""
    if report is None:
        return begun if running else f"Hide each of the {to_hide} tokens in turn?"
    mean = report.answer.mean_surprise
    if report.finished and any(guess.without is not None for guess in report.answer.guesses):
        return f"mean change {numbers.signed(report.answer.mean_change)} bits a piece"
    if report.finished:
        return f"mean {numbers.bits(mean)} bits a piece, pseudo-perplexity {_perplexity(mean)}"
    so_far = f"mean so far {numbers.bits(mean)} bits a piece" if report.done else ""
    return how_far(report, running=running) or so_far or begun


def _perplexity(mean: float) -> str:
    if not math.isfinite(mean) or mean > 60:
        return numbers.length(2.0 ** min(mean, 1000.0))
    perplexity = 2.0**mean
    return numbers.bits(perplexity) if perplexity < 10 else numbers.count(round(perplexity))


def _chosen(rows: tuple[SurpriseRow, ...]) -> int:
    return next((at for at, row in enumerate(rows) if row.marks.looks), -1)


def _newest(rows: tuple[SurpriseRow, ...]) -> int:
    """The row that the job came to last; the first while there is none."""
    return max((at for at, row in enumerate(rows) if row.guess is not None), default=0)


def _best(candidates: tuple[Candidate, ...]) -> tuple[str, str]:
    """The best guess and its probability, for the clipboard."""
    if not candidates:
        return "", ""
    return cell_text(candidates[0].token), numbers.exact(candidates[0].probability)
