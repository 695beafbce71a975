"""Next sentence: does B follow A? Both answers, and how [CLS] comes to them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from bertviz_app.core.questions.output_heads import Pooler, PoolerAnswer
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Show
from bertviz_app.core.trace import Trace
from bertviz_app.ui.parts.asking import Asking
from bertviz_app.ui.parts.number_steps import NumberSteps
from bertviz_app.ui.parts.pooler_steps import (
    Judgement,
    NextSentence,
    blocks,
    in_words,
    number_in_words,
    table,
)
from bertviz_app.ui.view import Pane, View

NO_HEAD = "This model has no next-sentence head."
TWO_SENTENCES = 3
"""Tokens that were added where there are two sentences: [CLS] and two [SEP]."""


class NextSentenceView(View):
    """The next-sentence head, step by step, for the two sentences that are read."""

    name = "nsp"
    pane = Pane.ONE
    order = 2
    title = "Next sentence"
    sees = "does B follow A? ± has full colour"
    explains = (
        "BERT was also trained to tell whether the second sentence stood after the first one or "
        "came from elsewhere.\n"
        "Each strip has a scale of its own, which stands behind ±; the numbers at the right are "
        "lengths.\n"
        "Computed: The pooler takes the vector that the last layer leaves at [CLS], the one token "
        "that speaks for the whole text, through a dense layer (W × W weights and a bias) and "
        "tanh. Two rows of weights make two logits of it, index 0 for “B follows A”, index 1 for "
        "“it does not”, and a softmax over the two the probabilities.\n"
        "The vectors are the model's own; the sums are computed anew in float64, and their "
        "distance to the model's float32 logits is stated.\n"
        "Caution: The head learned mostly to tell whether both sentences are about the same "
        "thing; a high number does not mean that B is true of A, or well put after it.\n"
        "Source: Devlin et al. 2019, BERT."
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps = NumberSteps(self)
        self._steps.setObjectName("picture.nsp")
        self._steps.setAccessibleName("From [CLS] to the two answers")
        self._steps.numbered.connect(self._on_numbered)
        self._lacking = self._made_lacking()
        self.set_picture(self._laid_out())
        self._swap = QPushButton("Swap the sentences", self)
        self._swap.clicked.connect(lambda: self.acted.emit("text.swap"))
        self.add_control(self._swap)
        self._asking: Asking[PoolerAnswer] = Asking()
        self._judged: NextSentence | None = None

    def draw(self, snapshot: Snapshot) -> None:
        trace, facts = snapshot.trace, snapshot.facts
        if trace is None or facts is None:
            return
        if not facts.has_nsp or trace.nsp is None:
            self.forget()
            self.say(NO_HEAD)
            return
        two = len(trace.encoding.added) == TWO_SENTENCES
        for part, there in ((self._steps, two), (self._swap, two), (self._lacking, not two)):
            part.setVisible(there)
        if two:
            self._show(snapshot, trace)
        else:
            self.forget()
            self.read_out("")

    def numbers(self) -> str:
        return table(self._judged) if self._judged is not None else ""

    def forget(self) -> None:
        self._asking.forget()
        self._judged = None
        self._steps.forget()

    def _show(self, snapshot: Snapshot, trace: Trace) -> None:
        """Draw what is known; the older picture stays while the answer is on its way."""
        answer, other = snapshot.answer, snapshot.other
        assert answer is not None
        runs = [answer.as_is] if answer.changed is None else [answer.as_is, answer.changed]
        question = Pooler(tuple(tuple(run.hidden[-1][0].tolist()) for run in runs))
        known = self._asking.answer(snapshot, question)
        if known is not None or self._judged is None or self._judged.now.pooled is None:
            compared = other if other is not None and other is not trace else None
            self._judged = NextSentence(
                Judgement.of(trace, known, runs.index(trace)),
                Judgement.of(compared, known, 0) if compared is not None else None,
                differs=compared is not None and snapshot.options.show is Show.DIFFERENCE,
                layer=trace.spec.layers - 1 + snapshot.options.first_number,
            )
            self._steps.show_blocks(blocks(self._judged))
            self._read_out()
        if self._asking.is_due(snapshot, question):
            self.asked.emit(question)

    def _read_out(self) -> None:
        judged, number = self._judged, self._steps.number
        if judged is not None:
            self.read_out(in_words(judged) if number is None else number_in_words(judged, number))

    def _laid_out(self) -> QWidget:
        picture = QWidget(self)
        rows = QVBoxLayout(picture)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self._steps, 1)
        rows.addWidget(self._lacking, 1)
        return picture

    def _made_lacking(self) -> QWidget:
        """What is said while there is one sentence, and the way to a second one."""
        page = QWidget(self)
        words = QLabel("Needs a second sentence.", page)
        words.setTextFormat(Qt.TextFormat.PlainText)
        add = QPushButton("Add one", page)
        add.clicked.connect(lambda: self.acted.emit("go.pair"))
        rows = QVBoxLayout(page)
        rows.addStretch(1)
        for part in (words, add):
            rows.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        rows.addStretch(1)
        return page

    @Slot()
    def _on_numbered(self) -> None:
        self._read_out()
