"""Executes the rules of the layout that import-linter cannot say, and import-linter itself."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from types import FunctionType

import pytest

REPOSITORY = Path(__file__).parents[1]
PACKAGE = REPOSITORY / "bertviz_app"
FILES = sorted(PACKAGE.rglob("*.py"))

# What each part may import from outside the standard library.
MAY_IMPORT = {
    "core": {"numpy"},
    "analysis": {"numpy"},
    "bert": {"numpy", "torch", "safetensors"},
    "inference": {"numpy", "torch", "safetensors", "tokenizers"},
    "training": {"numpy", "torch", "safetensors"},
    "session": {"PySide6.QtCore"},
    "storage": {"PySide6.QtCore", "PySide6.QtNetwork", "huggingface_hub"},
    "ui": {"numpy", "PySide6", "shiboken6", "pyqtgraph"},
    "cli": {"numpy"},
    "app": {"PySide6"},
    "__init__": set(),
    "__main__": set(),
}
METHODS = (FunctionType, property, cached_property, classmethod, staticmethod)
WITHOUT_QT = ("core", "analysis", "bert", "inference", "training", "cli")
WITHOUT_TORCH = ("core", "analysis", "session", "storage", "ui", "cli", "app")


def part(file: Path) -> str:
    """The part of the package that a file belongs to, such as `core` or `app`."""
    return file.relative_to(PACKAGE).with_suffix("").parts[0]


def module_name(file: Path) -> str:
    """The dotted name of a file."""
    names = file.relative_to(REPOSITORY).with_suffix("").parts
    return ".".join(names[:-1] if names[-1] == "__init__" else names)


def modules(parts: tuple[str, ...]) -> list[str]:
    """The modules of these parts."""
    return [module_name(file) for file in FILES if part(file) in parts]


def tree(file: Path) -> ast.Module:
    """The file, parsed."""
    return ast.parse(file.read_text("utf-8"))


def definitions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Every function and class of a file, nested ones too."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node


def imported(file: Path) -> set[str]:
    """The modules a file imports from outside the package and the standard library."""
    names: set[str] = set()
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None, f"{file}: a relative import"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    own = {"bertviz_app", *sys.stdlib_module_names}
    return {name for name in names if name.partition(".")[0] not in own}


def run(program: str) -> None:
    """Run a program in a fresh interpreter, which must not complain."""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_files_functions_and_classes_stay_small(file: Path) -> None:
    assert len(file.read_text("utf-8").splitlines()) <= 300
    for node in definitions(file):
        assert node.end_lineno is not None
        limit = 200 if isinstance(node, ast.ClassDef) else 50
        assert node.end_lineno - node.lineno < limit, f"{node.name}: find the missing concept"


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_public_methods_are_documented(file: Path) -> None:
    """An override is documented where it was first declared; ruff sees to classes and functions."""
    module = importlib.import_module(module_name(file))
    silent = [
        f"{kind.__name__}.{name}"
        for kind in vars(module).values()
        if isinstance(kind, type) and kind.__module__ == module.__name__
        for name, member in vars(kind).items()
        if isinstance(member, METHODS) and not (name.startswith("_") or member.__doc__)
        if not any(hasattr(base, name) for base in kind.__bases__)
    ]
    assert silent == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_each_part_imports_only_what_it_may(file: Path) -> None:
    allowed = MAY_IMPORT[part(file)]
    foreign = {
        name
        for name in imported(file)
        if not any(name == one or name.startswith(f"{one}.") for one in allowed)
    }
    assert foreign == set()


def test_only_storage_gets_files_from_elsewhere() -> None:
    asking = {file for file in FILES if any("QNetworkAccess" in name for name in imported(file))}
    assert {part(file) for file in asking} == {"storage"}


def test_one_program_alone_reads_pickles_and_it_stands_by_itself() -> None:
    """Others would run what a stranger wrote; and what it imported would run beside that."""
    alone = PACKAGE / "bert" / "unpickle.py"
    reading = re.compile(r"(import|from) (pickle|shelve|marshal|dill)\b|\b(torch|np|numpy)\.load\b")
    assert [file for file in FILES if reading.search(file.read_text("utf-8"))] == [alone]
    assert "bertviz_app" not in alone.read_text("utf-8")


def test_the_contracts_of_import_linter_hold() -> None:
    # Its cache keeps what a module imported before a file beside it was added or removed.
    run("from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))")


def test_importing_the_package_is_free() -> None:
    run(
        "import sys, bertviz_app\n"
        "heavy = {'numpy', 'torch', 'PySide6', 'tokenizers'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )


@pytest.mark.parametrize(
    ("absent", "parts"),
    [
        pytest.param(("PySide6", "shiboken6", "pyqtgraph"), WITHOUT_QT, id="Qt"),
        pytest.param(("torch", "tokenizers", "safetensors"), WITHOUT_TORCH, id="torch"),
        pytest.param(("transformers", "pyqtgraph"), tuple(MAY_IMPORT), id="test extra"),
    ],
)
def test_parts_import_where_a_library_is_absent(
    absent: tuple[str, ...], parts: tuple[str, ...]
) -> None:
    run(
        "import importlib, sys\n"
        f"sys.modules.update(dict.fromkeys({absent}))\n"
        f"for name in {modules(parts)}: importlib.import_module(name)"
    )
