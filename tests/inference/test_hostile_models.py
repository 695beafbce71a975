"""Every kind of folder that is no sound BERT, opened: one sentence each, or a model and a warning.

The ids are the rows of the table of hostile model files that the program was built against.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from bertviz_app.analysis.trust import doubts
from bertviz_app.bert.safetensors_header import LONGEST_HEADER, MOST_TENSORS
from bertviz_app.core.errors import ModelError
from bertviz_app.core.request import Request
from bertviz_app.inference.engine import Engine
from bertviz_app.inference.load import load_engine
from tests.fixtures.tiny_models import TinyFolder

TEXT = "the woman washed [MASK] hands and he was in the field ."
WEIGHTS = "model.safetensors"
INDEX = "model.safetensors.index.json"

Spoil = Callable[[Path], object]


@pytest.fixture
def folder(tiny_folder: TinyFolder, tmp_path: Path) -> Path:
    """A sound model, to be spoiled."""
    return Path(shutil.copytree(tiny_folder(), tmp_path / "model"))


def written(name: str, content: bytes | str) -> Spoil:
    """Puts other content into a file."""
    raw = content.encode() if isinstance(content, str) else content
    return lambda folder: (folder / name).write_bytes(raw)


def configured(**changes: Any) -> Spoil:
    """Changes entries of config.json; None takes one away."""

    def spoil(folder: Path) -> None:
        entries = json.loads((folder / "config.json").read_text()) | changes
        kept = {key: value for key, value in entries.items() if value is not None}
        (folder / "config.json").write_text(json.dumps(kept))

    return spoil


def cut(share: float) -> Spoil:
    """Keeps only the start of the weights."""

    def spoil(folder: Path) -> None:
        raw = (folder / WEIGHTS).read_bytes()
        (folder / WEIGHTS).write_bytes(raw[: int(len(raw) * share)])

    return spoil


def with_tensors(change: Callable[[dict[str, Tensor]], dict[str, Tensor]]) -> Spoil:
    """Writes other tensors."""
    return lambda folder: save_file(change(load_file(folder / WEIGHTS)), folder / WEIGHTS)


def with_header(change: Callable[[dict[str, Any]], object]) -> Spoil:
    """Changes what the header says, and leaves the data as it is."""

    def spoil(folder: Path) -> None:
        raw = (folder / WEIGHTS).read_bytes()
        length = int.from_bytes(raw[:8], "little")
        header = json.loads(raw[8 : 8 + length])
        change(header)
        packed = json.dumps(header).encode()
        data = raw[8 + length :]
        (folder / WEIGHTS).write_bytes(len(packed).to_bytes(8, "little") + packed + data)

    return spoil


def twice(folder: Path) -> None:
    raw = (folder / WEIGHTS).read_bytes()
    length = int.from_bytes(raw[:8], "little")
    entry = b'"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},'
    header = b"{" + entry + entry + raw[9 : 8 + length]
    (folder / WEIGHTS).write_bytes(len(header).to_bytes(8, "little") + header + raw[8 + length :])


def renamed(old: str, new: str) -> Spoil:
    """Calls a file of the folder otherwise."""
    return lambda folder: (folder / old).rename(folder / new)


def instead(name: str) -> Spoil:
    """Takes the weights away and puts another file there."""

    def spoil(folder: Path) -> None:
        (folder / WEIGHTS).unlink()
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"\0" * 100)

    return spoil


def replaced(name: str, make: Callable[[Path], object]) -> Spoil:
    """Takes a file away and makes something else of that name."""

    def spoil(folder: Path) -> None:
        (folder / name).unlink()
        make(folder / name)

    return spoil


def emptied(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()


def first_of(entries: dict[str, Any]) -> dict[str, Any]:
    """The first tensor of a header."""
    return next(entry for name, entry in entries.items() if name != "__metadata__")


def shifted(entries: dict[str, Any]) -> None:
    """The first tensor begins in the one behind it."""
    start, end = first_of(entries)["data_offsets"]
    first_of(entries)["data_offsets"] = [start + 8, end + 8]


def indexed(places: object) -> Spoil:
    def spoil(folder: Path) -> None:
        (folder / WEIGHTS).unlink()
        (folder / INDEX).write_text(json.dumps({"weight_map": places}))

    return spoil


def vocabulary(change: Callable[[list[str]], list[str]]) -> Spoil:
    def spoil(folder: Path) -> None:
        lines = (folder / "vocab.txt").read_text("utf-8").splitlines()
        (folder / "vocab.txt").write_text("\n".join(change(lines)), "utf-8")

    return spoil


def hostile_tokenizer(**parts: object) -> Spoil:
    """A tokenizer.json with other parts than BERT's."""
    plain: dict[str, object] = {
        "normalizer": {"type": "BertNormalizer"},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "model": {"type": "WordPiece", "vocab": {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2}},
    }
    return written("tokenizer.json", json.dumps(plain | parts))


