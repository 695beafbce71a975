"""Arithmetic: one weight of one head, from the numbers that come in to the next LayerNorm."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Slot
from PySide6.QtWidgets import QCheckBox, QWidget

from bertviz_app.analysis.arithmetic import LayerOutput, WeightRow
from bertviz_app.analysis.fold import Fold
from bertviz_app.analysis.heads import existing, strongest_key
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.questions.output_stage import OutputStage, OutputStageOf
from bertviz_app.core.request import Capture, Head
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick, Show, State
from bertviz_app.core.trace import Trace
from bertviz_app.ui.parts.arithmetic_softmax import WHOLE
from bertviz_app.ui.parts.arithmetic_steps import steps
from bertviz_app.ui.parts.arithmetic_words import bar_in_words, table, weight_in_words
from bertviz_app.ui.parts.followed import Followed
from bertviz_app.ui.parts.head_menu import pop_up_head_menu
from bertviz_app.ui.parts.option_boxes import HeadBoxes
from bertviz_app.ui.parts.steps import Bars, Term
from bertviz_app.ui.parts.steps_picture import Item, StepsPicture
from bertviz_app.ui.parts.token_menu import pop_up_token_menu
from bertviz_app.ui.parts.words import READING_HEADS
from bertviz_app.ui.view import Pane, View


class Arithmetic(View):
    """Every step between two tokens and what one takes from the other."""

    name = "arithmetic"
    pane = Pane.ONE
    order = 2
    title = "Arithmetic"
    sees = "one weight, step by step"
    explains = (
        "One cell of the map, calculated.\n"
        "Computed: The query of the token that looks is multiplied number by number with the key "
        "of the token that is looked at; the products are summed and divided by √D, D the numbers "
        "a head has for each token. The mask adds −∞ where a token may not be looked at.\n"
        "The softmax makes weights of the scores of the whole row: e to the power of each, divided "
        "by their total. The weight times the value is what is taken; the sum over the row is the "
        "head's output, its part of W_O what the layer adds to the token before the LayerNorm.\n"
        "Changes come in this order: mask, softmax, edited row, head off. Queries, keys and "
        "values are the model's own; the rest is computed anew in float64 and compared with the "
        "model's weight.\n"
        "Of a difference each run is calculated by itself, and every number is changed minus as "
        "is; in the softmax both runs stand side by side.\n"
        "Caution: A large weight moves a value; it does not say that the answer depends on it.\n"
        "By hand: A click on a token of the row follows it; arrows move as in Map.\n"
        "Source: Vaswani et al. 2017, Attention Is All You Need."
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps = StepsPicture(self)
        self._steps.setObjectName("picture.arithmetic")
        self._steps.setAccessibleName("Arithmetic of one weight")
        self.set_picture(self._steps)
        self._boxes = HeadBoxes(self)
        self.add_to_title(self._boxes)
        self._whole = QCheckBox(self)
        self.add_control(self._whole)
        self._followed: Followed | None = None
        self._asked: tuple[OutputStageOf, ModelFacts] | None = None
        self._boxes.picked.connect(self.picked)
        self._whole.toggled.connect(self._on_whole_toggled)
        self._steps.pointed.connect(self._on_pointed)
        self._steps.kept.connect(self._on_kept)
        self._steps.edited.connect(self._on_edited)
        self._steps.stepped.connect(self._on_stepped)
        self._steps.sprung.connect(self._on_sprung)
        self._steps.menu_wanted.connect(self._on_menu_wanted)

    def needs(self, state: State) -> Capture:
        return Capture(qkv=True)

    def draw(self, snapshot: Snapshot) -> None:
        trace = snapshot.trace
        assert trace is not None
        self._boxes.show_head(self._head, trace.spec, snapshot.options.first_number)
        self._whole.setText(f"all {len(trace)} tokens")
        self._whole.setVisible(len(trace) > WHOLE)
        if trace.q is None:
            self._drop()
            self.say(READING_HEADS)
            return
        if snapshot.token is None:
            self._drop()
            self.say("Click a cell to see it here.")
            return
        self._follow(snapshot, trace, snapshot.token)

    def numbers(self) -> str:
        return "" if self._followed is None else table(self._followed)

    def forget(self) -> None:
        self._asked = None
        self._drop()

    @property
    def _head(self) -> Head:
        trace = self.snapshot.trace
        assert trace is not None
        return existing(self.snapshot.head, trace.spec)

    def _drop(self) -> None:
        self._followed = None
        self._steps.forget()
        self.read_out("")

    def _follow(self, snapshot: Snapshot, trace: Trace, query: int) -> None:
        """Lay out the weight of `query` on the second token, or on the strongest of its row."""
        head, other = self._head, snapshot.other
        key = snapshot.second
        if key is None:
            drawn = Fold.of(trace.encoding.tokens, snapshot.options).kept
            key = strongest_key(trace.attention[head][query], drawn or range(len(trace)))
        stage = self._output_stage(snapshot, head[0])
        compared = other if other is not trace else None
        if compared is not None and compared.q is None:
            compared = None  # the run that holds them is on its way
        differs = compared is not None and snapshot.options.show is Show.DIFFERENCE

        def of(run: Trace, before: Followed | None = None) -> Followed:
            known = stage if run is trace or differs else None
            output = LayerOutput.of(run, head, query, known) if known is not None else None
            first, rests = snapshot.options.first_number, snapshot.second is None
            row = WeightRow.of(run, head, query)
            return Followed(run, head, query, key, row, before, output, first, rests, differs)

        self._followed = of(trace, of(compared) if compared is not None else None)
        self._steps.show_blocks(steps(self._followed, whole=self._whole.isChecked()))
        self._read_out()

    def _output_stage(self, snapshot: Snapshot, layer: int) -> OutputStage | None:
        """What follows the heads of a layer; asked for once, if it is not known."""
        question = OutputStageOf(layer)
        report = snapshot.report_of(question)
        if report is not None and report.answer is not None:
            return report.answer
        asked = (question, snapshot.facts)
        if snapshot.facts is not None and self._asked != asked:
            self._asked = (question, snapshot.facts)
            self.asked.emit(question)
        return None

    def _read_out(self) -> None:
        """The item under the mouse, or the weight that is followed."""
        followed, hovered = self._followed, self._steps.hovered
        if followed is None:
            return
        if hovered is not None and isinstance(hovered[0], Bars):
            self.read_out(bar_in_words(followed, hovered[1]))
            return
        key = _token_of(hovered)
        self.read_out(weight_in_words(followed, followed.key if key is None else key))

    @Slot()
    def _on_pointed(self) -> None:
        token = _token_of(self._steps.hovered)
        self.previewed.emit(None if token is None else Pick(second=token))
        self._read_out()

    @Slot(bool)
    def _on_whole_toggled(self, whole: bool) -> None:
        if self._followed is not None:
            self._steps.show_blocks(steps(self._followed, whole=whole))

    @Slot(object, int)
    def _on_kept(self, block: object, _item: int) -> None:
        if isinstance(block, Term):
            self.picked.emit(Pick(second=block.position))

    @Slot(object, int, bool)
    def _on_edited(self, block: object, _item: int, each: bool) -> None:
        if isinstance(block, Term) and block.position is not None:
            self.hidden.emit(block.position, each)

    @Slot(int, int)
    def _on_stepped(self, down: int, right: int) -> None:
        followed = self._followed
        if followed is not None:
            last = len(followed.trace) - 1
            query, key = followed.query + down, followed.key + right
            self.picked.emit(Pick(token=_within(query, last), second=_within(key, last)))

    @Slot(bool)
    def _on_sprung(self, to_end: bool) -> None:
        if self._followed is not None:
            last = len(self._followed.trace) - 1
            self.picked.emit(Pick(token=self._followed.query, second=last if to_end else 0))

    @Slot(object, QPoint)
    def _on_menu_wanted(self, item: object, where: QPoint) -> None:
        if self._followed is None:
            return
        token = _token_of(item)
        if token is None:
            pop_up_head_menu(self, where, self.snapshot, self._head)
        else:
            picked, hidden = self.picked.emit, self.hidden.emit
            pop_up_token_menu(self, where, self.snapshot, token, picked, hidden)


def _token_of(item: Item | object) -> int | None:
    """The token of an item, if it is a term of the row."""
    if isinstance(item, tuple) and isinstance(item[0], Term):
        return item[0].position
    return None


def _within(at: int, last: int) -> int:
    return min(max(at, 0), last)
