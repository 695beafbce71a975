"""The view and the question in CONTRIBUTING.md work as they stand there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from bertviz_app.core.request import Request
from bertviz_app.inference import jobs
from bertviz_app.inference.load import load_engine
from bertviz_app.ui.view import View
from tests.fixtures.tiny_models import TinyFolder
from tests.synthetic import snapshot as synthetic

GUIDE = Path(__file__).parents[1] / "CONTRIBUTING.md"


def names_of(snippet: int) -> dict[str, Any]:
    """What a snippet of the guide defines."""
    found = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(found[snippet], "CONTRIBUTING.md", "exec"), names)
    return names


@pytest.mark.parametrize("tokens", [3, 40])
def test_view_of_the_guide_draws(qtbot: QtBot, tokens: int) -> None:
    kind = names_of(0)["Sureness"]
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


def test_question_of_the_guide_is_answered(
    tiny_folder: TinyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    names, engine = names_of(1), load_engine(tiny_folder())
    kind = names["Certainty"]
    monkeypatch.setattr(jobs, "ANSWERS", {**jobs.ANSWERS, kind: names["certainty"]})
    texts = ("the woman [MASK] her hands", "she [MASK]")
    reports = list(engine.job(kind(texts)))
    best = tuple(engine(Request(text)).predictions[0].candidates[0].probability for text in texts)
    assert reports[-1].answer == pytest.approx(best)
    assert [(report.done, report.total) for report in reports] == [(1, 2), (2, 2)]
