"""A legend: what says which colour means which number, and goes into a figure with its picture."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


class Legend(QWidget):
    """The base of the bars that state a scale."""
