"""What each example claims is true of the shipped model: the claim, not the digits."""

from __future__ import annotations

import numpy as np
import pytest

from bertviz_app.analysis.measures import NAMES
from bertviz_app.core.lens import Lens
from bertviz_app.core.questions.every_position import EveryPosition
from bertviz_app.core.questions.positions import Positions
from bertviz_app.core.request import Capture, Interventions, Request
from bertviz_app.core.trace import Trace
from bertviz_app.inference.engine import Engine
from bertviz_app.inference.load import load_engine
from bertviz_app.ui.examples import EXAMPLES, FIRST, Example


@pytest.fixture(scope="module")
def engine() -> Engine:
    """The shipped model."""
    return load_engine()


def example(title: str) -> Example:
    return next(one for one in EXAMPLES if one.title == title)


def best(trace: Trace) -> str:
    return trace.predictions[0].candidates[0].token


def probability(trace: Trace, word: str) -> float:
    return next(one.probability for one in trace.predictions[0].candidates if one.token == word)


def surprise(engine: Engine, text: str, piece: str) -> float:
    """Bits, of `piece` hidden in `text`."""
    report = list(engine.job(EveryPosition(Request(text))))[-1]
    return next(
        guess.surprise
        for guess in report.answer.guesses
        if report.answer.tokens[guess.position] == piece
    )


@pytest.mark.parametrize(
    ("person", "possessive"), [("woman", "her"), ("man", "his"), ("children", "their"), ("I", "my")]
)
def test_blank_agrees_with_the_person(engine: Engine, person: str, possessive: str) -> None:
    text = FIRST.text.replace("The woman", "I" if person == "I" else f"The {person}")
    assert best(engine(Request(text))) == possessive


def test_head_of_the_first_start_looks_from_the_blank_to_woman(engine: Engine) -> None:
    trace = engine(Request(FIRST.text))
    row = trace.attention[(*FIRST.head, trace.encoding.masks[0])]
    assert trace.encoding.tokens[int(row.argmax())] == "woman"
    assert row.max() > 0.5


def test_head_of_the_first_start_is_the_one_whose_silence_costs_her_most(engine: Engine) -> None:
    spec = engine.facts.spec
    left = {
        (layer, head): probability(
            engine(Request(FIRST.text, interventions=Interventions([(layer, head)]))), "her"
        )
        for layer in range(spec.layers)
        for head in range(spec.heads)
    }
    assert min(left, key=lambda one: left[one]) == FIRST.head


def test_silencing_that_head_makes_his_lead(engine: Engine) -> None:
    shown = example("One head decides")
    silenced = engine(Request(shown.text, interventions=Interventions([shown.head])))
    assert best(silenced) == "his"
    assert probability(silenced, "her") < 0.5 * probability(engine(Request(shown.text)), "her")


def test_the_last_layer_turns_it_to_her(engine: Engine) -> None:
    shown = example("Layer by layer")
    trace = engine(Request(shown.text, capture=Capture(lens=Lens())))
    assert trace.lens is not None
    best_words = [engine.facts.vocabulary[word] for word in trace.lens.ids[0, :, 0]]
    assert best_words[5:] == ["his", "her"]


def test_number_of_the_verb_follows_the_noun(engine: Engine) -> None:
    text = example("One or many").text
    assert best(engine(Request(text))) == "were"
    assert best(engine(Request(text.replace("children", "child")))) == "was"


def test_looking_left_only_leaves_nothing_to_read(engine: Engine) -> None:
    text = example("Left only").text
    assert best(engine(Request(text))) == "where"
    assert best(engine(Request(text, interventions=Interventions(causal=True)))) == "“"


def test_farmers_leave_it_unsure(engine: Engine) -> None:
    candidates = engine(Request(example("Unsure").text)).predictions[0].candidates
    assert 0.1 < sum(one.probability for one in candidates) < 0.3
    farm = {"crops", "plants", "farms", "plant", "land", "farmers", "agriculture", "farm"}
    assert len(farm & {one.token for one in candidates}) > 5


def test_pieces_are_as_the_notice_says(engine: Engine) -> None:
    tokens = engine(Request(example("Words in pieces").text)).encoding.tokens
    assert tokens[1:5] == ("un", "##ha", "##pp", "##iness")
    assert "naive" in tokens
    assert tokens[-2] == "[UNK]"


def test_without_positions_order_makes_no_difference(engine: Engine) -> None:
    shown = example("Without order")
    reverse = " ".join(reversed(shown.text.split()))

    def apart(changes: Interventions) -> float:
        one, other = (
            engine(Request(text, interventions=changes)).hidden[-1]
            for text in (shown.text, reverse)
        )
        return float(np.abs(one - other[[0, 3, 2, 1, 4]]).max())

    assert shown.state.interventions.parts == (1, 1, 0)
    assert 0 < apart(shown.state.interventions) < 1e-5
    assert apart(Interventions()) > 0.1


def test_neighbouring_positions_are_most_alike(engine: Engine) -> None:
    encoding = engine(Request(example("Three positions").text)).encoding
    assert encoding.tokens[1:4] == ("she", "loves", "cats")
    (report,) = engine.job(Positions())
    for cosines in (report.answer.learned_cosines, report.answer.sinusoidal_cosines):
        means = [np.diagonal(cosines, distance).mean() for distance in (1, 2, 4, 8, 16, 32)]
        assert means[0] == max(means)


def test_the_second_sentence_begins_after_the_first_separator(engine: Engine) -> None:
    shown = example("Where B begins")
    encoding = engine(Request(shown.text, shown.pair or "")).encoding
    assert encoding.segments.index(1) == encoding.tokens.index("[SEP]") + 1


def test_neighbouring_heads(engine: Engine) -> None:
    shown = example("Neighbours")
    measures = engine(Request(shown.text, capture=Capture(measures=True))).measures
    assert measures is not None
    for name, head, least in (("previous", shown.head, 0.95), ("next", (1, 8), 0.8)):
        values = measures[NAMES.index(name)]
        assert values[head] == values.max() > least


def test_bricks_surprise_more_than_tea(engine: Engine) -> None:
    text = example("A surprise").text
    assert surprise(engine, text, "bricks") > 12
    assert surprise(engine, text.replace("bricks", "tea"), "tea") < 4


def test_whether_b_follows_depends_on_b(engine: Engine) -> None:
    shown = example("Two sentences")
    assert shown.pair is not None

    def follows(pair: str) -> float:
        logits = engine(Request(shown.text, pair)).nsp
        assert logits is not None
        return float(1 / (1 + np.exp(logits[1] - logits[0])))

    assert follows(shown.pair) > 0.8
    assert follows("The stock market fell sharply.") < 0.1
