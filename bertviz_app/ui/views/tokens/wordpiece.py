"""Why these pieces: from the letters typed to the pieces of the vocabulary, step by step."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Slot
from PySide6.QtWidgets import QCheckBox, QWidget

from bertviz_app.analysis.visible import cell_text
from bertviz_app.core.questions.wordpiece import WhyThesePieces, WordPieceAnswer, WordStory
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick
from bertviz_app.ui.parts.asking import Asking
from bertviz_app.ui.parts.row_list import Row, RowList
from bertviz_app.ui.parts.token_menu import pop_up_token_menu
from bertviz_app.ui.parts.wordpiece_painter import WordPiecePainter
from bertviz_app.ui.parts.wordpiece_rows import (
    StoryRow,
    TryRow,
    said_of,
    story_rows,
    word_rows,
)
from bertviz_app.ui.view import Pane, View

DISAGREES = (
    "The steps told here would not give the pieces that BERT reads, so they are not shown. "
    "The pieces themselves, at the left, are those of the model."
)


class WordPieceView(View):
    """The look-ups of one word, or the whole text a word a row."""

    name = "wordpiece"
    pane = Pane.ONE
    order = 0
    moves = False
    title = "Why these pieces"
    sees = "each look-up in the vocabulary"
    explains = (
        "WordPiece cuts a text in three steps.\n"
        "Computed: First it is normalised, as this model's tokenizer is set: odd spaces and "
        "control characters go, ideographs are set apart, accents are dropped, capitals become "
        "small. Then it is split at spaces and at every punctuation mark.\n"
        "Then each word is looked up: if the whole word is not in the vocabulary, its last letter "
        "is left off until what remains is there; that is the first piece, and the same begins "
        "again behind it, now with ## in front, which means that the piece goes on with the word.\n"
        "If at some place not even one letter is there, the whole word becomes [UNK], and BERT "
        "does not get to know its letters; so does a word of over 100 letters.\n"
        "The steps are computed by this program and compared with the pieces the model's "
        "tokenizer gave.\n"
        "Caution: The longest start wins, not the most sensible one: pieces need not be parts "
        "that mean something.\n"
        "Source: Wu et al. 2016, section 4.1; Devlin et al. 2019."
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asking = Asking[WordPieceAnswer]()
        self._answer: WordPieceAnswer | None = None
        self._list = RowList(WordPiecePainter(), self)
        self._list.setUniformItemSizes(True)
        self._list.setAccessibleName("How the text became pieces")
        self._list.tried.connect(self._on_tried)
        self._list.kept.connect(self._on_kept)
        self._list.edited.connect(self._on_edited)
        self._list.menu_wanted.connect(self._on_menu_wanted)
        self.set_picture(self._list)
        self._whole = QCheckBox("whole text", self)
        self._whole.setToolTip("Show every word of the text, not only the one in question")
        self._every = QCheckBox("every try", self)
        self._every.setToolTip("Show every look-up, not only the first and the last in vain")
        for box in (self._whole, self._every):
            box.clicked.connect(self._on_box_clicked)
            self.add_control(box)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows that are shown."""
        return tuple(self._list.rows)

    def draw(self, snapshot: Snapshot) -> None:
        trace, facts = snapshot.trace, snapshot.facts
        if trace is None or facts is None:
            return
        question = WhyThesePieces(trace.request.text, trace.request.pair)
        # Until the answer is there, which takes some milliseconds, the rows before stay.
        self._answer = self._asking.answer(snapshot, question)
        if self._answer is not None and not self._answer.agrees:
            self.say(DISAGREES)
            self._list.show_rows(())
        elif self._answer is not None:
            self._show(snapshot, self._answer)
        if self._asking.is_due(snapshot, question):
            self.asked.emit(question)

    def numbers(self) -> str:
        names = ("typed", "looked up", "pieces", "what became of it")
        lines = [names]
        for story in self._answer.words if self._answer is not None else ():
            typed, word = cell_text(self._typed(story)), cell_text(story.word)
            lines.append((typed, word, cell_text(" ".join(story.pieces)), story.fate.value))
        return "\n".join("\t".join(line) for line in lines)

    def forget(self) -> None:
        self._answer = None
        self._asking.forget()

    def _show(self, snapshot: Snapshot, answer: WordPieceAnswer) -> None:
        story = _in_question(snapshot, answer)
        self._whole.setVisible(story is not None)
        whole = story is None or self._whole.isChecked()
        self._every.setVisible(not whole)
        rows: list[Row] = []
        if whole or story is None or snapshot.facts is None:
            rows += word_rows(answer.words, self._texts, snapshot)
        else:
            every = self._every.isChecked()
            rows += story_rows(story, snapshot.facts.ids, snapshot, every_try=every)
        self._list.show_rows(rows, _chosen(rows))
        self._read_out(answer, story)

    @property
    def _texts(self) -> tuple[str, str]:
        trace = self.snapshot.trace
        return (trace.request.text, trace.request.pair) if trace is not None else ("", "")

    def _typed(self, story: WordStory) -> str:
        return self._texts[story.sentence][slice(*story.span)]

    def _read_out(self, answer: WordPieceAnswer, story: WordStory | None) -> None:
        hovered = self._list.hovered
        row = self._list.rows[hovered] if 0 <= hovered < len(self._list.rows) else None
        preview = self.snapshot.preview
        lit = _story_of(answer, preview.token) if preview is not None else None
        if isinstance(row, TryRow):
            self.read_out(row.spoken)
        elif (told := lit or story) is not None:
            self.read_out(said_of(told, self._typed(told), answer.longest_word))
        else:
            self.read_out(_summary(answer))

    @Slot()
    def _on_box_clicked(self) -> None:
        if self._answer is not None:
            self._show(self.snapshot, self._answer)

    @Slot(object)
    def _on_tried(self, row: object) -> None:
        at = self._token(row)
        self.previewed.emit(Pick(token=at) if at is not None else None)
        if self._answer is not None and self.isVisible():
            self._read_out(self._answer, _in_question(self.snapshot, self._answer))

    @Slot(object, bool)
    def _on_kept(self, row: object, also: bool) -> None:
        at = self._token(row)
        if at is not None:
            self.picked.emit(Pick(second=at) if also else Pick(token=at))

    @Slot(object, bool)
    def _on_edited(self, row: object, each: bool) -> None:
        at = self._token(row)
        if at is not None:
            self.hidden.emit(at, each)

    @Slot(object, QPoint)
    def _on_menu_wanted(self, row: object, where: QPoint) -> None:
        at = self._token(row)
        if at is not None:
            picked, hidden = self.picked.emit, self.hidden.emit
            pop_up_token_menu(self, where, self.snapshot, at, picked, hidden)

    def _token(self, row: object) -> int | None:
        """The token a row stands for; none while the rows are of an older text."""
        if self._answer is None:
            return None
        if isinstance(row, StoryRow):
            return row.story.token
        return row.token if isinstance(row, TryRow) else None


