"""Models as rows: what can be opened or downloaded, of what was typed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QRect, QRectF, QUrl
from PySide6.QtGui import QPainter

from bertviz_app.analysis.visible import visible
from bertviz_app.core.amounts import in_bytes
from bertviz_app.core.hub import OFFERED, HubError, HubName, hub_host, parse_hub_name
from bertviz_app.core.model_wanted import ModelWanted
from bertviz_app.core.shelf import Shelf
from bertviz_app.ui import look
from bertviz_app.ui.parts.painting import RIGHT, hover_tint, outline, plain_text
from bertviz_app.ui.parts.row_list import Row, RowList, RowPainter

HEIGHT, GAP, EDGE = 24, 12, 8
LONGEST = 300
"""Letters of a name or a path that are drawn at most."""

_A_PATH = re.compile(r"[/\\~]|\.{1,2}[/\\]|[A-Za-z]:[/\\]")


@dataclass(frozen=True, slots=True)
class ModelRow:
    """A model to open or to download, or if neither, words between the others.

    Attributes:
        name: what it is called.
        words: what it is, or where.
        sign: what Enter does with it.
        wanted: opens it.
        hub: downloads it.
        guessed: it is only what was typed, and perhaps not all of it.
    """

    name: str
    words: str = ""
    sign: str = ""
    wanted: ModelWanted | None = None
    hub: HubName | None = None
    guessed: bool = False

    @property
    def choosable(self) -> bool:
        """Whether there is anything to do with it."""
        return self.wanted is not None or self.hub is not None

    @property
    def spoken(self) -> str:
        """The row in words."""
        parts = (self.name, self.words, self.sign)
        return ", ".join(visible(part, LONGEST) for part in parts if part)


def model_rows(typed: str, shelf: Shelf) -> list[ModelRow]:
    """What there is to choose when `typed` stands in the field: headings, and rows under them."""
    typed = typed.strip()
    rows: list[ModelRow] = []
    for heading, group in (
        ("Here", _here(shelf)),
        ("Opened lately", _recent(shelf)),
        (f"On {hub_host()}: layers × heads × width", _on_hub(shelf)),
    ):
        fitting = [row for row in group if _fits(row, typed)]
        rows += [ModelRow(heading), *fitting] if fitting else []
    if not typed:
        return rows
    path = typed_path(typed)
    if path is not None:
        return [_row_of(path), *rows]
    return [*rows, *_typed(typed, rows)]


def first_choice(typed: str, rows: Sequence[ModelRow]) -> int:
    """The row that is meant by `typed`: of that name, else the first with anything to do; or -1."""
    choices = [at for at, row in enumerate(rows) if row.choosable]
    named = [at for at in choices if rows[at].name == typed.strip() and not rows[at].guessed]
    return next(iter(named + choices), -1)


def why_none(typed: str) -> str:
    """Why nothing can be chosen for what was typed."""
    try:
        name = parse_hub_name(typed)
    except HubError as error:
        return error.sentence
    return f"There is no {name} here."


def typed_path(typed: str) -> Path | None:
    """The place on this computer that is meant, or None if none is.

    File managers copy a place in quotation marks, or as an address.
    """
    typed = typed.strip().strip("\"'")
    address = QUrl(typed)
    if address.isLocalFile():
        typed = address.toLocalFile()
    try:
        return Path(typed).expanduser() if _A_PATH.match(typed) else None
    except RuntimeError:  # of a person this computer does not know
        return Path(typed)


def short_path(path: Path) -> str:
    """A path as people write it, with ~ for their own folder."""
    try:
        return (Path("~") / path.relative_to(Path.home())).as_posix()
    except (ValueError, RuntimeError):
        return str(path)


def _typed(typed: str, others: Sequence[ModelRow]) -> Iterator[ModelRow]:
    """What was typed as a name on the hub, if it is one, and none of the others."""
    try:
        name = parse_hub_name(typed)
    except HubError:
        return
    if all(row.hub != name and row.name != str(name) for row in others):
        words = f"look for it on {hub_host()}"
        yield ModelRow(str(name), words, "download", hub=name, guessed=True)


def _row_of(path: Path) -> ModelRow:
    return ModelRow(path.name or str(path), short_path(path), "open", ModelWanted(path))


def _here(shelf: Shelf) -> Iterator[ModelRow]:
    yield ModelRow("bundled model", "comes with the program", "open", ModelWanted())
    for name, folder in sorted(shelf.downloaded.items()):
        version = folder.name.rpartition("@")[2]
        yield ModelRow(name, f"downloaded, version {version}", "open", ModelWanted(folder))


def _recent(shelf: Shelf) -> Iterator[ModelRow]:
    for path in shelf.recent:
        if path in shelf.downloaded.values():
            continue
        row = _row_of(path)
        if path in shelf.gone:
            row = replace(row, words=f"is not there any more: {row.words}", sign="", wanted=None)
        yield row


def _on_hub(shelf: Shelf) -> Iterator[ModelRow]:
    offered = {one.name: one.words for one in OFFERED}
    for name in dict.fromkeys([*sorted(shelf.begun), *offered, *sorted(shelf.downloaded)]):
        words, sign = offered.get(name, ""), "download"
        if name in shelf.downloaded:
            words, sign = "look for a newer version", "look"
        if name in shelf.begun:
            words, sign = f"begun: {in_bytes(shelf.begun[name])} are here", "go on"
        yield ModelRow(name, words, sign, hub=HubName(name))


def _fits(row: ModelRow, typed: str) -> bool:
    text = f"{row.name} {row.words}".casefold()
    return all(part in text for part in typed.casefold().split())


class ModelPainter(RowPainter):
    """Paints the name, what it is, and at the right end what Enter does."""

    def row_height(self, row: Row) -> int:
        return look.current().px(HEIGHT)

    def paint_row(self, painter: QPainter, area: QRect, row: Row, *, hovered: bool) -> None:
        if not isinstance(row, ModelRow):
            return
        style, rows = look.current(), self.parent()
        box = QRectF(area)
        chosen = isinstance(rows, RowList) and rows.chosen >= 0 and rows.rows[rows.chosen] == row
        if hovered or chosen:
            painter.fillRect(box, hover_tint())
        if chosen:
            outline(painter, box, style.colour("text"), 1)
        inside = box.adjusted(style.px(EDGE), 0, -style.px(EDGE), 0)
        painter.setPen(style.colour("text" if row.choosable else "muted"))
        if not row.choosable and not row.words:
            plain_text(painter, inside, visible(row.name, LONGEST), style.sans())
            return
        name = visible(row.name, LONGEST)
        plain_text(painter, inside, name, style.mono())
        painter.setPen(style.colour("muted"))
        sign = row.sign if hovered or chosen else ""
        end = look.text_width(style.sans(), sign) + style.px(GAP) if sign else 0
        plain_text(painter, inside, sign, style.sans(), RIGHT)
        begin = look.text_width(style.mono(), name) + style.px(GAP)
        words = inside.adjusted(begin, 0, -end, 0)
        if words.width() > style.px(GAP):
            plain_text(painter, words, visible(row.words, LONGEST), style.sans())
