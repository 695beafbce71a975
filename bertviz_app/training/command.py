"""The command: `python -m bertviz_app.training TEXT_FILE … --start MODEL_FOLDER --out FOLDER`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import NoReturn

import torch

from bertviz_app.bert.config import read_config
from bertviz_app.bert.files import label, printable
from bertviz_app.core.errors import BertVizError
from bertviz_app.core.paths import default_model
from bertviz_app.inference.tokenizer import load_tokenizer
from bertviz_app.training.batches import Batches, Signs
from bertviz_app.training.corpus import read_corpus, write_corpus
from bertviz_app.training.errors import TrainingError
from bertviz_app.training.learner import Learner
from bertviz_app.training.model_folder import fresh_network, open_network
from bertviz_app.training.recipe import Recipe
from bertviz_app.training.run import Pace, TrainingRun
from bertviz_app.training.state import Place, read_state

_PROGRAM = "python -m bertviz_app.training"
_DOES = """Goes on with the masked-word and next-sentence training of a BERT, or begins anew. The
folder --out gets the model that was best on sentences held out; `bertviz-app --model` opens it."""
_SHORTEST = 8
"""Tokens of a row that has room for two texts."""
_ENTRIES: dict[str, tuple[float, float, str]] = {
    "pieces": (1, 2**24, "tokens of one batch"),
    "masked": (0.01, 0.5, "share of the pieces that are to be guessed"),
    "paired": (0, 1, "share of the rows that hold two texts"),
    "next_sentence": (0, 10, "weight of the next-sentence loss"),
    "dropout": (0, 0.9, "of the embeddings and of what each layer adds"),
    "rate": (0, 1, "the highest learning rate"),
    "warm_up": (0, 0.9, "share of the run until it is reached"),
    "seed": (0, 2**31, "decides everything that is drawn"),
}
"""The least and the most that an entry of the recipe may be, and what it is."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise SystemExit(_complain(f"{message}; --help shows what is accepted", status=2))


def build_parser() -> argparse.ArgumentParser:
    """The parser of the command; what decides the outcome is in a `Recipe`."""
    parser = _Parser(_PROGRAM, description=_DOES, allow_abbrev=False)
    say = parser.add_argument
    usual = Recipe()
    say("texts", nargs="+", type=Path, metavar="TEXT_FILE", help="a paragraph a line; .xz allowed")
    say(
        "--start", type=Path, metavar="MODEL_FOLDER", help="where from; the bundled model if absent"
    )
    say("--out", type=Path, metavar="FOLDER", help="what gets the trained model")
    say("--resume", action="store_true", help="go on with the run in --out")
    say("--fresh", action="store_true", help="forget what the model at --start learned")
    say("--prepare", type=Path, metavar="FILE", help="only cut the texts, for later runs")
    long = parser.add_mutually_exclusive_group()
    long.add_argument("--minutes", type=float, metavar="N", help="how long to learn (10)")
    long.add_argument("--steps", type=int, metavar="N", help="how many batches to learn")
    say("--rests", type=int, default=Pace().rests, metavar="N", help="how often to judge and keep")
    say("--device", type=torch.device, default=_device(), help="cpu, cuda or mps")
    say("--plain", action="store_true", help="compile nothing, also where it pays")
    say("--lengths", type=_lengths, metavar="T,T", help="tokens of a row (32,64,128)")
    say("--whole-words", action="store_true", help="choose all pieces of a word or none")
    for name, (_, _, what) in _ENTRIES.items():
        value = getattr(usual, name)
        text = f"{what} ({value:g})"
        say(_option(name), type=type(value), default=value, metavar="X", help=text)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    try:
        _run(build_parser().parse_args(arguments))
    except SystemExit as leaving:
        return int(leaving.code or 0)
    except BertVizError as error:
        return _complain(error.sentence)
    except torch.OutOfMemoryError:
        return _complain("There is not enough memory; fewer --pieces need less.")
    except KeyboardInterrupt:
        return _complain("interrupted; what was kept last is whole, --resume goes on", status=130)
    return 0


