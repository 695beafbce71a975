"""A folder in any naming computes what transformers computes; anything else is one sentence."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from bertviz_app.bert import machine
from bertviz_app.core.errors import ModelError
from bertviz_app.core.hub import HubName
from bertviz_app.core.model_cache import model_folder
from bertviz_app.core.paths import default_model
from bertviz_app.core.request import Request
from bertviz_app.inference.load import find_model, load_engine
from tests.fixtures.tiny_models import VOCABULARY, TinyFolder, random_bert, write_vocabulary

REPOSITORY = Path(__file__).parents[2]
TEXTS = [
    Request("the woman washed [MASK] hands ."),
    Request("she was in the field .", "he [MASK] crops , [MASK] it was !"),
    Request(""),
]
CONFIG = {
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "hidden_size": 16,
    "intermediate_size": 32,
    "max_position_embeddings": 64,
    "vocab_size": len(VOCABULARY),
}


def assert_parity(folder: Path, oracle: Any, texts: list[Request] | None = None) -> None:  # noqa: ANN401
    """The engine of `folder` and a transformers model compute the same, to 1e-5."""
    engine = load_engine(folder)
    for request in texts or TEXTS:
        trace = engine(request)
        with torch.no_grad():
            expected = oracle(
                torch.tensor([trace.encoding.ids]),
                token_type_ids=torch.tensor([trace.encoding.segments]),
                output_attentions=True,
                output_hidden_states=True,
            )
        attention = torch.stack(expected.attentions)[:, 0].numpy()
        hidden = torch.stack(expected.hidden_states)[:, 0].numpy()
        np.testing.assert_allclose(trace.attention, attention, rtol=0, atol=1e-5)
        np.testing.assert_allclose(trace.hidden, hidden, rtol=0, atol=1e-5)
        for found, logits in (
            (trace.mask_logits, words(expected, trace.encoding.masks)),
            (trace.nsp, follows(expected, oracle)),
        ):
            assert (found is None) == (logits is None)
            if found is not None:
                np.testing.assert_allclose(found, logits, rtol=0, atol=1e-5)


def words(expected: Any, masks: tuple[int, ...]) -> Any:  # noqa: ANN401
    """The oracle's logits at the masks (M, V), or None if it has no such head."""
    logits = expected.get("prediction_logits")
    if logits is None and "logits" in expected and expected["logits"].shape[-1] == len(VOCABULARY):
        logits = expected["logits"]
    return None if logits is None else logits[0, list(masks)].numpy()


def follows(expected: Any, oracle: Any) -> Any:  # noqa: ANN401
    """The oracle's next-sentence logits (2,), or None if it has no such head."""
    logits = expected.get("seq_relationship_logits")
    if type(oracle).__name__ == "BertForNextSentencePrediction":
        logits = expected["logits"]
    return None if logits is None else logits[0].numpy()


def oracle_of(folder: Path) -> Any:  # noqa: ANN401
    from transformers import BertForPreTraining

    return BertForPreTraining.from_pretrained(folder, attn_implementation="eager").eval()


@pytest.mark.parametrize("activation", ["gelu", "gelu_new", "gelu_fast", "relu"])
@pytest.mark.parametrize(
    ("layers", "heads", "width", "feed_forward"), [(1, 1, 3, 5), (2, 3, 12, 40), (4, 2, 32, 16)]
)
def test_random_configurations_compute_what_transformers_computes(
    activation: str,
    layers: int,
    heads: int,
    width: int,
    feed_forward: int,
    tiny_folder: TinyFolder,
) -> None:
    folder = tiny_folder(
        layers=layers,
        heads=heads,
        width=width,
        feed_forward=feed_forward,
        activation=activation,
        seed=layers,
    )
    assert_parity(folder, oracle_of(folder))


def renamed(name: str) -> str:
    """The oldest naming: wrapped, without `bert.`, with gamma and beta."""
    name = f"module.{name.removeprefix('bert.')}"
    return name.replace("Norm.weight", "Norm.gamma").replace("Norm.bias", "Norm.beta")


