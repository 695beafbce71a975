"""The third door: what a script writes, on the model that comes with the program."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import bertviz_app
from bertviz_app import BertVizError, Capture, Interventions, Request, Trace, load_engine

TEXT = "She is a [MASK] engineer."


@pytest.fixture(scope="module")
def trace() -> Trace:
    """One text with changes, on the bundled model."""
    engine = load_engine()
    weights = np.full(8, 1 / 8)
    return engine(
        Request(
            TEXT,
            pair="",
            interventions=Interventions(
                heads_off={(0, 3), (5, 11)},
                causal=True,
                parts=(1.0, 1.0, 0.0),
                attention={(2, 7, 4): weights},  # layer, head, query -> (T,)
            ),
            capture=Capture(logits_at=(4,)),
        )
    )


def test_the_snippet_of_the_documentation_runs(trace: Trace) -> None:
    assert trace.encoding.tokens == ("[CLS]", "she", "is", "a", "[MASK]", "engineer", ".", "[SEP]")
    assert trace.encoding.segments == (0,) * 8
    assert trace.encoding.spans[4:6] == ((9, 15), (16, 24))
    assert trace.encoding.spans[0] == trace.encoding.spans[-1] == (0, 0)
    assert trace.encoding.masks == (4,)
    assert len(trace.encoding.ids) == 8


def test_every_array_has_its_shape_and_is_read_only_float32(trace: Trace) -> None:
    spec, tokens = trace.spec, len(trace.encoding)
    shapes = {
        "attention": (spec.layers, spec.heads, tokens, tokens),
        "hidden": (spec.layers + 1, tokens, spec.width),
        "mask_logits": (1, spec.vocabulary),
        "nsp": (2,),
        "logits_at": (1, spec.vocabulary),
    }
    arrays = {name: getattr(trace, name) for name in shapes}
    for name in ("token", "segment", "position", "summed", "normed"):
        shapes[name], arrays[name] = (tokens, spec.width), getattr(trace.embeddings, name)
    for name, array in arrays.items():
        assert array.shape == shapes[name], name
        assert array.dtype == np.float32, name
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    with pytest.raises(dataclasses.FrozenInstanceError):
        trace.hidden = trace.hidden.copy()


def test_what_was_not_asked_for_is_none(trace: Trace) -> None:
    assert (trace.q, trace.k, trace.v, trace.gradients) == (None,) * 4


def test_the_changes_were_made(trace: Trace) -> None:
    np.testing.assert_allclose(trace.attention[2, 7, 4], 1 / 8)
    others = np.delete(trace.attention[2], 7, axis=0)
    assert not np.triu(others, 1).any()
    assert not trace.embeddings.position.any()
    np.testing.assert_allclose(trace.attention.sum(-1), 1, atol=1e-5)


def test_predictions_are_the_ten_best_over_all_words(trace: Trace) -> None:
    (prediction,) = trace.predictions
    assert prediction.position == 4
    assert trace.mask_logits is not None
    assert trace.logits_at is not None
    np.testing.assert_array_equal(trace.mask_logits, trace.logits_at)
    logits = trace.mask_logits[0].astype(np.float64)
    best = np.argsort(-logits)[:10]
    assert [word.id for word in prediction.candidates] == best.tolist()
    assert [word.rank for word in prediction.candidates] == list(range(1, 11))
    probabilities = np.exp(logits - logits.max())
    probabilities /= probabilities.sum()
    for word in prediction.candidates:
        assert word.probability == pytest.approx(probabilities[word.id], rel=1e-5)
        assert word.logit == pytest.approx(logits[word.id])


def test_a_pair_and_no_mask_is_a_trace_too() -> None:
    trace = load_engine()(Request("My dog is cute.", "He likes playing."))
    assert trace.encoding.segments == (0,) * 7 + (1,) * 5
    assert trace.encoding.masks == ()
    assert trace.predictions == ()
    assert trace.mask_logits is not None
    assert trace.mask_logits.shape == (0, trace.spec.vocabulary)
    assert trace.nsp is not None
    assert trace.nsp[0] > trace.nsp[1], "B follows A"
    assert trace.logits_at is None


@pytest.mark.parametrize(
    ("changes", "entry"),
    [
        (Interventions(heads_off={(6, 0)}), "heads_off (6, 0)"),
        (Interventions(attention={(0, 12, 0): [1.0] * 8}), "attention (0, 12, 0)"),
        (Interventions(attention={(0, 0, 8): [1.0] * 8}), "attention (0, 0, 8)"),
        (Interventions(attention={(0, 0, 0): [1.0] * 7}), "attention (0, 0, 0): 7 weights"),
    ],
)
def test_changes_that_do_not_exist_are_named(changes: Interventions, entry: str) -> None:
    with pytest.raises(ValueError, match=r"^" + entry.replace("(", r"\(").replace(")", r"\)")):
        load_engine()(Request(TEXT, interventions=changes))


def test_in_a_notebook_each_of_them_is_one_line(trace: Trace) -> None:
    assert repr(trace) == "<Trace: 8 tokens, 6 layers × 12 heads × 384>"
    words = repr(load_engine())
    assert words.startswith("<Engine: bundled model, 6 layers × 12 heads × 384, CPU, ")
    assert "\n" not in words


def test_a_text_is_no_request() -> None:
    with pytest.raises(TypeError, match=r"^a Request is expected, found str: Request\(text\)"):
        load_engine()(TEXT)


def test_what_a_script_can_catch_has_a_public_name(tmp_path: Path) -> None:
    with pytest.raises(BertVizError, match=r"there is no config\.json in this folder"):
        load_engine(tmp_path)


def test_the_package_gives_its_names_and_no_others() -> None:
    assert set(bertviz_app.__all__) <= set(dir(bertviz_app))
    with pytest.raises(AttributeError, match="no attribute 'Manager'"):
        _ = bertviz_app.Manager


def test_importing_the_package_loads_neither_numpy_nor_torch_nor_qt() -> None:
    program = (
        "import sys, bertviz_app\n"
        "print({'numpy', 'torch', 'PySide6', 'tokenizers', 'safetensors'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "set()\n"
