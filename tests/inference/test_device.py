"""Devices and precisions: what they compute, and what happens when one gives up.

No test has a graphics card. One that fails is a network that raises what torch raises there; the
rest of the way is the processor's own. `python -m tests.bench cuda` is for a machine with a card.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import bertviz_app.inference
from bertviz_app.bert import machine
from bertviz_app.bert.checkpoint import Weights
from bertviz_app.bert.linear import RoundedLinear
from bertviz_app.bert.network import Bert
from bertviz_app.core.devices import BFLOAT16, CPU, FLOAT32
from bertviz_app.core.errors import BertVizError, DeviceError, ModelError
from bertviz_app.core.questions.every_position import EveryPosition
from bertviz_app.core.request import Capture, Interventions, Request
from bertviz_app.core.spec import ModelSpec
from bertviz_app.inference import device, load
from bertviz_app.inference.engine import Engine
from bertviz_app.inference.load import load_engine
from tests.fixtures.tiny_models import TinyFolder

ASKED = Request("the woman washed [MASK] hands .", interventions=Interventions(causal=True))
OUT_OF_MEMORY = torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
LOST = RuntimeError("CUDA error: unspecified launch failure")

Fails = Callable[[int, Exception], None]


@pytest.fixture
def fails(monkeypatch: pytest.MonkeyPatch) -> Fails:
    """Makes the n-th read of the layers, counted from 0, and all after it raise an error.

    They do until the network is another one.
    """

    def fail_from(turn: int, error: Exception) -> None:
        runs: list[Bert] = []
        layers = machine.Bert.forward, machine.Bert.read_on

        def failing(run: Callable[..., Any]) -> Callable[..., Any]:
            def read(network: Bert, *args: object, **keywords: object) -> object:
                runs.append(network)
                if len(runs) > turn and network is runs[0]:
                    raise error
                return run(network, *args, **keywords)

            return read

        for run in layers:
            monkeypatch.setattr(Bert, run.__name__, failing(run))

    return fail_from


@pytest.fixture
def on_card(tiny_folder: TinyFolder, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """An engine that believes to compute with CUDA; the card is the processor."""
    monkeypatch.setattr(device, "new_tensors_on", lambda place: nullcontext())
    engine = load_engine(tiny_folder())
    facts = replace(engine.facts, place="cuda", device="CUDA, a card")
    engine._model = replace(engine._model, facts=facts)  # noqa: SLF001 - there is no card to ask
    return engine


@pytest.mark.parametrize(
    ("error", "what"),
    [(OUT_OF_MEMORY, "CUDA has not enough memory"), (LOST, "CUDA gave up")],
    ids=["memory", "lost"],
)
def test_the_processor_goes_on_where_a_card_gives_up(
    on_card: Engine, fails: Fails, error: Exception, what: str
) -> None:
    expected = on_card(ASKED)
    fails(0, error)
    trace = on_card(ASKED)
    np.testing.assert_allclose(trace.attention, expected.attention, atol=1e-6)
    assert on_card.facts.place == CPU
    assert on_card.facts.device.startswith("CPU, ")
    assert on_card.facts.fallen_back == f"{what}; the processor computes from here on."


def test_a_job_begins_again_on_the_processor(on_card: Engine, fails: Fails) -> None:
    question = EveryPosition(ASKED)
    *_, expected = on_card.job(question)
    fails(1, LOST)
    *_, last = on_card.job(question)
    assert on_card.facts.place == CPU
    assert last.finished
    assert last.answer.guesses == expected.answer.guesses


def test_a_processor_that_fails_has_nothing_to_fall_back_on(
    tiny_folder: TinyFolder, fails: Fails
) -> None:
    engine = load_engine(tiny_folder())
    fails(0, RuntimeError("a defect"))
    with pytest.raises(RuntimeError, match="a defect"):
        engine(ASKED)


def test_an_engine_whose_card_and_files_are_gone_says_so(
    on_card: Engine, fails: Fails, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(folder: Path, spec: ModelSpec, terms: object) -> Weights:
        raise ModelError("model.safetensors: there is no such file")

    monkeypatch.setattr(load, "read_weights", gone)
    fails(0, LOST)
    with pytest.raises(ModelError, match=r"model\.safetensors"):
        on_card(ASKED)


def test_a_model_that_does_not_fit_on_a_card_is_opened_on_the_processor(
    tiny_folder: TinyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle = machine.settle

    def full(network: Bert, place: str, precision: str) -> None:
        if place != CPU:
            raise OUT_OF_MEMORY
        settle(network, place, precision)

    monkeypatch.setattr(device, "settle", full)
    monkeypatch.setattr(device, "devices", lambda: (CPU, "cuda"))
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "a card")
    monkeypatch.setattr(device, "new_tensors_on", lambda place: nullcontext())
    engine = load.load_engine(tiny_folder(), device="cuda")
    assert engine.facts.place == CPU
    assert engine.facts.fallen_back.startswith("CUDA has not enough memory")
    assert engine(ASKED).attention.any()


def test_memory_of_the_processor_is_no_matter_of_a_device() -> None:
    with (
        pytest.raises(BertVizError, match="not enough memory for a text") as found,
        device.working_on(CPU),
    ):
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory")
    assert not isinstance(found.value, DeviceError)


@pytest.mark.parametrize("choice", [{"device": "abacus"}, {"precision": "int8"}])
def test_what_there_is_not_is_refused_in_words(
    tiny_folder: TinyFolder, choice: dict[str, str]
) -> None:
    with pytest.raises(ModelError, match=r"(abacus|int8)' is none of those here: (cpu|float32)"):
        load_engine(tiny_folder(), **choice)


def test_bfloat16_is_said_and_its_numbers_are_near_and_float32(tiny_folder: TinyFolder) -> None:
    asked = replace(ASKED, capture=Capture(qkv=True, gradients=(3, 5), measures=True))
    folder = tiny_folder()
    exact, rounded = load_engine(folder), load_engine(folder, precision=BFLOAT16)
    assert (exact.facts.precision, rounded.facts.precision) == (FLOAT32, BFLOAT16)
    assert rounded.facts.device == f"{exact.facts.device}, bfloat16"
    one, other = exact(asked), rounded(asked)
    assert other.attention.dtype == np.float32
    apart = np.abs(one.attention - other.attention).max()
    assert 0 < apart < 0.02
    np.testing.assert_allclose(other.attention.sum(-1), 1, atol=1e-6)  # the softmax is float32
    assert one.gradients is not None
    assert other.gradients is not None
    np.testing.assert_allclose(one.gradients, other.gradients, atol=0.02)


def test_a_rounded_layer_is_the_plain_one_to_eight_bits() -> None:
    torch.manual_seed(0)
    plain = machine.Linear(32, 48, "gelu").requires_grad_(False)
    rounded, x = RoundedLinear(plain), torch.randn(3, 7, 32, requires_grad=True)
    torch.testing.assert_close(rounded(x), plain(x), rtol=0, atol=0.02)
    torch.testing.assert_close(rounded.weight, plain.weight, rtol=2**-8, atol=0)
    (there,), (here,) = (
        torch.autograd.grad(layer(x).square().sum(), x) for layer in (rounded, plain)
    )
    torch.testing.assert_close(there, here, rtol=0, atol=0.05)


def test_tensors_become_arrays_in_one_place() -> None:
    """Of a card `Tensor.numpy` raises; `arrays` copies first, and nobody else may forget to."""
    # The weights as they were read are the processor's.
    allowed = {"arrays.py", "fingerprint.py", "load.py"}
    found = []
    for path in Path(bertviz_app.inference.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if not called or node.func.attr != "numpy" or path.name in allowed:
                continue
            receiver = ast.unparse(node.func.value)
            if not receiver.startswith("at_host("):
                found.append(f"{path.name}: {receiver}.numpy()")
    assert found == ["lens.py: logits.numpy()"]  # known to be at hand
