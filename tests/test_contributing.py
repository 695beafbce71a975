"""The view in CONTRIBUTING.md works as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bertviz_app.ui.view import View
from tests.synthetic import snapshot as synthetic

GUIDE = Path(__file__).parents[1] / "CONTRIBUTING.md"


@pytest.mark.parametrize("tokens", [3, 40])
def test_view_of_the_guide_draws(qtbot: QtBot, tokens: int) -> None:
    snippet = re.search(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert snippet is not None
    names: dict[str, object] = {}
    exec(compile(snippet.group(1), "CONTRIBUTING.md", "exec"), names)
    kind = names["Sureness"]
    assert isinstance(kind, type)
    assert issubclass(kind, View)
    view = kind()
    qtbot.addWidget(view)
    view.show()
    snapshot = synthetic(T=tokens)
    view.show_snapshot(snapshot)
    assert snapshot.trace is not None
    value = snapshot.trace.attention[0, 0].max(axis=-1).mean()
    assert view.readout == f"layer 1, head 1: {value:.2f}"
