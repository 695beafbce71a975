"""Look inside BERT while you type: the names scripts use, loaded when they are first used.

Example:
    from bertviz_app import Request, load_engine
    trace = load_engine()(Request("She is a [MASK] engineer."))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bertviz_app.core.errors import BertVizError
    from bertviz_app.core.lens import Lens
    from bertviz_app.core.request import Capture, Interventions, Request
    from bertviz_app.core.trace import Trace
    from bertviz_app.inference.load import load_engine

__all__ = [
    "BertVizError",
    "Capture",
    "Interventions",
    "Lens",
    "Request",
    "Trace",
    "load_engine",
]
__version__ = "0.1.0"

_HOMES = {
    "BertVizError": "bertviz_app.core.errors",
    "Capture": "bertviz_app.core.request",
    "Interventions": "bertviz_app.core.request",
    "Lens": "bertviz_app.core.lens",
    "Request": "bertviz_app.core.request",
    "Trace": "bertviz_app.core.trace",
    "load_engine": "bertviz_app.inference.load",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
