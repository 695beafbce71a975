"""What each example claims is true of the shipped model, and its figures are the model's."""

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
from bertviz_app.ui.numbers import count, weight


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


def said(shown: Example) -> str:
    """All captions of an example."""
    return " ".join(shown.notice)


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
    second, strongest = np.sort(row)[-2:]
    assert strongest > second + 0.05


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


def test_one_head_decides_between_a_and_an(engine: Engine) -> None:
    shown = example("One head decides")
    as_is = engine(Request(shown.text))
    silenced = engine(Request(shown.text, interventions=Interventions([shown.head])))
    assert (best(as_is), best(silenced)) == ("an", "a")
    figures = [weight(probability(trace, "an")) for trace in (as_is, silenced)]
    assert "“an” falls from {} to {}".format(*figures) in said(shown)
    assert shown.head == (4, 9)
    assert "head 5.10" in said(shown)


def test_that_head_reads_the_word_after_the_blank(engine: Engine) -> None:
    shown = example("One head decides")
    trace = engine(Request(shown.text))
    (blank,) = trace.encoding.masks
    row = trace.attention[(*shown.head, blank)]
    assert trace.encoding.tokens[blank + 1] == "honest"
    assert row[blank + 1] > 0.9
    good = shown.text.replace("honest", "good")
    for changes in (Interventions(), Interventions([shown.head])):
        assert best(engine(Request(good, interventions=changes))) == "a"


def test_the_last_layer_turns_it_to_her(engine: Engine) -> None:
    shown = example("Layer by layer")
    trace = engine(Request(shown.text, capture=Capture(lens=Lens())))
    assert trace.lens is not None
    best_words = [engine.facts.vocabulary[word] for word in trace.lens.ids[0, :, 0]]
    assert best_words[5:] == ["his", "her"]


def test_number_of_the_verb_follows_the_noun(engine: Engine) -> None:
    shown = example("One or many")
    many = engine(Request(shown.text))
    one = engine(Request(shown.text.replace("children", "child")))
    assert (best(many), best(one)) == ("were", "was")
    were, was = weight(probability(many, "were")), weight(probability(one, "was"))
    assert f"“were” {were} becomes “was” {was}." in said(shown)


def test_looking_left_only_leaves_nothing_to_read(engine: Engine) -> None:
    shown = example("Left only")
    both = engine(Request(shown.text))
    left = engine(Request(shown.text, interventions=Interventions(causal=True)))
    assert (best(both), best(left)) == ("where", "“")
    assert f"“where” ({weight(probability(both, 'where'))})" in said(shown)


def test_farmers_leave_it_unsure(engine: Engine) -> None:
    shown = example("Unsure")
    trace = engine(Request(shown.text))
    candidates = trace.predictions[0].candidates
    together = sum(one.probability for one in candidates)
    assert f"“{best(trace)}” leads with {weight(candidates[0].probability)}." in said(shown)
    assert f"hold {weight(together)} together" in said(shown)
    others = engine.facts.spec.vocabulary - len(candidates)
    assert f"the other {count(others)} pieces share {weight(1 - together)}." in said(shown)
    farm = {"crops", "land", "fields", "plants", "seeds", "soil"}
    assert farm < {one.token for one in candidates}


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
    for name, layer, head in (("previous", *shown.head), ("next", 1, 8)):
        values = measures[NAMES.index(name)]
        assert values[layer, head] == values.max()
        assert f"ead {layer + 1}.{head + 1} puts {weight(values.max())} on the" in said(shown)


def test_bricks_surprise_more_than_tea(engine: Engine) -> None:
    shown = example("A surprise")
    bricks = surprise(engine, shown.text, "bricks")
    tea = surprise(engine, shown.text.replace("bricks", "tea"), "tea")
    assert f"“bricks” surprises by {bricks:.0f} bits; “tea” would by {tea:.0f}." in said(shown)


def test_whether_b_follows_depends_on_b(engine: Engine) -> None:
    shown = example("Two sentences")
    assert shown.pair is not None

    def follows(pair: str) -> float:
        logits = engine(Request(shown.text, pair)).nsp
        assert logits is not None
        return float(1 / (1 + np.exp(logits[1] - logits[0])))

    assert follows(shown.pair) > 0.99
    other = weight(follows("The stock market fell sharply."))
    assert f"“The stock market fell sharply.” and it is {other}." in said(shown)
