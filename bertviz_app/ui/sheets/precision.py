"""The comparison with float32: what the device and the precision in use do to this text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtWidgets import QVBoxLayout, QWidget

from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.questions.precision import BlankCompared, PrecisionAnswer, PrecisionCheck
from bertviz_app.core.request import Capture, Request
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.ui import numbers
from bertviz_app.ui.parts.job_line import JobLine
from bertviz_app.ui.sheets.page import SheetPage
from bertviz_app.ui.sheets.rows_area import RowsArea

HEADS = (
    "of",
    "computed by",
    "weights",
    "hidden states",
    "best words",
    "one forward",
    "cost",
)

EXPLAINS = (
    "The text is read twice: by what computes now, and in float32 on the processor. bfloat16 keeps "
    "8 binary digits of each number that goes into a matrix product, about 2 to 3 decimal ones; "
    "float32 keeps 24. Softmax, LayerNorm and the sums around each layer are float32 in both. "
    "The differences are of this text; another one has others."
)

SAME = (
    "What computes now is float32 on the processor: the same computation would stand beside "
    "itself, so nothing differs and nothing is compared. Choose bfloat16, or another device, in "
    "the menu Model to see what that changes."
)

UNKNOWN = "…"


class PrecisionPage(SheetPage):
    """One row for each thing that is compared."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Compared with float32", parent)
        self._found = dict.fromkeys(HEADS, UNKNOWN)
        self._rows = RowsArea(_page(self._found), self)
        self.job = JobLine("Compare this text", self)
        self.job.asked.connect(lambda: self.acted.emit("precision.compare"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._rows, 1)
        column.addWidget(self.job)

    @property
    def words(self) -> dict[str, str]:
        """What stands in each row."""
        return dict(self._rows.rows)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Say what was found, of which text, and offer to compare the one that is shown now."""
        if snapshot.facts is None or snapshot.answer is None:
            return
        same = snapshot.facts.is_reference
        report = snapshot.reports.get(PrecisionCheck)
        answer = report.answer if report is not None else None
        if report is not None and isinstance(report.question, PrecisionCheck) and answer:
            self._found = _words(report.question.request, answer, snapshot)
        self._rows.show_rows([("", SAME)] if same else _page(self._found))
        shown = replace(snapshot.answer.shown.request, capture=Capture())
        known = snapshot.report_of(PrecisionCheck(shown)) is not None
        running = snapshot.is_running(PrecisionCheck)
        self.job.setHidden(same)
        self.job.show_job(report, "", running=running, offered=not known)
        self.job.cancel.hide()  # three forwards end by themselves, and typing ends them sooner


def _page(words: Mapping[str, str]) -> list[tuple[str, str]]:
    return [("", EXPLAINS), *words.items()]


def _words(request: Request, answer: PrecisionAnswer, snapshot: Snapshot) -> dict[str, str]:
    """What each row says."""
    first, facts = snapshot.options.first_number, snapshot.facts
    layer, head = answer.head
    here, there = (f"{max(seconds * 1000, 0.1):.1f} ms" for seconds in answer.seconds)
    text = " ".join(f"{request.text} {request.pair}".split())
    changed = " with the changes in force" if request.interventions else ""
    found = (
        f"“{text[:80]}{'…' if len(text) > 80 else ''}”{changed}",
        f"{facts.device}; beside it float32 on the processor" if facts is not None else UNKNOWN,
        f"differ by {numbers.weight(answer.largest)} at most (layer {layer + first}, head "
        f"{head + first}), by {numbers.weight(answer.mean)} on average",
        f"differ by {numbers.length(answer.hidden)} at most",
        "; ".join(map(_of_blank, answer.blanks)) or "nothing is hidden in this text",
        f"{here} here, {there} in float32",
        f"the weights were read again in {answer.reading:.1f} s{_megabytes(facts)}; they are gone",
    )
    return dict(zip(HEADS, found, strict=True))


def _of_blank(blank: BlankCompared) -> str:
    here, there = blank.words
    first = f"{here} leads in both" if here == there else f"{here} leads here, {there} in float32"
    return (
        f"{blank.same} of {blank.listed} are the same at token {blank.position}; {first}; "
        f"probabilities differ by {numbers.weight(blank.probability)} at most"
    )


def _megabytes(facts: ModelFacts | None) -> str:
    return f", {facts.parameters * 4 / 1e6:,.0f} MB" if facts is not None else ""