NAMINGS: dict[str, Callable[[str], str]] = {
    "module": lambda name: f"module.{name}",
    "without bert": lambda name: name.removeprefix("bert."),
    "gamma and beta": lambda name: name.replace("Norm.weight", "Norm.gamma").replace(
        "Norm.bias", "Norm.beta"
    ),
    "all of it": renamed,
}


LINEAR = re.compile(r"(dense|query|key|value|seq_relationship)\.weight$")


def of_google(name: str) -> str:
    """As the first checkpoints, which were TensorFlow's, call it."""
    for old, new in (
        (r"LayerNorm\.weight", "LayerNorm.gamma"),
        (r"LayerNorm\.bias", "LayerNorm.beta"),
        (r"_embeddings\.weight", "_embeddings"),
        (r"layer\.(\d+)", r"layer_\1"),
        (r"seq_relationship\.weight", "seq_relationship.output_weights"),
        (r"(seq_relationship|predictions)\.bias", r"\1.output_bias"),
        (r"weight$", "kernel"),
    ):
        name = re.sub(old, new, name)
    return name.replace(".", "/")


def of_transformers_for_tensorflow(name: str) -> str:
    """As the TensorFlow classes of transformers called it."""
    for old, new in (
        (r"LayerNorm\.weight", "LayerNorm.gamma"),
        (r"LayerNorm\.bias", "LayerNorm.beta"),
        (r"word_embeddings\.weight", "word_embeddings/weight"),
        (r"_embeddings\.weight", "_embeddings.embeddings"),
        (r"layer\.(\d+)", r"layer_._\1"),
        (r"^cls\.seq", "nsp___cls.seq"),
        (r"^cls\.pred", "mlm___cls.pred"),
        (r"\.weight$", ".kernel"),
    ):
        name = re.sub(old, new, name)
    path = re.sub(r"\.(?!_)(?<!_\.)", "/", name)
    return f"tf_bert_for_pre_training/{path}:0"


@pytest.mark.parametrize("rename", [of_google, of_transformers_for_tensorflow])
def test_the_names_of_tensorflow_compute_the_same(
    rename: Callable[[str], str], tiny_folder: TinyFolder, tmp_path: Path
) -> None:
    folder = tmp_path / "renamed"
    shutil.copytree(tiny_folder(), folder)
    save_file(
        {
            rename(name): tensor.T.contiguous()
            if LINEAR.search(name) and "output_weights" not in rename(name)
            else tensor
            for name, tensor in load_file(folder / "model.safetensors").items()
        },
        folder / "model.safetensors",
    )
    assert rename("bert.encoder.layer.1.attention.self.key.weight") in (
        "bert/encoder/layer_1/attention/self/key/kernel",
        "tf_bert_for_pre_training/bert/encoder/layer_._1/attention/self/key/kernel:0",
    )
    assert_parity(folder, oracle_of(tiny_folder()))


@pytest.mark.parametrize("decoder", ["absent", "equal"])
@pytest.mark.parametrize("rename", NAMINGS.values(), ids=NAMINGS)
def test_every_naming_computes_the_same(
    rename: Callable[[str], str], decoder: str, tiny_folder: TinyFolder, tmp_path: Path
) -> None:
    folder = tmp_path / "renamed"
    shutil.copytree(tiny_folder(), folder)
    tensors = load_file(folder / "model.safetensors")
    tensors["bert.embeddings.position_ids"] = torch.arange(64)[None]
    if decoder == "equal":
        table = tensors["bert.embeddings.word_embeddings.weight"]
        tensors["cls.predictions.decoder.weight"] = table.clone()
        tensors["cls.predictions.decoder.bias"] = tensors["cls.predictions.bias"].clone()
    save_file({rename(name): it for name, it in tensors.items()}, folder / "model.safetensors")
    assert_parity(folder, oracle_of(tiny_folder()))


