"""Tests of session files: what is written comes back, and the text comes back from anything."""

from __future__ import annotations

import json
import os
import string
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertviz_app.core.request import Interventions
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
from bertviz_app.storage import session_file
from bertviz_app.storage.session_file import (
    SessionError,
    SessionRead,
    encode_session,
    parse_session,
    read_session,
)
from tests.fixtures.naughty import EVERY
from tests.storage.sessions import sessions

GOLDEN = Path(__file__).parent / "golden"

WHOLE = SavedSession(
    state=State(
        text="The woman washed [MASK] hands.",
        pair="Naïve 😀 café.",
        hidden=(HiddenWord(0, (17, 23), "her", "her"),),
        interventions=Interventions(
            heads_off=[(5, 8), (0, 0)],
            causal=True,
            parts=(1, 0.5, 0),
            attention={(2, 7, 4): [0.25, 0.75]},
            position_ids="reversed",
            segment_ids=(0, 1),
            position_table="sinusoidal",
            hidden_keys=(3,),
        ),
        selection=Selection(
            layer=5,
            head=8,
            also=((1, 2),),
            token=Pin(0, (4, 9), (4, 9)),
            second=Pin(role=Role.END_OF_A),
            blank=Pin(0, (17, 23), (17, 23)),
            word="her",
        ),
        asked=("our", "my"),
    ),
    options=ViewOptions(
        fold=True,
        scale=Scale.LOG,
        show=Show.DIFFERENCE,
        listed=20,
        temperature=0.5,
        sorting=Sorting("previous", within_layers=True),
        keep=0.9,
    ),
    layout=Layout(4, ("path", "arcs")),
    model=ModelReference(Path("/models/bert-base"), "bert-base", "0f3c"),
)


# Every field is other than it is by default; a new one has its place here.
EVERYTHING = replace(
    WHOLE,
    state=replace(
        WHOLE.state,
        interventions=replace(WHOLE.state.interventions, anticausal=True),
        selection=replace(WHOLE.state.selection, token=Pin(1, (0, 5), (0, 5), Role.CLS, nth=1)),
    ),
    options=replace(
        WHOLE.options,
        fold_punctuation=True,
        words=True,
        above=0.1,
        kind=WeightKind.NORM,
        fold_lent=True,
    ),
)


def parsed(raw: bytes) -> SessionRead:
    found = parse_session(raw)
    assert found is not None
    return found


def changed(**fields: Any) -> bytes:
    """The file of a session in which some fields are something else."""
    return json.dumps({**json.loads(encode_session(WHOLE, {})), **fields}).encode()


@given(sessions)
def test_any_session_comes_back_as_it_was(session: SavedSession) -> None:
    found = parsed(encode_session(session, {}))
    assert found.faults == ()
    assert found.session == session


def test_a_session_of_version_1_opens_for_ever() -> None:
    """The file was written by the first version that had sessions; it is never written anew."""
    found = read_session(GOLDEN / "version-1.bertviz.json")
    assert found.session == WHOLE
    assert found.faults == ()
    assert not found.newer


@pytest.mark.parametrize("text", EVERY)
def test_texts_that_break_programs_come_back_as_a_field_shows_them(text: str) -> None:
    shown = clean(text)[:FIELD_LIMIT]
    session = SavedSession(state=State(shown, shown), layout=Layout(1, ("x",)))
    assert parsed(encode_session(session, {})).session == session
    raw = json.dumps({"format": session_file.FORMAT, "text": text}).encode()
    assert parsed(raw).session.state.text == shown
    assert parsed(raw[:-1]).session.state.text == shown


@pytest.mark.parametrize("cut", [0.2, 0.5, 0.999])
def test_text_is_had_back_from_a_file_cut_short(cut: float) -> None:
    raw = encode_session(WHOLE, {})
    found = parsed(raw[: int(len(raw) * cut)])
    assert found.session.state == State(text=WHOLE.state.text, pair=WHOLE.state.pair)
    assert "only the text could be read" in found.faults[0]


def test_a_text_cut_inside_an_escape_is_had_back_up_to_it() -> None:
    assert parsed(rb'{"text": "caf\u00e9 \u00').session.state.text == "café "
    assert parsed(rb'{"text": "a \"b\" \\').session.state.text == 'a "b" \\'
    assert parsed(rb'{"text": "a \"b').session.state.text == 'a "b'


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0" * 100,
        b"[]",
        b"null",
        b'{"version": 1}',
        b'{"text": 7}',
        b"[" * 1_000_000,
        b"The woman washed her hands.",
    ],
)
def test_a_file_without_a_text_is_refused_in_one_sentence(tmp_path: Path, raw: bytes) -> None:
    file = tmp_path / "odd.bertviz.json"
    file.write_bytes(raw)
    with pytest.raises(SessionError, match=r"^odd\.bertviz\.json is no session file") as refused:
        read_session(file)
    assert "\n" not in refused.value.sentence


