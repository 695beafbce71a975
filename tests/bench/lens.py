"""The lens over all tokens and layers against the forward and the decoder it cannot do without."""

from __future__ import annotations

from collections.abc import Iterator

import torch

from bertviz_app.bert.machine import can_pack
from bertviz_app.core.lens import Lens
from bertviz_app.core.paths import default_model
from bertviz_app.core.request import Capture, Request
from bertviz_app.inference.load import load_engine
from tests.bench.table import Figure, interleaved
from tests.bert.networks import open_network

TARGET = 1.5
TOKENS = (16, 64)


def figures() -> Iterator[Figure]:
    """The shipped model, every token after every layer, one [MASK]."""
    engine = load_engine()
    network = open_network(default_model(), "packed" if can_pack() else "plain")
    head, spec = network.mlm, engine.facts.spec
    if head is None:
        raise RuntimeError("the shipped model has no word-prediction head")
    for tokens in TOKENS:
        text = " ".join(["the"] * (tokens - 3) + ["[MASK]"])
        plain = Request(text)
        asked = Request(text, capture=Capture(lens=Lens(positions=tuple(range(tokens)))))
        states = torch.as_tensor(engine(plain).hidden[1:].copy()).flatten(0, 1)  # (L * T, W)
        if len(states) != spec.layers * tokens:
            raise RuntimeError(f"the text has not {tokens} pieces")

        def floor(plain: Request = plain, states: torch.Tensor = states) -> None:
            engine(plain)
            with torch.inference_mode():
                for rows in states.split(96):
                    head(rows)

        median = interleaved({"floor": floor, "lens": lambda a=asked: engine(a)}, rounds=20)
        ratio = median["lens"] / median["floor"]
        yield Figure(
            f"lens, T = {tokens}, all layers: with the reading / forward and decoder alone "
            f"({median['lens'] * 1e3:.1f} / {median['floor'] * 1e3:.1f} ms)",
            f"{ratio:.2f} ×",
            f"≤ {TARGET} ×" if tokens == 16 else "reported",
            ratio <= TARGET or tokens != 16,
        )
