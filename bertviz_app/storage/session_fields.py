"""A session as JSON and back: what every field is called, and what it may hold."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from bertviz_app.analysis.measures import NAMES as MEASURES
from bertviz_app.core.questions.what_about import LIMIT as ASKED_LIMIT
from bertviz_app.core.request import UNCHANGED, Head, Interventions
from bertviz_app.core.saved_session import Layout, ModelReference, SavedSession
from bertviz_app.core.state import (
    HiddenWord,
    Pin,
    Role,
    Scale,
    Selection,
    Show,
    Sorting,
    State,
    ViewOptions,
    WeightKind,
)
from bertviz_app.core.text import FIELD_LIMIT, clean
from bertviz_app.storage.fields import (
    Fields,
    Reader,
    UnfitError,
    choice,
    each,
    either,
    flag,
    name_of,
    number,
    optional,
    span_in,
    table,
    text,
    whole,
)

COUNT_LIMIT = 100_000
"""No layer, head, token or entry of a list is counted further."""

NAME_LIMIT = 10_000
"""Characters of a path or a name."""

_count = whole(0, COUNT_LIMIT)
_head = each(_count, 2, 2)
_word = text(FIELD_LIMIT)
_name = text(NAME_LIMIT)
_ids = each(_count, 0, COUNT_LIMIT)


def to_json(saved: SavedSession) -> dict[str, Any]:
    """The fields of a session; the text stands first, so that a file cut short still holds it."""
    state = saved.state
    return {
        "text": state.text,
        "pair": state.pair,
        "hidden": [asdict(word) for word in state.hidden],
        "changes": _changes_to_json(state.interventions),
        "selection": {
            **asdict(state.selection),
            **{name: _pin_to_json(getattr(state.selection, name)) for name in _PINS},
        },
        "asked": list(state.asked),
        "drawing": _drawing_to_json(saved.options),
        "layout": {"place": saved.layout.place, "views": list(saved.layout.views)},
        "model": {
            "path": None if saved.model.path is None else str(saved.model.path),
            "name": saved.model.name,
            "fingerprint": saved.model.fingerprint,
        },
    }


def from_json(found: Fields) -> SavedSession:
    """The session that fields describe; what is unfit is as by default, and said."""
    first = found.read("text", field_text(found, "text"), "")
    second = found.read("pair", optional(field_text(found, "pair")), None)
    lengths = len(first), len(second or "")
    state = State(
        text=first,
        pair=second,
        hidden=found.entries("hidden", _hidden(lengths), COUNT_LIMIT),
        interventions=_changes(found.table("changes")),
        selection=_selection(found.table("selection"), lengths),
        asked=found.entries("asked", _word, ASKED_LIMIT),
    )
    layout, model = found.table("layout"), found.table("model")
    return SavedSession(
        state=state,
        options=_drawing(found.table("drawing")),
        layout=Layout(
            place=layout.read("place", whole(0, 9), 0),
            views=layout.entries("views", _name, 100),
        ),
        model=ModelReference(
            path=model.read("path", optional(_path), None),
            name=model.read("name", _name, ""),
            fingerprint=model.read("fingerprint", _name, ""),
        ),
    )


def field_text(found: Fields, name: str) -> Reader[str]:
    """A text as a field of the window holds it; a longer one is cut, and that is said."""

    def read(value: Any) -> str:  # noqa: ANN401 - whatever JSON may hold, here and below
        if not isinstance(value, str):
            raise UnfitError("is not a text")
        whole_text = clean(value)
        if len(whole_text) > FIELD_LIMIT:
            found.faults.append(f"{name} was cut to {FIELD_LIMIT:,} characters.")
        return whole_text[:FIELD_LIMIT]

    return read


_PINS = ("token", "second", "blank")


def _pin_to_json(pin: Pin | None) -> dict[str, Any] | None:
    if pin is None:
        return None
    return {**asdict(pin), "role": None if pin.role is None else name_of(pin.role)}


def _pin(lengths: tuple[int, int]) -> Reader[Pin]:
    def read(value: Any) -> Pin:  # noqa: ANN401
        found = table(value)
        sentence = whole(0, 1)(found.get("sentence"))
        span = span_in(lengths[sentence])
        return Pin(
            sentence=sentence,
            span=span(found.get("span")),
            word=span(found.get("word")),
            role=optional(choice(Role))(found.get("role")),
            nth=_count(found.get("nth")),
        )

    return read


def _hidden(lengths: tuple[int, int]) -> Reader[HiddenWord]:
    def read(value: Any) -> HiddenWord:  # noqa: ANN401
        found = table(value)
        sentence = whole(0, 1)(found.get("sentence"))
        return HiddenWord(
            sentence=sentence,
            span=span_in(lengths[sentence])(found.get("span")),
            word=_word(found.get("word")),
            piece=optional(_word)(found.get("piece")),
        )

    return read


def _selection(found: Fields, lengths: tuple[int, int]) -> Selection:
    pins = {name: found.read(name, optional(_pin(lengths)), None) for name in _PINS}
    return Selection(
        layer=found.read("layer", _count, 0),
        head=found.read("head", _count, 0),
        also=tuple(_pair(head) for head in found.entries("also", _head, COUNT_LIMIT)),
        word=found.read("word", optional(_word), None),
        **pins,
    )


def _pair(head: tuple[int, ...]) -> Head:
    layer, number_in_layer = head
    return layer, number_in_layer


def _changes_to_json(changes: Interventions) -> dict[str, Any]:
    rows = [
        {"layer": layer, "head": head, "query": query, "weights": weights}
        for (layer, head, query), weights in changes.attention
    ]
    return {field.name: getattr(changes, field.name) for field in fields(changes)} | {
        "attention": rows
    }


def _changes(found: Fields) -> Interventions:
    """The changes inside BERT; each kind is checked as the model itself checks it."""
    return Interventions(
        heads_off=(_pair(head) for head in found.entries("heads_off", _head, COUNT_LIMIT)),
        causal=found.read("causal", flag, False),
        parts=found.read("parts", each(number(0, 1e6), 3, 3), (1.0, 1.0, 1.0)),
        attention=dict(found.entries("attention", _row, COUNT_LIMIT)),
        position_ids=found.read("position_ids", _valid("position_ids"), None),
        segment_ids=found.read("segment_ids", _valid("segment_ids"), None),
        position_table=found.read("position_table", _valid("position_table"), "learned"),
        anticausal=found.read("anticausal", flag, False),
        hidden_keys=found.read("hidden_keys", _ids, ()),
    )


def _row(value: Any) -> tuple[tuple[int, int, int], tuple[float, ...]]:  # noqa: ANN401
    found = table(value)
    layer, head, query = (_count(found.get(name)) for name in ("layer", "head", "query"))
    weights = each(number(0, 1e300), 1, COUNT_LIMIT)(found.get("weights"))
    try:
        ((key, row),) = Interventions(attention=[((layer, head, query), weights)]).attention
    except ValueError as error:
        raise UnfitError(f"cannot be used ({error})") from error
    return key, row


def _valid(field: str) -> Reader[Any]:
    """A rule by its name, an id for each token, or nothing, if the field may hold it."""
    shaped = optional(either(_ids, _name))

    def read(value: Any) -> Any:  # noqa: ANN401
        wanted: Any = shaped(value)
        try:
            replace(UNCHANGED, **{field: wanted})
        except (ValueError, TypeError) as error:
            raise UnfitError(f"cannot be used ({error})") from error
        return wanted

    return read


def _drawing_to_json(options: ViewOptions) -> dict[str, Any]:
    found = asdict(options)
    for name in ("scale", "show", "kind"):
        found[name] = name_of(found[name])
    # How layers and heads are counted is a setting of the person, not of a session.
    del found["first_number"]
    return found


def _drawing(found: Fields) -> ViewOptions:
    usual = ViewOptions()
    return ViewOptions(
        fold=found.read("fold", flag, usual.fold),
        scale=found.read("scale", choice(Scale), usual.scale),
        show=found.read("show", choice(Show), usual.show),
        listed=found.read("listed", whole(1, 100), usual.listed),
        temperature=found.read("temperature", number(0.1, 10), usual.temperature),
        sorting=found.read("sorting", optional(_sorting), usual.sorting),
        fold_punctuation=found.read("fold_punctuation", flag, usual.fold_punctuation),
        words=found.read("words", flag, usual.words),
        keep=found.read("keep", number(0, 1), usual.keep),
        above=found.read("above", number(0, 1e6), usual.above),
        kind=found.read("kind", choice(WeightKind), usual.kind),
        fold_lent=found.read("fold_lent", flag, usual.fold_lent),
    )


def _sorting(value: Any) -> Sorting:  # noqa: ANN401
    found = table(value)
    if found.get("measure") not in MEASURES:
        raise UnfitError("is by a measure that does not exist")
    return Sorting(found["measure"], flag(found.get("within_layers")))


def _path(value: Any) -> Path:  # noqa: ANN401
    words = _name(value)
    if not words or "\0" in words:
        raise UnfitError("is not a path")
    return Path(words)
