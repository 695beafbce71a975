"""Text made visible: characters that print nothing, or reorder what stands around them, get a sign.

Pieces come from a person, a file or a stranger's vocabulary. What is shown must be all there is,
in the order in which it is there.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

JOINER = "\u200d"
EMOJI_FORM = "\ufe0f"
KEYCAPS = "#*0123456789" + EMOJI_FORM
NAME = 80
"""Letters that are shown of the name of a file."""

UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
"""Unicode categories that print nothing of their own, or something else in every font."""


@lru_cache(maxsize=4096)
def visible(text: str, limit: int = 32) -> str:
    """`text` with a sign for each character that cannot be seen, … after `limit` characters.

    ASCII controls become their pictures (NUL is ␀), others their number in ‹ ›: ‹202E›. The
    joiners inside an emoji stay, for with them it is one picture.
    """
    shown = text if len(text) <= limit else text[: limit - 1]
    if not (shown.isascii() and shown.isprintable()):
        shown = "".join(
            letter if _seen(letter, shown[at - 1 : at]) else _sign(letter)
            for at, letter in enumerate(shown)
        )
    return shown if len(text) <= limit else shown + "…"


def isolated(text: str) -> str:
    """`text` for the middle of a sentence: written from right to left, it moves nothing else."""
    if all(unicodedata.bidirectional(letter) not in ("R", "AL", "AN") for letter in text):
        return text
    return f"\u2068{text}\u2069"


def named(name: str) -> str:
    """The name of a file or a folder for the middle of a sentence."""
    return isolated(visible(name, NAME))


def quoted(text: str, limit: int) -> str:
    """A typed `text` between quotation marks: on one line, … after `limit` characters."""
    return f"“{isolated(visible(' '.join(text.split()), limit))}”"


def cell_text(text: str) -> str:
    """`text` as one cell of a table for a spreadsheet: never a formula, never two cells."""
    shown = visible(text, len(text))
    return f"'{shown}" if shown.startswith(("=", "+", "-", "@")) else shown


def _seen(letter: str, before: str) -> bool:
    if letter in (JOINER, EMOJI_FORM):
        return before != "" and (before in KEYCAPS or unicodedata.category(before) in ("So", "Sk"))
    if unicodedata.category(letter) == "Zs":
        return letter == " "
    return unicodedata.category(letter) not in UNSEEN


def _sign(letter: str) -> str:
    code = ord(letter)
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"‹{code:04X}›"
