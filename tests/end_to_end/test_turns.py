"""After an answer the parts of the window are drawn in turns; the status says last that all is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bertviz_app.core.snapshot import Snapshot
from bertviz_app.ui.answer.answer import AnswerPane
from bertviz_app.ui.status_line import StatusLine
from bertviz_app.ui.view import View
from tests.fixtures.desk import Desk


def test_the_status_is_up_to_date_when_all_that_is_seen_is(
    open_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, told = open_desk(), list[tuple[str, str]]()

    def noted(
        show: Callable[[object, Snapshot], None], name: str
    ) -> Callable[[object, Snapshot], None]:
        def show_and_note(part: object, snapshot: Snapshot) -> None:
            show(part, snapshot)
            visible = not isinstance(part, View) or part.isVisible()
            if visible and snapshot.answer is not None:
                told.append((name, snapshot.answer.shown.request.text))

        return show_and_note

    for kind in (AnswerPane, View, StatusLine):
        monkeypatch.setattr(kind, "show_snapshot", noted(kind.show_snapshot, kind.__name__))
    desk.retype("The man washed [MASK] hands.")
    new = [name for name, text in told if text == "The man washed [MASK] hands."]
    # A part that still waits with an older answer keeps its turn, so others may come before it.
    assert sorted(new[: new.index("StatusLine")]) == ["AnswerPane", "View", "View"]
