"""The views: every file of this folder with a `View` in it is found, nothing is registered."""

from __future__ import annotations

import importlib
import pkgutil

from bertviz_app.ui.view import Pane, View


def discover_views() -> tuple[type[View], ...]:
    """All views, sorted by place, All before One, their order and the name of their file."""
    found = []
    for entry in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{entry.name}")
        found += [
            thing
            for thing in vars(module).values()
            if isinstance(thing, type)
            and issubclass(thing, View)
            and thing.__module__ == module.__name__
        ]
    panes = list(Pane)
    return tuple(
        sorted(
            found,
            key=lambda view: (view.place, panes.index(view.pane), view.order, view.__module__),
        )
    )