@pytest.mark.parametrize(
    "name",
    [
        "BertModel",
        "BertForMaskedLM",
        "BertForNextSentencePrediction",
        "BertForSequenceClassification",
        "BertForTokenClassification",
        "BertForQuestionAnswering",
        "BertForMultipleChoice",
    ],
)
def test_what_every_class_of_transformers_writes_is_opened(name: str, tmp_path: Path) -> None:
    import transformers

    config = transformers.BertConfig(**CONFIG, attn_implementation="eager")
    torch.manual_seed(3)
    network = getattr(transformers, name)(config).eval()
    network.save_pretrained(tmp_path)
    write_vocabulary(tmp_path, VOCABULARY)
    oracle = network if "MaskedLM" in name or "NextSentence" in name else encoder(network)
    assert_parity(tmp_path, oracle)


def encoder(network: Any) -> Any:  # noqa: ANN401
    """The BertModel inside a model for a task, or the model itself."""
    return getattr(network, "bert", network)


def test_a_decoder_that_is_not_tied_is_used(tmp_path: Path) -> None:
    from transformers import BertConfig, BertForPreTraining

    config = BertConfig(**CONFIG, tie_word_embeddings=False, attn_implementation="eager")
    network = BertForPreTraining(config).eval()
    with torch.no_grad():
        network.cls.predictions.decoder.weight.normal_()
        network.cls.predictions.decoder.bias.normal_()
    network.save_pretrained(tmp_path)
    write_vocabulary(tmp_path, VOCABULARY)
    assert_parity(tmp_path, network)
    tied = sum(tensor.numel() for tensor in random_bert(CONFIG).parameters())
    assert load_engine(tmp_path).facts.parameters == tied + len(VOCABULARY) * 16


def test_weights_that_transformers_has_split_compute_the_same(tmp_path: Path) -> None:
    network = random_bert(CONFIG)
    network.save_pretrained(tmp_path, max_shard_size="10KB")
    write_vocabulary(tmp_path, VOCABULARY)
    assert len(list(tmp_path.glob("model-*.safetensors"))) > 3
    assert_parity(tmp_path, oracle_of(tmp_path))


@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16, torch.float64])
def test_other_floating_kinds_compute_in_float32(kind: torch.dtype, tmp_path: Path) -> None:
    network = random_bert(CONFIG).to(kind)
    network.save_pretrained(tmp_path)
    write_vocabulary(tmp_path, VOCABULARY)
    assert_parity(tmp_path, oracle_of(tmp_path).float())


def test_model_facts_are_what_the_folder_holds(tiny_folder: TinyFolder) -> None:
    folder = tiny_folder()
    facts = load_engine(folder).facts
    assert (facts.name, facts.folder) == (folder.name, folder)
    assert facts.vocabulary == VOCABULARY
    assert facts.mask_token == "[MASK]"
    assert facts.has_mlm
    assert facts.has_nsp
    assert facts.device.startswith("CPU, ")
    assert facts.parameters == sum(tensor.numel() for tensor in oracle_of(folder).parameters())
    stored = load_file(folder / "model.safetensors")
    for table, name in (
        (facts.token_table, "word"),
        (facts.segment_table, "token_type"),
        (facts.position_table, "position"),
    ):
        expected = stored[f"bert.embeddings.{name}_embeddings.weight"].numpy()
        np.testing.assert_array_equal(table, expected)
        assert not table.flags.writeable


