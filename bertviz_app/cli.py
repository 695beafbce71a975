"""The command line: what the window takes, and `predict` and `trace`, which need no screen."""

from __future__ import annotations

import argparse
import json
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

from bertviz_app import __version__
from bertviz_app.bert.files import printable
from bertviz_app.core.amounts import in_bytes
from bertviz_app.core.devices import CPU, DEVICES, FLOAT32, PRECISIONS
from bertviz_app.core.errors import BertVizError
from bertviz_app.core.paths import SESSION_SUFFIX

if TYPE_CHECKING:
    from bertviz_app.core.facts import ModelFacts
    from bertviz_app.core.trace import Array, Candidate, Trace

_MODEL = "a model folder, or the name of a model that was downloaded; absent, the bundled one"
_PRECISION = "of its matrix products (float32)"
_SHARED: dict[str, dict[str, Any]] = {
    "--pair": {"metavar": "TEXT", "help": "a second sentence"},
    "--model": {"metavar": "M", "help": _MODEL},
    "--allow-pickle": {"action": "store_true", "help": "read weights that are a Python pickle"},
    "--device": {"choices": DEVICES, "default": CPU, "help": "what computes (cpu)"},
    "--precision": {"choices": PRECISIONS, "default": FLOAT32, "help": _PRECISION},
    "--debug": {"action": "store_true", "help": "show the traceback of an error"},
}
"""What the window and the commands take."""

_TEXT = "the text; - reads standard input; after -- it may begin with a minus"
_HELD = """The file holds tokens, ids, segments, spans, attention (layers, heads, tokens, tokens),
hidden (layers + 1, tokens, width), embedding_token, _segment, _position, _sum and _normed (tokens,
width), mask_positions, mask_logits (masks, vocabulary) and nsp (2,): B follows A, or does not."""

THEMES = ("system", "light", "dark")
STDIN = "-"


class Parser(argparse.ArgumentParser):
    """A parser that says in one line what is wrong and what is accepted, and exits with 2."""

    def error(self, message: str) -> NoReturn:
        accepted = " ".join(self.format_usage().split())
        _say(f"{self.prog}: {printable(message)}; {accepted}", sys.stderr)
        raise SystemExit(2)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:  # noqa: ANN401 - as the base has it
        """Refuse here what is not known, so that a subcommand names its own options."""
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return found, unknown


