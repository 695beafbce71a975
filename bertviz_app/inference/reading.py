"""One forward over one text, and the traces it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from time import perf_counter

import torch
from torch import Tensor

from bertviz_app.bert.interventions import BatchInterventions
from bertviz_app.bert.network import Activations, Bert
from bertviz_app.core.encoding import Encoding
from bertviz_app.core.request import Capture, Interventions, Request
from bertviz_app.core.trace import Embeddings, MaskPrediction, Trace
from bertviz_app.inference.arrays import array, at_host
from bertviz_app.inference.lens import compared_words, read_lens
from bertviz_app.inference.measuring import measured
from bertviz_app.inference.predictions import predictions
from bertviz_app.inference.sizes import read_sizes
from bertviz_app.inference.soundness import first_broken, is_uniform
from bertviz_app.inference.weighing import gradient_reach, rollout, value_norms


def read(
    network: Bert, encoding: Encoding, requests: Sequence[Request], vocabulary: Sequence[str]
) -> list[Trace]:
    """Read one text B times in one batch, as each of the B requests changes it.

    The first request says what to keep. What needs a head that the model lacks is None.

    Raises:
        ValueError: a request changes what does not exist; the text names it.
    """
    start = perf_counter()
    keeps = requests[0].capture
    run, gradients = _forward(network, encoding, requests)
    with torch.inference_mode():
        of_layers = {  # (L, B, ...)
            **({"q": run.q, "k": run.k, "v": run.v} if keeps.qkv else {}),
            "gradients": gradients,
        }
        of_texts = _answers(network, encoding, requests[0], run.hidden[-1])  # (B, ...)
        words = _words_to_compare(encoding, requests, of_texts)
        traces = []
        for text, request in enumerate(requests):
            found = {name: slab[:, text] for name, slab in of_layers.items() if slab is not None}
            found |= {name: slab[text] for name, slab in of_texts.items()}
            best: tuple[MaskPrediction, ...] = ()
            if "mask_logits" in found:
                best = predictions(encoding.masks, at_host(found["mask_logits"]), vocabulary)
            weights = run.attention[text]
            hidden, logits = run.hidden[:, text], found.get("mask_logits")
            found |= _weighed(network, keeps, run, text, request.interventions)
            if gradients is not None:
                found["gradient_reach"] = gradient_reach(weights, gradients[:, text])
            trace = Trace(
                request,
                network.spec,
                encoding,
                _embeddings(run, text),
                attention=array(weights),
                hidden=array(hidden),
                measures=measured(weights, encoding) if keeps.measures else None,
                uniform=is_uniform(weights),
                broken=first_broken(hidden),
                lens=read_lens(network, encoding, keeps.lens, run, text, logits, words),
                sizes=read_sizes(run, text) if keeps.sizes else None,
                predictions=best,
                seconds=perf_counter() - start,
                **{name: array(tensor) for name, tensor in found.items()},
            )
            traces.append(trace)
    return traces


def _forward(
    network: Bert, encoding: Encoding, requests: Sequence[Request]
) -> tuple[Activations, Tensor | None]:
    """The network over all B texts, and the gradients (L, B, H, T, T) if they are asked for."""
    ids = torch.tensor([encoding.ids] * len(requests))  # (B, T)
    segments = torch.tensor([encoding.segments] * len(requests))
    changes = BatchInterventions(
        [request.interventions.for_text(network.spec, encoding) for request in requests],
        len(encoding),
    )
    capture = requests[0].capture
    keeps = {
        "qkv": capture.qkv or capture.value_norms,
        "inside": capture.sizes or (capture.lens is not None and capture.lens.between),
    }
    if capture.gradients is None or network.mlm is None:
        with torch.inference_mode():
            if network.recordings is not None and not any(one.interventions for one in requests):
                return network.recordings.read(network, ids, segments, **keeps), None
            return network(ids, segments, changes, **keeps), None
    position, word = capture.gradients
    with torch.enable_grad():
        probe = torch.zeros(network.weights_shape(*ids.shape), requires_grad=True)
        run: Activations = network(ids, segments, changes, **keeps, probe=probe)
        logits = network.mlm(run.hidden[-1][:, position])  # (B, V)
        (gradients,) = torch.autograd.grad(logits[:, word].sum(), probe)
    return run, gradients


def _words_to_compare(
    encoding: Encoding, requests: Sequence[Request], of_texts: dict[str, Tensor]
) -> dict[int, Tensor]:
    """By token, the words that the lens follows there in every one of the texts."""
    capture = requests[0].capture
    if capture.lens is None or len(requests) == 1:
        return {}
    known = [
        (encoding.masks, of_texts.get("mask_logits")),
        (capture.logits_at, of_texts.get("logits_at")),
    ]
    return {
        at: compared_words(logits[:, place])
        for positions, logits in known
        if logits is not None
        for place, at in enumerate(positions)
        if at in capture.lens.compared
    }


def _embeddings(run: Activations, text: int) -> Embeddings:
    names = [part.name for part in fields(Embeddings)]
    return Embeddings(**{name: array(getattr(run.embeddings, name)[text]) for name in names})


def _weighed(
    network: Bert, capture: Capture, run: Activations, text: int, changes: Interventions
) -> dict[str, Tensor]:
    """What the weights of one of the texts amount to, by field of `Trace`."""
    found = {}
    if capture.value_norms and run.v is not None:
        found["value_norms"] = value_norms(network, run.v[:, text], changes)
    if capture.rollout:
        found["rollout"] = rollout(run.attention[text])
    return found


def _answers(
    network: Bert, encoding: Encoding, request: Request, hidden: Tensor
) -> dict[str, Tensor]:
    """What the heads of the model make of the last hidden states (B, T, W), by field of `Trace`."""
    found = {}
    nsp = network.next_sentence(hidden)  # (B, 2)
    if nsp is not None:
        found["nsp"] = nsp
    if network.mlm is not None:
        masks, also = list(encoding.masks), list(request.capture.logits_at)
        # The decoder is as large as several layers: it is read once, for all positions.
        logits = network.mlm(hidden[:, masks + also])  # (B, M + len, V)
        found["mask_logits"] = logits[:, : len(masks)]
        if also:
            found["logits_at"] = logits[:, len(masks) :]
    return found
