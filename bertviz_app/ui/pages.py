"""Which page slides in at which action; the large ones are imported when they are opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bertviz_app.session.session import Session
from bertviz_app.ui.actions import key_table
from bertviz_app.ui.exhibit import HEADS, Exhibit
from bertviz_app.ui.sheets.page import SheetPage
from bertviz_app.ui.sheets.text_page import TextPage

if TYPE_CHECKING:
    from bertviz_app.ui.window import MainWindow

CONTINUES = "\N{NO-BREAK SPACE}"
"""The head of a paragraph that goes on with the one before: with none it would take its column."""


def page_bindings(window: MainWindow, session: Session) -> dict[str, Callable[[], object]]:
    """What the actions do that open a page, by name."""

    def opens(page: Callable[[], SheetPage]) -> Callable[[], None]:
        return lambda: window.open_sheet(page())

    return {
        "model.trust": opens(lambda: _trust_page(session)),
        "help.diagnostics": opens(window.diagnosis.page),
        "help.check": opens(window.diagnosis.page_of_check),
        "help.keys": opens(lambda: TextPage("All keys", key_table(window.actions_by_name.acts))),
    }


def _trust_page(session: Session) -> SheetPage:
    from bertviz_app.ui.sheets.trust import TrustPage

    return TrustPage(session.snapshot, session.ask)


def explanation(exhibit: Exhibit) -> SheetPage:
    """The page that explains a view or Answer, its paragraphs under their heads."""
    rows = [("What you see", exhibit.sees)]
    for paragraph in exhibit.explains.splitlines():
        head, colon, words = paragraph.partition(": ")
        rows.append((head, words) if colon and head in HEADS else (CONTINUES, paragraph))
    return TextPage(f"{exhibit.title} explained", rows)
