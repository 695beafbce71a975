"""The bar that states a signed scale: which colour means which number."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage

from bertviz_app.ui import look
from bertviz_app.ui.colours import image_of, signed_table
from bertviz_app.ui.numbers import MINUS
from bertviz_app.ui.parts.small_bar import SmallBar


class SignedBar(SmallBar):
    """Says what a scale is of, and shows it from -full over 0 to +full and beyond."""

    def show_scale(self, full: float) -> None:
        """State that full colour means `full` or more in size."""
        said = f"{self._of}: from {MINUS}{full:g} or less over 0 to +{full:g} or more"
        self.state(f"≤ {MINUS}{full:g}", f"≥ +{full:g}", said)

    def colours(self, width: int) -> QImage:
        return image_of(np.ascontiguousarray(signed_table(look.current().theme)[None, :-1]))
