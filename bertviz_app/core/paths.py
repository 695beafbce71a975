"""Where the files that come with the program are: the model and the fonts."""

from __future__ import annotations

from pathlib import Path

SESSION_SUFFIX = ".bertviz.json"
"""How the names of session files end."""


def resources() -> Path:
    """The folder of bundled files: inside the installed package, else beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "resources"
    return installed if installed.is_dir() else package.parent / "resources"


def default_model() -> Path:
    """The folder of the model that opens when no other is asked for."""
    return resources() / "model"


def fonts() -> Path:
    """The folder of the bundled fonts and their licence."""
    return resources() / "fonts"
