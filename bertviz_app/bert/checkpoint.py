"""Weights of a folder: found, checked before anything is allocated, read one tensor at a time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from bertviz_app.bert.examination import examined
from bertviz_app.bert.files import label, printable, unreadable
from bertviz_app.bert.matching import Plan, match
from bertviz_app.bert.names import Slot, is_transposed
from bertviz_app.bert.pickled import NO_PICKLE, PickleTerms, copied
from bertviz_app.bert.safetensors_header import TensorInfo
from bertviz_app.bert.weight_files import PICKLE, PICKLE_INDEX, Headers, find_weights, read_headers
from bertviz_app.core.amounts import in_bytes
from bertviz_app.core.errors import ModelError
from bertviz_app.core.facts import LoadReport
from bertviz_app.core.memory import free_memory
from bertviz_app.core.origin import TensorRead
from bertviz_app.core.spec import ModelSpec


@dataclass(frozen=True, eq=False)
class Weights:
    """The parameters of a `Bert` in float32, by their names there.

    Attributes:
        tensors: what `Bert.load_state_dict` takes; a tied decoder is the very tensor of the
            token table.
        has_mlm: the word-prediction head is among them.
        has_nsp: the pooler and the next-sentence head are among them.
        report: how the names were matched.
        read: what was found in each tensor of the file.
    """

    tensors: dict[str, Tensor] = field(repr=False)
    has_mlm: bool
    has_nsp: bool
    report: LoadReport
    read: tuple[TensorRead, ...] = field(repr=False)

    @property
    def parameters(self) -> int:
        """How many numbers were learned, tied weights counted once."""
        once = {id(tensor): tensor.numel() for tensor in self.tensors.values()}
        return sum(once.values())


def read_weights(folder: Path, spec: ModelSpec, terms: PickleTerms = NO_PICKLE) -> Weights:
    """The weights in `folder` for a network of this shape; a pickle only if `terms` allow it.

    Raises:
        ConsentError: there is only a pickle, and it is not allowed.
        ModelError: there are no weights, or as `read_weights_of` and `copied`.
    """
    path = find_weights(folder)
    if path.name not in (PICKLE, PICKLE_INDEX):
        return read_weights_of(path, spec)
    with copied(path, spec, terms) as copy:
        weights = read_weights_of(copy.path, spec)
    return replace(weights, report=replace(weights.report, origin=copy.origin))


def read_weights_of(path: Path, spec: ModelSpec) -> Weights:
    """The weights in a safetensors file, or in the files an index lists, for such a network.

    At no time is there more in memory than the weights and one tensor of the file.

    Raises:
        ModelError: a file is damaged, does not fit `spec` (`match` says how), or memory is short.
    """
    headers = read_headers(path)
    plan = match(_merged(headers), spec, label(path))
    _check_memory(plan, label(path))
    try:
        tensors, read = _read(headers, plan)
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
    return Weights(tensors, plan.has_mlm, plan.has_nsp, plan.report, read)


def _merged(headers: Headers) -> dict[str, TensorInfo]:
    return {name: info for header in headers.values() for name, info in header.items()}


def _check_memory(plan: Plan, name: str) -> None:
    """Refuse weights that do not fit into what is free, where the system says what is."""
    needed, free = plan.bytes, free_memory()
    if free is not None and needed > free:
        raise ModelError(
            f"{name}: needs {in_bytes(needed)} of memory, {in_bytes(free)} are free; close other "
            "programs, or open a smaller model."
        )


def _read(headers: Headers, plan: Plan) -> tuple[dict[str, Tensor], tuple[TensorRead, ...]]:
    tensors: dict[str, Tensor] = {}
    read: dict[str, TensorRead] = {}
    for path, header in headers.items():
        # Not a mapping: a file that is replaced or cut while mapped ends the program.
        with safe_open(path, framework="pt", backend="pread") as file:
            for name, info in header.items():
                if slot := plan.sources.get(name):
                    tensor = file.get_tensor(name)
                    if is_transposed(name):
                        tensor = tensor.T.contiguous()
                    numbers = _place(tensors, slot, tensor)
                    read[name] = examined(numbers, name, info, slot)
    _fill_in(tensors, plan)
    return tensors, tuple(read[name] for name in plan.sources)


def _fill_in(tensors: dict[str, Tensor], plan: Plan) -> None:
    """Give the word-prediction head what files leave out: its decoder, its bias."""
    if plan.has_mlm:
        table, decoder = tensors["embeddings.token.weight"], tensors.get("mlm.decoder.weight")
        if decoder is None or torch.equal(decoder, table):
            tensors["mlm.decoder.weight"] = table
        if "mlm.decoder.bias" not in tensors:
            tensors["mlm.decoder.bias"] = torch.zeros(len(table))


def _place(tensors: dict[str, Tensor], slot: Slot, tensor: Tensor) -> Tensor:
    """Put what was published as `tensor` into its parameter; returns it as it lies there."""
    if tensor.shape != slot.shape or not tensor.is_floating_point():
        raise ValueError(f"{slot.parameter}: found {tensor.dtype}, {tuple(tensor.shape)}")
    if slot.rows == len(tensor):
        tensors[slot.parameter] = tensor.to(torch.float32)
        return tensors[slot.parameter]
    if slot.parameter not in tensors:
        tensors[slot.parameter] = torch.empty(slot.rows, *slot.shape[1:])
    rows = tensors[slot.parameter][slot.row : slot.row + len(tensor)]
    return rows.copy_(tensor)
