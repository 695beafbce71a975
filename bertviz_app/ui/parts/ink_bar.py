"""The bar that states a scale of sizes: ink is their root, from 0 to the largest."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage

from bertviz_app.analysis.scales import codes, curve
from bertviz_app.core.state import Scale
from bertviz_app.ui import look
from bertviz_app.ui.colours import image_of, ink_table
from bertviz_app.ui.parts.small_bar import SmallBar


class InkBar(SmallBar):
    """Says what a scale is of, and shows it from 0 to full ink."""

    def show_scale(self, full: float) -> None:
        """State that full ink means `full`."""
        most = f"{full:g}"
        self.state("0", most, f"{self._of}: ink is the square root, from 0 to {most}")

    def colours(self, width: int) -> QImage:
        inks = codes(curve(np.linspace(0, 1, width, dtype=np.float32), Scale.ROOT))
        return image_of(ink_table(look.current().theme)[inks][np.newaxis])
