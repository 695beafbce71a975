"""The lens reads what the head of transformers reads at the same states."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from bertviz_app.core.lens import Depth, Lens, LensReading
from bertviz_app.core.request import Capture, Interventions, Request
from bertviz_app.core.trace import Trace
from bertviz_app.inference import lens as inference_lens
from bertviz_app.inference.load import load_engine
from tests.fixtures.tiny_models import TinyFolder

TEXT = "the woman washed [MASK] hands ."
EVERYWHERE = Lens(positions=tuple(range(64)), between=True, words=(7, 9))


def read(folder: Path, lens: Lens, text: str = TEXT, **changes: object) -> Trace:
    capture = Capture(lens=lens)
    return load_engine(folder)(
        Request(text, interventions=Interventions(**changes), capture=capture)
    )


def reading(folder: Path, lens: Lens, text: str = TEXT) -> LensReading:
    found = read(folder, lens, text).lens
    assert found is not None
    return found


def theirs(folder: Path, trace: Trace) -> dict[Depth, Tensor]:
    """Logits (T, V) of transformers' own head at every depth."""
    from transformers import BertForPreTraining

    model = BertForPreTraining.from_pretrained(folder, attn_implementation="eager").eval()
    states: dict[Depth, Tensor] = {}

    def keep(depth: Depth, layer: torch.nn.Module) -> None:
        layer.register_forward_hook(lambda _, __, output: states.update({depth: output[0][0]}))

    for number, layer in enumerate(model.bert.encoder.layer):
        keep(Depth(number + 1, between=True), layer.attention)
    with torch.no_grad():
        ids = torch.tensor([trace.encoding.ids])
        hidden = model.bert(ids, output_hidden_states=True).hidden_states
        states |= {Depth(number): state[0] for number, state in enumerate(hidden)}
        return {depth: model.cls.predictions(state) for depth, state in states.items()}


def test_every_state_is_read_as_transformers_would(tiny_folder: TinyFolder) -> None:
    folder = tiny_folder(layers=3)
    trace = read(folder, EVERYWHERE)
    expected, found = theirs(folder, trace), trace.lens
    assert found is not None
    assert found.positions == tuple(range(len(trace)))
    assert [depth.at for depth in found.depths] == [0, 0.5, 1, 1.5, 2, 2.5, 3]
    for row, depth in enumerate(found.depths):
        logits = expected[depth].double()
        chances = logits.softmax(-1)
        for place in range(len(trace)):
            best = chances[place].topk(inference_lens.BEST)
            assert found.ids[place, row].tolist() == best.indices.tolist()
            np.testing.assert_allclose(found.probabilities[place, row], best.values, atol=1e-5)
            words = found.followed[place].tolist()
            np.testing.assert_allclose(found.logits[place, row], logits[place, words], atol=1e-5)
            np.testing.assert_allclose(found.chances[place, row], chances[place, words], atol=1e-5)
            ranks = [1 + int((logits[place] > logits[place, word]).sum()) for word in words]
            assert found.ranks[place, row].tolist() == ranks


def test_the_last_row_is_the_output_of_the_model(tiny_folder: TinyFolder) -> None:
    trace = read(tiny_folder(), Lens(words=(7,)))
    found, prediction = trace.lens, trace.predictions[0]
    assert found is not None
    assert trace.mask_logits is not None
    assert found.positions == (prediction.position,)
    assert found.ids[0, -1].tolist() == [best.id for best in prediction.candidates[:5]]
    words = found.followed[0]
    assert found.logits[0, -1].tolist() == trace.mask_logits[0, words].tolist()


def test_the_output_that_is_known_is_not_computed_again(
    tiny_folder: TinyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: list[int] = []
    forward = inference_lens.WordHead.forward

    def counted(head: inference_lens.WordHead, x: Tensor) -> Tensor:
        rows.append(x.shape[:-1].numel())
        return forward(head, x)

    monkeypatch.setattr(inference_lens.WordHead, "forward", counted)
    read(tiny_folder(layers=3), Lens())
    assert rows == [1, 3]  # the mask's output; then the embedding and two layers


def test_no_more_rows_than_a_chunk_are_read_at_once(
    tiny_folder: TinyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = reading(tiny_folder(), EVERYWHERE)
    monkeypatch.setattr(inference_lens, "_ROWS", 3)
    parts = reading(tiny_folder(), EVERYWHERE)
    assert parts.ranks.tolist() == whole.ranks.tolist()
    assert parts.ids.tolist() == whole.ids.tolist()
    np.testing.assert_allclose(parts.chances, whole.chances, atol=1e-6)


def test_the_best_word_of_a_blank_is_followed_at_every_token(tiny_folder: TinyFolder) -> None:
    trace = read(tiny_folder(), EVERYWHERE)
    best = trace.predictions[0].candidates[0]
    assert trace.lens is not None
    for position in range(len(trace)):
        assert len(trace.lens.standings(position, best.id)) == len(trace.lens.depths)
    standing = trace.lens.standings(trace.encoding.masks[0], best.id)[-1]
    assert (standing.logit, standing.rank) == (best.logit, best.rank)
    assert standing.probability == pytest.approx(best.probability, abs=1e-6)


@pytest.mark.parametrize(("text", "at"), [(TEXT, 4), ("the woman washed her hands .", 3)])
def test_both_runs_follow_the_best_words_of_either(
    tiny_folder: TinyFolder, text: str, at: int
) -> None:
    engine = load_engine(tiny_folder())
    lens = Lens(positions=(1, at), between=True, compared=(at,))
    off = Interventions(heads_off={(0, 0), (1, 1)}, causal=True)
    request = Request(text, interventions=off, capture=Capture(lens=lens, logits_at=(at,)))
    before = engine(replace(request, interventions=Interventions()))
    answer = engine.answer(request, before)  # what is known as is follows no word of the other
    assert answer.changed is not None
    runs = answer.as_is.lens, answer.changed.lens
    for run, other in (runs, runs[::-1]):
        assert run is not None
        assert other is not None
        words = other.ids[other.places[at], -1].tolist()
        assert set(words) <= set(run.followed[run.places[at]].tolist())
        best = run.ids[run.places[at], -1, 0]
        assert set(run.followed[0].tolist()) <= {*run.ids[0, -1].tolist(), best}
    every = replace(lens, words=tuple(range(engine.facts.spec.vocabulary)))
    lone = engine(replace(request, capture=Capture(lens=every)))
    assert lone.lens is not None
    assert runs[1] is not None
    for place in range(2):
        own = [lone.lens.followed[place].tolist().index(word) for word in runs[1].followed[place]]
        np.testing.assert_allclose(
            runs[1].chances[place], lone.lens.chances[place][:, own], atol=1e-6
        )
        assert runs[1].ranks[place].tolist() == lone.lens.ranks[place][:, own].tolist()


def test_without_masks_and_positions_there_is_nothing_to_read(tiny_folder: TinyFolder) -> None:
    assert read(tiny_folder(), Lens(), "the woman").lens is None
    assert reading(tiny_folder(), Lens(positions=(1, 99)), "the woman").positions == (1,)


def test_a_word_that_does_not_exist_is_named(tiny_folder: TinyFolder) -> None:
    with pytest.raises(ValueError, match=r"lens 100000: the vocabulary has"):
        read(tiny_folder(), Lens(words=(100_000,)))