def build_parser() -> Parser:
    """The parser of both doors.

    Without a subcommand (`command` is None) the options are the window's. Those for model, text,
    pair, session, theme and profile are None if not given; device and precision are then the
    processor and float32, the two switches False.
    """
    parser = Parser(
        "bertviz-app",
        description="Look inside BERT while you type; without a command, in a window.",
        allow_abbrev=False,
    )
    for name, meaning in _SHARED.items():
        parser.add_argument(name, **meaning)
    parser.add_argument("--text", metavar="TEXT", help="the text to start with")
    parser.add_argument("--session", metavar="FILE", help="a session file to go on with")
    parser.add_argument("--theme", choices=THEMES, help="the colours of the window")
    profile = "write down where the time of the last 1,000 keys went when the window closes"
    parser.add_argument("--profile", metavar="FILE", help=profile)
    parser.add_argument("--version", action="version", version=f"bertviz-app {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)
    best = "print the best words for every [MASK]"
    predict = commands.add_parser("predict", help=best, description=best, allow_abbrev=False)
    predict.add_argument("--top", type=_count, default=10, metavar="K", help="how many words (10)")
    predict.add_argument("--json", action="store_true", help="print JSON")
    whole = "write everything one run did to a file"
    trace = commands.add_parser(
        "trace", help=whole, description=whole, epilog=_HELD, allow_abbrev=False
    )
    file = "for numpy, or for all else"
    trace.add_argument(
        "-o", dest="output", type=_output, required=True, metavar="FILE.npz|FILE.json", help=file
    )
    for command in (predict, trace):
        command.add_argument("sentence", metavar="TEXT", help=_TEXT)
        for name, meaning in _SHARED.items():
            # Absent, they keep what stood before the subcommand.
            command.add_argument(name, **{**meaning, "default": argparse.SUPPRESS})
    return parser


def named_session(arguments: Sequence[str]) -> list[str]:
    """The arguments; a session file that comes first, as a file manager gives it, is named so."""
    alone = bool(arguments) and arguments[0].endswith(SESSION_SUFFIX)
    return ["--session", *arguments] if alone else list(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand and return the exit status: 0, 1 for a failure, 2 for wrong arguments."""
    parser = build_parser()
    try:
        options = parser.parse_args(arguments)
        if options.command is None:
            parser.error(f"a command is needed: {' or '.join(_COMMANDS)}")
    except SystemExit as leaving:
        return int(leaving.code or 0)
    return run_command(options)


def run_command(options: argparse.Namespace) -> int:
    """Run the subcommand in what `build_parser` made of the arguments; returns the exit status."""
    misuse = _misuse(options)
    if misuse:
        return _complain(misuse, status=2)
    try:
        if sys.stdout is None:
            raise BertVizError("standard output is closed, and what is found is said there.")
        _COMMANDS[options.command](options)
        sys.stdout.flush()
    except OSError as error:
        # Standard output is closed or full: what Python still wants to write must go nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return (
            1
            if isinstance(error, BrokenPipeError)
            else _complain(f"could not print: {error.strerror}")
        )
    except KeyboardInterrupt:
        return _complain("interrupted", status=130)
    except Exception as error:  # no traceback unless it is asked for
        if options.debug:
            traceback.print_exc()
        expected = isinstance(error, BertVizError)
        return _complain(str(error) if expected else f"{type(error).__name__}: {error}")
    return 0


def _predict(options: argparse.Namespace) -> None:
    facts, trace = _run(options)
    if trace.mask_logits is None or not facts.mask_token:
        lack = "no mask token" if facts.has_mlm else "no word-prediction head"
        raise BertVizError(f"{facts.name}: this model has {lack}, so it cannot fill a blank.")
    rows = zip(trace.encoding.masks, trace.mask_logits, strict=True)
    masks = {at: _candidates(logits, facts.vocabulary, options.top) for at, logits in rows}
    if not masks:
        empty = not (trace.request.text.strip() or trace.request.pair.strip())
        lacks = (
            "The text is empty" if empty else f"There is no {facts.mask_token} in what BERT read"
        )
        raise BertVizError(f"{lacks}; write {facts.mask_token} where a word is missing.")
    if options.json:
        answer = {
            "model": facts.name,
            "text": trace.request.text,
            "pair": trace.request.pair,
            "tokens": trace.encoding.tokens,
            "masks": [
                {"position": position, "candidates": [asdict(word) for word in words]}
                for position, words in masks.items()
            ],
        }
        _say(json.dumps(answer, indent=2), sys.stdout)
    else:
        _say(_table(trace, masks), sys.stdout)


def _trace(options: argparse.Namespace) -> None:
    from bertviz_app.inference.trace_file import write_trace

    path: Path = options.output
    if not path.absolute().parent.is_dir():
        raise BertVizError(f"{path}: could not be written (its folder does not exist).")
    _, trace = _run(options)
    try:
        write_trace(trace, path)
        size = in_bytes(path.stat().st_size)
    except OSError as error:
        raise BertVizError(f"{path}: could not be written ({error.strerror}).") from error
    tokens = len(trace)
    read = f"{tokens} token{'' if tokens == 1 else 's'} through {trace.spec.words}"
    _say(f"Written: {printable(str(path))} ({read}; {size}).", sys.stdout)


_COMMANDS: dict[str, Callable[[argparse.Namespace], None]] = {"predict": _predict, "trace": _trace}


def _run(options: argparse.Namespace) -> tuple[ModelFacts, Trace]:
    """One run over the given text; says on stderr if it was too long to be read as a whole."""
    from bertviz_app.core.request import Request
    from bertviz_app.inference.load import load_engine

    request = Request(_text("TEXT", options.sentence), _text("--pair", options.pair or ""))
    engine = load_engine(
        options.model,
        allow_pickle=options.allow_pickle,
        device=options.device,
        precision=options.precision,
    )
    trace = engine(request)
    unread = trace.encoding.first.unread + trace.encoding.second.unread
    if unread:
        _complain(f"BERT reads {len(trace)} pieces; {unread} more were not read")
    return engine.facts, trace


def _text(name: str, argument: str) -> str:
    """The text of an argument, or of standard input; one final line break is no part of it."""
    try:
        if argument != STDIN:
            argument.encode("utf-8")  # bytes that no encoding could read arrive as surrogates
            return argument
        if sys.stdin is None:
            raise BertVizError(f"{name}: standard input is closed.")
        text = sys.stdin.buffer.read().decode("utf-8-sig")
        return text.removesuffix("\n").removesuffix("\r")
    except (UnicodeEncodeError, UnicodeDecodeError) as error:
        raise BertVizError(f"{name}: not UTF-8 text (position {error.start}).") from error


def _candidates(logits: Array, vocabulary: Sequence[str], count: int) -> list[Candidate]:
    """The `count` best words at one mask."""
    from bertviz_app.analysis.predictions import Distribution

    words = Distribution(logits)
    if not words.is_number:
        raise BertVizError("The model's answer is not a number; its weights are damaged.")
    return [words.candidate(vocabulary[word], word) for word in words.best(count)]


def _table(trace: Trace, masks: dict[int, list[Candidate]]) -> str:
    """The candidates in columns; words come last because scripts differ in width."""
    lines = []
    for position, words in masks.items():
        lines.append(f"{printable(trace.encoding.tokens[position])} at token {position}")
        lines.append("  rank  probability    logit  word")
        for word in words:
            numbers = f"{word.rank:6}  {_probability(word.probability):>11}  {word.logit:+7.2f}"
            lines.append(f"{numbers}  {printable(word.token)}")
        lines.append("")
    return "\n".join(lines[:-1])


def _probability(value: float) -> str:
    return f"{value:.4f}" if value >= 0.0001 else f"{value:.0e}"


def _count(argument: str) -> int:
    if argument.isascii() and argument.isdigit() and 0 < len(argument) < 10 and int(argument):
        return int(argument)
    raise argparse.ArgumentTypeError(f"a whole number from 1 is needed, not {argument!r}")


def _output(argument: str) -> Path:
    path = Path(argument)
    if path.suffix.lower() in (".npz", ".json"):
        return path
    raise argparse.ArgumentTypeError(f"{argument!r} must end in .npz or .json")


def _misuse(options: argparse.Namespace) -> str:
    """What is wrong with arguments that are right one by one; empty if nothing is."""
    if options.session is not None:
        return f"a session is the window's; {options.command} reads the text that follows it"
    if options.text is not None or options.theme is not None:
        return f"--text and --theme are the window's; the text of {options.command} follows it"
    if options.profile is not None:
        return "--profile is the window's: it says where the time of its keys went"
    if options.sentence == options.pair == STDIN:
        return "standard input can be TEXT or --pair, not both"
    return ""


def _complain(sentence: str, status: int = 1) -> int:
    """Say on stderr, in one line, what is wrong; returns the exit status."""
    _say(f"bertviz-app: {printable(sentence)}", sys.stderr)
    return status


def _say(text: str, stream: TextIO | None) -> None:
    """Print what the stream's encoding lacks as escapes rather than fail; one closed hears none."""
    if stream is None:
        return
    encoding = stream.encoding or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding), file=stream)
