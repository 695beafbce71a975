"""Heads over a text file: its lines, mean and spread, the strongest sentences, what goes wrong."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bertviz_app.analysis.measures import NAMES
from bertviz_app.core.errors import BertVizError
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.heads_over_file import (
    LIMIT,
    STRONGEST,
    HeadsOverFile,
    HeadsOverFileAnswer,
)
from bertviz_app.core.request import Capture, Request
from bertviz_app.core.text import FIELD_LIMIT
from bertviz_app.core.trace import Array
from bertviz_app.inference import heads_over_file
from bertviz_app.inference.engine import Engine
from bertviz_app.inference.heads_over_file import read_sentences
from bertviz_app.inference.load import load_engine
from tests.fixtures.tiny_models import TinyFolder

WORDS = ("woman", "man", "her", "his", "the", "their", "hands", "crops")
SENTENCES = (
    "the cat sat on the mat .",
    "she washed her hands",
    "the woman and the man and the cat",
    "he is in",
    *(f"the dog and {word} sat ." for word in WORDS),
)


@pytest.fixture
def engine(tiny_folder: TinyFolder) -> Engine:
    return load_engine(tiny_folder())


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "sentences.txt"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def job(engine: Engine, path: Path) -> Iterator[JobReport[HeadsOverFileAnswer]]:
    return engine.job(HeadsOverFile(path))


def answer(engine: Engine, path: Path) -> HeadsOverFileAnswer:
    return list(job(engine, path))[-1].answer


def one_by_one(engine: Engine) -> Array:
    """The measures of each sentence (S, n, L, H), each read as a text of its own."""
    capture = Capture(measures=True)
    runs = [engine(Request(sentence, capture=capture)) for sentence in SENTENCES]
    return np.array([run.measures for run in runs])


def test_mean_and_spread_are_those_over_the_sentences_that_have_a_target(
    engine: Engine, tmp_path: Path
) -> None:
    found = answer(engine, written(tmp_path, "\n".join(SENTENCES)))
    each = one_by_one(engine)
    there = ~np.isnan(each[:, :, 0, 0])
    assert found.counts.tolist() == there.sum(axis=0).tolist()
    assert found.counts[NAMES.index("same word")] == 3
    for measure, name in enumerate(NAMES):
        of_those = each[there[:, measure], measure]
        if len(of_those):
            np.testing.assert_allclose(found.mean[measure], of_those.mean(axis=0), atol=1e-6)
            np.testing.assert_allclose(found.spread[measure], of_those.std(axis=0), atol=1e-6)
        else:
            assert name in ("A to B", "B to A")
            assert np.isnan(found.mean[measure]).all()


def test_the_strongest_sentences_of_a_head_stand_most_first(engine: Engine, tmp_path: Path) -> None:
    found = answer(engine, written(tmp_path, "\n".join(SENTENCES)))
    each = np.nan_to_num(one_by_one(engine), nan=-np.inf)
    assert len(SENTENCES) > STRONGEST
    for measure, layer, head in np.ndindex(len(NAMES) - 2, 2, 2):
        values = each[:, measure, layer, head]
        count = min(STRONGEST, int(np.isfinite(values).sum()))
        kept = found.strongest[measure, layer, head]
        best = np.sort(values)[::-1][:count]
        np.testing.assert_allclose(found.values[measure, layer, head, :count], best, atol=1e-6)
        np.testing.assert_allclose(values[kept[:count]], best, atol=1e-6)
        assert (kept[count:] == -1).all()
        assert np.isnan(found.values[measure, layer, head, count:]).all()


def test_reports_tell_how_far_it_is_and_hold_the_part_there_is(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heads_over_file, "REPORT_EVERY", 0.0)
    reports = list(job(engine, written(tmp_path, "\n".join(SENTENCES))))
    assert [report.done for report in reports] == list(range(len(SENTENCES) + 1))
    assert {report.total for report in reports} == {len(SENTENCES)}
    assert [report.answer.read for report in reports] == [report.done for report in reports]
    assert reports[-1].finished
    first = reports[1].answer
    np.testing.assert_allclose(first.mean, one_by_one(engine)[0], atol=1e-6)
    assert not first.mean.flags.writeable


def test_between_two_answers_the_same_report_is_given_again(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heads_over_file, "REPORT_EVERY", 1e9)
    reports = list(job(engine, written(tmp_path, "\n".join(SENTENCES))))
    assert len(reports) == len(SENTENCES) + 1
    assert len({id(report) for report in reports}) == 2
    assert reports[-1].done == len(SENTENCES)


def test_a_line_without_a_piece_counts_as_read_alone(engine: Engine, tmp_path: Path) -> None:
    found = answer(engine, written(tmp_path, "the cat\n\u200d\n"))
    assert found.read == len(found.sentences) == 2
    assert found.counts.max() == 1


def test_of_equals_the_first_sentences_are_kept(engine: Engine, tmp_path: Path) -> None:
    found = answer(engine, written(tmp_path, "the cat sat\n" * (STRONGEST + 5)))
    assert found.strongest[0, 0, 0].tolist() == list(range(STRONGEST))
    assert found.spread[0].max() == pytest.approx(0, abs=1e-6)


def test_a_longer_line_is_cut_as_the_model_cuts_it(engine: Engine, tmp_path: Path) -> None:
    found = answer(engine, written(tmp_path, "cat " * 500))
    assert found.mean[NAMES.index("entropy")].max() <= np.log2(64)


@pytest.mark.parametrize(
    ("content", "sentences"),
    [
        ("one\r\n\r\n  two \n\t\n\nthree", ("one", "two", "three")),
        ("\ufeffone", ("one",)),
        ("one\u2028two\nthree\x0cfour", ("one two", "three\x0cfour")),
        ("naïve 😀", ("naïve 😀",)),
    ],
)
def test_lines_are_the_sentences(tmp_path: Path, content: str, sentences: tuple[str]) -> None:
    assert read_sentences(written(tmp_path, content)) == (sentences, False)


def test_no_more_than_a_thousand_sentences_are_read(tmp_path: Path) -> None:
    lines = [f"line {number}\n\n" for number in range(LIMIT + 1)]
    sentences, more = read_sentences(written(tmp_path, "".join(lines)))
    assert (len(sentences), more) == (LIMIT, True)
    sentences, more = read_sentences(written(tmp_path, "".join(lines[:LIMIT])))
    assert (len(sentences), more) == (LIMIT, False)


def test_of_a_line_and_of_a_file_no_more_is_read_than_there_is_room_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sentences, _ = read_sentences(written(tmp_path, "x" * (FIELD_LIMIT + 1)))
    assert len(sentences[0]) == FIELD_LIMIT
    monkeypatch.setattr(heads_over_file, "SIZE_LIMIT", 6)
    assert read_sentences(written(tmp_path, "one\nä€")) == (("one", "ä"), True)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfeo\0n\0e\0", "this is not text in UTF-8"),
        (b"caf\xe9", "this is not text in UTF-8"),
        (b"", "there is no sentence in it"),
        (b" \n\t\r\n", "there is no sentence in it"),
    ],
)
def test_a_file_that_holds_no_text_is_said_in_one_sentence(
    engine: Engine, tmp_path: Path, content: bytes, words: str
) -> None:
    with pytest.raises(BertVizError, match=words) as caught:
        answer(engine, written(tmp_path, content))
    assert "sentences.txt" in caught.value.sentence


def test_what_is_no_file_is_said_in_one_sentence(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(BertVizError, match="there is no such file"):
        answer(engine, tmp_path / "nothing.txt")
    with pytest.raises(BertVizError, match="not a regular file"):
        answer(engine, tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BertVizError, match="not a regular file"):
        answer(engine, tmp_path / "pipe")
