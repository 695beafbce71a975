"""The places: BERT as a row of stations in the order the numbers flow; a click opens one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QLineF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QWidget

from bertviz_app.analysis.difference import change
from bertviz_app.analysis.predictions import probability
from bertviz_app.analysis.visible import visible
from bertviz_app.core.changes import changed_in, chips, head_name
from bertviz_app.core.lens import Depth
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Show
from bertviz_app.core.trace import Array, Trace
from bertviz_app.ui import look, numbers
from bertviz_app.ui.colours import hatch
from bertviz_app.ui.parts.lens_words import layer_name
from bertviz_app.ui.parts.painting import plain_text
from bertviz_app.ui.regions import stop_at

NAMES = {
    1: "Tokens",
    2: "Embeddings",
    3: "Attention",
    4: "Layers",
    5: "Prediction",
    6: "Experiments",
}
FIRST_APART = 6
"""From this place on, places stand apart: they ask of BERT instead of following it."""


@dataclass(frozen=True, slots=True)
class LiveFact:
    """The one live number of a place, and whether something was changed inside it."""

    words: str
    changed: bool = False


def live_fact(number: int, snapshot: Snapshot) -> LiveFact:
    """What place `number` says under its name."""
    words = ""
    if number == 1 and snapshot.trace is not None:
        words = f"{numbers.count(len(snapshot.trace))} pieces"
    elif number == 2 and snapshot.facts is not None:
        words = f"3 × {snapshot.facts.spec.width}"
    elif number == 3:
        words = f"head {head_name(*snapshot.head, snapshot.options.first_number)}"
    elif number == 4 and snapshot.facts is not None:
        words = _lead(snapshot) or f"{snapshot.facts.spec.layers} layers"
    elif number == 5:
        words = _prediction(snapshot)
    elif number == FIRST_APART:
        words = _number_of(len(chips(snapshot.state.interventions)))
    return LiveFact(words, changed_in(number, snapshot.state.interventions))


def _number_of(changes: int) -> str:
    return "no change" if not changes else "1 change" if changes == 1 else f"{changes} changes"


def _lead(snapshot: Snapshot) -> str:
    """From which layer on the word in question leads at the blank; empty if that is not known."""
    word, trace, facts = snapshot.word, snapshot.trace, snapshot.facts
    if word is None or facts is None or word not in facts.ids or snapshot.blank is None:
        return ""
    if trace is None or trace.lens is None:
        return ""
    layer = trace.lens.leads_from(snapshot.blank, facts.ids[word])
    if layer is None:
        return ""
    return f"{visible(word)} from {layer_name(Depth(layer), snapshot.options.first_number)}"


def _prediction(snapshot: Snapshot) -> str:
    """How probable the word in question is at the blank, and that it is followed if not best."""
    word, trace, facts = snapshot.word, snapshot.trace, snapshot.facts
    if word is None or trace is None or facts is None or word not in facts.ids:
        return ""
    now = _logits(trace, snapshot.blank)
    if now is None:
        return ""
    number = facts.ids[word]
    chance = probability(now, number)
    other = snapshot.other if snapshot.options.show is Show.DIFFERENCE else None
    then = _logits(other, snapshot.blank) if other is not None else None
    written = numbers.weight(chance)
    if then is not None:
        written = numbers.signed(change(chance, probability(then, number)))
    is_best = not (now > now[number]).any()
    return f"{'' if is_best else 'followed: '}{visible(word)} {written}"


def _logits(trace: Trace, blank: int | None) -> Array | None:
    """The logits (V,) of a run at the blank."""
    if trace.mask_logits is None or blank not in trace.encoding.masks:
        return None
    found: Array = trace.mask_logits[trace.encoding.masks.index(blank)]
    return found


HIGH, FLAT = 40, 24
"""Pixels of the row with the live facts, and without them."""


class Places(QWidget):
    """The row of places.

    Signals:
        opened(int): a place was chosen.
    """

    opened = Signal(int)

    def __init__(self, present: Iterable[int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("places")
        self.setAccessibleName("Places of BERT")
        self._buttons: dict[int, PlaceButton] = {}
        self._snapshot: Snapshot | None = None
        self._drawn_in: look.Look | None = None
        self._flat = False
        group = QButtonGroup(self)
        group.setExclusive(True)
        row = QHBoxLayout(self)
        row.setSpacing(0)
        row.setContentsMargins(0, 0, 0, 0)
        numbers_present = sorted(present)
        for number in numbers_present:
            button = PlaceButton(number, next_after(number, numbers_present), self)
            button.clicked.connect(lambda _, chosen=number: self.opened.emit(chosen))
            group.addButton(button)
            row.addWidget(button)
            self._buttons[number] = button
        row.addStretch(1)

    @property
    def present(self) -> tuple[int, ...]:
        """The numbers of the places there are, in order."""
        return tuple(self._buttons)

    def set_flat(self, flat: bool) -> None:
        """Leave the live facts out, where a window is low, or say them again."""
        if flat != self._flat:
            self._flat, self._snapshot = flat, None
            for button in self._buttons.values():
                button.set_flat(flat)
            self.setFixedHeight(look.current().px(FLAT if flat else HIGH))

    def show_open(self, number: int) -> None:
        """Mark place `number` as the open one."""
        self._buttons[number].setChecked(True)
        stop_at(self._buttons[number])

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Bring the live facts up to date."""
        before, style = self._snapshot, look.current()
        same = before is not None and snapshot.looks_like(before, typed=False)
        if same and style == self._drawn_in:
            return
        self._snapshot, self._drawn_in = snapshot, style
        self.setFixedHeight(style.px(FLAT if self._flat else HIGH))
        for number, button in self._buttons.items():
            button.show_fact(live_fact(number, snapshot))


