"""Computing on a device, and what is done when it gives up.

Legend: a place is the name of a device (`core.devices`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace

import torch

from bertviz_app.bert.machine import device_words, devices, settle
from bertviz_app.core.devices import CPU, FLOAT32, PRECISIONS
from bertviz_app.core.errors import BertVizError, DeviceError, ModelError
from bertviz_app.inference.model import Model


@contextmanager
def working_on(place: str) -> Iterator[None]:
    """Make new tensors where the network is, and say in words what goes wrong there.

    Raises:
        BertVizError: the processor has not enough memory.
        DeviceError: another device has not, or failed otherwise.
    """
    with new_tensors_on(place):
        try:
            yield
        except (MemoryError, RuntimeError) as error:
            if place != CPU and isinstance(error, RuntimeError):
                raise DeviceError(_gave_up(place, error), str(error)) from error
            # torch has no error of its own for memory of the processor.
            if isinstance(error, RuntimeError) and "allocate memory" not in str(error):
                raise
            raise BertVizError(
                "there is not enough memory for a text of this length; a shorter one, or another "
                "place, which may ask for less, will do",
                str(error),
            ) from error


def new_tensors_on(place: str) -> AbstractContextManager[object]:
    """Where tensors lie that are made in this context, unless they say otherwise."""
    # On the processor they lie anyway; torch's context would slow every operation down.
    return nullcontext() if place == CPU else torch.device(place)


def placed(model: Model, device: str, precision: str) -> Model:
    """A model whose network was just read, put where and how it shall compute.

    If the device has no room for it, it stays on the processor, in float32, and its facts say why.

    Raises:
        ModelError: there is no such device or precision.
    """
    there = devices()
    for what, choice, choices in (
        ("device", device, there),
        ("precision", precision, PRECISIONS),
    ):
        if choice not in choices:
            raise ModelError(f"{what} {choice!r} is none of those here: {', '.join(choices)}.")
    words = device_words(device, precision)
    facts = replace(model.facts, device=words, place=device, precision=precision, devices=there)
    model = replace(model, facts=facts)
    try:
        with working_on(device):
            settle(model.network, device, precision)
    except DeviceError as error:
        return on_the_processor(model, error)
    return model


def on_the_processor(model: Model, error: DeviceError) -> Model:
    """The same model on the processor, its weights read again.

    What was on the device is let go of; a device that is lost could not give it back.

    Raises:
        ModelError: the weights are no longer where they were.
    """
    network = model.reread()
    settle(network, CPU, FLOAT32)
    facts = replace(
        model.facts,
        place=CPU,
        precision=FLOAT32,
        device=device_words(CPU, FLOAT32),
        fallen_back=error.sentence,
    )
    return replace(model, network=network, facts=facts)


def _gave_up(place: str, error: RuntimeError) -> str:
    name = place.upper()
    out_of_memory = isinstance(error, torch.OutOfMemoryError) or "out of memory" in str(error)
    what = f"{name} has not enough memory" if out_of_memory else f"{name} gave up"
    return f"{what}; the processor computes from here on."
