"""What may be typed for a model on the hub, and what is said of the rest."""

from __future__ import annotations

import os
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertviz_app.core import model_cache
from bertviz_app.core.hub import OFFERED, HubError, HubName, parse_hub_name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("bert-base-uncased", HubName("bert-base-uncased")),
        ("  google/bert_x ", HubName("google/bert_x")),
        ("google/bert_x@v1.0", HubName("google/bert_x", "v1.0")),
        ("https://huggingface.co/bert-base-cased", HubName("bert-base-cased")),
        ("huggingface.co/google/bert_x/", HubName("google/bert_x")),
        ("https://hf.co/a/b/tree/v2/onnx", HubName("a/b", "v2")),
        ("https://huggingface.co/x/blob/refs%2Fpr%2F3/config.json", HubName("x", "refs/pr/3")),
        ("https://huggingface.co/a/b/discussions/3?x=y#z", HubName("a/b")),
        ("\uff42ert-base-\uff43ased", HubName("bert-base-cased")),
    ],
)
def test_names_and_addresses_become_one_form(typed: str, name: HubName) -> None:
    assert parse_hub_name(typed) == name


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "is no name of a model"),
        ("../../etc", "is no name of a model"),
        ("a/b/c", "is no name of a model"),
        ("a--b", "is no name of a model"),
        ("name.git", "is no name of a model"),
        ("x" * 500, "xxx…” is no name of a model"),
        ("a@../../b", "is no name of a version"),
        ("bert-b\u0430se-uncased", "no cyrillic small letter a. Do you mean bert-base-uncased?"),
        ("bert base cased", "Do you mean bert-base-cased?"),
        ("https://huggingface.co.evil.example/a/b", "only models of huggingface.co"),
        ("ftp://huggingface.co/a", "only models of huggingface.co"),
        ("https://huggingface.co/datasets/imdb", "a data set, not a model"),
        ("http://[", "is no address"),
        ("a\nb\x00", "“a\\nb\\x00” is no name"),
    ],
    ids=lambda value: value[:20].encode("unicode_escape").decode(),
)
def test_d15_what_is_no_name_is_said(typed: str, words: str) -> None:
    with pytest.raises(HubError) as error:
        parse_hub_name(typed)
    assert words in error.value.sentence


@given(st.text(alphabet=st.characters() | st.sampled_from("./\\@-:" + string.ascii_letters)))
def test_d15_whatever_is_typed_no_folder_outside_the_cache_is_meant(typed: str) -> None:
    try:
        name = parse_hub_name(typed)
    except HubError:
        return
    assert name.repository.isascii()
    inside = model_cache.models_folder().resolve()
    assert model_cache.model_folder(name, "0" * 40).resolve().is_relative_to(inside)
    assert model_cache.model_folder(name, name.revision).resolve().is_relative_to(inside)


def test_what_is_offered_are_names() -> None:
    for offered in OFFERED:
        assert parse_hub_name(offered.name) == HubName(offered.name)


def test_the_newest_download_of_a_name_is_found_and_an_older_one_by_its_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BERTVIZ_CACHE", str(tmp_path))
    name, old, new = HubName("google/small"), "a" * 40, "b" * 40
    for age, commit in ((1, old), (2, new)):
        folder = model_cache.model_folder(name, commit)
        folder.mkdir(parents=True)
        os.utime(folder, (age, age))
    model_cache.model_folder(HubName("plain"), old).mkdir()
    (tmp_path / "models" / ".making@1").mkdir()
    assert model_cache.all_downloaded() == {
        "google/small": model_cache.model_folder(name, new),
        "plain": model_cache.model_folder(HubName("plain"), old),
    }
    assert model_cache.downloaded("google/small") == model_cache.model_folder(name, new)
    assert model_cache.downloaded("google/small@aaaaaaaaaaaa") == model_cache.model_folder(
        name, old
    )
    assert model_cache.downloaded("another") is None
    assert model_cache.downloaded("/etc/passwd") is None


def test_a_cache_that_is_away_is_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BERTVIZ_CACHE", str(tmp_path / "away"))
    assert model_cache.all_downloaded() == {}
    assert model_cache.downloaded("bert-base-uncased") is None
