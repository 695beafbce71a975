"""Where words live: the vectors of the tokens in a plane, from layer to layer."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPushButton, QWidget

from bertviz_app.analysis.visible import cell_text, isolated, quoted, visible
from bertviz_app.core.lens import Depth
from bertviz_app.core.questions.projection import Projection, ProjectionAnswer
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Show
from bertviz_app.core.trace import Trace
from bertviz_app.ui import numbers
from bertviz_app.ui.parts.cloud import Cloud
from bertviz_app.ui.parts.layer_slider import LayerSlider
from bertviz_app.ui.parts.lens_words import spoken_depth
from bertviz_app.ui.parts.scatter_picture import ScatterPicture
from bertviz_app.ui.parts.vectors import MOST, Dot, Source, Vectors, dots, joined
from bertviz_app.ui.parts.words import READING_LAYERS
from bertviz_app.ui.view import Pane, View


class ProjectionView(View):
    """A scatter of all tokens and of vectors that were kept, with a slider through the layers."""

    name = "projection"
    pane = Pane.ONE
    order = 1
    title = "Where words live"
    sees = "the vectors of all tokens in one plane"
    explains = (
        "Each token has a vector of W numbers after every layer.\n"
        "Computed: They are centred, and drawn in the plane in which they differ most: the first "
        "two principal components (PCA; Pearson 1901), taken anew at each layer over all points "
        "in the picture. Each plane is turned and mirrored to lie as close as can be to the one "
        "before (orthogonal Procrustes, Schönemann 1966), so that what moves is the words and not "
        "the view; between two layers the points go straight. Every layer is drawn as large as "
        "there is room.\n"
        "Caution: Two directions are few: the line below says how much of the spread they hold, "
        "and points that are close here may be far apart in the others.\n"
        "By hand: Vectors that you keep stay while you type another sentence: hollow squares, "
        "with the number of their sentence. A line connects the same word."
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scatter = ScatterPicture(self)
        self.scatter.picked.connect(self.picked)
        self.scatter.previewed.connect(self.previewed)
        self.scatter.hidden.connect(self.hidden)
        self.scatter.tried.connect(self._on_tried)
        self.scatter.kept.connect(self._on_kept)
        self.set_picture(self.scatter)
        self.slider = LayerSlider(self)
        self.slider.moved.connect(self._on_moved)
        self._keep = QPushButton(self)
        self._keep.clicked.connect(self._on_keep_clicked)
        for control in (self.slider, self._keep):
            self.add_control(control)
        self._kept: tuple[Vectors, ...] = ()
        self._of_model = ""
        self._asked: Projection | None = None
        self._asked_of: tuple[object, ...] = ()
        self._dots: tuple[Dot, ...] = ()
        self._answer: ProjectionAnswer | None = None
        self._cloud = Cloud()
        self._dot: Dot | None = None

    def draw(self, snapshot: Snapshot) -> None:
        trace, facts = snapshot.trace, snapshot.facts
        if trace is None or facts is None:
            return
        model = f"{facts.folder}, {facts.spec}"
        if model != self._of_model:
            self._of_model, self._kept = model, ()
        self.slider.show_layers(trace.spec.layers, snapshot.options.first_number)
        self._offer(snapshot, trace)
        self._ask_if_new(snapshot, trace)
        self._take_answer(snapshot)
        self.say("" if self._answer is not None else READING_LAYERS)
        self._show()

    def numbers(self) -> str:
        if self._answer is None:
            return ""
        first = self.snapshot.options.first_number
        lines = [["token", "sentence", "run", "", "x", "y", "share of the spread"]]
        for layer, points in enumerate(self._answer.points):
            depth = spoken_depth(Depth(layer), first)
            share = numbers.exact(float(self._answer.shares[layer]))
            for dot, (x, y) in zip(self._cloud.dots, points.tolist(), strict=True):
                name = [cell_text(dot.piece), cell_text(dot.text), dot.source.value, depth]
                lines.append([*name, numbers.exact(x), numbers.exact(y), share])
        return "\n".join("\t".join(line) for line in lines)

    def forget(self) -> None:
        self._asked, self._asked_of, self._answer = None, (), None
        self._cloud, self._dot, self._dots = Cloud(), None, ()
        self.slider.rest()
        self.scatter.show_cloud(Snapshot(), self._cloud, self.slider.deep)

    @property
    def kept(self) -> tuple[Vectors, ...]:
        """The vectors that were kept, a set a sentence."""
        return self._kept

    def _ask_if_new(self, snapshot: Snapshot, trace: Trace) -> None:
        """Ask for the planes of other vectors than those that were asked for last."""
        other = snapshot.other if snapshot.options.show is Show.DIFFERENCE else None
        if other is trace or (other is not None and other.encoding != trace.encoding):
            other = None
        asked_of = (trace, other, self._kept)
        if asked_of == self._asked_of:
            return
        self._asked_of = asked_of
        sets = [Vectors.of(trace), *self._kept]
        if other is not None:
            sets.append(Vectors.of(other, Source.AS_IS))
        self._dots = dots(sets, trace.encoding.added)
        self._asked = Projection(joined(sets))
        self.asked.emit(self._asked)

    def _take_answer(self, snapshot: Snapshot) -> None:
        """Show a new answer; until it is there, what was shown stays."""
        report = snapshot.report_of(self._asked) if self._asked is not None else None
        if report is not None and report.finished and report.answer is not self._answer:
            self._answer = report.answer
            self._cloud = Cloud(self._dots, report.answer.points)

    def _show(self) -> None:
        self.scatter.show_cloud(self.snapshot, self._cloud, self.slider.deep)
        self._read_out()

    def _read_out(self) -> None:
        snapshot, answer = self.snapshot, self._answer
        first = snapshot.options.first_number
        preview = snapshot.preview
        token = snapshot.token if preview is None or preview.token is None else preview.token
        told = [dot for dot in self._cloud.dots if dot.source is Source.TEXT and dot.token == token]
        dot = self._dot if self._dot in self._cloud.dots else next(iter(told), None)
        if answer is None or not self._cloud.dots:
            self.read_out("")
            return
        layer = min(self.slider.layer, len(answer.shares) - 1)
        depth = "the embedding" if not layer else f"layer {layer - 1 + first}"
        share = numbers.percent(float(answer.shares[layer]))
        text = f"{depth}; the picture holds {share} of the spread"
        if dot is not None:
            text = f"{isolated(dot.label)} in {quoted(dot.text, 60)}, {text}"
        self.read_out(text)

    def _offer(self, snapshot: Snapshot, trace: Trace) -> None:
        """Say what the button keeps, and list what was kept in the menu."""
        pinned = snapshot.token if snapshot.state.selection.token is not None else None
        what = "these vectors" if pinned is None else visible(trace.encoding.tokens[pinned], 12)
        self._keep.setText(f"Keep {what}".replace("&", "&&"))
        room = MOST - sum(map(len, self._kept))
        self._keep.setEnabled(room >= len(self._chosen(snapshot, trace)) > 0)
        self._keep.setToolTip(
            "Keep a copy in this picture, for comparing with another sentence"
            if self._keep.isEnabled()
            else f"{MOST} vectors are kept at most; remove some with ⋯"
        )
        self.more.clear()
        for number, vectors in enumerate(self._kept):
            name = quoted(vectors.text, 40).replace("&", "&&")  # one alone names a key
            words = f"Remove {number + 1}: {name}"
            self.more.addAction(words).triggered.connect(partial(self._remove, number))
        everything = self.more.addAction("Remove all that was kept")
        everything.setEnabled(bool(self._kept))
        everything.triggered.connect(partial(self._remove, None))

    @staticmethod
    def _chosen(snapshot: Snapshot, trace: Trace) -> list[int]:
        """The tokens that the button keeps: the pinned one, else all that were typed."""
        if snapshot.state.selection.token is not None and snapshot.token is not None:
            return [snapshot.token]
        return [token for token in range(len(trace)) if token not in trace.encoding.added]

    def _keep_tokens(self, tokens: list[int]) -> None:
        trace = self.snapshot.trace
        if trace is not None and sum(map(len, self._kept)) + len(tokens) <= MOST:
            self._kept = (*self._kept, Vectors.of(trace, Source.KEPT, tokens))
            self.draw(self.snapshot)

    def _remove(self, number: int | None, _checked: bool = False) -> None:
        """Remove one of the kept sets, or all."""
        rest = () if number is None else (*self._kept[:number], *self._kept[number + 1 :])
        self._kept = rest
        self.draw(self.snapshot)

    @Slot()
    def _on_keep_clicked(self) -> None:
        if self.snapshot.trace is not None:
            self._keep_tokens(self._chosen(self.snapshot, self.snapshot.trace))

    @Slot(object)
    def _on_kept(self, dot: object) -> None:
        if isinstance(dot, Dot):
            self._keep_tokens([dot.token])

    @Slot(object)
    def _on_tried(self, dot: object) -> None:
        self._dot = dot if isinstance(dot, Dot) else None
        if self._cloud.dots:
            self._read_out()

    @Slot(float)
    def _on_moved(self, _deep: float) -> None:
        if self._cloud.dots:
            self._show()