class Next(Enum):
    """What stands between a place and the next one."""

    LEADS_ON = "leads on"
    APART = "apart"
    NOTHING = "nothing"


def next_after(number: int, present: list[int]) -> Next:
    """What stands after a place, of those there are."""
    after = next((other for other in present if other > number), None)
    if after is None or number >= FIRST_APART:
        return Next.NOTHING
    return Next.APART if after >= FIRST_APART else Next.LEADS_ON


class PlaceButton(QAbstractButton):
    """One place: number and name over its live fact; › leads to the next, a double line parts."""

    def __init__(self, number: int, after: Next, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(f"place.{number}")
        self.setCheckable(True)
        self._number = number
        self._name = f"{number} {NAMES[number]}"
        self._after = after
        self._fact = LiveFact("")
        self._flat = False
        self._made_of: tuple[object, ...] = ()
        self._size = QSize()
        self.show_fact(self._fact)

    def show_fact(self, fact: LiveFact) -> None:
        """Show another live fact."""
        made_of = (fact, self._flat, look.current())
        if made_of == self._made_of:
            return
        self._fact, self._made_of = fact, made_of
        changed = ", something is changed here" if fact.changed else ""
        self.setAccessibleName(f"{self._name}: {fact.words}{changed}")
        if self.sizeHint() != self._size:
            self._size = self.sizeHint()
            self.updateGeometry()
        self.update()

    def set_flat(self, flat: bool) -> None:
        """Paint the name alone, or over the live fact."""
        self._flat = flat
        self.show_fact(self._fact)

    def sizeHint(self) -> QSize:
        style = look.current()
        name = look.text_width(style.sans(look.SMALL, bold=True), self._name)
        fact = look.text_width(style.mono(), self._fact.words)
        high = style.px(FLAT if self._flat else HIGH)
        return QSize(int(max(name, 0 if self._flat else fact, style.px(76))) + style.px(44), high)

    def paintEvent(self, event: QPaintEvent) -> None:
        style, painter = look.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        open_here, px = self.isChecked(), style.px
        box = QRectF(self.rect()).adjusted(px(4), px(2), -px(20), -px(2))
        if open_here or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(style.colour("paper" if open_here else "hairline"))
            painter.drawRoundedRect(box, px(4), px(4))
        if self.hasFocus():
            painter.setPen(style.colour("text"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(-1, -1, 1, 1), px(4), px(4))
        apart = self._number >= FIRST_APART
        painter.setPen(style.colour("muted" if apart and not open_here else "text"))
        left, middle = box.left() + px(8), box.center().y()
        half = box.height() / 2
        upper = QRectF(left, box.top(), box.width(), box.height() if self._flat else half)
        plain_text(painter, upper, self._name, style.sans(look.SMALL, bold=open_here))
        painter.setPen(style.colour("muted"))
        if not self._flat:
            lower = QRectF(left, middle, box.width(), half)
            plain_text(painter, lower, self._fact.words, style.mono())
        if open_here:
            painter.fillRect(
                QRectF(left, box.bottom() - px(2), box.width() - px(16), px(2)),
                style.colour("text"),
            )
        if self._fact.changed:
            below = -px(5) if self._flat else px(3)
            dot = QRectF(box.right() - px(14), middle + below, px(9), px(9))
            painter.setPen(style.colour("change"))
            painter.setBrush(hatch())
            painter.drawEllipse(dot)
        self._paint_next(painter, QRectF(box.right(), 0, px(20), self.height()))
        painter.end()

    def _paint_next(self, painter: QPainter, area: QRectF) -> None:
        style = look.current()
        painter.setPen(style.colour("muted"))
        if self._after is Next.LEADS_ON:
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, "›")
        elif self._after is Next.APART:
            for x in (area.center().x() - 1.5, area.center().x() + 1.5):
                painter.drawLine(QLineF(x, style.px(8), x, area.bottom() - style.px(8)))
