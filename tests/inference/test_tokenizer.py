"""Text is cut as transformers cuts it, from every kind of folder; other folders are refused."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertviz_app.core.encoding import Reading
from bertviz_app.core.errors import ModelError
from bertviz_app.core.paths import default_model
from bertviz_app.core.spec import ModelSpec
from bertviz_app.core.text import FIELD_LIMIT
from bertviz_app.inference.tokenizer import Tokenizer, load_tokenizer
from bertviz_app.inference.vocabulary_lines import LARGEST_FILE
from tests.fixtures.tiny_models import SPECIAL, VOCABULARY

if TYPE_CHECKING:
    from transformers import BertTokenizer

BIG = 30_522


def spec(rows: int = BIG, positions: int = 100_000) -> ModelSpec:
    """A model with that many rows of embeddings and positions."""
    return ModelSpec(1, 1, 4, 4, vocabulary=rows, positions=positions)


def folder_of(folder: Path, pieces: Sequence[str] | bytes = VOCABULARY, **settings: object) -> Path:
    """Writes vocab.txt, from pieces or bytes, and the settings of its tokenizer."""
    lines = pieces if isinstance(pieces, bytes) else "".join(f"{piece}\n" for piece in pieces)
    (folder / "vocab.txt").write_bytes(lines if isinstance(lines, bytes) else lines.encode())
    if settings:
        (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    return folder


def json_folder(folder: Path, **changes: object) -> Path:
    """Writes the tokenizer.json of the tiny vocabulary; a change names a part, `model__type`."""
    table: dict[str, Any] = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {"id": SPECIAL.index(name), "content": name, "special": True, "normalized": False}
            for name in SPECIAL
        ],
        "normalizer": {"type": "BertNormalizer", "lowercase": True},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": None,
        "decoder": None,
        "model": {
            "type": "WordPiece",
            "unk_token": "[UNK]",
            "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100,
            "vocab": {piece: number for number, piece in enumerate(VOCABULARY)},
        },
    }
    for name, value in changes.items():
        *way, last = name.split("__")
        part = table
        for step in way:
            part = part[step]
        part[last] = value
    (folder / "tokenizer.json").write_text(json.dumps(table))
    return folder


def tokenizer(folder: Path, positions: int = 64) -> Tokenizer:
    """The tokenizer of a folder with the tiny vocabulary."""
    return load_tokenizer(folder, spec(len(VOCABULARY) + 8, positions))


@cache
def tiny(positions: int) -> Tokenizer:
    """The tokenizer of the tiny vocabulary for a model of that many positions."""
    with TemporaryDirectory() as place:
        return tokenizer(folder_of(Path(place)), positions)


# The same pieces, cut in each of the ways a folder may ask for.
WAYS: dict[str, dict[str, object]] = {
    "nothing said": {},
    "cased": {"do_lower_case": False},
    "cased, no accents": {"do_lower_case": False, "strip_accents": True},
    "accents": {"do_lower_case": True, "strip_accents": False},
    "ideographs together": {"tokenize_chinese_chars": False},
    "added tokens": {
        "added_tokens_decoder": {
            "30524": {"content": "new_Word", "normalized": True, "special": False},
            "30522": {"content": "[E1]", "special": True},
            "30523": {"content": "wug", "single_word": True, "special": False},
            "103": {"content": "[MASK]", "single_word": True, "special": True},
        },
        "extra_special_tokens": ["[E1]", "[E2]"],
        "mask_token": "[MASK]",
        "sep_token": {"__type": "AddedToken", "content": "[SEP]", "normalized": False},
    },
}


@pytest.fixture(scope="module")
def ways() -> Iterator[Callable[[str], tuple[Tokenizer, BertTokenizer]]]:
    """Our tokenizer and transformers', of a folder with vocab.txt or with tokenizer.json."""
    from transformers import BertTokenizer

    lines = (default_model() / "vocab.txt").read_bytes()
    rows = spec(BIG + 8)
    with TemporaryDirectory() as place:

        @cache
        def made(way: str) -> tuple[Tokenizer, BertTokenizer]:
            kind, name = way.split(": ")
            folder = Path(place, name)
            folder.mkdir(exist_ok=True)
            oracle = BertTokenizer.from_pretrained(folder_of(folder, lines, **WAYS[name]))
            if kind == "tokenizer.json":
                folder = folder / "saved"
                oracle.save_pretrained(folder)
            return load_tokenizer(folder, rows), oracle

        yield made


