"""The nearest pieces are those that float64 finds, among the pieces that are asked for."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.questions.nearest import LISTED, Nearest, NearestAnswer, Neighbours
from bertviz_app.core.trace import Array
from bertviz_app.inference.engine import Engine
from bertviz_app.inference.load import load_engine
from bertviz_app.inference.nearest import nearest
from tests.synthetic import model_facts


def answer(facts: ModelFacts, question: Nearest) -> NearestAnswer:
    (report,) = nearest(SimpleNamespace(facts=facts), question)  # type: ignore[arg-type]
    assert report.finished
    return report.answer


def found(facts: ModelFacts, vector: Array, *, ordinary: bool = False) -> Neighbours:
    vectors = (tuple(vector.tolist()),)
    return answer(facts, Nearest(vectors=vectors, ordinary=ordinary)).found[0]


def with_rows(facts: ModelFacts, rows: dict[int, list[float]]) -> ModelFacts:
    table = facts.token_table.copy()
    for number, row in rows.items():
        table[number] = row
    return replace(facts, token_table=table)


def test_cosines_and_dot_products_are_those_of_float64() -> None:
    facts = model_facts(W=48, V=400)
    vector = np.random.default_rng(5).normal(size=48).astype(np.float32)
    table, exact = facts.token_table.astype(np.float64), vector.astype(np.float64)
    dots = table @ exact
    cosines = dots / np.linalg.norm(table, axis=1) / np.linalg.norm(exact)
    near = found(facts, vector)
    assert [one.id for one in near.by_cosine] == np.argsort(-cosines)[:LISTED].tolist()
    assert [one.id for one in near.by_dot] == np.argsort(-dots)[:LISTED].tolist()
    assert near.length == pytest.approx(np.linalg.norm(exact), rel=1e-6)
    for one in near.by_cosine:
        assert one.cosine == pytest.approx(cosines[one.id], abs=1e-6)
        assert one.dot == pytest.approx(dots[one.id], abs=1e-5)
        assert one.length == pytest.approx(np.linalg.norm(table[one.id]), rel=1e-6)


def test_a_row_is_nearest_to_itself_and_equal_rows_stand_in_their_order() -> None:
    facts = model_facts(V=64)
    row = facts.token_table[40].tolist()
    near = found(with_rows(facts, {7: row, 50: row}), facts.token_table[40])
    assert [one.id for one in near.by_cosine][:3] == [7, 40, 50]
    assert near.by_cosine[0].cosine == pytest.approx(1.0)


def test_pieces_that_are_no_words_can_be_left_out() -> None:
    pieces = ("[PAD]", "the", "[unused0]", "##s", "", "he")
    facts = replace(model_facts(V=6), vocabulary=pieces, specials=frozenset({0}))
    vector = facts.token_table[0]
    assert {one.id for one in found(facts, vector).by_dot} == {0, 1, 2, 3, 5}
    assert {one.id for one in found(facts, vector, ordinary=True).by_dot} == {1, 3, 5}


def test_what_is_not_a_number_is_nowhere_near() -> None:
    facts = with_rows(model_facts(W=12), {3: [np.nan] * 12, 4: [0.0] * 12})
    near = found(facts, facts.token_table[9])
    assert not {3} & {one.id for one in (*near.by_cosine, *near.by_dot)}
    assert 4 not in {one.id for one in near.by_cosine}
    assert found(facts, np.full(12, np.nan, np.float32)).by_cosine == ()
    assert found(facts, np.zeros(12, np.float32)).by_cosine == ()


def test_each_vector_has_neighbours_of_its_own() -> None:
    facts = model_facts()
    vectors = tuple(tuple(facts.token_table[at].tolist()) for at in (8, 9))
    both = answer(facts, Nearest(vectors=vectors)).found
    assert [one.by_cosine[0].id for one in both] == [8, 9]


@pytest.fixture(scope="module")
def engine() -> Engine:
    """The shipped model."""
    return load_engine()


def asked(engine: Engine, question: Nearest) -> NearestAnswer:
    (report,) = engine.job(question)
    return report.answer


def test_a_typed_word_is_its_row_or_the_mean_of_its_pieces(engine: Engine) -> None:
    facts = engine.facts
    woman = asked(engine, Nearest(word="Woman"))
    assert [facts.vocabulary[number] for number in woman.ids] == ["woman"]
    assert [facts.vocabulary[one.id] for one in woman.found[0].by_cosine[:2]] == ["woman", "women"]
    several = asked(engine, Nearest(word="unhappiness"))
    pieces = [facts.vocabulary[number] for number in several.ids]
    assert pieces == ["un", "##ha", "##pp", "##iness"]
    mean = facts.token_table[list(several.ids)].astype(np.float64).mean(axis=0)
    assert several.found[0].length == pytest.approx(np.linalg.norm(mean), rel=1e-6)
    assert asked(engine, Nearest(word=" \u200b ")) == NearestAnswer((), ())


def test_special_and_unused_pieces_of_the_shipped_model_are_known(engine: Engine) -> None:
    facts = engine.facts
    specials = {facts.vocabulary[number] for number in facts.specials}
    assert specials == {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"}
    assert int((~facts.ordinary).sum()) == 999
