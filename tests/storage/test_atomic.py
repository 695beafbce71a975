"""Tests of writing: a file is the old one or the new one, whole, and what went wrong is said."""

from __future__ import annotations

import errno
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from bertviz_app.storage import atomic
from bertviz_app.storage.atomic import read_regular, write_whole
from tests.fixtures.failing_files import each_failure


def test_whichever_operation_fails_the_file_is_old_or_new(tmp_path: Path) -> None:
    file = tmp_path / "kept.json"
    file.write_bytes(b"old")
    problems: list[str] = []
    for operations in each_failure(tmp_path, lambda: problems.append(write_whole(file, b"new"))):
        assert operations.failed or not problems[-1]
        assert file.read_bytes() == (b"old" if problems[-1] else b"new")
        assert list(tmp_path.iterdir()) == [file]
        file.write_bytes(b"old")
    assert len(problems) > 3


def refuse(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Let no file take the place of another one so many times."""
    left, replace = [times], os.replace

    def refusing(new: Path, old: Path) -> None:
        left[0] -= 1
        if left[0] >= 0:
            raise PermissionError(errno.EACCES, "it is in use", str(new), None, str(old))
        replace(new, old)

    monkeypatch.setattr("os.replace", refusing)


def test_a_file_that_another_program_holds_for_a_moment_is_written_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, 2)
    assert write_whole(tmp_path / "kept.json", b"new") == ""
    assert (tmp_path / "kept.json").read_bytes() == b"new"


def test_a_file_that_another_program_holds_for_ever_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kept.json").write_bytes(b"old")
    refuse(monkeypatch, 99)
    assert write_whole(tmp_path / "kept.json", b"new") == "it is in use"
    assert (tmp_path / "kept.json").read_bytes() == b"old"


@pytest.mark.parametrize(
    ("size", "words"), [(2_100_000, "3 MB"), (2_100, "3 kB"), (999, "999 bytes")]
)
def test_a_full_disk_is_called_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, words: str
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr("os.fsync", full)
    assert write_whole(tmp_path / "kept.json", b"x" * size) == f"disk full: need {words}"


LIMITED = """
import resource, signal, sys
from pathlib import Path
from bertviz_app.storage.atomic import write_whole
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
print(write_whole(Path(sys.argv[1]), b"x" * 5000))
"""


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="needs a limit to run into")
def test_a_file_that_does_not_fit_leaves_the_old_one_and_no_rest(tmp_path: Path) -> None:
    file = tmp_path / "kept.json"
    file.write_bytes(b"old")
    repository = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(file)],
        cwd=repository,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip()
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_folder_in_the_place_of_the_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "kept.json").mkdir()
    assert write_whole(tmp_path / "kept.json", b"new")
    assert write_whole(tmp_path / "kept.json" / "x" / "y.json", b"new") == ""


def test_of_a_long_file_one_byte_more_than_the_limit_is_read(tmp_path: Path) -> None:
    (tmp_path / "long").write_bytes(b"x" * 50)
    assert read_regular(tmp_path / "long", 10) == b"x" * 11


def test_broken_files_are_set_aside_beside_each_other(tmp_path: Path) -> None:
    names = []
    for content in (b"1", b"2"):
        (tmp_path / "a.json").write_bytes(content)
        kept = atomic.set_aside(tmp_path / "a.json")
        assert kept is not None
        names.append(kept.name)
    assert names == ["a.broken-1.json", "a.broken-2.json"]
