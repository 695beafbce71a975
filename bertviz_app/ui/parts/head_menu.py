"""What a right click on a head offers, wherever the head stands."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint

from bertviz_app.core.changes import head_name, toggled
from bertviz_app.core.request import Head
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.ui.parts.menu import Act, pop_up
from bertviz_app.ui.view import View


def pop_up_head_menu(
    view: View, where: QPoint, snapshot: Snapshot, head: Head, more: Sequence[Act] = ()
) -> None:
    """Open the menu of a head at a point of the screen; `view` asks for what is chosen.

    `more` is what else can be done there.
    """
    changes, name = snapshot.state.interventions, head_name(*head, snapshot.options.first_number)
    silenced = head in changes.heads_off
    words = f"Let head {name} speak again" if silenced else f"Silence head {name}"
    pop_up(view, where, [(words, lambda: view.intervened.emit(toggled(changes, head))), *more])
