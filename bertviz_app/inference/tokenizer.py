"""Text in, pieces out: cuts one or two sentences as the BERT of one model reads them."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import tokenizers
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from bertviz_app.bert.files import brief, label, printable
from bertviz_app.core.encoding import Encoding, Reading, Span
from bertviz_app.core.errors import ModelError
from bertviz_app.core.spec import ModelSpec
from bertviz_app.core.text import FIELD_LIMIT
from bertviz_app.inference.vocabulary import Vocabulary, read_vocabulary
from bertviz_app.inference.vocabulary_lines import beyond

# Two sentences are not worth a pool of threads beside torch's.
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

_SURROGATE = re.compile("[\ud800-\udfff]")


def load_tokenizer(folder: Path, spec: ModelSpec) -> Tokenizer:
    """The tokenizer of a model's folder, from tokenizer.json, else from vocab.txt.

    Raises:
        ModelError: there is no vocabulary, or it is damaged, or it is not one for this model.
    """
    return Tokenizer(read_vocabulary(folder, spec.vocabulary), spec)


class Tokenizer:
    """Cuts text into the pieces of one vocabulary.

    Attributes:
        rules: everything that decides how a text is cut.
        vocabulary: the piece of each id, some perhaps twice; empty where the model has a row but
            no piece (V,).
        specials: ids of the special tokens and of all that were added.
        mask_token: how a blank is written in the text; empty if the vocabulary has none.
        mask_id: its id, or None.

    Raises:
        ModelError: the vocabulary does not fit the model, or lacks what every text needs.
    """

    def __init__(self, vocabulary: Vocabulary, spec: ModelSpec) -> None:
        _check_rows(vocabulary.ids, spec, vocabulary.path)
        self.rules = vocabulary
        self._cutter = _cutter(vocabulary)
        ids = self._cutter.get_vocab(with_added_tokens=True)
        _check_rows(ids, spec, vocabulary.path)
        _check_added(vocabulary, ids)
        names = vocabulary.names
        written = {*asdict(names).values(), *(piece.content for piece in vocabulary.added)}
        self.specials = frozenset(ids[piece] for piece in written & ids.keys())
        self._positions, self._segments = spec.positions, spec.segments
        self._opening, self._separator = ids[names.cls_token], ids[names.sep_token]
        self._unknown = ids[names.unk_token]
        self.mask_id = ids.get(names.mask_token)
        self.mask_token = "" if self.mask_id is None else names.mask_token
        pieces = {number: piece for piece, number in ids.items()} | vocabulary.repeated
        self.vocabulary = tuple(pieces.get(number, "") for number in range(spec.vocabulary))

    def encode(self, text: str, pair: str = "") -> Encoding:
        """The tokens of `text`, or of `text` and `pair`; T is at most the model's positions.

        A pair without a single piece (empty, or only spaces) is no pair. Special tokens written
        in the text are recognised; a written separator starts no segment. Of what is too long
        the end is dropped: of the longer sentence until both are equal, then of both in turn. No
        more of a sentence is looked at than a text field holds.
        """
        # One text at a time, the library would hold the interpreter's lock, and so the window.
        cut = self._cutter.encode_batch(
            [encodable(text), encodable(pair)], add_special_tokens=False
        )
        first, second = (len(pieces) for pieces in cut)
        shares = _shares(first, second, self._positions - (3 if second else 2))
        readings = [_reading(*item) for item in zip((text, pair), cut, shares, strict=True)]
        ids, segments, added = [self._opening], [0], [0]
        spans: list[Span] = [(0, 0)]
        for number in range(2 if second else 1):
            pieces = cut[number]
            pieces.truncate(shares[number])
            ids += [*pieces.ids, self._separator]
            segments += [min(number, self._segments - 1)] * (shares[number] + 1)
            spans += [*pieces.offsets, (0, 0)]
            added.append(len(ids) - 1)
        return Encoding(
            tuple(ids),
            tuple(segments),
            tuple(self.vocabulary[number] for number in ids),
            tuple(spans),
            tuple(added),
            masks=tuple(place for place, number in enumerate(ids) if number == self.mask_id),
            unknown=tuple(place for place, number in enumerate(ids) if number == self._unknown),
            first=readings[0],
            second=readings[1],
        )

    def cut(self, texts: Sequence[str]) -> list[list[int]]:
        """The ids of many texts, whole, and nothing around them."""
        found = self._cutter.encode_batch_fast(list(texts), add_special_tokens=False)
        return [pieces.ids for pieces in found]


def around(model: tokenizers.models.Model, vocabulary: Vocabulary) -> tokenizers.Tokenizer:
    """A tokenizer with `model` that normalises, and finds added pieces, as a vocabulary asks."""
    cutter = tokenizers.Tokenizer(model)
    cutter.normalizer = BertNormalizer(
        clean_text=vocabulary.clean_text,
        handle_chinese_chars=vocabulary.split_ideographs,
        strip_accents=vocabulary.strip_accents,
        lowercase=vocabulary.lowercase,
    )
    cutter.add_tokens(
        [
            tokenizers.AddedToken(
                piece.content, normalized=piece.normalized, single_word=piece.single_word
            )
            for piece in vocabulary.added
        ]
    )
    return cutter


def _cutter(vocabulary: Vocabulary) -> tokenizers.Tokenizer:
    pieces = WordPiece(
        vocabulary.ids,
        unk_token=vocabulary.names.unk_token,
        max_input_chars_per_word=vocabulary.longest_word,
    )
    cutter = around(pieces, vocabulary)
    cutter.pre_tokenizer = BertPreTokenizer()
    return cutter


def _check_rows(ids: Mapping[str, int], spec: ModelSpec, path: Path) -> None:
    piece = max(ids, key=ids.__getitem__, default="")
    if piece and ids[piece] >= spec.vocabulary:
        raise beyond(piece, ids[piece], spec.vocabulary, path)


def _check_added(vocabulary: Vocabulary, ids: Mapping[str, int]) -> None:
    """What the library made of the vocabulary is what its files say."""
    path, names = vocabulary.path, vocabulary.names
    # An unknown word becomes a piece of the vocabulary itself: one that was added does not do.
    needed = ((names.unk_token, vocabulary.ids), (names.cls_token, ids), (names.sep_token, ids))
    if missing := [printable(name[:80]) for name, pieces in needed if name not in pieces]:
        raise ModelError(
            f"{label(path)}: it lacks {' and '.join(missing)}, without which BERT reads "
            "no text; take the vocabulary that came with the model."
        )
    for piece in vocabulary.added:
        if piece.id not in (None, ids.get(piece.content)):
            raise ModelError(
                f"{label(path)}: the added token {brief(piece.content)} should have the id "
                f"{piece.id}, which is not free; take the files that came with the model."
            )


def encodable(text: str) -> str:
    """As much of `text` as is looked at; surrogates, which the library refuses, are replaced."""
    return _SURROGATE.sub("\ufffd", text[:FIELD_LIMIT])


def _shares(first: int, second: int, room: int) -> tuple[int, int]:
    """How many pieces of two sentences are read if `room` fit in all.

    Dropping one piece at a time from the longer sentence, until it fits, leaves as many. At the
    end the sentence that was longer keeps the odd piece, as the tokenizers library has it.
    """
    if first > second:
        longer, shorter = _shares(second, first, room)[::-1]
        return longer, shorter
    kept = min(first, room // 2)
    return kept, min(second, room - kept)


def _reading(text: str, pieces: tokenizers.Encoding, read: int) -> Reading:
    unread = pieces.token_to_chars(read) if read < len(pieces) else None
    if unread is not None:
        return Reading(read, len(pieces), unread[0])
    return Reading(read, len(pieces), FIELD_LIMIT if len(text) > FIELD_LIMIT else None)
