"""Reads the pieces a model knows, and how text is cut into them, from the files of its folder.

tokenizer.json wins over vocab.txt, whose options stand beside it in tokenizer_config.json. Only
BERT's own way of cutting is accepted. What else a tokenizer.json holds (truncation, padding, what
is put around a text) is left aside: the program does that itself.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from bertviz_app.bert.files import brief, label
from bertviz_app.core.errors import ModelError
from bertviz_app.inference.json_table import JsonTable
from bertviz_app.inference.vocabulary_lines import LARGEST_FILE, ids_of_lines

FROM_JSON, FROM_LINES, SETTINGS = "tokenizer.json", "vocab.txt", "tokenizer_config.json"

LONGEST_WORD = 1000
"""Characters: the most a vocabulary may ask to be looked at in one word."""

# Tokenizers that cut as BERT's own does; others (BertJapanese) find words in another way.
_SAME_CUT = ("BertTokenizer", "DistilBertTokenizer", "ElectraTokenizer")


@dataclass(frozen=True)
class Names:
    """How a vocabulary writes the tokens that are not words."""

    unk_token: str = "[UNK]"
    cls_token: str = "[CLS]"
    sep_token: str = "[SEP]"
    mask_token: str = "[MASK]"
    pad_token: str = "[PAD]"


@dataclass(frozen=True)
class AddedPiece:
    """A piece that is recognised in the text before it is cut into words.

    Attributes:
        content: how it is written.
        id: where the file puts it, or None for the first free place.
        normalized: it is looked for after the text was made small and lost its accents.
        single_word: it must not touch other letters.
    """

    content: str
    id: int | None = None
    normalized: bool = False
    single_word: bool = False


@dataclass(frozen=True)
class Vocabulary:
    """Everything that decides how a text is cut.

    Attributes:
        path: the file it was read from.
        ids: the id of each piece; of one that stands on several lines, the last.
        names: how the special tokens are written.
        added: pieces recognised before the text is cut, the special ones among them.
        clean_text: control characters are dropped, and every kind of space is a space.
        split_ideographs: each ideograph is a word.
        lowercase: capitals become small letters.
        strip_accents: accents are dropped; None means "as `lowercase`".
        longest_word: a word of more characters is unknown.
        repeated: the pieces of the ids that no text is read as, since a later line is the same.
    """

    path: Path
    ids: dict[str, int] = field(repr=False)
    names: Names = Names()
    added: tuple[AddedPiece, ...] = ()
    clean_text: bool = True
    split_ideographs: bool = True
    lowercase: bool = True
    strip_accents: bool | None = None
    longest_word: int = 100
    repeated: dict[int, str] = field(default_factory=dict, repr=False)


def read_vocabulary(folder: Path, rows: int) -> Vocabulary:
    """What `folder` says about cutting text into pieces, of which the model knows `rows`.

    Raises:
        ModelError: there is no vocabulary, or it is damaged, or it is not one of BERT.
    """
    settings = read_settings(folder)
    if os.path.lexists(folder / FROM_JSON):
        return _checked(_from_json(folder / FROM_JSON, settings))
    if os.path.lexists(folder / FROM_LINES):
        return _checked(_from_lines(folder / FROM_LINES, settings, rows))
    raise ModelError(
        f"{label(folder / FROM_LINES)}: there is no such file, and no {FROM_JSON} either; copy "
        "one of them there from where the model came from."
    )


def read_settings(folder: Path) -> JsonTable:
    """The entries of `folder`'s tokenizer_config.json; empty if there is none."""
    path = folder / SETTINGS
    return JsonTable.read(path, LARGEST_FILE) if os.path.lexists(path) else JsonTable(path, {})


def _from_json(path: Path, settings: JsonTable) -> Vocabulary:
    table = JsonTable.read(path, LARGEST_FILE)
    normalizer, model = table.table("normalizer"), table.table("model")
    # Files from before the type was stored are known by a setting that only WordPiece has.
    implied = "WordPiece" if "max_input_chars_per_word" in model.entries else ""
    for part, found, ours in (
        ("normalizer", normalizer.get("type", ""), "BertNormalizer"),
        ("pre_tokenizer", table.table("pre_tokenizer").get("type", ""), "BertPreTokenizer"),
        ("model", model.get("type", implied), "WordPiece"),
        ("prefix inside a word", model.get("continuing_subword_prefix", "##"), "##"),
    ):
        if found != ours:
            raise ModelError(
                f"{label(path)}: its {part} is {brief(found) if found else 'missing'} where BERT "
                f"has {ours}; this program opens BERT only."
            )
    ids = _checked_ids(model.get("vocab", {}), path)
    names = replace(_names(settings), unk_token=model.get("unk_token", Names.unk_token))
    return Vocabulary(
        path,
        ids,
        names,
        _with_specials(map(_added_piece, table.tables("added_tokens")), names, ids),
        clean_text=normalizer.get("clean_text", True),
        split_ideographs=normalizer.get("handle_chinese_chars", True),
        lowercase=normalizer.get("lowercase", True),
        strip_accents=_strip_accents(normalizer),
        longest_word=_longest_word(model),
    )


