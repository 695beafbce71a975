"""The Switchboard: who may look, which heads speak, and which of them matter for a word."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bertviz_app.analysis.heads import existing
from bertviz_app.analysis.scales import full_of
from bertviz_app.core.changes import chips, head_name, toggled, toggled_layer
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.head_sweep import HeadSweep, HeadSweepAnswer
from bertviz_app.core.request import Head
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick
from bertviz_app.ui import look, numbers
from bertviz_app.ui.parts.head_grid import HeadPad, HeadValues
from bertviz_app.ui.parts.head_menu import pop_up_head_menu
from bertviz_app.ui.parts.job_line import JobLine
from bertviz_app.ui.parts.mosaic_marks import marks_of
from bertviz_app.ui.parts.part_sliders import PartSliders
from bertviz_app.ui.parts.sight_switch import SightSwitch
from bertviz_app.ui.parts.signed_bar import SignedBar
from bertviz_app.ui.parts.target_word import TargetWord, target_word, why_not
from bertviz_app.ui.parts.words import token_names
from bertviz_app.ui.view import Pane, View

Report = JobReport[HeadSweepAnswer]

OFFER = "Which heads matter here?"

NAMED = 4
"""As many heads that are off are called by their names."""


class Switchboard(View):
    """Switches for everything heads do, and the sweep that finds those a word depends on.

    Attributes:
        job: the line under the pad.
    """

    name = "switchboard"
    pane = Pane.ALL
    title = "Switchboard"
    sees = "click a head to silence it"
    explains = (
        "Each key is one head. A click silences it: what it would have added is 0, the bias of "
        "its layer's output stays, and everything after it is computed anew. Shift and a click "
        "silence the whole layer.\n"
        "Left only and right only hide the other side from every head of every layer; a token "
        "always sees itself. The sliders scale the three parts of the embeddings, as in the "
        "Mixer.\n"
        "Computed: “Which heads matter here?” silences each head alone, one after the other, and "
        "paints the change of log₂ of the probability of the word that is followed: −1 bit halves "
        "it. The other changes in force hold in every run.\n"
        "Caution: A negative number says that the word is less likely without this head, not that "
        "the head does it alone: others may step in when two are silent, and the numbers do not "
        "add up."
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sight, self._pad = SightSwitch(self), HeadPad(self)
        self._parts = PartSliders(self)
        self._pad.setObjectName("picture.switchboard")
        self._pad.setAccessibleName("Heads")
        self.job, self._bar = JobLine(OFFER, self), SignedBar("Δ log₂ p, bits", self)
        self.set_picture(self._laid_out())
        self.add_control(self._bar)
        self._swept: Report | None = None
        self._facts: ModelFacts | None = None
        self._sight.intervened.connect(self.intervened)
        self._parts.adjusted.connect(self.adjusted)
        self._pad.picked.connect(self.picked)
        self._pad.previewed.connect(self.previewed)
        self._pad.pressed.connect(self._on_pressed)
        self._pad.pointed.connect(self._on_pointed)
        self._pad.menu_wanted.connect(self._on_menu_wanted)
        self.job.asked.connect(self._on_asked)
        self.job.cancelled.connect(self._on_cancelled)

    @property
    def swept(self) -> Report | None:
        """The sweep whose numbers stand on the pad."""
        return self._swept

    def show_snapshot(self, snapshot: Snapshot) -> None:
        if snapshot.facts is not self._facts:
            self._swept, self._facts = None, snapshot.facts  # of another model it says nothing
        super().show_snapshot(snapshot)

    def draw(self, snapshot: Snapshot) -> None:
        trace = snapshot.trace
        if trace is None:
            return
        target = target_word(snapshot)
        self._keep_sweep(snapshot, target)
        swept, spec = self._swept, trace.spec
        changes = swept.answer.changes if swept is not None else {}
        shape, full = (spec.layers, spec.heads), full_of(changes.values(), least=0.01)
        self._pad.show_heads(
            HeadValues(shape, changes, full, signed=True), marks_of(snapshot, trace)
        )
        self._bar.setVisible(bool(changes))
        self._bar.show_scale(full)
        self._sight.show_snapshot(snapshot)
        self._parts.show_changes(snapshot.state.interventions)
        running = snapshot.is_running(HeadSweep)
        unfinished = swept is None or not swept.finished or swept.question != _question(target)
        words = why_not(snapshot) or self._words(snapshot, target)
        self.job.show_job(swept, words, running=running, offered=target is not None and unfinished)
        self._read_head()

    def run(self, snapshot: Snapshot) -> str:
        return "as set"  # the switches stand as they are set, whichever run is shown

    @property
    def pictures(self) -> tuple[QWidget, ...]:
        return (self._pad, self.job)

    def numbers(self) -> str:
        first, swept = self.snapshot.options.first_number, self._swept
        if swept is None:
            return ""
        lines = [["layer", "head", f"{_how(swept)}: change of log2 p, bits"]]
        for (layer, head), change in sorted(swept.answer.changes.items()):
            lines.append([str(layer + first), str(head + first), numbers.exact(change)])
        return "\n".join("\t".join(line) for line in lines)

    def forget(self) -> None:
        self._pad.forget()

    def _keep_sweep(self, snapshot: Snapshot, target: TargetWord | None) -> None:
        """Take the newest sweep; an older one stays while it is about the same word and text.

        A click on the pad changes BERT, and what was measured is what led to the click.
        """
        question = _question(target)
        if question is None:
            self._swept = None
            return
        report = snapshot.report_of(question)
        if report is not None:
            self._swept = report
        elif self._swept is not None and not _same_word(self._swept.question, question):
            self._swept = None

    def _words(self, snapshot: Snapshot, target: TargetWord | None) -> str:
        """What the line says of a sweep that is not under way."""
        if target is None or self._swept is None:
            return ""
        question = self._swept.question
        assert isinstance(question, HeadSweep)
        changes, first = question.request.interventions, snapshot.options.first_number
        others = chips(replace(changes, heads_off=()), first, token_names(snapshot))
        held = [off_in_words(changes.heads_off, first)] if changes.heads_off else []
        held += [chip.label for chip in others]
        which = "each further head silenced" if changes.heads_off else "each head silenced alone"
        return f"{target.shown}: {which}, {', '.join(held) or 'nothing else changed'}"

    def _read_head(self) -> None:
        snapshot = self.snapshot
        if snapshot.trace is None:
            return
        head = existing(self._pad.hovered or snapshot.head, snapshot.trace.spec)
        name = head_name(*head, snapshot.options.first_number)
        target, swept = target_word(snapshot), self._swept
        change = swept.answer.changes.get(head) if swept is not None else None
        if change is not None and target is not None:
            bits = numbers.signed(change)
            self.read_out(f"head {name} {_how(swept)}: {target.shown} {bits} bits (log₂ p)")
        elif head in _off(swept):
            self.read_out(f"head {name} was already off when the others were silenced")
        elif head in snapshot.state.interventions.heads_off:
            self.read_out(f"head {name} is silenced; a click lets it speak again")
        else:
            self.read_out(f"head {name} speaks; a click silences it")

    def _laid_out(self) -> QWidget:
        picture = QWidget(self)
        rows = QVBoxLayout(picture)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(look.current().px(4))
        rows.addWidget(self._sight)
        rows.addWidget(self._parts)
        rows.addWidget(self._pad, 1)
        rows.addWidget(self.job)
        return picture

    @Slot(object, bool)
    def _on_pressed(self, head: Head, whole_layer: bool) -> None:
        changes, trace = self.snapshot.state.interventions, self.snapshot.trace
        assert trace is not None
        self.picked.emit(Pick(layer=head[0], head=head[1]))
        if whole_layer:
            self.intervened.emit(toggled_layer(changes, head[0], trace.spec.heads))
        else:
            self.intervened.emit(toggled(changes, head))

    @Slot()
    def _on_pointed(self) -> None:
        self._read_head()

    @Slot(object, QPoint)
    def _on_menu_wanted(self, head: Head, where: QPoint) -> None:
        pop_up_head_menu(self, where, self.snapshot, head)

    @Slot()
    def _on_asked(self) -> None:
        question = _question(target_word(self.snapshot))
        if question is not None:
            self.asked.emit(question)

    @Slot()
    def _on_cancelled(self) -> None:
        self.cancelled.emit(HeadSweep)


def _off(swept: Report | None) -> tuple[Head, ...]:
    """The heads that were off before any other was silenced."""
    question = swept.question if swept is not None else None
    return question.request.interventions.heads_off if isinstance(question, HeadSweep) else ()


def _how(swept: Report | None) -> str:
    """How the heads that have numbers were silenced."""
    return "silenced too" if _off(swept) else "silenced alone"


def off_in_words(heads: tuple[Head, ...], first_number: int) -> str:
    """The heads that are off, each by its name if they are few."""
    if len(heads) > NAMED:
        return f"with {numbers.counted(len(heads), 'head')} off"
    *names, last = (head_name(*head, first_number) for head in heads)
    return f"with {', '.join(names)} and {last} off" if names else f"with {last} off"


def _question(target: TargetWord | None) -> HeadSweep | None:
    return HeadSweep(target.request, target.blank, target.word) if target is not None else None


def _same_word(one: object, other: HeadSweep) -> bool:
    """Whether two sweeps are about the same word of the same text, whatever is changed inside."""
    if not isinstance(one, HeadSweep):
        return False
    request = replace(one.request, interventions=other.request.interventions)
    return replace(one, request=request) == other
