"""A slider from the embedding to the last layer that takes its time on the way."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QSignalBlocker, Qt, QVariantAnimation, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QStyle, QWidget

from bertviz_app.core.lens import Depth
from bertviz_app.ui import look
from bertviz_app.ui.parts.lens_words import layer_name

WIDTH, NAME = 140, 64
"""Pixels of the slider, and of the name of the layer."""


class LayerSlider(QWidget):
    """Chooses a layer; where the system wants no animations, it is there at once.

    Signals:
        moved(float): how deep it is now: 0 at the embedding, between two layers on the way.
    """

    moved = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._deep = 0.0
        self._first_number = 1
        self._slider = QSlider(Qt.Orientation.Horizontal, self)
        self._slider.setAccessibleName("Layer")
        self._slider.setFixedWidth(look.current().px(WIDTH))
        self._slider.valueChanged.connect(self._on_value_changed)
        self._name = QLabel(self)
        self._name.setFixedWidth(look.current().px(NAME))
        self._way = QVariantAnimation(self)
        self._way.setEasingCurve(QEasingCurve.Type.InOutQuad)
        self._way.valueChanged.connect(self._on_way)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._slider)
        row.addWidget(self._name)

    @property
    def layer(self) -> int:
        """The layer that is chosen; 0 is the embedding."""
        return self._slider.value()

    @property
    def deep(self) -> float:
        """How deep it is on the way there."""
        return self._deep

    def show_layers(self, layers: int, first_number: int) -> None:
        """Offer so many layers, of which the first is called `first_number`; start at the last."""
        self._first_number = first_number
        if layers != self._slider.maximum() or not self._name.text():
            with QSignalBlocker(self._slider):
                self._slider.setRange(0, layers)
                self._slider.setValue(layers)
            self._way.stop()
            self._deep = float(layers)
        self._name.setText(self._words())

    def choose(self, layer: int) -> None:
        """Go to a layer."""
        self._slider.setValue(layer)

    def rest(self) -> None:
        """Be where it goes: nobody looks."""
        self._way.stop()
        self._deep = float(self._slider.value())

    def _words(self) -> str:
        name = layer_name(Depth(self.layer), self._first_number)
        return f"layer {name}" if self.layer else name

    @Slot(int)
    def _on_value_changed(self, layer: int) -> None:
        self._name.setText(self._words())
        hint = QStyle.StyleHint.SH_Widget_Animation_Duration
        self._way.stop()
        self._way.setDuration(max(self.style().styleHint(hint, None, self), 0))
        self._way.setStartValue(self._deep)
        self._way.setEndValue(float(layer))
        self._way.start()

    @Slot(object)
    def _on_way(self, deep: object) -> None:
        if isinstance(deep, int | float):
            self._deep = float(deep)
            self.moved.emit(self._deep)