ODD = (
    *("\U0001f600", "\U0001f469\u200d\U0001f467", "e\u0301", "\u05e9\u05dc", "\u4e2d\u6587"),
    *("\ud55c\uad6d", "\0", "\x0b", "\x85", "\ufeff", "\ufdd0", "\ufffd", "\xa0", "\u2028", "\n"),
    *("\u0130", "\xdf", "\ufb01", "\u2260", "\u200b", "\U00020000", "\ud83d", "a" * 100, "b" * 101),
    *("[MASK]", "[SEP]", "[CLS]", "[UNK]", "[PAD]", "[mask]", "[MASK ]", "[E1]", "[E2]", "[e2]"),
    *(" the ", "Unhappiness", "new_Word", "new_word", "wug", "wugs ", " ", ".", "-"),
)
SURROGATE = re.compile("[\ud800-\udfff]")
ANY_TEXT = st.lists(st.sampled_from(ODD) | st.characters(exclude_categories=())).map("".join)


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.parametrize("kind", ["vocab.txt", "tokenizer.json"])
def test_any_text_is_cut_as_transformers_cuts_it(
    ways: Callable[[str], tuple[Tokenizer, BertTokenizer]], kind: str, name: str
) -> None:
    ours, oracle = ways(f"{kind}: {name}")

    @given(ANY_TEXT, ANY_TEXT)
    def equal(text: str, pair: str) -> None:
        first, second = (SURROGATE.sub("\ufffd", sentence) for sentence in (text, pair))
        sentences = [first, second] if oracle.tokenize(second) else [first]
        expected = oracle(*sentences, return_offsets_mapping=True)
        encoding = ours.encode(text, pair)
        assert list(encoding.ids) == expected["input_ids"]
        assert list(encoding.segments) == expected["token_type_ids"]
        assert list(encoding.spans) == expected["offset_mapping"]

    equal()


def test_special_tokens_are_recognised_where_they_are_written(tmp_path: Path) -> None:
    encoding = tokenizer(folder_of(tmp_path)).encode("a[MASK]s [mat] [SEP] b[UNK] \u4e2d")
    assert " ".join(encoding.tokens[1:-1]) == "a [MASK] s [UNK] mat [UNK] [SEP] b [UNK] [UNK]"
    assert encoding.masks == (2,)
    assert encoding.unknown == (4, 6, 9, 10)


def test_a_written_separator_starts_no_segment(tmp_path: Path) -> None:
    encoding = tokenizer(folder_of(tmp_path)).encode("a [SEP] b", "c")
    assert encoding.tokens == ("[CLS]", "a", "[SEP]", "b", "[SEP]", "c", "[SEP]")
    assert encoding.segments == (0, 0, 0, 0, 0, 1, 1)
    assert encoding.added == (0, 4, 6)
    assert encoding.spans == ((0, 0), (0, 1), (2, 7), (8, 9), (0, 0), (0, 1), (0, 0))


@pytest.mark.parametrize("pair", ["", "  ", "\n\0\ufeff"])
def test_a_pair_without_pieces_is_no_pair(tmp_path: Path, pair: str) -> None:
    ours = tokenizer(folder_of(tmp_path))
    assert ours.encode("a", pair) == ours.encode("a")
    assert ours.encode("a", pair).second == Reading()


