"""Subjects that are text: configuration, vocabulary, tokenizer and session files."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import Any

from bertviz_app.bert.config import read_config
from bertviz_app.core.errors import BertVizError
from bertviz_app.core.request import Interventions
from bertviz_app.core.saved_session import Layout, ModelReference, SavedSession
from bertviz_app.core.state import HiddenWord, Pin, Selection, State, ViewOptions
from bertviz_app.inference.vocabulary import read_vocabulary
from bertviz_app.storage.journal import open_journal
from bertviz_app.storage.sentences import change_sentences, read_sentences
from bertviz_app.storage.session_file import encode_session, parse_session, read_session
from bertviz_app.storage.settings import Settings, read, write
from tests.fuzz.folder import CONFIG, LINES, SETTINGS, SPEC, TOKENIZER
from tests.fuzz.mutation import VALUES, edited, hostile_bytes, hostile_json, written
from tests.fuzz.subject import Subject

_OPTIONS = (
    "position_embedding_type",
    "is_decoder",
    "add_cross_attention",
    "quantization_config",
    "auto_map",
    "hidden_act",
    "torch_dtype",
)


class Config(Subject):
    """config.json."""

    def write(self, chance: Random, folder: Path) -> None:
        raw = hostile_json(chance, CONFIG, _OPTIONS)
        (folder / "config.json").write_bytes(raw)

    def read(self, folder: Path) -> None:
        spec = read_config(folder)
        assert spec.width % spec.heads == 0
        assert 0 < spec.layers <= 256
        assert 0 <= spec.norm_eps <= 1


class Vocabulary(Subject):
    """vocab.txt and tokenizer_config.json."""

    def write(self, chance: Random, folder: Path) -> None:
        lines, settings = LINES, json.dumps(SETTINGS).encode()
        if chance.random() < 0.6:
            lines = _hostile_lines(chance)
        if lines is LINES or chance.random() < 0.3:
            settings = hostile_json(chance, SETTINGS, ("pad_token", "extra_special_tokens"))
        (folder / "vocab.txt").write_bytes(lines)
        (folder / "tokenizer_config.json").write_bytes(settings)

    def read(self, folder: Path) -> None:
        vocabulary = read_vocabulary(folder, 30_522)
        assert all(piece and number >= 0 for piece, number in vocabulary.ids.items())


class Tokenizer(Subject):
    """tokenizer.json, or the files beside it, up to the pieces of a text."""

    def write(self, chance: Random, folder: Path) -> None:
        if chance.random() < 0.3:
            Vocabulary().write(chance, folder)
        else:
            (folder / "tokenizer.json").write_bytes(hostile_json(chance, TOKENIZER, SETTINGS))

    def read(self, folder: Path) -> None:
        from bertviz_app.inference.tokenizer import load_tokenizer

        tokenizer = load_tokenizer(folder, SPEC)
        text = "The woman washed [MASK] hands, unhappiness 😀 é 漢字 [SEP] ##ing"
        encoding = tokenizer.encode(text, "he")
        assert 3 <= len(encoding.ids) <= SPEC.positions
        assert all(0 <= number < SPEC.vocabulary for number in encoding.ids)
        assert all(0 <= start <= end <= len(text) for start, end in encoding.spans)


class Card(Subject):
    """The model card, of which the licence is read."""

    def write(self, chance: Random, folder: Path) -> None:
        lines = [b"---", b"license: apache-2.0", b"license_name: 'x'", b"---", b"# A model", b""]
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(lines))
            lines[at] = lines[at][:20] * chance.choice((0, 2, 20_000))
            spaces = b" " * 90_000
            lines.insert(at, chance.choice((b"license:", b"license: a" + spaces + b"b", b"-")))
        (folder / "README.md").write_bytes(hostile_bytes(chance, b"\n".join(lines)))

    def read(self, folder: Path) -> None:
        from bertviz_app.inference.model_card import licence

        assert licence(folder).isprintable()


class Session(Subject):
    """A session file: whatever else is wrong, a text that stands there is had back."""

    def write(self, chance: Random, folder: Path) -> None:
        tree = deepcopy(_session_tree())
        for _ in range(chance.randint(1, 3)):
            tree = edited(chance, tree, ("version", "format", "text", "pair"))
        raw = written(chance, tree)
        if chance.random() < 0.2:
            raw = hostile_bytes(chance, raw)
        (folder / "a.bertviz.json").write_bytes(raw)

    def read(self, folder: Path) -> None:
        path = folder / "a.bertviz.json"
        found = read_session(path)
        state = found.session.state
        assert len(state.text) <= 100_000
        if _text_of(path) == _session_tree()["text"]:
            assert state.text == _session_tree()["text"]
        again = parse_session(encode_session(found.session, found.found))
        assert again is not None
        assert again.session == found.session


class Kept(Subject):
    """What the program keeps for itself: settings, sentences and a journal.

    Nothing of it is refused, for nothing may keep the program from starting; that one of them could
    not be read counts as refused here.
    """

    def write(self, chance: Random, folder: Path) -> None:
        sentence = {"text": "a", "pair": None}
        trees = {
            "settings.json": asdict(Settings(shares=(1, 2, 3), models=("/a",), pickles=("ab",))),
            "sentences.json": {"recent": [sentence] * 3, "saved": [{"text": "b", "pair": "c"}]},
            "journal-1.json": _session_tree()
            | {"journal": {"order": 3, "file": "/a", "starts": 1}},
        }
        for name, tree in trees.items():
            (folder / name).write_bytes(hostile_json(chance, tree))

    def read(self, folder: Path) -> None:
        found = read(folder / "settings.json")
        assert write(folder / "settings.json", found.settings) == ""
        assert read(folder / "settings.json").settings == found.settings
        sentences = change_sentences(folder / "sentences.json", lambda same: same)
        assert read_sentences(folder / "sentences.json") == sentences
        journal = open_journal(folder)
        assert journal is not None
        if journal.last is not None:
            assert journal.write(journal.last) == ""
        journal.let_go()
        if problem := found.problem or journal.problem:
            raise BertVizError(problem)


def _hostile_lines(chance: Random) -> bytes:
    """vocab.txt with one to three lines, or its bytes, not as they should be."""
    lines = LINES.splitlines(keepends=True)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(lines))
        match chance.randrange(7):
            case 0:
                lines[at] = chance.choice(lines)
            case 1:
                del lines[at]
            case 2:
                value = chance.choice([value for value in VALUES if isinstance(value, str)])
                lines[at] = value.encode("utf-8", "surrogatepass") + b"\n"
            case 3:
                lines.insert(
                    at, chance.choice((b"\n", b" \n", b"\t\r\n", b"\xe2\x80\xa8\n", b"\r"))
                )
            case 4:
                lines[at] = lines[at].rstrip(b"\n") + chance.choice((b"\r\n", b" \n", b"", b"\0\n"))
            case 5:
                lines[at] = b"[" + lines[at].strip().upper() + b"]\n"
            case _:
                lines.insert(at, b"\xff\n" if chance.random() < 0.3 else b"x" * 1_000_000 + b"\n")
    raw = b"".join(lines)
    return hostile_bytes(chance, raw) if chance.random() < 0.2 else raw


def _session_tree() -> dict[str, Any]:
    """A session with something in every field."""
    text = "The woman washed [MASK] hands."
    state = State(
        text=text,
        pair="It was cold.",
        hidden=(HiddenWord(0, (17, 23), "her"),),
        interventions=Interventions(
            heads_off={(0, 1), (1, 0)},
            causal=True,
            parts=(1.0, 0.5, 0.0),
            attention={(1, 1, 2): (0.5, 0.5)},
        ),
        selection=Selection(layer=1, head=1, token=Pin(0, (4, 9)), word="his"),
        asked=("our", "my"),
    )
    saved = SavedSession(
        state, ViewOptions(fold=True), Layout(3, ("arcs",)), ModelReference(Path("/a/b"), "b", "1")
    )
    tree: dict[str, Any] = json.loads(encode_session(saved, {}))
    return tree


def _text_of(path: Path) -> object:
    """The text that stands in the file, if the file is JSON."""
    try:
        tree = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return tree.get("text") if isinstance(tree, dict) else None
