"""What is said to be copied."""

from __future__ import annotations

import pytest

from bertviz_app.ui.copying import data_rows, said


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("", 0),
        ("word\tas is\tchanged", 0),
        ("word\tas is\nher\t0.5\nhis\t0.25", 2),
        ("typed\tpieces\nunhappy\tun ##happy", 1),
        ("head 1.1: weights\t[CLS]\t2024\n[CLS]\t0.5\t0.5\n2024\t1\t0", 2),
        ("cosine\t0.5\ndistance\tnan\n\ntoken\tsegment\n[CLS]\tA", 3),
        ("token\tlength\nher\t2\n\nnumbers of her\nword\t0.5\t1\nposition\t2\t1", 3),
    ],
)
def test_rows_are_counted_without_what_names_them(table: str, rows: int) -> None:
    assert data_rows(table) == rows


def test_a_table_without_data_is_none() -> None:
    assert said("Words", "id\tpiece") == "Copied the picture of Words."
    assert said("Words", "id\tpiece\n7\tthe") == (
        "Copied the picture and the numbers of Words, 1 row."
    )