def test_an_empty_text_is_two_tokens(tmp_path: Path) -> None:
    encoding = tokenizer(folder_of(tmp_path)).encode("")
    assert encoding.tokens == ("[CLS]", "[SEP]")
    assert encoding.first == Reading()


def test_a_model_with_one_segment_reads_a_pair(tmp_path: Path) -> None:
    small = ModelSpec(1, 1, 4, 4, vocabulary=len(VOCABULARY), positions=16, segments=1)
    encoding = load_tokenizer(folder_of(tmp_path), small).encode("a", "b")
    assert encoding.segments == (0,) * 5
    assert encoding.sentences == (None, 0, None, 1, None)


def test_spans_count_characters_of_their_own_sentence(tmp_path: Path) -> None:
    encoding = tokenizer(folder_of(tmp_path)).encode("\U0001f600 the wo\u0301man", "\ufeffher\0s")
    words = dict(zip(encoding.tokens, encoding.spans, strict=True))
    assert words["the"] == (2, 5)
    assert words["woman"] == (6, 12)
    assert words["her"] == (1, 4)
    assert words["##s"] == (5, 6)


def test_the_spaces_an_added_token_swallows_are_not_its_own(tmp_path: Path) -> None:
    token = {"content": "[E1]", "lstrip": True, "rstrip": True, "special": True}
    folder = folder_of(tmp_path, added_tokens_decoder={str(len(VOCABULARY)): token})
    encoding = tokenizer(folder).encode("a  [E1] \n b")
    assert encoding.tokens[2] == "[E1]"
    assert encoding.spans[2] == (3, 7)


@pytest.mark.parametrize(("letters", "tokens"), [(100, 100), (101, 1)])
def test_a_word_of_over_100_characters_is_unknown(
    tmp_path: Path, letters: int, tokens: int
) -> None:
    encoding = tokenizer(folder_of(tmp_path), positions=200).encode("a" * letters)
    assert len(encoding) == tokens + 2
    assert bool(encoding.unknown) is (tokens == 1)


@given(st.integers(0, 12), st.integers(0, 12), st.integers(3, 15))
def test_the_longer_sentence_is_cut_one_piece_at_a_time(first: int, second: int, room: int) -> None:
    encoding = tiny(room).encode("a " * first, "b " * second)
    shares = [first, second]
    longer = int(second >= first)
    while sum(shares) > room - (3 if second else 2):
        # Of two equal shares the sentence that was longer keeps the odd piece.
        shares[1 - longer if shares[0] == shares[1] else int(shares[1] > shares[0])] -= 1
    assert encoding.tokens.count("a") == shares[0]
    assert encoding.tokens.count("b") == shares[1]
    assert len(encoding) <= room
    for reading, share, pieces in zip(
        (encoding.first, encoding.second), shares, (first, second), strict=True
    ):
        cut_at = 2 * share if share < pieces else None
        assert reading == Reading(share, pieces, cut_at)


@pytest.mark.parametrize("positions", [3, 4, 9, 10, 64])
@pytest.mark.parametrize("lengths", [(80, 0), (80, 3), (3, 80), (80, 81), (81, 80), (80, 80)])
def test_a_long_text_is_cut_where_transformers_cuts_it(
    tmp_path: Path, positions: int, lengths: tuple[int, int]
) -> None:
    from transformers import BertTokenizer

    text, pair = ("the [MASK] unhappiness " * length for length in lengths)
    folder = folder_of(tmp_path)
    sentences = [text, pair] if pair else [text]
    oracle = BertTokenizer.from_pretrained(folder)
    expected = oracle(*sentences, truncation="longest_first", max_length=positions)
    encoding = tokenizer(folder, positions).encode(text, pair)
    assert list(encoding.ids) == expected["input_ids"]
    assert encoding.first.pieces == 6 * lengths[0]
    assert encoding.second.pieces == 6 * lengths[1]


