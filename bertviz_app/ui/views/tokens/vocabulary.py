"""Vocabulary: all pieces of the model, searched at every key."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from bertviz_app.analysis.visible import cell_text, isolated, visible
from bertviz_app.analysis.vocabulary import Index, Matching
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.ui import numbers
from bertviz_app.ui.parts.choice_box import ChoiceBox
from bertviz_app.ui.parts.entry_view import EntryView
from bertviz_app.ui.parts.vocabulary_rows import (
    VocabularyPainter,
    VocabularyRow,
    VocabularyRows,
)
from bertviz_app.ui.view import Pane


class VocabularyView(EntryView):
    """A list of all V pieces, or of those that match what is typed."""

    name = "vocabulary"
    pane = Pane.ONE
    order = 1
    moves = False
    title = "Vocabulary"
    sees = "every piece BERT knows"
    explains = (
        "The vocabulary is a fixed list, made once from a large text before the model was "
        "trained: BERT reads nothing that is not on it, and can answer with nothing else. Pieces "
        "with ## go on with a word. Special ones stand for no word; unused ones are spare rows "
        "without training.\n"
        "A row without a piece is an empty line of the vocabulary or one it does not have; of a "
        "repeated piece the last row counts, and texts are never read as the others.\n"
        "Computed: The search looks at the letters as the vocabulary writes them; capitals make "
        "no difference to it.\n"
        "Caution: The order is that of the ids, in most vocabularies roughly that of how common a "
        "piece was.\n"
        "By hand: A click follows a piece as the word, a double click puts it into the blank.\n"
        "Source: Devlin et al. 2019, section 3; Wu et al. 2016."
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(VocabularyPainter(), "Search the vocabulary", parent)
        self._index: tuple[ModelFacts, Index] | None = None
        self._found: Sequence[int] = ()
        self.list.setAccessibleName("Pieces of the vocabulary")
        self._matching = Matching.CONTAIN
        choices = [(matching.value[0], matching) for matching in Matching]
        self._box = ChoiceBox("How the letters must stand in a piece", choices, self)
        self._box.show_value(self._matching)
        self._box.chosen.connect(self._on_matching_chosen)
        self.top.addWidget(self._box)
        self.line.textChanged.connect(self._on_line_changed)

    def draw(self, snapshot: Snapshot) -> None:
        facts = snapshot.facts
        if facts is None:
            return
        if self._index is None or self._index[0] is not facts:
            self._index = facts, Index(facts.vocabulary)
            self._search()
        self._show(snapshot, facts)

    def numbers(self) -> str:
        lines = [("id", "piece", "sort")]
        for row in self.list.rows:
            assert isinstance(row, VocabularyRow)
            lines.append((str(row.id), cell_text(row.piece), row.sort.value))
        return "\n".join("\t".join(line) for line in lines)

    def forget(self) -> None:
        self._index = None
        self.list.clear_rows()

    def say_rest(self) -> None:
        facts = self.snapshot.facts
        if facts is None:
            return
        count, of = numbers.count(len(self._found)), numbers.count(len(facts.vocabulary))
        letters = self.line.text()
        if not letters:
            self.read_out(f"{of} pieces")
            return
        one, many = self._matching.value
        verb = one if len(self._found) == 1 else many
        self.read_out(f"{count} of {of} pieces {verb} “{isolated(visible(letters))}”")

    def _search(self) -> None:
        if self._index is not None:
            self._found = self._index[1].find(self.line.text(), self._matching)

    def _show(self, snapshot: Snapshot, facts: ModelFacts) -> None:
        trace, token = snapshot.trace, snapshot.token
        ids = trace.encoding.ids if trace is not None else ()
        pinned = ids[token] if token is not None and token < len(ids) else None
        rows = VocabularyRows(facts, self._found, Counter(ids), snapshot.word, pinned)
        self.list.show_rows(rows, self._place_of(snapshot.word, facts))
        self.head.update()
        if self.hovered is None:
            self.say_rest()

    def _place_of(self, word: str | None, facts: ModelFacts) -> int:
        """The row of the word that is followed, where the keys go on from; -1 without one."""
        number = facts.ids.get(word, -1) if word else -1
        at = bisect_left(self._found, number)
        return at if at < len(self._found) and self._found[at] == number else -1

    def _search_anew(self) -> None:
        snapshot, facts = self.snapshot, self.snapshot.facts
        if facts is not None:
            self._search()
            self._show(snapshot, facts)
            self.list.scrollToTop()

    @Slot()
    def _on_line_changed(self) -> None:
        self._search_anew()

    @Slot(object)
    def _on_matching_chosen(self, matching: Matching) -> None:
        self._matching = matching
        self._search_anew()
