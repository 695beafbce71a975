"""vocab.txt: a piece a line, whose number is its id."""

from __future__ import annotations

from pathlib import Path

from bertviz_app.bert.files import brief, label, open_regular, unreadable
from bertviz_app.core.errors import ModelError

LARGEST_FILE = 32 * 2**20
"""Bytes: more than any vocabulary of BERT needs."""


def ids_of_lines(path: Path, rows: int) -> tuple[dict[str, int], dict[int, str]]:
    """The id of each piece of a vocab.txt, and the pieces of the lines that a later one repeats.

    Args:
        path: the file.
        rows: how many pieces the model knows.

    Raises:
        ModelError: it cannot be read, is too long, is not UTF-8 text, or has more lines than rows.
    """
    ids: dict[str, int] = {}
    repeated: dict[int, str] = {}
    lines = _text(path).rstrip(" \t\r\n").split("\n")
    if len(lines) > rows:
        raise beyond(lines[-1].strip(), len(lines) - 1, rows, path)
    for number, line in enumerate(lines):
        # U+2028 is a piece of BERT's Chinese vocabulary, so not every space is nothing.
        piece = line.rstrip() or line.strip(" \t\r")
        if not piece:
            continue  # its number is taken, but no text holds a word of no letters
        if piece in ids:
            repeated[ids[piece]] = piece
        ids[piece] = number
    return ids, repeated


def beyond(piece: str, number: int, rows: int, path: Path) -> ModelError:
    """The error for a piece whose id no row of the model stands for."""
    return ModelError(
        f"{label(path)}: {brief(piece)} has the id {number}, but the model knows only "
        f"{rows} pieces, from 0; take the vocabulary that came with the model."
    )


def _text(path: Path) -> str:
    try:
        with open_regular(path) as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise unreadable(path, error) from error
    if len(data) > LARGEST_FILE:
        raise ModelError(
            f"{label(path)}: longer than {LARGEST_FILE / 1e6:.0f} MB, so it was not read."
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ModelError(
            f"{label(path)}: line {line} is not UTF-8 text; fetch the file again."
        ) from error