def test_the_tables_share_the_memory_of_the_weights(
    tiny_folder: TinyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    networks: list[torch.nn.Module] = []
    monkeypatch.setattr(machine, "choose_linears", networks.append)
    facts = load_engine(tiny_folder()).facts
    (network,) = networks
    address = facts.token_table.__array_interface__["data"][0]
    assert network.embeddings.token.weight.data_ptr() == address
    assert network.mlm.decoder.weight.data_ptr() == address


def test_the_model_that_comes_with_the_program_opens_by_default() -> None:
    facts = load_engine().facts
    assert facts.name == "bundled model"
    assert facts.has_mlm
    assert facts.has_nsp
    assert facts.folder == default_model()


def test_a_folder_or_any_file_in_it_is_found(tiny_folder: TinyFolder, tmp_path: Path) -> None:
    folder = tiny_folder()
    assert find_model(folder) == folder
    for name in ("config.json", "model.safetensors", "vocab.txt"):
        assert find_model(folder / name) == folder
    assert load_engine(str(folder)).facts.folder == folder
    (tmp_path / "link").symlink_to(folder)
    assert find_model(tmp_path / "link") == tmp_path / "link"


def test_the_name_of_a_model_that_was_downloaded_opens_it(
    tiny_folder: TinyFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BERTVIZ_CACHE", str(tmp_path))
    with pytest.raises(ModelError, match="no model of that name was downloaded"):
        find_model(Path("google/small"))
    folder = model_folder(HubName("google/small"), "a" * 40)
    shutil.copytree(tiny_folder(), folder)
    assert find_model(Path("google/small")) == folder


def test_a_path_to_nothing_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as error:
        load_engine(tmp_path / "bert\nbase")
    assert error.value.sentence == f"{tmp_path}/bert\\nbase: there is no such folder."
    with pytest.raises(ModelError, match="could not be read"):
        load_engine("a" * 300)


def test_a_folder_without_a_model_names_the_nearest_that_has_one(
    tiny_folder: TinyFolder, tmp_path: Path
) -> None:
    with pytest.raises(ModelError) as error:
        load_engine(tmp_path)
    assert error.value.sentence == (
        f"{tmp_path.parent.name}/{tmp_path.name}: there is no config.json in this folder; "
        "open the folder of a BERT model."
    )
    assert error.value.detail == str(tmp_path)
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "config.json").touch()  # weights are needed as well
    shutil.copytree(tiny_folder(), tmp_path / "snapshots" / "deep" / "model")
    shutil.copytree(tiny_folder(), tmp_path / "zz" / "model")
    with pytest.raises(ModelError) as error:
        load_engine(tmp_path)
    assert error.value.sentence.endswith(f"in this folder; open {tmp_path}/zz/model.")
    (tmp_path / "notes.txt").touch()
    with pytest.raises(ModelError, match=r"notes\.txt: there is no config\.json beside this file"):
        load_engine(tmp_path / "notes.txt")


def test_the_search_for_a_model_ends_in_a_huge_or_endless_tree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanned: list[str] = []
    scandir = os.scandir

    def counted(folder: str) -> Any:  # noqa: ANN401
        scanned.append(folder)
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", counted)
    for number in range(100):
        (tmp_path / f"{number:02}").symlink_to(tmp_path, target_is_directory=True)
    with pytest.raises(ModelError, match="open the folder of a BERT model"):
        load_engine(tmp_path)
    assert len(scanned) <= 5000 + 3  # and three looks at the folder itself


@pytest.fixture
def damaged(tiny_folder: TinyFolder, tmp_path: Path) -> Path:
    """A copy of a good folder to damage."""
    folder = tmp_path / "damaged"
    shutil.copytree(tiny_folder(), folder)
    return folder


def cut_weights(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-1000])


def another_family(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "model_type": "distilbert"}))


def another_width(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "hidden_size": 32}))


def pickle_only(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


def no_vocabulary(folder: Path) -> None:
    (folder / "vocab.txt").unlink()


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (cut_weights, "model.safetensors: the file is cut off"),
        (another_family, "config.json: this is a DistilBERT model; this program opens BERT."),
        (another_width, "does not fit config.json. misshapen: "),
        (pickle_only, "pytorch_model.bin: these weights are a Python pickle"),
        (no_vocabulary, "vocab.txt"),
    ],
)
def test_a_damaged_folder_is_one_sentence_that_names_the_file(
    damage: Callable[[Path], None], words: str, damaged: Path
) -> None:
    damage(damaged)
    with pytest.raises(ModelError) as error:
        load_engine(damaged)
    assert words in error.value.sentence
    assert "damaged" in error.value.sentence
    assert error.value.sentence.isprintable()


def test_opening_a_model_does_not_import_torchs_compiler(tiny_folder: TinyFolder) -> None:
    """It takes seconds, and the network needs none of it."""
    program = (
        "import sys\n"
        "from bertviz_app import Request, load_engine\n"
        f"load_engine({str(tiny_folder())!r})(Request('he'))\n"
        "print('torch._dynamo' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
