"""Tests of what is said when the model a window was to begin with does not open."""

from __future__ import annotations

from pathlib import Path

import pytest

from bertviz_app.core.errors import Fault
from bertviz_app.core.model_wanted import ModelWanted
from bertviz_app.core.request import UNCHANGED
from bertviz_app.core.saved_session import ModelReference
from bertviz_app.session.engines import OpenFailed
from bertviz_app.session.subject import Subject

WANTED = ModelWanted(Path("m"))
FAILED = OpenFailed(WANTED, Fault("m/config.json: there is no such file."))


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (ModelReference.to(WANTED), "The bundled model was opened instead."),
        (ModelReference(Path("m"), "m", "0f"), "The session is about this model: its text is"),
    ],
)
def test_only_of_the_model_of_a_session_it_is_said_that_one_is_about_it(
    model: ModelReference, words: str
) -> None:
    subject = Subject(model, lambda: None)
    left = subject.failed(FAILED, UNCHANGED)
    assert left is not None
    assert left.note.text.startswith(f"{FAILED.fault.sentence} {words}")
    assert subject.failed(FAILED, UNCHANGED) is None
