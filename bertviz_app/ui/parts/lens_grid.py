"""The table of the lens as plain values: rows are depths, columns are tokens or best words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bertviz_app.analysis.difference import change
from bertviz_app.analysis.labels import LETTERS, numbered
from bertviz_app.analysis.visible import cell_text, visible
from bertviz_app.core.lens import Depth, LensReading
from bertviz_app.core.state import Pick
from bertviz_app.core.trace import Trace
from bertviz_app.ui import numbers
from bertviz_app.ui.parts.lens_words import rank, spoken_depth


@dataclass(frozen=True, slots=True)
class LensCell:
    """One cell.

    Attributes:
        token: the token whose state is read; `depth` how deep.
        word: the word it speaks of, as the vocabulary writes it.
        text: what stands there; `number` stands under it, where there is room.
        value: the probability or, in a table of differences, the signed difference.
        followed: it speaks of the word in question.
    """

    token: int
    depth: Depth
    word: str
    text: str
    number: str
    value: float
    followed: bool


@dataclass(frozen=True, slots=True)
class LensColumn:
    """One column: what stands over it, and its cells from the embedding to the last layer.

    `is_place` says that the head is a place in the list of the best words.
    """

    head: str
    token: int
    cells: tuple[LensCell, ...] = ()
    is_place: bool = False


@dataclass(frozen=True, eq=False)
class LensGrid:
    """The table. `of_tokens` has a column a token; `signed` holds differences."""

    depths: tuple[Depth, ...] = ()
    columns: tuple[LensColumn, ...] = ()
    of_tokens: bool = False
    signed: bool = False

    def table(self, what: str, first_number: int) -> str:
        """All words and numbers, the last layer first, tab-separated; `what` stands at the top."""
        heads = (cell_text(column.head) for column in self.columns for _ in range(2))
        lines = [[what, *heads]]
        for row in reversed(range(len(self.depths))):
            line = [spoken_depth(self.depths[row], first_number)]
            for column in self.columns:
                cell = column.cells[row] if column.cells else None
                line += [cell_text(cell.text), numbers.exact(cell.value)] if cell else ["", ""]
            lines.append(line)
        return "\n".join("\t".join(line) for line in lines)

    def like(self, cell: LensCell, pick: Pick | None) -> LensCell:
        """The cell as deep as `cell` of the token or the word that is picked, if there is one."""
        if pick is None:
            return cell
        row = self.depths.index(cell.depth)
        for column in self.columns:
            found = column.cells[row] if column.cells else None
            if found is not None and (
                found.token == pick.token if self.of_tokens else found.word == pick.word
            ):
                return found
        return cell


@dataclass(frozen=True, eq=False)
class LensTable:
    """Makes the table of one run, or of what a change made of it.

    Attributes:
        trace: the run; its lens has been read.
        before: the run as is, for a table of differences.
        vocabulary: the piece of each id.
        word: the id of the word in question, or None.
        between: rows for the states between attention and feed-forward too.
    """

    trace: Trace
    before: Trace | None
    vocabulary: Sequence[str]
    word: int | None
    between: bool

    def of_token(self, token: int, best: int) -> LensGrid:
        """The `best` words at one token at each depth, and how the word in question stands.

        Of differences: the word in question, then the best words of either run.
        """
        lens = self.trace.lens
        if lens is None or token not in lens.places:
            return LensGrid(self._depths)
        if self.before is not None:
            compared = [self._differences(token, word) for word in self._moved(lens, token)]
            return LensGrid(self._depths, tuple(compared[: best + 1]), signed=True)
        columns = [self._best(lens, token, place) for place in range(best)]
        if self.word is not None:
            columns.append(self._ranks(lens, token, self.word))
        return LensGrid(self._depths, tuple(columns))

    def of_all(self) -> LensGrid:
        """The best word at every token that was read, at each depth."""
        lens, columns = self.trace.lens, []
        for token, head in enumerate(numbered(self.trace.encoding.tokens, LETTERS)):
            column = LensColumn(head, token)
            if lens is not None and token in lens.places:
                if self.before is None:
                    column = self._best(lens, token, 0)
                elif self.word is not None:
                    column = self._differences(token, self.word)
            cells = column.cells
            if self.before is not None:  # all speak of the word in question: none stands out
                cells = tuple(replace(cell, followed=False) for cell in cells)
            columns.append(LensColumn(head, token, cells))
        signed = self.before is not None
        return LensGrid(self._depths, tuple(columns), of_tokens=True, signed=signed)

    @property
    def _depths(self) -> tuple[Depth, ...]:
        return tuple(self.trace.lens.depths[row] for row in self._rows) if self.trace.lens else ()

    @property
    def _rows(self) -> list[int]:
        """The rows of the reading that are shown."""
        depths = self.trace.lens.depths if self.trace.lens is not None else ()
        return [row for row, depth in enumerate(depths) if self.between or not depth.between]

    def _best(self, lens: LensReading, token: int, place: int) -> LensColumn:
        at = lens.places[token]
        words = lens.ids[at, :, place].tolist()
        chances = lens.probabilities[at, :, place].tolist()
        cells = tuple(
            self._cell(token, lens.depths[row], words[row], None, chances[row])
            for row in self._rows
        )
        return LensColumn(numbers.ordinal(place + 1), token, cells, is_place=True)

    def _ranks(self, lens: LensReading, token: int, word: int) -> LensColumn:
        standings = lens.standings(token, word)
        shown = [(lens.depths[row], standings[row]) for row in self._rows if standings]
        cells = [
            self._cell(token, depth, word, rank(one.rank, one.probability), one.probability)
            for depth, one in shown
        ]
        return LensColumn(visible(self.vocabulary[word]), token, tuple(cells))

    def _moved(self, lens: LensReading, token: int) -> list[int]:
        """The word in question, then the best of either run, what moved most at the end first."""
        before = self.before.lens if self.before is not None else None
        runs = [run for run in (lens, before) if run is not None and token in run.places]
        best = {word for run in runs for word in run.ids[run.places[token], -1].tolist()}
        moved = {word: changes[-1] for word in best if (changes := self._changes(token, word))}
        in_order = sorted(moved, key=lambda word: (-abs(moved[word]), word))
        return list(dict.fromkeys([*([] if self.word is None else [self.word]), *in_order]))

    def _differences(self, token: int, word: int) -> LensColumn:
        """How the probability of a word changed; no cells where it was not followed in both."""
        depths, changes = (
            self.trace.lens.depths if self.trace.lens else (),
            self._changes(token, word),
        )
        cells = [
            self._cell(token, depths[row], word, numbers.signed(changes[row]), changes[row])
            for row in self._rows
            if changes
        ]
        return LensColumn(visible(self.vocabulary[word]), token, tuple(cells))

    def _changes(self, token: int, word: int) -> list[float]:
        """The probability of a word minus that as is, at each depth (R,); [] if unknown."""
        lens, before = self.trace.lens, self.before.lens if self.before is not None else None
        if lens is None or before is None or lens.depths != before.depths:
            return []
        runs = zip(lens.standings(token, word), before.standings(token, word), strict=False)
        return [change(now.probability, then.probability) for now, then in runs]

    def _cell(
        self, token: int, depth: Depth, word: int, text: str | None, value: float
    ) -> LensCell:
        piece, number = self.vocabulary[word], "" if self.before else numbers.weight(value)
        shown = visible(piece) if text is None else text
        return LensCell(token, depth, piece, shown, number, value, word == self.word)
