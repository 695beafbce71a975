"""The licence of a card is one line of its front matter; nothing else in it is believed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertviz_app.core.paths import default_model
from bertviz_app.inference.model_card import licence


@pytest.mark.parametrize(
    ("card", "named"),
    [
        ("---\nlicense: apache-2.0\n---\n# Card", "apache-2.0"),
        ("---\r\nlanguage: en\r\nlicense:  mit \r\n---\r\n", "mit"),
        ('\ufeff---\nlicense: "cc-by-4.0"\n---', "cc-by-4.0"),
        ("---\nlicense: other\nlicense_name: my-own\n---\n", "my-own"),
        ("---\nlicense: other\n---\n", "other"),
        ("---\nlicense: a\x1b[31mb\n---\n", "a\\x1b[31mb"),
        ("---\nbase:\n  license: mit\n---\n", ""),
        ("# Card\n---\nlicense: mit\n---\n", ""),
        ("license: mit", ""),
        ("---\nlicense: mit\nnever closed", ""),
        pytest.param(
            f"---\nlicense: a{' ' * 90_000}b\n---\n", "a".ljust(80), id="spaces without end"
        ),
        ("", ""),
    ],
)
def test_the_front_matter_names_it(card: str, named: str, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_bytes(card.encode())
    assert licence(tmp_path) == named


def test_no_card_names_nothing(tmp_path: Path) -> None:
    assert licence(tmp_path) == ""
    os.mkfifo(tmp_path / "README.md")
    assert licence(tmp_path) == ""


def test_the_bundled_model_names_its_own() -> None:
    assert licence(default_model()) == "apache-2.0"


@given(st.text())
def test_any_front_matter_is_one_printable_line(text: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        card = f"---\nlicense: {text}\n---\n"
        (Path(folder) / "README.md").write_bytes(card.encode("utf-8", "replace"))
        assert licence(Path(folder)).isprintable()
