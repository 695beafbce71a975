"""Tests of the settings: whatever the file holds, the program starts."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertviz_app.storage import settings
from bertviz_app.storage.settings import Settings, read, write
from tests.fixtures.failing_files import each_failure

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


def test_settings_come_back_as_written(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "settings.json"
    kept = Settings(
        theme="dark",
        palette="cividis",
        text_size=1.25,
        first_number=0,
        shares=(200, 300, 500),
        pickles=("ab" * 32,),
    )
    assert write(path, kept) == ""
    assert read(path).settings == kept


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000, b"7"])
def test_unreadable_file_is_kept_aside_and_said(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    found = read(path)
    assert found.settings == Settings()
    assert "settings.broken-1.json" in found.problem
    assert (tmp_path / "settings.broken-1.json").read_bytes() == content


def test_second_broken_file_does_not_replace_the_first(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    for content in (b"{", b"["):
        path.write_bytes(content)
        read(path)
    assert (tmp_path / "settings.broken-1.json").read_bytes() == b"{"
    assert (tmp_path / "settings.broken-2.json").read_bytes() == b"["


def test_folder_in_place_of_the_file_does_not_stop_the_start(tmp_path: Path) -> None:
    (tmp_path / "settings.json").mkdir()
    assert read(tmp_path / "settings.json").settings == Settings()


def test_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(b" " * (settings.SIZE_LIMIT + 1))
    assert "too large" in read(path).problem


def test_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "could not be written" in write(tmp_path / "file" / "settings.json", Settings())


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
def test_pipe_in_place_of_the_file_does_not_stop_the_start(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "settings.json")
    found = read(tmp_path / "settings.json")
    assert found.settings == Settings()
    assert "not a regular file" in found.problem


def test_two_windows_write_what_each_has_changed(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    both = Settings()
    write(path, both)
    write(path, Settings(theme="dark"), before=both)
    write(path, Settings(text_size=1.5), before=both)
    assert read(path).settings == Settings(theme="dark", text_size=1.5)


def test_what_a_newer_version_wrote_stays_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    newer = {"palette": "magma", "shape": {"of": "things"}, "version": 7}
    path.write_text(json.dumps(newer))
    found = read(path)
    assert (found.settings, found.problem) == (Settings(), "")
    write(path, Settings(theme="light"), before=found.settings)
    kept = json.loads(path.read_text())
    assert newer.items() <= kept.items()
    assert kept["theme"] == "light"


def test_file_that_broke_meanwhile_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(b"{")
    assert write(path, Settings(theme="dark"), before=Settings()) == ""
    assert read(path).settings == Settings(theme="dark")


def test_whichever_file_operation_fails_the_old_settings_or_the_new_are_whole(
    tmp_path: Path,
) -> None:
    path, old, new = tmp_path / "settings.json", Settings(), Settings(theme="dark")
    problems = []
    for _ in each_failure(tmp_path, lambda: problems.append(write(path, new, before=old))):
        told = problems[-1]
        assert read(path).settings == (old if told else new)
        assert [file.name for file in tmp_path.iterdir()] in ([], ["settings.json"])
        path.unlink(missing_ok=True)
        write(path, old)
    assert len(problems) > 5
    assert problems[-1] == ""


def test_whichever_file_operation_fails_reading_gives_settings_and_loses_no_file(
    tmp_path: Path,
) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(b"{")
    found = []
    for _ in each_failure(tmp_path, lambda: found.append(read(path))):
        assert found[-1].settings == Settings()
        assert found[-1].problem
        (kept,) = tmp_path.iterdir()
        assert kept.read_bytes() == b"{"
        kept.rename(path)


@given(st.dictionaries(st.sampled_from([*Settings.__dataclass_fields__, "other"]), JSON))
def test_any_value_of_any_setting_gives_usable_settings(
    tmp_path_factory: pytest.TempPathFactory, found: dict[str, object]
) -> None:
    path = tmp_path_factory.mktemp("settings") / "settings.json"
    path.write_text(json.dumps(found))
    result = read(path).settings
    assert result.theme in settings.CHOICES["theme"]
    assert result.palette in settings.CHOICES["palette"]
    assert 0.8 <= result.text_size <= 2
    assert result.first_number in (0, 1)
    assert all(isinstance(share, int) for share in result.shares)
