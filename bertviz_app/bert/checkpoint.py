"""Weights of a folder: found, checked before anything is allocated, read one tensor at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from bertviz_app.bert.files import label, printable, unreadable
from bertviz_app.bert.matching import Plan, match
from bertviz_app.bert.names import Slot
from bertviz_app.bert.safetensors_header import read_header
from bertviz_app.core.errors import ModelError
from bertviz_app.core.facts import LoadReport
from bertviz_app.core.spec import ModelSpec

WEIGHTS = "model.safetensors"

_PICKLE = "weights as a Python pickle, which can run any program"

# What a folder may hold instead; the first that fits is said.
_OTHERS = (
    ("*.safetensors.index.json", "the list of weights that are split over several files"),
    ("adapter_model.*", "an adapter, which is no model by itself"),
    ("*.safetensors", "weights under another name"),
    ("*.bin", _PICKLE),
    ("*.bin.index.json", _PICKLE),
    ("*.pt", _PICKLE),
    ("*.pth", _PICKLE),
    ("*.ckpt*", "weights of TensorFlow or of a training program"),
    ("*.h5", "weights for TensorFlow"),
    ("*.msgpack", "weights for Flax"),
    ("*.onnx", "a model for ONNX"),
    ("*.gguf", "a model for llama.cpp"),
)


@dataclass(frozen=True, eq=False)
class Weights:
    """The parameters of a `Bert` in float32, by their names there.

    Attributes:
        tensors: what `Bert.load_state_dict` takes; a tied decoder is the very tensor of the
            token table.
        has_mlm: the word-prediction head is among them.
        has_nsp: the pooler and the next-sentence head are among them.
        report: how the names were matched.
    """

    tensors: dict[str, Tensor] = field(repr=False)
    has_mlm: bool
    has_nsp: bool
    report: LoadReport

    @property
    def parameters(self) -> int:
        """How many numbers were learned, tied weights counted once."""
        once = {id(tensor): tensor.numel() for tensor in self.tensors.values()}
        return sum(once.values())


def read_weights(folder: Path, spec: ModelSpec) -> Weights:
    """The weights in `folder` for a network of this shape.

    At no time is there more in memory than the weights and one tensor of the file.

    Raises:
        ModelError: there is no model.safetensors, it is damaged, or it does not fit `spec`
            (`match` says how).
    """
    path = find_weights(folder)
    plan = match(read_header(path), spec, label(path))
    try:
        tensors = _read(path, plan)
    except OSError as error:
        raise unreadable(path, error) from error
    except (SafetensorError, ValueError) as error:
        raise ModelError(
            f"{label(path)}: damaged, or changed while it was read; download it again.",
            printable(str(error)),
        ) from error
    except (MemoryError, RuntimeError) as error:  # the latter is torch's word for no memory
        raise ModelError(
            f"{label(path)}: there is not enough memory for these weights.", printable(str(error))
        ) from error
    return Weights(tensors, plan.has_mlm, plan.has_nsp, plan.report)


def find_weights(folder: Path) -> Path:
    """The file of `folder` that holds the weights.

    Raises:
        ModelError: there is none that this program opens; the sentence says what is there.
    """
    path = folder / WEIGHTS
    if path.exists() or path.is_symlink():
        return path
    problem = f"{label(path)}: there is no such file, and this program opens no other"
    for pattern, meaning in _OTHERS:
        found = sorted(folder.glob(pattern))
        if found:
            raise ModelError(f"{problem}; {printable(found[0].name)} holds {meaning}.", str(folder))
    raise ModelError(f"{problem}.", str(folder))


def _read(path: Path, plan: Plan) -> dict[str, Tensor]:
    tensors: dict[str, Tensor] = {}
    # Not a mapping: a file that is replaced or cut while mapped ends the program.
    with safe_open(path, framework="pt", backend="pread") as file:
        for name, slot in plan.sources.items():
            _place(tensors, slot, file.get_tensor(name))
    if plan.has_mlm:
        table, decoder = tensors["embeddings.token.weight"], tensors.get("mlm.decoder.weight")
        if decoder is None or torch.equal(decoder, table):
            tensors["mlm.decoder.weight"] = table
        if "mlm.decoder.bias" not in tensors:
            tensors["mlm.decoder.bias"] = torch.zeros(len(table))
    return tensors


def _place(tensors: dict[str, Tensor], slot: Slot, tensor: Tensor) -> None:
    """Put what was published as `tensor` into its parameter."""
    if tensor.shape != slot.shape or not tensor.is_floating_point():
        raise ValueError(f"{slot.parameter}: found {tensor.dtype}, {tuple(tensor.shape)}")
    if slot.rows == len(tensor):
        tensors[slot.parameter] = tensor.to(torch.float32)
        return
    if slot.parameter not in tensors:
        tensors[slot.parameter] = torch.empty(slot.rows, *slot.shape[1:])
    tensors[slot.parameter][slot.row : slot.row + len(tensor)] = tensor
