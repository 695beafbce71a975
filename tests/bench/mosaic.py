"""All maps composed and painted at 1600 × 1000 against 144 image items of pyqtgraph."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, cycle

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from bertviz_app.analysis.fold import Fold
from bertviz_app.analysis.weights import EveryHead
from bertviz_app.app import make_application
from bertviz_app.core.state import Scale, ViewOptions
from bertviz_app.ui.parts.mosaic_composition import Mosaic
from bertviz_app.ui.parts.mosaic_marks import TileMarks
from bertviz_app.ui.parts.mosaic_picture import MosaicPicture
from tests.bench.table import Figure, interleaved

LAYERS, HEADS = 12, 12
SIZE = (1600, 1000)
TARGETS = {16: (20.0, 1.0), 128: (5.0, 5.0), 512: (3.0, 20.0)}
"""Times that image items take, or else milliseconds, by the number of tokens."""


def figures() -> Iterator[Figure]:
    """New maps each time, drawn into a kept image; both sides render the same way."""
    application = QApplication.instance() or make_application()
    for tokens, (target, limit) in TARGETS.items():
        maps = [_maps(tokens, seed) for seed in range(4)]
        ours, theirs = _Ours(maps, tokens), _Theirs(maps)
        median = interleaved({"ours": ours.draw, "theirs": theirs.draw}, rounds=30)
        ratio = median["theirs"] / median["ours"]
        yield Figure(
            f"144 maps, T = {tokens}: 144 ImageItems / ours "
            f"({median['theirs'] * 1e3:.1f} / {median['ours'] * 1e3:.1f} ms)",
            f"{ratio:.1f} ×",
            f"≥ {target:g} ×, or ≤ {limit:g} ms",
            ratio >= target or median["ours"] * 1e3 <= limit,
        )
        for side in (ours, theirs):
            side.widget.deleteLater()
        application.processEvents()


class _Ours:
    def __init__(self, maps: list[np.ndarray], tokens: int) -> None:
        self.widget = MosaicPicture()
        self._target = _sized(self.widget)
        fold = Fold.of(tuple(f"w{number}" for number in range(tokens)), ViewOptions())
        self._mosaics = cycle([Mosaic(EveryHead(one), None, fold, Scale.ROOT) for one in maps])

    def draw(self) -> None:
        self.widget.show_mosaic(next(self._mosaics), TileMarks())
        self.widget.finish()
        self.widget.viewport().render(self._target)


class _Theirs:
    def __init__(self, maps: list[np.ndarray]) -> None:
        self._maps, self._turn = maps, count()
        view = pg.GraphicsLayoutWidget()
        self.widget = view
        self._target = _sized(view)
        box = view.addViewBox(lockAspect=True, invertY=True, enableMouse=False)
        colours = pg.colormap.get("viridis").getLookupTable(nPts=256)
        self._items = []
        for layer in range(LAYERS):
            for head in range(HEADS):
                item = pg.ImageItem(axisOrder="row-major", levels=(0, 1), lut=colours)
                item.setImage(maps[0][layer, head], autoLevels=False)
                item.setRect(head * 1.05, layer * 1.05, 1, 1)
                box.addItem(item)
                self._items.append(item)

    def draw(self) -> None:
        maps = self._maps[next(self._turn) % len(self._maps)]
        for item, one in zip(self._items, maps.reshape(-1, *maps.shape[2:]), strict=True):
            item.setImage(one, autoLevels=False)
        self.widget.viewport().render(self._target)


def _sized(widget: QWidget) -> QImage:
    widget.resize(*SIZE)
    widget.show()
    QApplication.processEvents()
    return QImage(*SIZE, QImage.Format.Format_RGB32)


def _maps(tokens: int, seed: int) -> np.ndarray:
    weights = np.random.default_rng(seed).random((LAYERS, HEADS, tokens, tokens), np.float32) ** 8
    return weights / weights.sum(axis=-1, keepdims=True)