def test_a_text_longer_than_a_field_is_read_up_to_there(tmp_path: Path) -> None:
    ours = tokenizer(folder_of(tmp_path))
    spaces = " " * (FIELD_LIMIT - 3)
    encoding = ours.encode(f"a{spaces}b " * 20)
    assert encoding.tokens == ("[CLS]", "a", "b", "[SEP]")
    assert encoding.first == Reading(read=2, pieces=2, cut_at=FIELD_LIMIT)
    assert ours.encode(f"a{spaces}b ").first.cut_at is None


def test_each_row_of_the_model_has_a_piece_or_none(tmp_path: Path) -> None:
    ours = load_tokenizer(folder_of(tmp_path), spec(len(VOCABULARY) + 3))
    assert ours.vocabulary == (*VOCABULARY, "", "", "")


def test_the_mask_is_written_as_the_vocabulary_has_it(tmp_path: Path) -> None:
    pieces = [piece.replace("[MASK]", "<mask>") for piece in VOCABULARY]
    ours = tokenizer(folder_of(tmp_path, pieces, mask_token="<mask>"))
    assert (ours.mask_token, ours.mask_id) == ("<mask>", pieces.index("<mask>"))
    assert ours.encode("a <mask> [MASK]").masks == (2,)


def test_a_vocabulary_without_a_mask_reads_text(tmp_path: Path) -> None:
    pieces = [piece for piece in VOCABULARY if piece != "[MASK]"]
    ours = tokenizer(folder_of(tmp_path, pieces))
    assert (ours.mask_token, ours.mask_id) == ("", None)
    assert ours.encode("the [MASK]").masks == ()


def test_tokenizer_json_wins_over_vocab_txt(tmp_path: Path) -> None:
    folder_of(tmp_path, [*reversed(VOCABULARY)], do_lower_case=False)
    assert tokenizer(json_folder(tmp_path)).vocabulary[: len(VOCABULARY)] == VOCABULARY
    assert tokenizer(tmp_path).encode("The").tokens[1] == "the"


def test_padding_truncation_and_template_of_a_tokenizer_json_are_left_aside(tmp_path: Path) -> None:
    plain = tokenizer(json_folder(tmp_path)).encode("the woman " * 9, "b")
    kept = {"strategy": "LongestFirst", "direction": "Right", "stride": 0}
    filled = {"direction": "Right", "pad_to_multiple_of": None, "pad_id": 0, "pad_type_id": 0}
    folder = json_folder(
        tmp_path,
        truncation={**kept, "max_length": 8},
        padding={**filled, "strategy": {"Fixed": 128}, "pad_token": "[PAD]"},
        post_processor={"type": "BertProcessing", "sep": ["a", 30], "cls": ["b", 31]},
    )
    assert tokenizer(folder).encode("the woman " * 9, "b") == plain


def test_a_tokenizer_json_may_leave_out_the_type_of_its_model(tmp_path: Path) -> None:
    assert tokenizer(json_folder(tmp_path, model__type=None)).encode("the").tokens[1] == "the"


def test_a_tokenizer_json_sets_the_longest_word(tmp_path: Path) -> None:
    folder = json_folder(tmp_path, model__max_input_chars_per_word=3)
    assert tokenizer(folder).encode("the they").tokens == ("[CLS]", "the", "[UNK]", "[SEP]")


@pytest.mark.parametrize(
    "pieces",
    [
        b"\xef\xbb\xbf" + "\n".join(VOCABULARY).encode(),
        "\r\n".join(VOCABULARY).encode(),
        ("\n".join(VOCABULARY) + "\n\n \n").encode(),
    ],
)
def test_marks_and_line_ends_of_other_editors_are_no_pieces(tmp_path: Path, pieces: bytes) -> None:
    ours = tokenizer(folder_of(tmp_path, pieces))
    assert ours.vocabulary[: len(VOCABULARY)] == VOCABULARY


def test_a_line_separator_is_a_piece_of_the_chinese_vocabulary(tmp_path: Path) -> None:
    pieces = [*VOCABULARY[:9], "\u2028", "\u0085", *VOCABULARY[9:]]
    ours = tokenizer(folder_of(tmp_path, pieces))
    assert ours.vocabulary[: len(pieces)] == tuple(pieces)


