"""Whether the files beside the one that decides how text is cut say the same."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from bertviz_app.bert.files import brief, printable
from bertviz_app.core.errors import ModelError
from bertviz_app.inference.json_table import JsonTable
from bertviz_app.inference.vocabulary import (
    FROM_JSON,
    FROM_LINES,
    SETTINGS,
    Vocabulary,
    read_settings,
)
from bertviz_app.inference.vocabulary_lines import ids_of_lines


def differences(vocabulary: Vocabulary, rows: int) -> tuple[str, ...]:
    """What vocab.txt and tokenizer_config.json say otherwise than tokenizer.json, which wins.

    Args:
        vocabulary: read from tokenizer.json; one read from vocab.txt has nothing to differ from.
        rows: how many pieces the model knows.

    Returns:
        A sentence for each difference.
    """
    folder = vocabulary.path.parent
    if vocabulary.path.name != FROM_JSON:
        return ()
    found = list(_in_options(vocabulary, read_settings(folder)))
    if os.path.lexists(folder / FROM_LINES):
        found += _in_pieces(vocabulary, folder / FROM_LINES, rows)
    return tuple(map(printable, found))


def _in_options(vocabulary: Vocabulary, settings: JsonTable) -> Iterator[str]:
    for name, ours in (
        ("do_lower_case", vocabulary.lowercase),
        ("strip_accents", vocabulary.strip_accents),
        ("tokenize_chinese_chars", vocabulary.split_ideographs),
    ):
        said = settings.entries.get(name)
        if said is not None and ours is not None and said is not ours:
            yield f"{SETTINGS} says {name} {brief(said)}, {FROM_JSON} {brief(ours)}."


def _in_pieces(vocabulary: Vocabulary, path: Path, rows: int) -> Iterator[str]:
    try:
        lines, _ = ids_of_lines(path, rows)
    except ModelError as error:
        yield error.sentence
        return
    added = {piece.content: piece.id for piece in vocabulary.added if piece.id is not None}
    # The usual case costs one comparison.
    if lines == vocabulary.ids:
        return
    ours = added | vocabulary.ids
    differing = [
        piece for piece in sorted(ours.keys() | lines.keys()) if ours.get(piece) != lines.get(piece)
    ]
    # vocab.txt need not list what was added later.
    differing = [piece for piece in differing if piece not in added or piece in lines]
    if differing:
        first = differing[0]
        yield (
            f"{FROM_LINES} and {FROM_JSON} differ in {len(differing):,} "
            f"piece{'s' if len(differing) > 1 else ''}, such as {brief(first)}: "
            f"{_place(lines.get(first))} there, {_place(ours.get(first))} here."
        )


def _place(number: int | None) -> str:
    return "missing" if number is None else f"id {number}"
