"""What is copied, in an object that Qt itself made.

The clipboard keeps what it was given until after Python has ended. An object of a Python class
would then be asked for its content by code that is gone, which kills the process (seen with
Qt 6.11 on its offscreen platform).
"""

from __future__ import annotations

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage, QStandardItem, QStandardItemModel


def mime_data(text: str = "", image: QImage | None = None) -> QMimeData:
    """Plain text, a picture, or both."""
    # The one public way to have Qt make an empty one: what a model says of one of its rows.
    model = QStandardItemModel()
    model.appendRow(QStandardItem())
    data = model.mimeData([model.index(0, 0)])
    data.clear()
    if image is not None:
        data.setImageData(image)
    if text:
        data.setText(text)
    return data
