"""The menu of a word: follow it, ask about it, put it into the blank."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from bertviz_app.analysis.visible import isolated, visible
from bertviz_app.core.state import Pick
from bertviz_app.ui.parts.menu import Act, pop_up


def pop_up_word_menu(
    parent: QWidget,
    where: QPoint,
    word: str,
    picked: Callable[[Pick], object],
    fill: Callable[[], object] | None,
) -> None:
    """Open the menu of a word at a point of the screen.

    Args:
        parent: what it belongs to.
        where: the point.
        word: as the vocabulary writes it.
        picked: keeps the word.
        fill: puts it into the blank; None where there is none.
    """
    said = isolated(visible(word))
    acts: list[Act] = [
        (f"Follow {said}", partial(picked, Pick(word=word))),
        (f"What about {said}?", partial(picked, Pick(word=word, also=True))),
    ]
    if fill is not None:
        acts.append((f"Put {said} into the blank", fill))
    pop_up(parent, where, acts)
