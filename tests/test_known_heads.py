"""A BERT whose heads are known in closed form, read back from the pixels of the window.

Its one layer has two heads: head 1 looks at the token before, head 2 at the token after. Positions
are unit vectors, so query and key of two positions meet only where they should.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from safetensors.numpy import save_file

from bertviz_app.core.model_wanted import ModelWanted
from bertviz_app.core.state import Pick
from bertviz_app.session import gestures
from bertviz_app.ui.parts.map_picture import MapPicture
from bertviz_app.ui.parts.mosaic_picture import MosaicPicture
from tests.fixtures.desk import Desk

POSITIONS = 8
WIDTH = 2 * POSITIONS
PIECES = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "c", "d", "e", "f")
SHARPNESS = 40.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The model, as a folder."""
    config = {
        "model_type": "bert",
        "hidden_size": WIDTH,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "intermediate_size": 4,
        "vocab_size": len(PIECES),
        "max_position_embeddings": POSITIONS,
        "type_vocab_size": 2,
        "hidden_act": "gelu",
    }
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (tmp_path / "vocab.txt").write_text("\n".join(PIECES) + "\n", encoding="utf-8")
    save_file(_weights(), tmp_path / "model.safetensors")
    return tmp_path


def test_head_of_the_token_before_is_not_drawn_as_the_one_after(
    open_desk: Callable[..., Desk], folder: Path
) -> None:
    desk = open_desk("--text", "a b c d e f", "--theme", "light", bundled=False)
    desk.session.open_model(ModelWanted(folder))
    desk.settle()
    desk.window.open_view("attention")
    tokens = POSITIONS
    for head, step in ((0, -1), (1, 1)):
        desk.session.do(gestures.picked(desk.snapshot, Pick(layer=0, head=head)))
        assert desk.snapshot.head == (0, head)
        ink = map_ink(desk.view("attention").findChild(MapPicture), tokens)
        for query in range(tokens):
            key = query + step
            if 0 <= key < tokens:
                assert ink[query].argmax() == key, f"head {head + 1}, row {query}"
                assert ink[query, key] > 0.85
                assert np.delete(ink[query], key).max() < 0.2
    tiles = mosaic_ink(desk.view("all_heads").findChild(MosaicPicture), tokens)
    for tile, step in zip(tiles, (-1, 1), strict=True):
        assert np.diagonal(tile, step).min() > 0.85
        assert np.diagonal(tile, -step).max() < 0.2


def map_ink(picture: MapPicture, tokens: int) -> np.ndarray:
    """How dark the middle of each cell is painted, 0 paper to 1 (T, T); off-centre for values."""
    image, layout = picture.viewport().grab().toImage(), picture.layout_now
    assert layout is not None
    area = layout.cells
    cell = area.width() / tokens
    return np.array(
        [
            [
                darkness(image, area.x() + (key + 0.12) * cell, area.y() + (query + 0.12) * cell)
                for key in range(tokens)
            ]
            for query in range(tokens)
        ]
    )


def mosaic_ink(picture: MosaicPicture, tokens: int) -> list[np.ndarray]:
    """How dark each cell of the two small maps is painted, each (T, T)."""
    image = picture.viewport().grab().toImage()
    found = []
    for head in range(2):
        tile = picture.tile((0, head))
        cell = tile.width() / tokens
        found.append(
            np.array(
                [
                    [
                        darkness(image, tile.x() + (k + 0.5) * cell, tile.y() + (q + 0.5) * cell)
                        for k in range(tokens)
                    ]
                    for q in range(tokens)
                ]
            )
        )
    return found


def darkness(image: QImage, x: float, y: float) -> float:
    """1 for ink, 0 for paper."""
    return 1 - QColor(image.pixel(round(x), round(y))).lightnessF()


def _weights() -> dict[str, np.ndarray]:
    rows = np.eye(POSITIONS, dtype=np.float32)
    # Row i is the unit vector of the position that token i looks at.
    looks = {"before": np.roll(rows, -1, axis=1), "after": np.roll(rows, 1, axis=1)}
    query = np.zeros((WIDTH, WIDTH), np.float32)
    key = np.zeros((WIDTH, WIDTH), np.float32)
    for number, name in enumerate(("before", "after")):
        part = slice(number * POSITIONS, (number + 1) * POSITIONS)
        query[part, :POSITIONS] = SHARPNESS * looks[name].T
        key[part, :POSITIONS] = rows
    position = np.concatenate([rows, np.zeros_like(rows)], axis=1)
    layer = "bert.encoder.layer.0"
    weights = {
        "bert.embeddings.word_embeddings.weight": np.zeros((len(PIECES), WIDTH), np.float32),
        "bert.embeddings.token_type_embeddings.weight": np.zeros((2, WIDTH), np.float32),
        "bert.embeddings.position_embeddings.weight": position,
        f"{layer}.attention.self.query.weight": query,
        f"{layer}.attention.self.key.weight": key,
        f"{layer}.attention.self.value.weight": np.eye(WIDTH, dtype=np.float32),
        f"{layer}.attention.output.dense.weight": np.zeros((WIDTH, WIDTH), np.float32),
        f"{layer}.intermediate.dense.weight": np.zeros((4, WIDTH), np.float32),
        f"{layer}.output.dense.weight": np.zeros((WIDTH, 4), np.float32),
    }
    biases = {
        name.replace("weight", "bias"): np.zeros(array.shape[0], np.float32)
        for name, array in weights.items()
        if name.startswith(layer)
    }
    norms = {}
    for name in ("bert.embeddings", f"{layer}.attention.output", f"{layer}.output"):
        norms[f"{name}.LayerNorm.weight"] = np.ones(WIDTH, np.float32)
        norms[f"{name}.LayerNorm.bias"] = np.zeros(WIDTH, np.float32)
    return weights | biases | norms
