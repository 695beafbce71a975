"""The views, one a file, in a folder a place: what stands there is found, nothing is registered."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path

from bertviz_app.ui.view import Pane, View

PLACES = {
    1: "tokens",
    2: "embeddings",
    3: "attention",
    4: "layers",
    5: "prediction",
    6: "experiments",
}
"""The folder of each place."""


@cache
def views_of(place: int) -> tuple[type[View], ...]:
    """The views of `place`, All before One, then by their order and the name of their file.

    They are imported with the first look at their place.
    """
    found = [
        thing
        for name in modules_of(place)
        for thing in vars(importlib.import_module(name)).values()
        if isinstance(thing, type) and issubclass(thing, View) and thing.__module__ == name
    ]
    panes = list(Pane)
    return tuple(
        sorted(found, key=lambda view: (panes.index(view.pane), view.order, view.__module__))
    )


def place_of(name: str) -> int:
    """The place of the view of this name, which is that of its file; nothing is imported.

    Raises:
        KeyError: there is no such view.
    """
    for place in PLACES:
        if any(module.endswith(f".{name}") for module in modules_of(place)):
            return place
    raise KeyError(name)


def view_modules() -> list[str]:
    """The modules of all views, to be imported before they are needed."""
    return [module for place in PLACES for module in modules_of(place)]


@cache
def modules_of(place: int) -> tuple[str, ...]:
    """The modules of the views of `place`; nothing is imported."""
    folder = PLACES[place]
    files = pkgutil.iter_modules([str(Path(__path__[0]) / folder)])
    return tuple(f"{__name__}.{folder}.{entry.name}" for entry in files)