def _run(options: argparse.Namespace) -> None:
    start = options.start or default_model()
    spec = read_config(start)
    tokenizer = load_tokenizer(start, spec)
    if options.prepare:
        write_corpus(read_corpus(options.texts, tokenizer), options.prepare)
        return
    recipe, pace = _recipe(options, spec.positions), _pace(options)
    out = _out(options)
    if tokenizer.mask_id is None:
        raise TrainingError(f"{label(start)}: its vocabulary has no mask token.")
    network = fresh_network(start, recipe.seed) if options.fresh else open_network(start)
    corpus = read_corpus(options.texts, tokenizer)
    learned, held_out = corpus.split(recipe.held_out)
    _say(f"{corpus.sentences:,} sentences, {len(corpus.ids):,} pieces; {recipe}")
    learner = Learner(
        network.to(options.device),
        recipe,
        compiles=options.device.type == "cuda" and not options.plain,
    )
    signs = Signs(tokenizer, options.device)
    plan = json.dumps([asdict(recipe), asdict(pace), corpus.mark])
    place = read_state(out, learner, plan) if options.resume else Place()
    run = TrainingRun(
        learner,
        recipe,
        Batches(learned, signs, recipe),
        Batches(held_out, signs, recipe),
        pace,
        start,
        out,
        plan,
        _say,
    )
    place = run.go(place)
    steps = "1 step" if place.steps == 1 else f"{place.steps:,} steps"
    _say(f"{steps}, {place.seconds:.0f} seconds; the best model is in {out}")


def _recipe(options: argparse.Namespace, positions: int) -> Recipe:
    recipe = Recipe(
        **{name: getattr(options, name) for name in _ENTRIES},
        lengths=options.lengths or tuple(min(usual, positions) for usual in Recipe().lengths),
        whole_words=options.whole_words,
    )
    for name, (low, high, _) in _ENTRIES.items():
        if not low <= getattr(recipe, name) <= high:
            raise TrainingError(f"{_option(name)} must be a number from {low:g} to {high:g}.")
    if not _SHORTEST <= min(recipe.lengths) <= max(recipe.lengths) <= positions:
        raise TrainingError(
            f"--lengths must be whole numbers from {_SHORTEST} to {positions}, the most that this "
            "model reads."
        )
    return recipe


def _pace(options: argparse.Namespace) -> Pace:
    if options.steps is None and options.minutes is None:
        options.minutes = 10.0
    pace = Pace(options.steps, options.minutes, options.rests)
    for name in ("steps", "minutes", "rests"):
        value = getattr(pace, name)
        if value is not None and not 0 < value < 1e9:
            raise TrainingError(f"--{name} must be a number greater than 0.")
    return pace


def _out(options: argparse.Namespace) -> Path:
    """The folder for what is made; it holds nothing yet, or a run that is gone on with."""
    if options.out is None:
        raise TrainingError("--out is needed: the folder that gets the trained model.")
    out: Path = options.out
    try:
        out.mkdir(parents=True, exist_ok=True)
        if any(out.iterdir()) and not options.resume:
            raise TrainingError(
                f"{printable(str(out))}: there is something in it; give another folder, or "
                "--resume to go on with the run there."
            )
    except OSError as error:
        reason = printable(error.strerror or str(error))
        raise TrainingError(f"{printable(str(out))}: cannot be written to ({reason}).") from error
    return out


def _lengths(argument: str) -> tuple[int, ...]:
    try:
        return tuple(int(length) for length in argument.split(","))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{argument!r} is no list such as 32,64,128") from error


def _device() -> str:
    return "cuda" if torch.cuda.is_available() else "cpu"


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _say(line: str) -> None:
    print(printable(line), flush=True)


def _complain(sentence: str, status: int = 1) -> int:
    """Say on stderr, in one line, what is wrong; returns the exit status."""
    print(f"{_PROGRAM}: {printable(sentence)}", file=sys.stderr)
    return status