def test_repeated_and_empty_lines_keep_their_ids_as_transformers_has_it(tmp_path: Path) -> None:
    from transformers import BertTokenizer

    pieces = [*VOCABULARY[:9], VOCABULARY[12], "", " ", *VOCABULARY[9:], VOCABULARY[7]]
    folder = folder_of(tmp_path, pieces)
    ours, oracle = tokenizer(folder, 1000), BertTokenizer(str(folder / "vocab.txt"))
    text = " ".join(pieces[5:])
    assert list(ours.encode(text).ids) == oracle(text)["input_ids"]
    assert {7, 9, 10, 11}.isdisjoint(ours.encode(text).ids)
    assert ours.vocabulary[: len(pieces)] == tuple(piece.strip() for piece in pieces)


def lines_with(number: int, line: bytes) -> bytes:
    """A vocab.txt whose line `number` is another."""
    lines = [piece.encode() for piece in VOCABULARY]
    lines[number - 1] = line
    return b"\n".join(lines)


@pytest.mark.parametrize(
    ("pieces", "sentence"),
    [
        (lines_with(9, b"caf\xe9"), "line 9 is not UTF-8"),
        ("".join(VOCABULARY).encode("utf-16"), "line 1 is not UTF-8"),
        (lines_with(2, b"x1"), r"lacks \[UNK\], "),
        (lines_with(3, b"x1"), r"lacks \[CLS\], "),
        (lines_with(4, b"x1"), r"lacks \[SEP\], "),
        (b"", r"lacks \[UNK\] and \[CLS\] and \[SEP\], "),
        (b"a\n" * (LARGEST_FILE // 2 + 1), "longer than 34 MB"),
        ([*VOCABULARY, *(f"x{number}" for number in range(9))], '"x8" has the id'),
    ],
)
def test_a_damaged_vocabulary_is_refused_by_its_line(
    tmp_path: Path, pieces: Sequence[str] | bytes, sentence: str
) -> None:
    with pytest.raises(ModelError, match=rf"^{tmp_path.name}/vocab.txt: .*{sentence}"):
        tokenizer(folder_of(tmp_path, pieces))


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"do_lower_case": "yes"}, 'do_lower_case must be true or false, found "yes"'),
        ({"strip_accents": 1}, "strip_accents must be true or false, found 1"),
        ({"tokenize_chinese_chars": []}, "tokenize_chinese_chars must be true or false"),
        ({"tokenizer_class": "BertJapaneseTokenizer"}, "asks for .*Japanese.*opens BERT only"),
        ({"mask_token": 7}, "content must be a text, found 7"),
        ({"added_tokens_decoder": {"x": {"content": "y"}}}, '"x" is no id'),
        ({"added_tokens_decoder": {"9" * 5000: {"content": "y"}}}, "is no id"),
        ({"added_tokens_decoder": {"90": {"special": True}}}, "a token without a text"),
        ({"added_tokens_decoder": {"90": "y"}}, '90 must be an object.*found "y"'),
        ({"additional_special_tokens": 3}, "additional_special_tokens must be a list"),
        ({"additional_special_tokens": [3]}, "additional_special_tokens must be an object"),
    ],
)
def test_a_wrong_setting_is_named(
    tmp_path: Path, settings: dict[str, object], sentence: str
) -> None:
    with pytest.raises(ModelError, match=rf"^{tmp_path.name}/tokenizer_config.json: .*{sentence}"):
        tokenizer(folder_of(tmp_path, **settings))


@pytest.mark.parametrize("listed", [["[E1]"], [{"content": "[E1]"}], {"extra": "[E1]"}])
def test_additional_special_tokens_are_recognised(tmp_path: Path, listed: object) -> None:
    ours = tokenizer(folder_of(tmp_path, additional_special_tokens=listed))
    assert ours.encode("a [E1] [e1]").tokens[:4] == ("[CLS]", "a", "[E1]", "[UNK]")
    assert ours.vocabulary[len(VOCABULARY)] == "[E1]"