BOMB = {"type": "Split", "pattern": {"Regex": "(a+)+$"}, "behavior": "Isolated", "invert": False}
LAYER = "bert.encoder.layer.1.output.dense.weight"
HUGE = ("hidden_size must be a whole number from 1 to 16384; found ", "hidden_size")

REFUSED: list[tuple[str, Spoil, str]] = [
    ("M1 empty folder", emptied, "there is no config.json in this folder; open the folder of a"),
    ("M2 no bytes", written(WEIGHTS, b""), "the file is incomplete (0 bytes); download it again"),
    ("M2 three bytes", written(WEIGHTS, b"abc"), "the file is incomplete (3 bytes)"),
    ("M3 cut off", cut(0.6), "the file is cut off, "),
    ("M3 cut inside the header", cut(0.02), "inside its header; download it again"),
    (
        "M4 more behind the end",
        lambda folder: (folder / WEIGHTS).write_bytes((folder / WEIGHTS).read_bytes() + b"more"),
        "damaged, 4 bytes stand behind the last tensor",
    ),
    ("M5 endless header", written(WEIGHTS, b"\xff" * 8 + b"{"), "its header would have 1844674"),
    (
        "M5 long header",
        written(WEIGHTS, (100_000_001).to_bytes(8, "little") + b"{"),
        f"its header would have 100000001 bytes; at most {LONGEST_HEADER} are read",
    ),
    (
        "M6 header longer than the file",
        written(WEIGHTS, (5000).to_bytes(8, "little") + b"{"),
        "inside its header",
    ),
    ("M7 overlap", with_header(shifted), "damaged, or changed while it was read; download it"),
    (
        "M7 negative",
        with_header(lambda header: first_of(header).update(shape=[-1])),
        "what its header says of ",
    ),
    (
        "M7 overflow",
        with_header(lambda header: first_of(header).update(shape=[2**40, 2**40])),
        "what its header says of ",
    ),
    ("M8 two of one name", twice, '"a" stands there twice'),
    (
        "M9 thousands of tensors",
        with_header(
            lambda header: header.update(
                {
                    f"t{number}": {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}
                    for number in range(MOST_TENSORS)
                }
            )
        ),
        "tensors, and no BERT has over 5000",
    ),
    ("M10 web page", written(WEIGHTS, "<!DOCTYPE html>\n<html>Log in"), "this is a web page"),
    (
        "M11 pointer",
        written(WEIGHTS, "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"),
        "this is a Git LFS pointer, not the weights; run `git lfs pull`",
    ),
    (
        "M14 other shapes",
        configured(intermediate_size=64),
        "misshapen: bert.encoder.layer.0.intermediate.dense.weight is 32 × 16, not 64 × 16",
    ),
    (
        "M15 fewer layers",
        configured(num_hidden_layers=12),
        "config.json asks for 12 layers, the file holds 2; if the file is the right one, set ",
    ),
    (
        "M15 more layers",
        configured(num_hidden_layers=1),
        "config.json asks for 1 layer, the file holds 2; if the file is the right one, set ",
    ),
    (
        "M19 whole numbers",
        with_tensors(lambda tensors: tensors | {LAYER: tensors[LAYER].to(torch.int8)}),
        f"not floating point: {LAYER} is I8",
    ),
    (
        "M19 quantised by config",
        configured(quantization_config={"quant_method": "bitsandbytes", "load_in_4bit": True}),
        "quantization_config is an object {…}; quantised weights cannot be opened",
    ),
    (
        "M25 no config",
        lambda folder: (folder / "config.json").unlink(),
        "; copy the one of this model",
    ),
    ("M25 empty config", written("config.json", b""), "not valid JSON at line 1, column 1"),
    ("M25 cut config", written("config.json", '{"a": 1,\n'), "not valid JSON at line 2, column 1"),
    ("M25 UTF-16", written("config.json", "{}".encode("utf-16")), "not UTF-8 text (byte 0)"),
    ("M26 deep", written("config.json", b"[" * 100_000), "nested too deeply"),
    ("M26 long number", written("config.json", '{"a": ' + "1" * 5000 + "}"), "a number far too"),
    ("M26 long file", written("config.json", b" " * 1_000_001), "longer than 1 MB"),
    ("M27 text", configured(hidden_size="768"), HUGE[0] + '"768".'),
    ("M27 fraction", configured(hidden_size=768.0), HUGE[0] + "768.0."),
    ("M27 true", configured(hidden_size=True), HUGE[0] + "true."),
    ("M27 null", written("config.json", '{"hidden_size": null}'), "num_hidden_layers is missing"),
    ("M27 NaN", configured(hidden_size=float("nan")), HUGE[0] + "NaN."),
    ("M27 infinite", configured(hidden_size=float("inf")), HUGE[0] + "Infinity."),
    ("M27 negative", configured(hidden_size=-5), HUGE[0] + "-5."),
    ("M27 nothing", configured(hidden_size=0), HUGE[0] + "0."),
    ("M27 huge", configured(hidden_size=10**12), HUGE[0] + "1000000000000."),
    (
        "M28 not divisible",
        configured(num_attention_heads=3),
        "hidden_size must be a multiple of num_attention_heads; found 16 and 3",
    ),
    ("M28 no heads", configured(num_attention_heads=0), "num_attention_heads must be a whole"),
    ("M29 activation", configured(hidden_act="silu"), 'hidden_act "silu" is not known'),
    (
        "M29 positions",
        configured(position_embedding_type="relative_key_query"),
        "BERT's positions are absolute",
    ),
    ("M29 decoder", configured(is_decoder=True), "is_decoder is true; BERT is an encoder"),
    ("M29 crossing", configured(add_cross_attention=True), "BERT has no cross attention"),
    (
        "M30 more pieces than rows",
        vocabulary(lambda lines: [*lines, "one", "more"]),
        '"more" has the id 115, but the model knows only 114 pieces, from 0',
    ),
    (
        "M30 other number in the config",
        configured(vocab_size=200),
        "bert.embeddings.word_embeddings.weight is 114 × 16, not 200 × 16",
    ),
    ("M31 not UTF-8", written("vocab.txt", b"[PAD]\n[UNK]\n\xff\n"), "line 3 is not UTF-8 text"),
    ("M31 ten million lines", written("vocab.txt", b"ab\n" * 10_000_000), "the model knows only"),
    ("M31 too long", written("vocab.txt", b"a" * 40_000_000), "longer than 34 MB"),
    (
        "M32 no [UNK]",
        vocabulary(lambda lines: ["x" if line == "[UNK]" else line for line in lines]),
        "it lacks [UNK], without which BERT reads no text",
    ),
    (
        "M32 no [CLS] and no [SEP]",
        vocabulary(
            lambda lines: [line.replace("[CLS]", "x").replace("[SEP]", "y") for line in lines]
        ),
        "it lacks [CLS] and [SEP], without which BERT reads no text",
    ),
    (
        "M34 pattern that never ends",
        hostile_tokenizer(pre_tokenizer=BOMB),
        'its pre_tokenizer is "Split" where BERT has BertPreTokenizer',
    ),
    (
        "M34 unknown type",
        hostile_tokenizer(model={"type": "Evil", "vocab": {}}),
        'its model is "Evil" where BERT has WordPiece',
    ),
    (
        "M34 normaliser of another kind",
        hostile_tokenizer(normalizer={"type": "Replace", "pattern": {"Regex": "(a+)+$"}}),
        'its normalizer is "Replace" where BERT has BertNormalizer',
    ),
    ("M34 too long", written("tokenizer.json", b" " * 40_000_000), "longer than 34 MB"),
    ("M35 RoBERTa", configured(model_type="roberta"), "this is a RoBERTa model; this program"),
    ("M35 DistilBERT", configured(model_type="distilbert"), "this is a DistilBERT model"),
    ("M35 ALBERT", configured(model_type="albert"), "this is an ALBERT model"),
    ("M35 ELECTRA", configured(model_type="electra"), "this is an ELECTRA model"),
    ("M35 GPT-2", configured(model_type="gpt2"), "this is a GPT-2 model"),
    (
        "M35 RoBERTa that calls itself BERT",
        with_tensors(
            lambda tensors: {
                name.replace("bert.", "roberta."): tensor for name, tensor in tensors.items()
            }
        ),
        "its tensors are named as those of a RoBERTa; this program opens BERT",
    ),
    ("M35 ONNX", instead("onnx/model.onnx"), "onnx/model.onnx holds a model for ONNX"),
    ("M35 TensorFlow", instead("tf_model.h5"), "tf_model.h5 holds weights for TensorFlow"),
    (
        "M35 TensorFlow's own",
        instead("bert_model.ckpt.index"),
        "bert_model.ckpt.index holds weights of TensorFlow",
    ),
    ("M35 Flax", instead("flax_model.msgpack"), "flax_model.msgpack holds weights for Flax"),
    ("M35 GGUF", instead("bert.gguf"), "bert.gguf holds a model for llama.cpp"),
    (
        "M35 GGUF and nothing else",
        lambda folder: (emptied(folder), (folder / "bert.gguf").touch()),
        "there is no config.json in this folder; bert.gguf holds a model for llama.cpp",
    ),
    (
        "M35 Google's own folder",
        lambda folder: (
            emptied(folder),
            (folder / "bert_config.json").touch(),
            (folder / "bert_model.ckpt.index").touch(),
        ),
        "bert_model.ckpt.index holds weights of TensorFlow",
    ),
    (
        "M35 adapter and nothing else",
        lambda folder: (emptied(folder), (folder / "adapter_config.json").touch()),
        "adapter_config.json holds the settings of an adapter, which is no model by itself",
    ),
    (
        "M35 adapter",
        instead("adapter_model.safetensors"),
        "adapter_model.safetensors holds an adapter, which is no model by itself",
    ),
    ("M37 out of the folder", indexed({"a": "../../x.safetensors"}), "only .safetensors files be"),
    ("M37 absolute", indexed({"a": "/etc/x.safetensors"}), "only .safetensors files beside it"),
    ("M37 missing", indexed({"a": "x.safetensors"}), f"there is no such file, but {INDEX} lists"),
    (
        "M37 thousands",
        indexed({f"t{number}": f"{number}.safetensors" for number in range(10_000)}),
        "lists 10000 files, and no BERT has over 64",
    ),
    (
        "M38 loop",
        replaced(WEIGHTS, lambda path: path.symlink_to(path)),
        "model/model.safetensors: could not be read",
    ),
    (
        "M38 device",
        replaced(WEIGHTS, lambda path: path.symlink_to("/dev/zero")),
        "this is not a regular file",
    ),
    ("M38 pipe", replaced(WEIGHTS, os.mkfifo), "this is not a regular file"),
    ("M38 folder", replaced(WEIGHTS, Path.mkdir), "this is not a regular file"),
    ("M38 piped vocabulary", replaced("vocab.txt", os.mkfifo), "this is not a regular file"),
    (
        "M38 config from a device",
        replaced("config.json", lambda path: path.symlink_to("/dev/zero")),
        "this is not a regular file",
    ),
]