def _in_question(snapshot: Snapshot, answer: WordPieceAnswer) -> WordStory | None:
    """The word that is pinned, else the one at the text cursor, if there is one."""
    if snapshot.state.selection.token is not None:
        return _story_of(answer, snapshot.token)
    cursor = snapshot.state.cursor
    if cursor is None or snapshot.trace is None:
        return None
    if not snapshot.state.same_texts(snapshot.trace.request):
        return None
    sentence, at = cursor
    near = [
        story
        for story in answer.words
        if story.sentence == sentence and story.span[0] <= at <= story.span[1]
    ]
    # Between a word and a mark it is the word.
    return max(near, key=lambda story: len(story.word), default=None)


def _story_of(answer: WordPieceAnswer, token: int | None) -> WordStory | None:
    if token is None:
        return None
    return next(
        (story for story in answer.words if story.token <= token < story.token + story.read), None
    )


def _chosen(rows: list[Row]) -> int:
    return next(
        (
            at
            for at, row in enumerate(rows)
            if isinstance(row, StoryRow | TryRow) and (row.marks.pinned or row.marks.rests)
        ),
        -1,
    )


def _summary(answer: WordPieceAnswer) -> str:
    words, pieces = len(answer.words), sum(story.read for story in answer.words)
    return f"{words} words and marks are {pieces} pieces; click one to see why"
