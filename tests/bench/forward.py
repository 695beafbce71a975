"""The exact forward of a base-size model against transformers' eager one, in one process."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import torch

from bertviz_app.bert.linear import Linear, PackedLinear
from bertviz_app.core.request import Request
from bertviz_app.core.spec import ModelSpec
from bertviz_app.inference.load import load_engine
from tests.bench.table import Figure, interleaved

TARGETS = {16: 3.0, 64: 3.0, 128: 2.7}
WORD = "a"


def figures() -> Iterator[Figure]:
    """Speed-up with attention and all hidden states kept, one [MASK], random weights."""
    with tempfile.TemporaryDirectory() as folder:
        theirs = base_size(folder)
        ours = load_engine(folder)
    for tokens, target in TARGETS.items():
        request = Request(text_of(tokens))
        ids = torch.tensor([ours(request).encoding.ids])
        if ids.shape != (1, tokens):
            raise RuntimeError(f"the text has {ids.shape[1]} pieces, not {tokens}")
        median = interleaved(
            {
                "theirs": lambda ids=ids: _eager(theirs, ids),
                "ours": lambda request=request: ours(request),
            },
            rounds=20,
        )
        ratio = median["theirs"] / median["ours"]
        yield Figure(
            f"base size, T = {tokens}: transformers eager / ours "
            f"({median['theirs'] * 1e3:.1f} / {median['ours'] * 1e3:.1f} ms)",
            f"{ratio:.2f} ×",
            f"≥ {target} ×",
            ratio >= target,
        )
        yield _over_the_floor(ours.facts.spec, tokens, median["ours"])


def base_size(folder: str) -> torch.nn.Module:
    """A base-size BERT of transformers with random weights, which it also writes to `folder`."""
    from transformers import BertConfig, BertForMaskedLM

    torch.manual_seed(0)
    # Eager attention returns the weights; the fused kernels do not.
    config = BertConfig(attn_implementation="eager")
    network: torch.nn.Module = BertForMaskedLM(config).eval()
    network.save_pretrained(folder)
    _write_vocabulary(Path(folder), config.vocab_size)
    return network


def text_of(tokens: int) -> str:
    """A text of so many tokens, the added ones among them; the last typed one is [MASK]."""
    return " ".join([WORD] * (tokens - 3) + ["[MASK]"])


def _over_the_floor(spec: ModelSpec, tokens: int, seconds: float) -> Figure:
    """How far a forward is from its matrix products alone, at this machine's own peak."""
    per_token = spec.layers * (4 * spec.width**2 + 2 * spec.width * spec.feed_forward)
    products = 2 * (tokens * per_token + spec.width * (spec.vocabulary + spec.width))
    rate = peak(spec)
    floor = products / rate
    return Figure(
        f"base size, T = {tokens}: ours / its matrix products at the packed peak "
        f"({rate / 1e9:.0f} GFLOP/s, {floor * 1e3:.1f} ms)",
        f"{seconds / floor:.2f} ×",
        "reported",
        True,
    )


@torch.inference_mode()
def peak(spec: ModelSpec) -> float:
    """Operations a second of one packed layer on 512 rows, the best of 20."""
    layer, x = PackedLinear(Linear(spec.width, spec.feed_forward)), torch.ones(512, spec.width)
    seconds = []
    for _ in range(20):
        start = time.perf_counter()
        layer(x)
        seconds.append(time.perf_counter() - start)
    return 2 * len(x) * spec.width * spec.feed_forward / min(seconds)


@torch.inference_mode()
def _eager(model: torch.nn.Module, ids: torch.Tensor) -> object:
    return model(ids, output_attentions=True, output_hidden_states=True)


def _write_vocabulary(folder: Path, size: int) -> None:
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", WORD]
    pieces += [f"[unused{number}]" for number in range(size - len(pieces))]
    (folder / "vocab.txt").write_text("\n".join(pieces) + "\n", encoding="utf-8")
