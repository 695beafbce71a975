"""What a right click on a token offers, wherever the token stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from bertviz_app.analysis.visible import isolated, visible
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick
from bertviz_app.core.trace import Trace
from bertviz_app.ui.parts.menu import Act, pop_up
from bertviz_app.ui.parts.pieces import edit_at


def pop_up_token_menu(
    parent: QWidget,
    where: QPoint,
    snapshot: Snapshot,
    token: int,
    picked: Callable[[Pick], object],
    hidden: Callable[[int, bool], object],
    more: Sequence[Act] = (),
) -> None:
    """Open the menu of the token at position `token` at a point of the screen.

    `more` is what else can be done there.
    """
    trace = snapshot.trace
    if trace is None:
        return
    name = isolated(visible(trace.encoding.tokens[token]))
    acts: list[Act] = [
        (f"Follow what {name} looks at", lambda: picked(Pick(token=token))),
        (f"Follow who looks at {name}", lambda: picked(Pick(second=token))),
    ]
    edit = edit_at(snapshot, token)
    if edit:
        acts.append((edit[0].upper() + edit[1:], lambda: hidden(token, False)))
    if _has_more_pieces(trace, token):
        acts.append(("Hide its word, one [MASK] a piece", lambda: hidden(token, True)))
    pop_up(parent, where, [*acts, *more])


def _has_more_pieces(trace: Trace, token: int) -> bool:
    tokens = trace.encoding.tokens
    return tokens[token].startswith("##") or any(
        after.startswith("##") for after in tokens[token + 1 : token + 2]
    )