@pytest.mark.parametrize(
    ("spoil", "said"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_what_cannot_be_opened_is_one_sentence(spoil: Spoil, said: str, folder: Path) -> None:
    spoil(folder)
    with pytest.raises(ModelError) as error:
        load_engine(folder)
    assert said in error.value.sentence
    assert error.value.sentence.isprintable()
    assert error.value.sentence.endswith(".")
    assert "model" in error.value.sentence  # the folder is named


def warnings(engine: Engine) -> str:
    """What the program says of a model that has read a text."""
    return " ".join(doubts(engine.facts, engine(Request(TEXT))))


def poisoned(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    tensors[LAYER][0, :3] = float("nan")
    return tensors


def zeroed(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: torch.zeros_like(tensor) for name, tensor in tensors.items()}


def oldest(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The oldest names, without a pooler, with what old files brought along."""
    kept = {name: tensor for name, tensor in tensors.items() if "pooler" not in name}
    old = {
        "module."
        + name.removeprefix("bert.")
        .replace("Norm.weight", "Norm.gamma")
        .replace("Norm.bias", "Norm.beta"): tensor
        for name, tensor in kept.items()
    }
    return old | {"module.embeddings.position_ids": torch.arange(64)[None]}


def code(folder: Path) -> None:
    (folder / "modeling_evil.py").write_text("raise SystemExit")
    configured(auto_map={"AutoModel": "modeling_evil.Evil"}, trust_remote_code=True)(folder)


def sentence_transformer(folder: Path) -> None:
    """A bare encoder with what makes a vector of a sentence beside it."""
    (folder / "modules.json").write_text("[]")
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text("{}")
    with_tensors(
        lambda tensors: {
            name.removeprefix("bert."): tensor
            for name, tensor in tensors.items()
            if not name.startswith("cls")
        }
    )(folder)


def padded(folder: Path) -> None:
    """A table with rows that have no piece, as many as fill it up."""
    configured(vocab_size=120)(folder)

    def longer(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
        for name in ("bert.embeddings.word_embeddings.weight", "cls.predictions.bias"):
            tensor = tensors[name]
            tensors[name] = torch.cat([tensor, torch.ones(6, *tensor.shape[1:])])
        return tensors

    with_tensors(longer)(folder)


def linked(folder: Path) -> None:
    """As the caches of downloads have it."""
    blobs = folder.parent / "blobs"
    blobs.mkdir()
    for file in list(folder.iterdir()):
        file.rename(blobs / file.name)
        file.symlink_to(blobs / file.name)


OPENED: list[tuple[str, Spoil, Callable[[Engine], bool]]] = [
    (
        "M12 NaN",
        with_tensors(poisoned),
        lambda engine: f"3 weights are not numbers, in {LAYER};" in warnings(engine),
    ),
    (
        "M13 zeros",
        with_tensors(zeroed),
        lambda engine: (
            "Only zeros stand in bert." in warnings(engine)
            and "All heads look everywhere alike." in warnings(engine)
        ),
    ),
    (
        "M16 classifier without the word-prediction head",
        with_tensors(
            lambda tensors: (
                {name: tensor for name, tensor in tensors.items() if not name.startswith("cls")}
                | {"classifier.weight": torch.ones(2, 16)}
            )
        ),
        lambda engine: (
            not engine.facts.has_mlm
            and "classifier.weight" in engine.facts.report.ignored
            and engine(Request(TEXT)).mask_logits is None
        ),
    ),
    (
        "M17 oldest names",
        with_tensors(oldest),
        lambda engine: (
            engine.facts.has_mlm
            and not engine.facts.has_nsp
            and ("module.embeddings.LayerNorm.gamma", "embeddings.norm.weight")
            in engine.facts.report.renamed
            and "module.embeddings.position_ids" in engine.facts.report.ignored
        ),
    ),
    *(
        (
            f"M18 {kind}",
            with_tensors(
                lambda tensors, kind=kind: {  # type: ignore[misc]
                    name: tensor.to(kind) for name, tensor in tensors.items()
                }
            ),
            lambda engine: (
                engine(Request(TEXT)).hidden.dtype == "float32"
                and not {tensor.kind for tensor in engine.facts.origin.tensors} & {"F32"}
            ),
        )
        for kind in (torch.float16, torch.bfloat16, torch.float64)
    ),
    (
        "M25 byte order mark",
        lambda folder: (folder / "config.json").write_bytes(
            b"\xef\xbb\xbf" + (folder / "config.json").read_bytes()
        ),
        lambda engine: not warnings(engine),
    ),
    ("M30 fewer pieces than rows", padded, lambda engine: not warnings(engine)),
    (
        "M31 repeated, blank, marked and returned lines",
        vocabulary(lambda lines: ["\ufeff" + lines[0] + "\r", *lines[1:-2], "", lines[4]]),
        lambda engine: engine.facts.vocabulary[0] == "[PAD]" and "" in engine.facts.vocabulary,
    ),
    (
        "M32 no [MASK]",
        vocabulary(lambda lines: ["x" if line == "[MASK]" else line for line in lines]),
        lambda engine: (
            engine.facts.mask_token == ""
            and "has no [MASK], so nothing can be hidden" in warnings(engine)
        ),
    ),
    (
        "M35 sentence-transformers",
        sentence_transformer,
        lambda engine: (
            not engine.facts.has_mlm
            and "This is a folder of sentence-transformers" in engine.facts.origin.remarks[0]
        ),
    ),
    (
        "M36 code in the folder",
        code,
        lambda engine: "It was not run; none ever is." in engine.facts.origin.remarks[0],
    ),
    ("M38 links of a cache", linked, lambda engine: not warnings(engine)),
]


@pytest.mark.parametrize(
    ("spoil", "holds"), [row[1:] for row in OPENED], ids=[row[0] for row in OPENED]
)
def test_what_can_be_opened_says_what_is_odd_about_it(
    spoil: Spoil, holds: Callable[[Engine], bool], folder: Path
) -> None:
    spoil(folder)
    assert holds(load_engine(folder))


@pytest.mark.parametrize(
    "name",
    ["😀 модель", "a\x1b[31m\nb", "\udcff", "model" + "n" * 240, "CON", "a b;$(c)&d"],
    ids=ascii,
)
def test_m39_a_folder_of_any_name_opens_or_is_named_with_escapes(
    name: str, tiny_folder: TinyFolder, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(tiny_folder(), tmp_path / name))
    engine = load_engine(folder)
    assert engine.facts.name.isprintable()
    assert engine(Request(TEXT)).predictions
    cut(0.5)(folder)
    with pytest.raises(ModelError, match="the file is cut off") as error:
        load_engine(folder)
    assert error.value.sentence.isprintable()


def test_m39_a_name_that_is_too_long_for_the_system_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"could not be read\.$"):
        load_engine(tmp_path / ("a" * 300))


@pytest.mark.parametrize("shape", [(1, 1, 2), (48, 64, 64), (3, 1, 130)], ids=str)
def test_m44_any_number_of_layers_and_heads_is_read(
    shape: tuple[int, int, int], tiny_folder: TinyFolder
) -> None:
    layers, heads, width = shape
    trace = load_engine(tiny_folder(layers=layers, heads=heads, width=width))(Request(TEXT))
    assert trace.attention.shape[:2] == (layers, heads)
    assert trace.hidden.shape[-1] == width


def test_m45_a_model_that_was_left_leaves_its_memory(tiny_folder: TinyFolder) -> None:
    left = []
    for seed in range(5):
        engine = load_engine(tiny_folder(seed=seed))
        engine(Request(TEXT))
        left.append(weakref.ref(engine.facts))
        left.append(weakref.ref(engine.facts.token_table.base))
        del engine
    gc.collect()
    assert [reference() for reference in left] == [None] * len(left)
