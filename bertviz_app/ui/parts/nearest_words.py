"""What Nearest words says about the vector in question."""

from __future__ import annotations

from collections.abc import Sequence

from bertviz_app.analysis.visible import isolated, visible
from bertviz_app.core.facts import ModelFacts
from bertviz_app.ui import numbers

TABLE = -1
"""The source that is no layer: the row of the token table, before anything is added."""

NO_TOKEN = "Click a token to see it here, or type a word."


def sources(layers: int, first_number: int) -> list[tuple[str, object]]:
    """The vectors a token has, in words, each with its number: the table, 0 to L."""
    numbered = [(where(source, first_number), source) for source in range(layers + 1)]
    return [("token table", TABLE), *numbered]


def where(source: int, first_number: int) -> str:
    """Where a vector was taken, inside a sentence."""
    if source == TABLE:
        return "in the token table"
    return "at the embedding" if source == 0 else f"after layer {source - 1 + first_number}"


def about_token(token: str, source: int, first_number: int, length: float) -> str:
    """The vector of a token."""
    size = numbers.length(length)
    return f"{isolated(visible(token))} {where(source, first_number)}: length {size}"


def about_word(word: str, ids: Sequence[int], facts: ModelFacts, length: float | None) -> str:
    """The vector of a typed word."""
    typed = isolated(visible(word))
    if length is None:
        return f"“{typed}” holds nothing that BERT reads."
    pieces = [isolated(visible(facts.vocabulary[number])) for number in ids]
    size = numbers.length(length)
    if len(pieces) == 1:
        return f"“{typed}” is the piece {pieces[0]}: its row in the token table, length {size}"
    return (
        f"“{typed}” is {numbers.count(len(pieces))} pieces, {' '.join(pieces)}: "
        f"the mean of their rows, length {size}"
    )
