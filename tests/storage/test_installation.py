"""Tests of the installation: what was released is listed, and what differs is named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bertviz_app.core.paths import resources
from bertviz_app.storage.installation import SUMS, check_installation


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The list and the fonts, without the model."""
    shutil.copytree(resources() / "fonts", tmp_path / "fonts")
    lines = (resources() / SUMS).read_text().splitlines(keepends=True)
    (tmp_path / SUMS).write_text("".join(line for line in lines if "  fonts/" in line))
    return tmp_path


def test_every_file_that_is_shipped_is_listed_and_as_released() -> None:
    listed = {line.split("  ")[1] for line in (resources() / SUMS).read_text().splitlines()}
    shipped = {
        str(file.relative_to(resources()))
        for folder in ("model", "fonts")
        for file in (resources() / folder).iterdir()
    }
    renew = "cd resources && sha256sum model/* fonts/* > SHA256SUMS"
    assert listed == shipped, renew
    assert check_installation(resources()) == f"all {len(listed)} files are as released", renew


def test_what_differs_and_what_is_gone_is_named(copy: Path) -> None:
    (copy / "fonts" / "OFL.txt").write_text("other words")
    (copy / "fonts" / "IBMPlexMono-Regular.ttf").unlink()
    assert check_installation(copy) == (
        "not as released: fonts/IBMPlexMono-Regular.ttf, fonts/OFL.txt. Install the program again."
    )


@pytest.mark.parametrize("content", [None, b"", b"one word", b"\xff"])
def test_a_list_that_is_gone_or_damaged_is_said(copy: Path, content: bytes | None) -> None:
    (copy / SUMS).unlink()
    if content is not None:
        (copy / SUMS).write_bytes(content)
    assert "Install the program again" in check_installation(copy)
