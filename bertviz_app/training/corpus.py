"""The text of a training run as numbers: the ids of all pieces, and where each sentence begins.

Cutting takes minutes for a hundred megabytes, so a corpus can be kept in a file of its own, which
later runs take in place of the texts.
"""

from __future__ import annotations

import lzma
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from bertviz_app.bert.files import label, printable
from bertviz_app.inference.tokenizer import Tokenizer
from bertviz_app.training.errors import TrainingError
from bertviz_app.training.files import write
from bertviz_app.training.sentences import paragraphs, sentences

SUFFIX = ".safetensors"
_AT_ONCE = 20_000
_BLOCK = 32
"""Sentences that stay together when some are held out."""


@dataclass(frozen=True, eq=False)
class Corpus:
    """Sentences in the order of their texts: the one after a sentence follows it.

    Attributes:
        ids: of all pieces, one sentence after the other (N,).
        starts: where each sentence begins, and the end of the last (S + 1,); rising.
        vocabulary: the mark of the vocabulary that the ids are from.
    """

    ids: NDArray[Any] = field(repr=False)
    starts: NDArray[np.int64] = field(repr=False)
    vocabulary: str

    @cached_property
    def mark(self) -> str:
        """Two corpora with the same mark hold the same sentences."""
        ends = np.ascontiguousarray(self.starts, np.int64).tobytes()
        return _mark(np.ascontiguousarray(self.ids, np.uint32).tobytes(), ends)

    @property
    def sentences(self) -> int:
        """How many there are."""
        return len(self.starts) - 1

    def split(self, held_out: float) -> tuple[Corpus, Corpus]:
        """What is learned from, and about the share `held_out` of it, in blocks of neighbours.

        Raises:
            TrainingError: there are too few sentences for two.
        """
        if self.sentences < 2 * _BLOCK:
            raise TrainingError(
                f"The text is too short: {self.sentences} sentences, where {2 * _BLOCK} are needed."
            )
        held = np.arange(self.sentences) // _BLOCK % max(2, round(1 / held_out)) == 0
        return self._where(~held), self._where(held)

    def _where(self, kept: NDArray[np.bool_]) -> Corpus:
        lengths = np.diff(self.starts)
        return Corpus(self.ids[np.repeat(kept, lengths)], _starts(lengths[kept]), self.vocabulary)


def cut(texts: Sequence[Path], tokenizer: Tokenizer) -> Corpus:
    """The corpus of some text files.

    Raises:
        TrainingError: a file cannot be read (see `paragraphs`), or nothing is in them.
    """
    parts: list[NDArray[Any]] = []
    lengths: list[int] = []
    found = chain.from_iterable(map(sentences, chain.from_iterable(map(paragraphs, texts))))
    for some in _portions(found):
        pieces = [ids for ids in tokenizer.cut(some) if ids]
        lengths += map(len, pieces)
        parts.append(np.fromiter(chain.from_iterable(pieces), _kind(tokenizer)))
    if not lengths:
        raise TrainingError(f"{', '.join(map(label, texts))}: there is no text.")
    return Corpus(np.concatenate(parts), _starts(np.array(lengths)), _mark_of(tokenizer))


def write_corpus(corpus: Corpus, path: Path) -> None:
    """Keep a corpus in the file `path`; it appears when it is whole.

    Raises:
        TrainingError: it cannot be written.
    """
    lengths = np.diff(corpus.starts).astype(np.uint32)
    mark = np.frombuffer(bytes.fromhex(corpus.vocabulary), np.uint8)
    data = save({"ids": corpus.ids, "lengths": lengths, "vocabulary": mark})
    write(path, lzma.compress(data) if path.suffix == ".xz" else data)


def read_corpus(paths: Sequence[Path], tokenizer: Tokenizer) -> Corpus:
    """The corpus of text files, or of one file that `write_corpus` wrote.

    Raises:
        TrainingError: as `cut`; or a kept corpus is damaged, or of another vocabulary.
    """
    kept = [path for path in paths if Path(path.name.removesuffix(".xz")).suffix == SUFFIX]
    if not kept:
        return cut(paths, tokenizer)
    if len(paths) > 1:
        raise TrainingError(f"{label(kept[0])}: a kept corpus is read alone, beside no other file.")
    return _read_kept(kept[0], tokenizer)


def _read_kept(path: Path, tokenizer: Tokenizer) -> Corpus:
    try:
        data = path.read_bytes()
        arrays = load(lzma.decompress(data) if path.suffix == ".xz" else data)
        ids, lengths = arrays["ids"], arrays["lengths"].astype(np.int64)
        vocabulary = arrays["vocabulary"].tobytes().hex()
    except OSError as error:
        reason = printable(error.strerror or str(error))
        raise TrainingError(f"{label(path)}: could not be read ({reason}).") from error
    except (SafetensorError, lzma.LZMAError, KeyError) as error:
        raise TrainingError(f"{label(path)}: damaged, or no corpus.") from error
    if vocabulary != _mark_of(tokenizer):
        raise TrainingError(f"{label(path)}: cut with another vocabulary than the model has.")
    if not lengths.all() or lengths.sum() != len(ids) or (ids >= len(tokenizer.vocabulary)).any():
        raise TrainingError(f"{label(path)}: damaged, or no corpus.")
    return Corpus(ids, _starts(lengths), vocabulary)


def _portions(found: Iterator[str]) -> Iterator[list[str]]:
    while some := list(islice(found, _AT_ONCE)):
        yield some


def _starts(lengths: NDArray[Any]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])


def _kind(tokenizer: Tokenizer) -> type[np.uint16] | type[np.uint32]:
    return np.uint16 if len(tokenizer.vocabulary) <= 2**16 else np.uint32


def _mark_of(tokenizer: Tokenizer) -> str:
    return _mark("\0".join(tokenizer.vocabulary).encode())


def _mark(*data: bytes) -> str:
    return blake2b(b"".join(data), digest_size=16).hexdigest()
