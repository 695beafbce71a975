"""Where a model came from: its files, what they say and what was found in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file as it was when the model was read: `size` in bytes, `modified` in ns since 1970."""

    path: Path
    size: int
    modified: int


@dataclass(frozen=True, slots=True)
class TensorRead:
    """One tensor of the weights, as it was read.

    Attributes:
        name: what the file calls it.
        kind: the kind of its numbers in the file ("F16"); what computes is float32.
        shape: its shape in the file.
        parameter: the parameter of our network that it is, or is rows of.
        row: the first of those rows; None if it is the whole parameter.
        norm: the root of the sum of its squares; NaN or infinite if a number of it is.
        broken: how many of its numbers are NaN or infinite.
        constant: all its numbers are the same one.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    parameter: str
    row: int | None
    norm: float
    broken: int
    constant: bool


@dataclass(frozen=True, slots=True)
class TokenizerFacts:
    """How the model's text is cut.

    Attributes:
        file: the name of the file that decides.
        pieces: how many ids have a piece.
        cased: capitals stay capitals; `accents`: letters keep their accents.
        ideographs: each Chinese character is a word of its own.
        longest_word: a word of more characters is unknown.
        specials: the written form and the id of each token that is no word.
    """

    file: str
    pieces: int
    cased: bool
    accents: bool
    ideographs: bool
    longest_word: int
    specials: tuple[tuple[str, int], ...]


@dataclass(frozen=True, eq=False)
class Origin:
    """What the folder of a model held when it was read.

    Attributes:
        files: those that were read.
        config: the entries of config.json, as they are written there.
        tensors: those that were read, in the order of the network.
        tokenizer: how text is cut.
        licence: what the model card names, or empty.
        remarks: what a person should know that is no fault, a sentence each.
    """

    files: tuple[FileRead, ...] = ()
    config: tuple[tuple[str, str], ...] = ()
    tensors: tuple[TensorRead, ...] = field(default=(), repr=False)
    tokenizer: TokenizerFacts | None = None
    licence: str = ""
    remarks: tuple[str, ...] = ()
