"""What the sheet of a loaded model says, as rows of text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bertviz_app.analysis.trust import in_order, parts
from bertviz_app.analysis.visible import visible
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.origin import TensorRead
from bertviz_app.core.questions.check_files import CheckedFile, CheckedFiles
from bertviz_app.ui import numbers

Row = tuple[str, str]
Checked = JobReport[CheckedFiles] | None

TENSOR_HEADS = ("parameter", "shape", "stored as", "length", "not numbers", "name in the file")
TENSOR_NUMBERS = frozenset({3, 4})
NAME_HEADS = ("", "name in the file", "name here")
_FUSED = "QKV"
"""Queries, keys and values, published apart, are the rows of one parameter."""

CONFIG_HEADS = ("entry", "value")


def summary(facts: ModelFacts, checked: Checked) -> list[Row]:
    """The model in a dozen lines."""
    rows = [
        ("model", facts.name),
        ("folder", visible(str(facts.folder.absolute()), 400)),
        ("licence", _licence(facts)),
        ("sizes", _sizes(facts)),
        ("parameters", _parameters(facts)),
        ("heads", _heads(facts)),
        ("weights", _weights(facts)),
        ("names", _names(facts)),
        *_tokenizer(facts),
    ]
    if checked is not None:
        rows += [("differs", difference) for difference in checked.answer.differences]
    rows += [("remark", remark) for remark in facts.origin.remarks]
    rows.append(("fingerprint", _in_two(facts.fingerprint)))
    rows += _files(facts, checked)
    return rows


def tensor_rows(facts: ModelFacts) -> list[tuple[str, ...]]:
    """A row for each tensor that was read, in the order of the network."""
    return [
        (
            _parameter(tensor),
            " × ".join(map(str, tensor.shape)),
            tensor.kind,
            numbers.length(tensor.norm),
            numbers.count(tensor.broken) if tensor.broken else "",
            tensor.name,
        )
        for tensor in in_order(facts.origin.tensors)
    ]


def name_rows(facts: ModelFacts) -> list[tuple[str, ...]]:
    """A row for each tensor whose name says more than that it was found; one if there is none."""
    report = facts.report
    rows: list[tuple[str, ...]] = [
        *(("missing", "", ours) for ours in report.missing),
        *(("not used", found, "") for found in report.ignored),
        *(("renamed", found, ours) for found, ours in report.renamed),
    ]
    return rows or [("none", "all names are those of today", "")]


def _parameter(tensor: TensorRead) -> str:
    if tensor.row is None:
        return tensor.parameter
    return f"{tensor.parameter} {_FUSED[tensor.row // tensor.shape[0]]}"


def _licence(facts: ModelFacts) -> str:
    named = facts.origin.licence
    return f"{named}, says its model card" if named else "its folder names none"


def _sizes(facts: ModelFacts) -> str:
    spec = facts.spec
    return (
        f"{numbers.counted(spec.layers, 'layer')} × {numbers.counted(spec.heads, 'head')} × "
        f"{spec.width}; feed-forward {numbers.count(spec.feed_forward)}; "
        f"{numbers.counted(spec.vocabulary, 'piece')}; "
        f"{numbers.counted(spec.positions, 'position')}; "
        f"{numbers.counted(spec.segments, 'segment')}; {spec.activation}; "
        f"LayerNorm ε {numbers.exact(spec.norm_eps)}"
    )


def _parameters(facts: ModelFacts) -> str:
    shares = (f"{name} {numbers.count(count)}" for name, count in parts(facts))
    return "\n".join((numbers.count(facts.parameters), *shares))


def _heads(facts: ModelFacts) -> str:
    decoder = "tied to the token embeddings" if facts.tied else "with a decoder of its own"
    return "; ".join(
        (
            f"word prediction {decoder}" if facts.has_mlm else "no word prediction",
            "next sentence" if facts.has_nsp else "no next sentence",
        )
    )


def _weights(facts: ModelFacts) -> str:
    kinds = Counter(tensor.kind for tensor in facts.origin.tensors)
    stored = ", ".join(f"{numbers.count(many)} as {kind}" for kind, many in kinds.most_common())
    return f"{numbers.counted(kinds.total(), 'tensor')} read: {stored}" if stored else ""


def _names(facts: ModelFacts) -> str:
    report = facts.report
    return (
        f"{numbers.count(len(report.renamed))} renamed, "
        f"{numbers.count(len(report.missing))} missing, "
        f"{numbers.count(len(report.ignored))} not used"
    )


def _tokenizer(facts: ModelFacts) -> Iterator[Row]:
    tokenizer = facts.origin.tokenizer
    if tokenizer is None:
        return
    yield (
        "tokenizer",
        f"from {tokenizer.file}, {numbers.counted(tokenizer.pieces, 'piece')}; "
        f"capitals {'kept' if tokenizer.cased else 'made small'}, "
        f"accents {'kept' if tokenizer.accents else 'dropped'}; "
        f"{'each ideograph a word; ' if tokenizer.ideographs else ''}"
        f"words over {numbers.counted(tokenizer.longest_word, 'letter')} are unknown",
    )
    specials = [f"{visible(piece)} {number}" for piece, number in tokenizer.specials[:12]]
    more = len(tokenizer.specials) - len(specials)
    yield "special tokens", ", ".join(specials) + (f" and {more} more" if more else "")


def _files(facts: ModelFacts, checked: Checked) -> Iterator[Row]:
    known = {one.path: one for one in checked.answer.files} if checked is not None else {}
    for file in facts.origin.files:
        size = f"{numbers.count(file.size)} bytes"
        yield visible(file.path.name, 40), f"{size}\n{_digest(file.path, known)}"


def _digest(path: Path, known: dict[Path, CheckedFile]) -> str:
    one = known.get(path)
    if one is None:
        return "SHA-256 …"
    return one.problem or f"SHA-256 {_in_two(one.digest)}"


def _in_two(digest: str) -> str:
    """64 digits on two lines, which no pane is too narrow for."""
    return f"{digest[:32]}\n{digest[32:]}"
