"""Matches the tensors of a file to the network by name, shape and kind, from the header alone."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from math import prod

from bertviz_app.bert import names
from bertviz_app.bert.files import printable
from bertviz_app.bert.names import Part, Slot
from bertviz_app.bert.safetensors_header import TensorInfo
from bertviz_app.core.errors import ModelError
from bertviz_app.core.facts import LoadReport
from bertviz_app.core.spec import ModelSpec

_READABLE = ("F32", "F16", "BF16", "F64")
_LONGEST = 160
_NAMED = 3
"""How many tensors of a list stand in the sentence; all of them stand in the details."""

# The network can do without: a decoder that is absent is tied, a bias that is absent is zero.
_INFERRED = (names.DECODER, names.BIAS_OF_HEAD, names.BIAS_OF_DECODER)
_LAYER = re.compile(r"bert\.encoder\.layer\.(\d{1,4})\.")


@dataclass(frozen=True)
class Plan:
    """Which tensor goes where.

    Attributes:
        sources: the slot of each tensor that is read, by its name in the file.
        has_mlm: the word-prediction head is complete.
        has_nsp: the pooler and the next-sentence head are complete.
        report: how the names were matched.
    """

    sources: dict[str, Slot]
    has_mlm: bool
    has_nsp: bool
    report: LoadReport

    @property
    def bytes(self) -> int:
        """What the parameters take in memory, in float32, with a second copy of the largest."""
        sizes = [4 * prod(slot.shape) for slot in self.sources.values()]
        return sum(sizes) + max(sizes, default=0)


def match(header: dict[str, TensorInfo], spec: ModelSpec, file: str) -> Plan:
    """The plan for a file with this header; `file` is what errors call it.

    A head that is incomplete is left out, and the report says what it lacks.

    Raises:
        ModelError: a tensor of the encoder is missing; one is unknown, misshapen, stands there
            under two names or is stored as something other than floating point. The sentence
            names the first, the details name all.
    """
    slots = names.slots(spec)
    found, twice = _by_standard_name(header)
    absent = {name: slot for name, slot in slots.items() if name not in found}
    lacking = {name: slot for name, slot in absent.items() if name not in _INFERRED}
    present = set(Part) - {slot.part for slot in lacking.values()}
    read = {
        found[name]: slot
        for name, slot in slots.items()
        if name in found
        and slot.part in present | {Part.ENCODER}
        and not (name == names.BIAS_OF_HEAD and names.BIAS_OF_DECODER in found)
    }
    _refuse(
        {
            "missing": [name for name, slot in lacking.items() if slot.part is Part.ENCODER],
            "unexpected": [
                found[name] for name in found if name not in slots and not names.is_foreign(name)
            ],
            "misshapen": _misshapen(header, read),
            "not floating point": _unreadable(header, read),
            "there twice": twice,
        },
        _cause(found, spec),
        file,
    )
    # A name is renamed if it is not the one transformers gives today.
    renamed = [(name, slot.parameter) for name, slot in read.items() if found.get(name) != name]
    lost = [slot.parameter for slot in lacking.values()]
    if names.BIAS_OF_HEAD in absent and names.BIAS_OF_DECODER in absent:
        lost.append(absent[names.BIAS_OF_HEAD].parameter)
    report = LoadReport(
        renamed=tuple(renamed),
        missing=tuple(lost),
        ignored=tuple(sorted(set(header) - set(read))),
    )
    return Plan(read, Part.WORD_PREDICTION in present, Part.NEXT_SENTENCE in present, report)


def _by_standard_name(header: Collection[str]) -> tuple[dict[str, str], list[str]]:
    """The file's name of each standard name, and the pairs of names that mean the same."""
    found: dict[str, str] = {}
    twice = []
    wrappers = names.wrappers(header)
    wrapper = wrappers[0] if len(wrappers) == 1 else ""
    for name in header:
        first = found.setdefault(names.standard(name, wrapper), name)
        if first != name:
            twice.append(f"{first} and {name}")
    # Of two tied tensors a file may keep either.
    if names.TOKEN_TABLE not in found and names.DECODER in found:
        found[names.TOKEN_TABLE] = found.pop(names.DECODER)
    return found, twice


def _misshapen(header: dict[str, TensorInfo], read: dict[str, Slot]) -> list[str]:
    shapes = {
        name: slot.shape[::-1] if names.is_transposed(name) else slot.shape
        for name, slot in read.items()
    }
    return [
        f"{name} is {_sizes(header[name].shape)}, not {_sizes(shape)}"
        for name, shape in shapes.items()
        if header[name].shape != shape
    ]


def _unreadable(header: dict[str, TensorInfo], read: dict[str, Slot]) -> list[str]:
    return [f"{name} is {header[name].kind}" for name in read if header[name].kind not in _READABLE]


def _sizes(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape)) or "a single number"


def _cause(found: dict[str, str], spec: ModelSpec) -> str:
    """Why a file does not fit, where that can be told from its names; else empty."""
    several = names.wrappers(found.values())
    if len(several) > 1 and "" not in several:
        one, other = (wrapper.rstrip(".") for wrapper in several[:2])
        return f"it holds {len(several)} models, such as {one} and {other}; save one of them alone"
    family = names.family(found)
    if family:
        return f"its tensors are named as those of {family}; this program opens BERT"
    layers = {int(layer[1]) for name in found if (layer := _LAYER.match(name))}
    held = max(layers, default=-1) + 1
    if held in (0, spec.layers):
        return ""
    asked = f"{spec.layers} layer{'s' if spec.layers != 1 else ''}"
    return (
        f"config.json asks for {asked}, the file holds {held}; if the file is the right one, set "
        f"num_hidden_layers to {held}"
    )


def _short(entry: str) -> str:
    """An entry of the sentence: a stranger's name may be of any length."""
    return entry if len(entry) <= _LONGEST else f"{entry[: _LONGEST - 1]}…"


def _refuse(problems: dict[str, list[str]], cause: str, file: str) -> None:
    """Raise ModelError if any list of problems has an entry."""
    if not any(problems.values()):
        return
    lists = []
    for problem, entries in problems.items():
        if entries:
            more = f" and {len(entries) - _NAMED} more" if len(entries) > _NAMED else ""
            lists.append(f"{problem}: {', '.join(map(_short, entries[:_NAMED]))}{more}")
    sentence = "; ".join([*filter(None, [cause]), *lists])
    detail = [f"{problem}: {entry}" for problem, entries in problems.items() for entry in entries]
    raise ModelError(
        f"{file} does not fit config.json. {printable(sentence)}.",
        "\n".join(map(printable, detail)),
    )
