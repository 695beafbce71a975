"""Which models are offered for what was typed, and which of them Enter means."""

from __future__ import annotations

from pathlib import Path

import pytest

from bertviz_app.core.hub import OFFERED, HubName
from bertviz_app.core.model_wanted import ModelWanted
from bertviz_app.core.shelf import Shelf
from bertviz_app.ui.parts.model_rows import ModelRow, first_choice, model_rows, why_none

HERE = Path("/cache/models/bert-base-cased@0123456789ab")
LATELY, LOST = Path("/data/my bert"), Path("/stick/lost")
SHELF = Shelf(
    recent=(LATELY, LOST, HERE),
    downloaded={"bert-base-cased": HERE},
    begun={"bert-large-cased": 268_000_000, "some/other": 5},
    gone=frozenset({LOST}),
)


def names(rows: list[ModelRow]) -> list[str]:
    return [row.name for row in rows if row.choosable]


def chosen(typed: str, shelf: Shelf = SHELF) -> ModelRow:
    rows = model_rows(typed, shelf)
    return rows[first_choice(typed, rows)]


def test_everything_there_is_stands_under_its_heading() -> None:
    rows = model_rows("", SHELF)
    headings = [row.name for row in rows if not row.choosable and not row.words]
    assert headings[:2] == ["Here", "Opened lately"]
    assert headings[2].startswith("On huggingface.co")
    assert names(rows)[:3] == ["bundled model", "bert-base-cased", "my bert"]
    assert set(names(rows)[3:]) == {one.name for one in OFFERED} | {"some/other"}
    assert chosen("").wanted == ModelWanted()


def test_what_was_downloaded_opens_and_what_was_begun_goes_on() -> None:
    assert chosen("bert-base-cased").wanted == ModelWanted(HERE)
    begun = chosen("bert-large-cased")
    assert begun.hub == HubName("bert-large-cased")
    assert begun.spoken == "bert-large-cased, begun: 268 MB are here, go on"


def test_what_was_downloaded_can_be_looked_for_in_a_newer_version() -> None:
    here, newer = (row for row in model_rows("bert-base-cased", SHELF) if row.choosable)
    assert here.wanted == ModelWanted(HERE)
    assert newer.hub == HubName("bert-base-cased")
    assert newer.spoken == "bert-base-cased, look for a newer version, look"


def test_one_that_is_gone_says_so_and_cannot_be_opened() -> None:
    (gone,) = [row for row in model_rows("lost", SHELF) if row.name == "lost"]
    assert not gone.choosable
    assert "is not there any more: /stick/lost" in gone.spoken


def test_every_word_typed_must_fit() -> None:
    assert names(model_rows("german CAPITALS", SHELF)) == ["bert-base-german-cased"]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("cased", "bert-base-cased"),
        ("bert-base-uncased", "bert-base-uncased"),
        ("bert-large-uncased", "bert-large-uncased"),
        ("nobody/nothing", "nobody/nothing"),
        ("https://huggingface.co/nobody/nothing", "nobody/nothing"),
    ],
)
def test_enter_means_the_row_of_that_name_and_else_the_first(typed: str, first: str) -> None:
    assert chosen(typed).name == first


def test_any_other_name_can_be_looked_for() -> None:
    assert names(model_rows("nobody/nothing", SHELF)) == ["nobody/nothing"]
    assert chosen("nobody/nothing@v2").hub == HubName("nobody/nothing", "v2")
    assert names(model_rows("cased", SHELF))[-1] == "cased"


@pytest.mark.parametrize("typed", ["/data/x", "~/x", "./x", "../x", "C:\\models\\x", "C:/models/x"])
def test_a_path_is_opened(typed: str) -> None:
    assert chosen(typed).wanted == ModelWanted(Path(typed).expanduser())


def test_why_something_is_no_name_is_said_where_nothing_fits() -> None:
    assert model_rows("bert-b\u0430se", SHELF) == []
    assert "cyrillic" in why_none("bert-b\u0430se")


def test_a_name_with_strange_letters_is_shown_as_what_it_is() -> None:
    shelf = Shelf(recent=(Path("/data/a\u202eb\n"),))
    (row,) = [row for row in model_rows("/data", shelf) if row.name == "a\u202eb\n"]
    assert "‹202E›" in row.spoken
    assert "\n" not in row.spoken


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("/data/my bert", "/data/my bert"),
        ('"/data/my bert"', "/data/my bert"),
        ("'/data/my bert' ", "/data/my bert"),
        ("file:///data/my%20bert", "/data/my bert"),
        ("~nobody-of-this-name/bert", "~nobody-of-this-name/bert"),
    ],
)
def test_a_place_is_understood_as_file_managers_and_shells_write_it(typed: str, path: str) -> None:
    assert chosen(typed).wanted == ModelWanted(Path(path))
