"""Hostile edits: of bytes, of the tree that JSON is, and of how a tree is written down."""

from __future__ import annotations

import json
from collections.abc import ItemsView, Iterable, Iterator
from copy import deepcopy
from random import Random
from typing import Any

_RAW = (
    "1" * 5000,
    "-" + "9" * 400,
    "1e400",
    "1e-400",
    "NaN",
    "-Infinity",
    "[" * 100_000,
    '{"a":' * 50_000,
    r'"\ud800"',
    r'"\udfff\ud800"',
    "01",
    "'a'",
    "tru",
    "",
    "1,2",
)
"""What json.dumps would not write, put in place of a marked string."""

VALUES = (
    *(None, True, False, 0, 1, -1, 2, 3, 7, 31, 32, 100, 512, 768, 1024),
    *(2**31 - 1, 2**31, 2**32, 2**48, 2**53 + 1, 2**63, -(2**63), 10**12, 10**30),
    *(0.5, 768.0, -0.0, 5e-324, 1e308, 0.1),
    *("", "768", "NaN", "bert", "\0", "a\nb", "a" * 100_000, "../../x", "/dev/zero", "C:\\x"),
    *("<img src=x>", "\u202egnp", "😀", "\u2028", "e\u0301", "\ufeff", "[MASK]", "##", "$(id)"),
    *([], {}, [[]], [None] * 3, {"": ""}, [0] * 9, list(range(1000)), {"a": {"a": {"a": {}}}}),
    *(f"@raw {number}@" for number in range(len(_RAW))),
)

_LUMPS = (b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3", b"\xed\xa0\x80", b"{", b"}", b'"', b",")
_FILES = (
    b"",
    b"\0",
    b"<!DOCTYPE html><html><body>Sign in</body></html>",
    b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n",
    b"PK\x03\x04",
    b"\x80\x02}q\x00.",
    b"GGUF\x03\0\0\0",
    b"\x1f\x8b\x08\0",
    b"{}",
    b"[]",
)


class Twice(dict[str, Any]):
    """A table that is written with one of its entries twice."""

    def items(self) -> ItemsView[str, Any]:
        """The entries, the first of them again at the end."""
        entries = list(super().items())
        return entries + entries[:1]  # type: ignore[return-value]


def hostile_json(chance: Random, tree: Any, names: Iterable[str] = ()) -> bytes:  # noqa: ANN401
    """`tree` with one to three edits, written down; `names` are keys that might mean something."""
    tree = deepcopy(tree)
    for _ in range(chance.randint(1, 3)):
        tree = edited(chance, tree, tuple(names))
    raw = written(chance, tree)
    return hostile_bytes(chance, raw) if chance.random() < 0.2 else raw


def written(chance: Random, tree: Any) -> bytes:  # noqa: ANN401
    """JSON in one of the ways in which people write it."""
    plain = chance.random() < 0.7
    indent = chance.choice((None, 1, 2))
    text = json.dumps(tree, indent=indent, ensure_ascii=plain or chance.random() < 0.5)
    for number, raw in enumerate(_RAW):
        text = text.replace(f'"@raw {number}@"', raw)
    if plain:
        return text.encode("utf-8", "surrogatepass")
    match chance.randrange(4):
        case 0:
            return b"\xef\xbb\xbf" + text.encode("utf-8", "surrogatepass")
        case 1:
            return text.encode("utf-16", "surrogatepass")
        case 2:
            return text.replace("\n", "\r\n").encode("utf-8", "surrogatepass")
        case _:
            return text.encode("latin-1", "replace")


def edited(chance: Random, tree: Any, names: tuple[str, ...] = ()) -> Any:  # noqa: ANN401
    """`tree` after one edit, made in place where that is possible."""
    place = _place(chance, tree)
    if place is None:
        return deepcopy(chance.choice(VALUES))
    inside, key = place
    value = inside[key]
    what = chance.randrange(8)
    if what == 0:
        del inside[key]
    elif what == 1 and isinstance(inside, dict):
        return _replaced(tree, inside, Twice(inside))
    elif what == 2 and isinstance(inside, dict):
        name = chance.choice((*names, *_strings(), f"{key} ", str(key).upper()))
        inside[name] = value if chance.random() < 0.5 else deepcopy(chance.choice(VALUES))
    elif what == 3 and (other := _place(chance, tree)) is not None:
        inside[key] = deepcopy(other[0][other[1]])
    elif what == 4:
        inside[key] = chance.choice(([value], {"a": value}, [value, value]))
    elif what == 5:
        inside[key] = _nudged(chance, value)
    else:
        inside[key] = deepcopy(chance.choice(VALUES))
    return tree


def hostile_bytes(chance: Random, raw: bytes) -> bytes:
    """`raw` cut, flipped, repeated or with something in between; now and then another file."""
    start = chance.randrange(len(raw) + 1)
    end = min(len(raw), start + chance.choice((1, 2, 8, 100, 10_000)))
    before, after = raw[:start], raw[end:]
    return chance.choice(
        (
            before,
            before + after,
            raw[:end] + raw[start:],
            before + chance.choice(_LUMPS) + raw[start:],
            before + chance.randbytes(end - start) + after,
            raw + chance.choice((b"\0", raw, b"\n" * 1000, chance.randbytes(100))),
            chance.choice(_FILES),
            _flipped(chance, raw),
            _flipped(chance, raw),
        )
    )


def _flipped(chance: Random, raw: bytes) -> bytes:
    flipped = bytearray(raw)
    for _ in range(chance.randint(1, 8) if raw else 0):
        flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
    return bytes(flipped)


def _place(chance: Random, tree: Any) -> tuple[Any, Any] | None:  # noqa: ANN401
    """A table or list of the tree and a key in it; places near the root are as likely as all."""
    place = None
    while isinstance(tree, dict | list) and tree:
        key = chance.choice(list(tree) if isinstance(tree, dict) else range(len(tree)))
        place, tree = (tree, key), tree[key]
        if chance.random() < 0.4:
            break
    return place


def _nudged(chance: Random, value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    by = chance.choice((value + 1, value - 1, value * 2, -value, value // 2, value * 10**6))
    return chance.choice((by, by, float(by) if abs(by) < 1e300 else by, str(value), bool(value)))


def _strings() -> Iterator[str]:
    return (value for value in VALUES if isinstance(value, str) and not value.startswith("@raw"))


def _replaced(tree: Any, old: Any, new: Any) -> Any:  # noqa: ANN401
    """The tree with the very object `old` replaced."""
    if tree is old:
        return new
    items = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in list(items):
        if isinstance(value, dict | list):
            tree[key] = _replaced(value, old, new)
    return tree