def test_text_is_had_back_from_deep_and_from_huge_files(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = parsed(b'{"text": "kept", "hidden": ' + b"[" * 500_000)
    assert deep.session.state.text == "kept"
    assert "nested too deeply" in deep.faults[0]
    monkeypatch.setattr(session_file, "SIZE_LIMIT", 1000)
    huge = parsed(changed(text="kept", padding="x" * 2000))
    assert huge.session.state.text == "kept"


def test_folders_pipes_and_absent_files_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", "absent", ".", "\0"):
        with pytest.raises(SessionError, match="could not be read"):
            read_session(tmp_path / name)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"pair": 7}, "pair is not a text."),
        ({"hidden": [{"sentence": 0, "span": [17, 99]}]}, "hidden 1 does not lie inside the text."),
        ({"hidden": [{"sentence": 2}]}, "hidden 1 is not a whole number from 0 to 1."),
        ({"asked": ["x"] * 9}, "asked holds 9 entries, and only 8 are read."),
        ({"selection": []}, "selection is not a table."),
        ({"selection": {"layer": -1}}, "selection.layer is not a whole number from 0 to 100000."),
        ({"selection": {"layer": True}}, "selection.layer is not a whole number from 0 to 100000."),
        ({"selection": {"token": {}}}, "selection.token is not a whole number from 0 to 1."),
        ({"changes": {"parts": [1, 1]}}, "changes.parts does not hold 3 entries."),
        ({"changes": {"parts": [1, 1, float("nan")]}}, "changes.parts is not a number from 0 to"),
        ({"changes": {"parts": [1, 1, 10**400]}}, "changes.parts is not a number from 0 to 1e+06."),
        ({"changes": {"position_ids": "odd"}}, "changes.position_ids cannot be used"),
        ({"changes": {"attention": [{"layer": 0, "head": 0, "query": 0, "weights": [0]}]}}, "sum"),
        ({"drawing": {"scale": "odd"}}, "drawing.scale is none of root, linear, row, map, log."),
        ({"drawing": {"sorting": {"measure": "odd"}}}, "a measure that does not exist"),
        ({"model": {"path": "a\0b"}}, "model.path is not a path."),
        ({"layout": {"place": 1e9}}, "layout.place is not a whole number from 0 to 9."),
        ({"format": "odd"}, "format is not"),
    ],
)
def test_an_unfit_field_is_as_by_default_and_said(fields: dict[str, Any], fault: str) -> None:
    found = parsed(changed(**fields))
    assert fault in found.faults[0]
    assert len(found.faults) == 1
    assert found.session.state.text == WHOLE.state.text


def test_a_text_longer_than_a_field_is_cut_and_said() -> None:
    found = parsed(changed(text="x" * (FIELD_LIMIT + 1), hidden=[], selection={}))
    assert len(found.session.state.text) == FIELD_LIMIT
    assert found.faults == ("text was cut to 100,000 characters.",)


def test_lone_surrogates_and_rewritten_characters_become_what_a_field_shows() -> None:
    found = parsed(rb'{"format": "bertviz-app session", "text": "a\ud800b\u00a0c\r\nd"}')
    assert found.session.state.text == "a\ufffdb c\nd"


def test_what_a_newer_version_wrote_is_kept_and_written_back() -> None:
    raw = changed(version=2, hue="red", selection={"layer": 3, "mood": "blue"})
    newer = parsed(raw)
    assert newer.newer
    assert newer.session.state.selection.layer == 3
    again = json.loads(encode_session(newer.session, newer.found))
    assert (again["hue"], again["selection"]["mood"]) == ("red", "blue")
    assert again["selection"]["layer"] == 3
    assert again["version"] == 1


def test_every_field_of_a_session_is_kept() -> None:
    assert parsed(encode_session(EVERYTHING, {})).session == EVERYTHING
    state, options = EVERYTHING.state, EVERYTHING.options
    assert state.selection.token is not None
    parts = (state, state.selection, state.selection.token, state.interventions, options)
    usual = [
        f"{type(part).__name__}.{one.name}"
        for part in parts
        for one in fields(part)
        if getattr(part, one.name) == getattr(type(part)(), one.name)
    ]
    assert usual == ["State.cursor", "ViewOptions.first_number"]


def test_how_heads_are_counted_is_no_part_of_a_session() -> None:
    counted = replace(WHOLE, options=replace(WHOLE.options, first_number=0))
    assert parsed(encode_session(counted, {})).session == WHOLE


LETTERS = string.printable.encode()


@given(st.data())
def test_any_damage_leaves_a_session_a_text_or_none(data: st.DataObject) -> None:
    raw = bytearray(encode_session(WHOLE, {}))
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(raw) - 1))
        kind = data.draw(st.sampled_from(["byte", "letter", "cut", "twice"]))
        if kind == "byte":
            raw[at] = data.draw(st.integers(0, 255))
        elif kind == "letter":
            raw[at] = data.draw(st.sampled_from(LETTERS))
        else:
            end = min(at + data.draw(st.integers(1, 300)), len(raw))
            raw[at:end] = b"" if kind == "cut" and len(raw) > end - at else raw[at:end] * 2
    found = parse_session(bytes(raw))
    if found is not None:
        assert len(found.session.state.text) <= FIELD_LIMIT
        assert parsed(encode_session(found.session, found.found)).session == found.session
