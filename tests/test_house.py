"""The house: what an installed copy brings along, where it finds it, and how tests run."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hatchling.build import build_wheel
from PySide6.QtGui import QFontDatabase, QGuiApplication

from bertviz_app.core import paths

REPOSITORY = Path(__file__).parents[1]
MODEL = {"config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "vocab.txt"}


def test_a_checkout_holds_the_model_and_the_fonts() -> None:
    assert {file.name for file in paths.default_model().iterdir()} == MODEL | {"README.md"}
    assert paths.resources() == REPOSITORY / "resources"
    assert len(list(paths.fonts().glob("*.ttf"))) == 4


def test_the_bundled_fonts_are_two_families_in_two_weights(qapp: QGuiApplication) -> None:
    for file in paths.fonts().glob("*.ttf"):
        assert QFontDatabase.addApplicationFont(str(file)) >= 0, file
    for family, fixed in (("IBM Plex Sans", False), ("IBM Plex Mono", True)):
        assert set(QFontDatabase.styles(family)) == {"Regular", "SemiBold"}
        assert QFontDatabase.isFixedPitch(family) is fixed


def test_an_installed_wheel_finds_its_own_resources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, installed = tmp_path / "source", tmp_path / "installed"
    for folder in ("bertviz_app", "resources"):
        skipped = shutil.ignore_patterns("__pycache__", "model.safetensors")
        shutil.copytree(REPOSITORY / folder, source / folder, ignore=skipped)
    for file in ("pyproject.toml", "LICENSE"):
        shutil.copy(REPOSITORY / file, source)
    (source / "README.md").touch()
    (source / "resources" / "model" / "model.safetensors").touch()  # the real one takes seconds
    monkeypatch.chdir(source)
    with zipfile.ZipFile(tmp_path / build_wheel(str(tmp_path))) as wheel:
        wheel.extractall(installed)

    program = "from bertviz_app.core.paths import *; print(resources(), *default_model().iterdir())"
    done = subprocess.run(
        [sys.executable, "-P", "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=True,
    )
    home, *files = map(Path, done.stdout.split())
    assert home == installed / "bertviz_app" / "resources"
    assert {file.name for file in files} >= MODEL


def test_tests_run_without_a_screen(qapp: QGuiApplication) -> None:
    assert QGuiApplication.platformName() == "offscreen"
