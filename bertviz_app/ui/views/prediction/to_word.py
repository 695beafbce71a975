"""To the word: how the last vector at a blank becomes the probability of the followed word."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from bertviz_app.core.questions.output_heads import ToWord, ToWordAnswer
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Show
from bertviz_app.core.trace import Trace
from bertviz_app.ui.parts.asking import Asking
from bertviz_app.ui.parts.number_steps import NumberSteps
from bertviz_app.ui.parts.target_word import target_word, why_not
from bertviz_app.ui.parts.word_steps import (
    ToOneWord,
    Way,
    blocks,
    in_words,
    number_in_words,
    table,
)
from bertviz_app.ui.parts.words import NO_MLM_HEAD
from bertviz_app.ui.view import Pane, View


class ToWordView(View):
    """The word-prediction head, step by step, for one word at one blank."""

    name = "to_word"
    pane = Pane.ONE
    order = 0
    title = "To the word"
    sees = "from the last vector to the probability; ± has full colour"
    explains = (
        "What the word-prediction head does with the vector that the last layer leaves at the "
        "blank.\n"
        "Each strip has a scale of its own, which stands behind ±; the numbers at the right are "
        "lengths, then sums.\n"
        "Of a difference everything is changed minus as is: the bias cancels out, and the softmax "
        "says how many times as probable the word became.\n"
        "Computed: A dense layer (W × W weights and a bias) turns the vector, the activation "
        "bends each number, LayerNorm brings them to a common size. The result is multiplied "
        "number by number with the decoder's row of a word; the products are summed and the "
        "word's bias is added: that is its logit. In most models the row is the word's own "
        "embedding, so the logit says how far the vector points to that word. The softmax over "
        "all V words makes probabilities of the logits: e to the power of each, divided by their "
        "total.\n"
        "The vectors are the model's own; sum and softmax are computed anew in float64, and the "
        "distance to the model's float32 logit is stated.\n"
        "Caution: A large product of one number does not mean that this number stands for the "
        "word: only their sum counts.\n"
        "By hand: A click or the arrows keep a number in sight.\n"
        "Source: Devlin et al. 2019, and the released code of BERT."
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps = NumberSteps(self)
        self._steps.setObjectName("picture.to_word")
        self._steps.setAccessibleName("From the last vector to the word")
        self._steps.numbered.connect(self._on_numbered)
        self.set_picture(self._steps)
        self._asking: Asking[ToWordAnswer] = Asking()
        self._drawn_word: ToOneWord | None = None

    def draw(self, snapshot: Snapshot) -> None:
        trace, target = snapshot.trace, target_word(snapshot)
        if trace is None or snapshot.facts is None:
            return
        if target is None or trace.mask_logits is None:
            self.forget()
            self.say(why_not(snapshot) or NO_MLM_HEAD)
            return
        self._show(snapshot, trace, target.blank, target.word)

    def numbers(self) -> str:
        return table(self._drawn_word) if self._drawn_word is not None else ""

    def forget(self) -> None:
        self._asking.forget()
        self._drawn_word = None
        self._steps.forget()

    def _show(self, snapshot: Snapshot, trace: Trace, blank: int, word: int) -> None:
        """Draw what is known; the older picture stays while the answer is on its way."""
        answer, facts, other = snapshot.answer, snapshot.facts, snapshot.other
        assert answer is not None
        assert facts is not None
        runs = [answer.as_is] if answer.changed is None else [answer.as_is, answer.changed]
        states = tuple(tuple(run.hidden[-1][blank].tolist()) for run in runs)
        question = ToWord(states, word)
        known = self._asking.answer(snapshot, question)
        if known is not None:
            compared = other if other is not None and other is not trace else None
            self._drawn_word = ToOneWord(
                trace,
                blank,
                word,
                facts.vocabulary[word],
                Way.of(trace, blank, word, known, runs.index(trace)),
                Way.of(compared, blank, word, known, 0) if compared is not None else None,
                differs=compared is not None and snapshot.options.show is Show.DIFFERENCE,
                tied=facts.tied,
                first_number=snapshot.options.first_number,
            )
            self._steps.show_blocks(blocks(self._drawn_word))
            self._read_out()
        if self._asking.is_due(snapshot, question):
            self.asked.emit(question)

    def _read_out(self) -> None:
        drawn, number = self._drawn_word, self._steps.number
        if drawn is not None:
            self.read_out(in_words(drawn) if number is None else number_in_words(drawn, number))

    @Slot()
    def _on_numbered(self) -> None:
        self._read_out()