def _from_lines(path: Path, settings: JsonTable, rows: int) -> Vocabulary:
    cut = settings.get("tokenizer_class", "BertTokenizer")
    if cut.removesuffix("Fast") not in _SAME_CUT:
        raise ModelError(
            f"{label(settings.path)}: it asks for {brief(cut)}, which does not cut text as BERT "
            "does; this program opens BERT only."
        )
    (ids, repeated), names = ids_of_lines(path, rows), _names(settings)
    return Vocabulary(
        path,
        ids,
        names,
        _with_specials(_added_in_settings(settings), names, ids),
        split_ideographs=settings.get("tokenize_chinese_chars", True),
        lowercase=settings.get("do_lower_case", True),
        strip_accents=_strip_accents(settings),
        repeated=repeated,
    )


def _checked_ids(entries: dict[str, object], path: Path) -> dict[str, int]:
    ids: dict[str, int] = {}
    pieces: dict[int, str] = {}
    for piece, number in entries.items():
        if type(number) is not int or number < 0:
            raise ModelError(
                f"{label(path)}: the id of {brief(piece)} must be 0 or more, found {brief(number)}."
            )
        if number in pieces:
            raise ModelError(
                f"{label(path)}: {brief(pieces[number])} and {brief(piece)} have the same id, "
                f"{number}; fetch the file again."
            )
        ids[piece], pieces[number] = number, piece
    return ids


def _checked(vocabulary: Vocabulary) -> Vocabulary:
    """The vocabulary, if all that is written in it is text."""
    added = (piece.content for piece in vocabulary.added)
    texts = "\0".join((*vocabulary.ids, *added, *asdict(vocabulary.names).values()))
    # JSON can spell half a character, which is no text.
    if half := re.search("[\ud800-\udfff]", texts):
        raise ModelError(
            f"{label(vocabulary.path)}: a piece holds {brief(half[0])}, which is half a character; "
            "fetch the file again."
        )
    return vocabulary


def _names(settings: JsonTable) -> Names:
    # A name is a text, or an object with flags and the text.
    tables = {
        name: JsonTable(settings.path, entry if isinstance(entry, dict) else {"content": entry})
        for name, entry in settings.entries.items()
    }
    written = {
        name: tables[name].get("content", usual) if name in tables else usual
        for name, usual in asdict(Names()).items()
    }
    return Names(**written)


def _strip_accents(table: JsonTable) -> bool | None:
    unset = table.entries.get("strip_accents") is None
    return None if unset else table.get("strip_accents", False)


def _longest_word(model: JsonTable) -> int:
    longest = model.get("max_input_chars_per_word", Vocabulary.longest_word)
    if not 1 <= longest <= LONGEST_WORD:
        raise ModelError(
            f"{label(model.path)}: max_input_chars_per_word must be 1 to {LONGEST_WORD}, "
            f"found {brief(longest)}."
        )
    return longest


def _added_in_settings(settings: JsonTable) -> Iterator[AddedPiece]:
    decoder = settings.table("added_tokens_decoder")
    for number in decoder.entries:
        if not (number.isdecimal() and len(number) < 10):
            raise ModelError(f"{label(decoder.path)}: {brief(number)} is no id for an added token.")
    for number in sorted(decoder.entries, key=int):
        yield _added_piece(decoder.table(number), id=int(number))
    for name in ("additional_special_tokens", "extra_special_tokens"):
        for table in settings.tables(name):
            yield _added_piece(table, special=True)


def _added_piece(table: JsonTable, **known: int | bool) -> AddedPiece:
    entries = JsonTable(table.path, {**table.entries, **known})
    content, number = entries.get("content", ""), entries.get("id", -1)
    if not content:
        raise ModelError(f"{label(table.path)}: it adds a token without a text.")
    return AddedPiece(
        content,
        number if number >= 0 else None,
        entries.get("normalized", not entries.get("special", False)),
        entries.get("single_word", False),
    )


def _with_specials(
    added: Iterable[AddedPiece], names: Names, ids: dict[str, int]
) -> tuple[AddedPiece, ...]:
    """The added pieces, each once, and the special tokens that are pieces of the vocabulary."""
    specials = (AddedPiece(name) for name in asdict(names).values() if name in ids)
    pieces: dict[str, AddedPiece] = {}
    for piece in (*added, *specials):
        pieces.setdefault(piece.content, piece)
    return tuple(pieces.values())
