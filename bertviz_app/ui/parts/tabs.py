"""How a row of tabs looks: words over a line, the chosen one over a dark line."""

from __future__ import annotations

from bertviz_app.ui import look


def tab_style() -> str:
    """The style sheet of a `QTabBar` in the look in force."""
    style = look.current()
    names = ("text", "muted", "hairline")
    text, muted, hairline = (style.colour(name).name() for name in names)
    return (
        f"QTabBar::tab {{ color: {muted}; background: transparent; border: none;"
        f" border-bottom: 2px solid {hairline};"
        f" padding: {style.px(4)}px {style.px(10)}px {style.px(3)}px; }}"
        f"QTabBar::tab:selected {{ color: {text}; border-bottom-color: {text}; }}"
        f"QTabBar::tab:hover {{ color: {text}; }}"
        f"QTabBar {{ outline: none; }}"
        f"QTabBar::tab:selected:focus {{ background: {hairline}; }}"
    )