def test_an_added_token_without_room_is_refused(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, additional_special_tokens=[f"[E{number}]" for number in range(9)])
    with pytest.raises(ModelError, match=r'"\[E8\]" has the id'):
        tokenizer(folder)


def test_an_added_token_is_where_its_file_puts_it_or_refused(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, added_tokens_decoder={"7": {"content": "[E1]", "special": True}})
    with pytest.raises(ModelError, match=r'"\[E1\]" should have the id 7, which is not free'):
        tokenizer(folder)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"model__type": "BPE"}, 'its model is "BPE" where BERT has WordPiece'),
        ({"model": {"vocab": {}}}, "its model is missing"),
        ({"normalizer": None}, "its normalizer is missing"),
        ({"normalizer__type": "Sequence"}, "its normalizer is .*Sequence"),
        ({"pre_tokenizer__type": "Split"}, "its pre_tokenizer is .*Split"),
        ({"model__continuing_subword_prefix": "@@"}, "its prefix inside a word is .*@@"),
        ({"model__max_input_chars_per_word": 10**20}, "must be 1 to 1000"),
        ({"model__max_input_chars_per_word": True}, "must be a whole number, found true"),
        ({"model__vocab": ["a"]}, "vocab must be an object"),
        ({"model__vocab__a": "1"}, 'the id of "a" must be 0 or more, found "1"'),
        ({"model__vocab__a": -1}, 'the id of "a" must be 0 or more, found -1'),
        ({"model__vocab__a": True}, 'the id of "a" must be 0 or more, found true'),
        ({"model__vocab__a": 0}, r'"\[PAD\]" and "a" have the same id, 0'),
        ({"model__vocab__a": 2**40}, '"a" has the id 1099511627776, but'),
        ({"model__vocab__\ud800": len(VOCABULARY)}, "half a character"),
        ({"model__unk_token": "x9"}, "lacks x9,"),
        pytest.param({"model__unk_token": "x" * 5000}, "lacks x{80},", id="a long name is cut"),
        ({"model__vocab": {}}, r"lacks \[UNK\],"),  # it is there, but only as an added token
        ({"added_tokens": [{"id": len(VOCABULARY), "content": "\udfff"}]}, "half a character"),
        ({"added_tokens": [{"id": 6, "content": "x9"}]}, '"x9" should have the id 6'),
        ({"added_tokens": 5}, "added_tokens must be a list"),
        ({"normalizer__lowercase": 1}, "lowercase must be true or false, found 1"),
    ],
)
def test_a_tokenizer_json_that_is_not_berts_is_refused(
    tmp_path: Path, changes: dict[str, object], sentence: str
) -> None:
    with pytest.raises(ModelError, match=rf"^{tmp_path.name}/tokenizer.json: .*{sentence}"):
        tokenizer(json_folder(tmp_path, **changes))


@pytest.mark.parametrize("text", ["", "[1]", "{", "\ufeff{", "[" * 100_000, '{"a": 1' + "0" * 5000])
def test_a_damaged_tokenizer_json_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "tokenizer.json").write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match=rf"^{tmp_path.name}/tokenizer.json: "):
        tokenizer(folder_of(tmp_path))


@pytest.mark.parametrize("name", ["tokenizer.json", "vocab.txt", "tokenizer_config.json"])
def test_what_is_no_regular_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).unlink(missing_ok=True)
    os.symlink(tmp_path, tmp_path / name)
    with pytest.raises(ModelError, match=rf"^{tmp_path.name}/{name}: "):
        tokenizer(tmp_path)


def test_a_folder_without_a_vocabulary_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        ModelError, match=r"vocab.txt: there is no such file, and no tokenizer.json"
    ):
        tokenizer(tmp_path)
