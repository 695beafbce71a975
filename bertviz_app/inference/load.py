"""Opens a model folder: configuration, weights and tokenizer, checked, become an engine."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

import torch
from torch import Tensor

from bertviz_app.bert.checkpoint import Weights, read_weights
from bertviz_app.bert.config import CONFIG, parse_config, read_entries
from bertviz_app.bert.files import label, printable
from bertviz_app.bert.machine import device_words, use_large_pages
from bertviz_app.bert.network import Bert
from bertviz_app.bert.pickled import PickleTerms
from bertviz_app.bert.threads import use_all_cores
from bertviz_app.bert.weight_files import has_weights, other_format
from bertviz_app.core.devices import CPU, FLOAT32
from bertviz_app.core.errors import ModelError
from bertviz_app.core.facts import BUNDLED_NAME, ModelFacts
from bertviz_app.core.model_cache import downloaded
from bertviz_app.core.origin import Origin
from bertviz_app.core.paths import default_model
from bertviz_app.core.spec import ModelSpec
from bertviz_app.core.trace import Array
from bertviz_app.inference.device import placed
from bertviz_app.inference.engine import Engine
from bertviz_app.inference.fingerprint import fingerprint
from bertviz_app.inference.model import Model
from bertviz_app.inference.model_card import licence
from bertviz_app.inference.origin import as_written, files_of, remarks, tokenizer_facts
from bertviz_app.inference.tokenizer import Tokenizer, load_tokenizer

# How far a folder without a model is searched for one that could be meant.
_DEPTH, _MOST_ENTRIES = 3, 5000


def load_engine(
    folder: str | Path | None = None,
    *,
    allow_pickle: bool | Collection[str] = False,
    given_up: Callable[[], bool] = bool,
    device: str = CPU,
    precision: str = FLOAT32,
) -> Engine:
    """The engine for the model in `folder`, or in the folder of the file `folder`.

    Without a folder it is the model that comes with the program. No code of the folder is run
    and nothing is read outside of it. Weights as a Python pickle (pytorch_model.bin) are read, in a
    separate process, if `allow_pickle` is true or holds the SHA-256 digest of the file; `given_up`
    is asked meanwhile whether they are still wanted.

    What computes is a device of `core.devices.DEVICES`, its matrix products in one of the
    `PRECISIONS`. If the device has not enough memory, the processor computes, and
    `facts.fallen_back` says so.

    Raises:
        ConsentError: the weights are a pickle that is not allowed.
        ModelError: the folder does not hold a BERT this program opens, or there is no such device
            or precision; the sentence says why.
    """
    use_large_pages()
    found = find_model(default_model() if folder is None else Path(folder))
    files = files_of(found)
    config = read_entries(found)
    spec = parse_config(config, label(found / CONFIG))
    tokenizer = load_tokenizer(found, spec)
    terms = PickleTerms(allow_pickle, given_up)
    weights = read_weights(found, spec, terms)
    use_all_cores()
    origin = Origin(
        files,
        as_written(config),
        weights.read,
        tokenizer_facts(tokenizer),
        licence(found),
        remarks(found, config, weights.report),
    )
    facts = _facts(found, spec, tokenizer, weights, origin)
    network = _network(spec, weights)
    # From here on only the network holds the weights, so that packing a layer frees its plain form.
    del weights
    model = Model(
        network, tokenizer, facts, lambda: _network(spec, read_weights(found, spec, terms))
    )
    return Engine(placed(model, device, precision))


def _network(spec: ModelSpec, weights: Weights) -> Bert:
    """The network of these weights, which it shares: plain, and on the processor."""
    with torch.device("meta"):
        network = Bert(spec, mlm=weights.has_mlm, nsp=weights.has_nsp)
    network.load_state_dict(weights.tensors, assign=True)
    return network.eval().requires_grad_(False)


def find_model(path: Path) -> Path:
    """The folder that is meant by `path`, a folder with a config.json or any file beside one.

    Where there is nothing of that name it may be that of a model that was downloaded.

    Raises:
        ModelError: there is none; the sentence names the nearest folder below that has one.
    """
    name = _name_of(path)
    try:
        exists, folder = path.exists(), path if path.is_dir() else path.parent
        if exists and (folder / CONFIG).exists():
            return folder
    except (OSError, ValueError) as error:
        raise ModelError(f"{name}: could not be read.", f"{path}: {error}") from error
    if not exists:
        return _found_in_cache(path)
    raise ModelError(f"{name}: there is no {CONFIG} {_instead(path, folder)}", str(path))


def _name_of(path: Path) -> str:
    """What a sentence calls a folder or a file: the end of its path, or what was typed for it."""
    return label(path) if path.is_absolute() else printable(str(path))


def _found_in_cache(path: Path) -> Path:
    folder = downloaded(path.as_posix())
    if folder is None:
        lacks = ", and no model of that name was downloaded; Open a model in the window downloads"
        # Whole, as it was typed: the mistake may be anywhere in it.
        raise ModelError(
            f"{printable(str(path))}: there is no such folder{'' if path.is_absolute() else lacks}."
        )
    return folder


def _instead(path: Path, folder: Path) -> str:
    """The end of that sentence: what to open, or what is there instead."""
    where = "in this folder" if folder == path else "beside this file"
    nearest = next(_models_below(folder), None) if folder == path else None
    if nearest is not None:
        return f"{where}; open {printable(str(nearest))}."
    if has_weights(folder):
        return f"{where}; copy the one of this model there."
    if found := other_format(folder):
        return f"{where}; {found}. This program opens the folder of a BERT model."
    return f"{where}; open the folder of a BERT model."


def _models_below(folder: Path) -> Iterator[Path]:
    """Folders below `folder` that hold a model, the nearest first."""
    level, room = [folder], _MOST_ENTRIES
    for _ in range(_DEPTH):
        names: list[str] = []
        for outer in level:
            with suppress(OSError), os.scandir(outer) as entries:
                names += islice((entry.path for entry in entries), room - len(names))
        room -= len(names)
        level = [Path(name) for name in sorted(names) if os.path.isdir(name)]
        for inner in level:
            if os.path.isfile(inner / CONFIG) and has_weights(inner):
                yield inner


def _facts(
    folder: Path, spec: ModelSpec, tokenizer: Tokenizer, weights: Weights, origin: Origin
) -> ModelFacts:
    bundled = folder.resolve() == default_model().resolve()
    table, decoder = "embeddings.token.weight", "mlm.decoder.weight"
    return ModelFacts(
        name=BUNDLED_NAME if bundled else printable(folder.resolve().name),
        folder=folder,
        spec=spec,
        vocabulary=tokenizer.vocabulary,
        specials=tokenizer.specials,
        mask_token=tokenizer.mask_token,
        has_mlm=weights.has_mlm,
        has_nsp=weights.has_nsp,
        token_table=_view(weights.tensors[table]),
        segment_table=_view(weights.tensors["embeddings.segment.weight"]),
        position_table=_view(weights.tensors["embeddings.position.weight"]),
        parameters=weights.parameters,
        tied=weights.tensors.get(decoder) is weights.tensors[table],
        device=device_words(CPU, FLOAT32),
        report=weights.report,
        origin=origin,
        fingerprint=fingerprint(spec, tokenizer.vocabulary, weights.tensors),
    )


def _view(tensor: Tensor) -> Array:
    """A read-only array over the tensor's own memory."""
    array: Array = tensor.numpy()
    array.setflags(write=False)
    return array
