"""The package gives scripts their names, each loaded when it is first used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import bertviz_app


def test_every_public_name_is_there() -> None:
    assert set(bertviz_app.__all__) <= set(dir(bertviz_app))
    for name in bertviz_app.__all__:
        assert getattr(bertviz_app, name).__name__ == name


def test_other_names_are_not() -> None:
    with pytest.raises(AttributeError, match="Nothing"):
        _ = bertviz_app.Nothing  # type: ignore[attr-defined]


def test_a_request_needs_no_torch() -> None:
    program = (
        "import sys; from bertviz_app import Capture, Interventions, Request, Trace\n"
        "assert not {'torch', 'PySide6', 'tokenizers'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(__file__).parents[1])
