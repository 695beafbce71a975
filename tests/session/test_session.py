"""Tests of the session: what is typed, what is computed, and which picture stands meanwhile."""

from __future__ import annotations

import os
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from bertviz_app.bert.compiled import compiled
from bertviz_app.core.devices import BFLOAT16, CPU, CUDA, FLOAT32
from bertviz_app.core.errors import Fault, ModelError
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.model_wanted import BUNDLED, ModelWanted
from bertviz_app.core.questions.every_position import EveryPosition, EveryPositionAnswer
from bertviz_app.core.request import Capture, Interventions
from bertviz_app.core.state import Note, NoteKind, Selection, Show, State, ViewOptions
from bertviz_app.session.notes import UNFOLDED, fault_note
from bertviz_app.session.session import Session
from bertviz_app.session.worker import GIVES_WAY, Engine, Worker
from tests.session.gated_desk import Desk
from tests.session.gated_engine import GatedEngine


def product(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return torch.mm(x, y)


def test_text_typed_before_the_model_is_read_is_kept_and_computed(desk: Desk) -> None:
    desk.type("a cat sat")
    desk.start()
    assert desk.shown() == "a cat sat"
    assert [request.text for request in desk.engine.requests] == ["a cat sat"]


def test_newest_text_wins_over_those_that_waited(desk: Desk) -> None:
    desk.start()
    for text in ("cats", "cats s", "cats sa", "cats sat"):
        desk.type(text)
    desk.engine.open(2)
    desk.wait(lambda: desk.shown() == "cats sat")
    texts = [request.text for request in desk.engine.requests]
    assert texts[0] == "cat"
    assert texts[-1] == "cats sat"
    assert len(texts) <= 3


def test_waiting_is_said_after_a_while_and_taken_back(desk: Desk) -> None:
    desk.start()
    desk.type("cats")
    assert not desk.session.snapshot.catching_up
    desk.wait(lambda: desk.session.snapshot.catching_up)
    desk.wait(lambda: desk.session.snapshot.behind)
    assert desk.shown() == "cat"
    desk.engine.open()
    desk.wait(lambda: desk.shown() == "cats")
    assert not desk.session.snapshot.catching_up
    assert not desk.session.snapshot.behind


def test_last_good_picture_stays_when_a_run_fails_and_the_next_key_works(desk: Desk) -> None:
    desk.start()
    desk.type("fail")
    desk.engine.open()
    desk.wait(lambda: desk.session.snapshot.fault is not None)
    note = desk.session.snapshot.note
    assert desk.shown() == "cat"
    assert note is not None
    assert note.kind is NoteKind.FAULT
    assert note.text == (
        "BERT could not compute this text: the text asks for it. The picture is of “cat”."
    )
    desk.type("dog")
    desk.engine.open()
    desk.wait(lambda: desk.shown() == "dog")
    assert desk.session.snapshot.fault is None
    assert desk.session.snapshot.note is None


def test_of_an_error_inside_a_compiled_function_its_last_line_is_said(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        compiled(product)(torch.ones(2, 3), torch.ones(2, 3))

    desk.start()
    monkeypatch.setattr(desk.engine, "answer", fail)
    desk.type("dog")
    desk.wait(lambda: desk.session.snapshot.fault is not None)
    fault = desk.session.snapshot.fault
    assert fault is not None
    assert "\n" not in fault.sentence
    assert fault.sentence.startswith("RuntimeError: mat1 and mat2 shapes cannot be multiplied")
    assert "TorchScript" in fault.detail


def test_answer_carries_both_runs_while_something_is_changed(desk: Desk) -> None:
    desk.start()
    desk.session.intervene(Interventions(causal=True))
    desk.engine.open()
    desk.wait(lambda: desk.session.snapshot.other is not None)
    desk.session.undo()
    assert not desk.session.state.interventions
    desk.engine.open()
    desk.wait(lambda: desk.session.snapshot.other is None)


def test_a_model_that_has_been_read_is_called_what_it_was_while_it_was_read(desk: Desk) -> None:
    desk.session.open_model(BUNDLED)
    assert desk.session.snapshot.loading == "the bundled model"
    desk.wait(lambda: desk.session.snapshot.facts is not None)
    assert desk.session.snapshot.loading == "the bundled model"


def test_broken_model_leaves_the_running_one_and_says_why(desk: Desk) -> None:
    desk.start()
    desk.session.open_model(ModelWanted(Path("broken")))
    assert desk.session.snapshot.loading == "broken"
    desk.wait(lambda: desk.session.snapshot.note is not None)
    note = desk.session.snapshot.note
    assert note is not None
    assert note.text == "broken: config.json is missing. The bundled model stays open."
    assert desk.session.snapshot.loading is None
    assert desk.session.snapshot.facts is desk.engine.facts


def test_broken_model_at_the_start_opens_the_bundled_one(desk: Desk) -> None:
    desk.session.open_model(ModelWanted(Path("broken")))
    desk.engine.open()
    desk.wait(lambda: desk.shown() == "cat")
    assert desk.session.snapshot.note is not None
    assert "broken" in desk.session.snapshot.note.text


def test_new_model_takes_over_with_its_first_answer_and_removes_changes(desk: Desk) -> None:
    desk.start()
    desk.session.intervene(Interventions(heads_off={(0, 0)}))
    desk.engine.open()
    desk.session.open_model(ModelWanted(Path("other")))
    desk.wait(lambda: "other" in desk.engines and bool(desk.engines["other"].requests))
    assert desk.session.snapshot.facts is desk.engine.facts
    other = desk.engines["other"]
    assert not other.requests[0].interventions
    other.open(2)
    desk.wait(lambda: desk.session.snapshot.facts is other.facts)
    assert desk.session.snapshot.answer is not None
    assert not desk.session.state.interventions
    note = desk.session.snapshot.note
    assert note is not None
    assert (note.text, note.action) == ("1 change was removed.", "edit.undo")
    desk.session.undo()
    assert desk.session.state.interventions
    assert desk.session.snapshot.note is None


@pytest.mark.parametrize(
    ("note", "stays"),
    [
        (fault_note("Every position", Fault("it broke"), None), False),
        (Note("a.bertviz.json could not be saved.", NoteKind.FAULT), True),
    ],
)
def test_a_fault_of_a_model_goes_with_it_and_that_of_a_file_stays(
    desk: Desk, note: Note, stays: bool
) -> None:
    desk.start()
    desk.session.note(note)
    desk.session.open_model(ModelWanted(Path("other")))
    desk.wait(lambda: "other" in desk.engines and bool(desk.engines["other"].requests))
    desk.engines["other"].open(2)
    desk.wait(lambda: desk.session.snapshot.facts is desk.engines["other"].facts)
    assert (desk.session.snapshot.note is note) == stays


def test_job_reports_until_done(desk: Desk) -> None:
    desk.start()
    desk.session.ask(EveryPosition(desk.engine.requests[-1]))
    desk.engine.open(1)
    desk.wait(lambda: desk.report is not None)
    assert desk.job_running
    desk.engine.open(2)
    desk.wait(lambda: not desk.job_running)
    report = desk.report
    assert report is not None
    assert report.finished


def test_live_lane_is_served_between_the_slices_of_a_job(desk: Desk) -> None:
    desk.start()
    desk.session.ask(EveryPosition(desk.engine.requests[-1]))
    desk.engine.open(1)
    desk.wait(lambda: desk.report is not None)
    desk.session.want(Capture(qkv=True))
    desk.engine.open(2)
    desk.wait(lambda: len(desk.engine.requests) == 2)
    assert desk.job_running
    desk.engine.open(1)
    desk.wait(lambda: not desk.job_running)
    assert desk.report is not None


def test_the_same_report_once_more_is_not_told_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.start()
    asked = EveryPosition(desk.engine.requests[-1])
    half, whole = (JobReport(asked, done, 2, EveryPositionAnswer(())) for done in (1, 2))
    monkeypatch.setattr(desk.engine, "job", lambda _: iter([half] * 20 + [whole]))
    told = []
    desk.session.changed.connect(lambda snapshot: told.append(snapshot.reports.get(EveryPosition)))
    desk.session.ask(asked)
    desk.wait(lambda: not desk.job_running)
    assert told == [None, half, whole]


def test_job_about_the_run_as_is_goes_on_while_something_is_changed(desk: Desk) -> None:
    desk.start()
    as_is = desk.engine.requests[-1]
    desk.session.intervene(Interventions(causal=True))
    desk.engine.open()
    desk.wait(lambda: desk.session.snapshot.other is not None)
    desk.session.ask(EveryPosition(as_is))
    desk.engine.open(3)
    desk.wait(lambda: not desk.job_running)
    assert desk.report is not None


def test_job_dies_when_the_text_changes(desk: Desk) -> None:
    desk.start()
    desk.session.ask(EveryPosition(desk.engine.requests[-1]))
    desk.engine.open(1)
    desk.wait(lambda: desk.report is not None)
    desk.type("cats")
    assert desk.report is None
    desk.engine.open(3)
    desk.wait(lambda: desk.shown() == "cats")
    assert desk.report is None
    assert desk.engine.slices < 3


def test_cancelled_job_goes_no_further(desk: Desk) -> None:
    desk.start()
    desk.session.ask(EveryPosition(desk.engine.requests[-1]))
    desk.engine.open(1)
    desk.wait(lambda: desk.report is not None)
    desk.session.cancel(EveryPosition)
    desk.engine.open(1)
    desk.type("cats")
    desk.session.undo()
    desk.engine.open(5)
    desk.wait(lambda: desk.shown() == "cat" and desk.engine.requests[-1].text == "cat")
    assert not desk.job_running
    assert desk.engine.slices <= 2


def test_cancelled_job_keeps_its_last_report(desk: Desk) -> None:
    desk.start()
    desk.session.ask(EveryPosition(desk.engine.requests[-1]))
    desk.engine.open(1)
    desk.wait(lambda: desk.report is not None)
    desk.session.cancel(EveryPosition)
    report = desk.report
    assert report is not None
    assert report.done == 1


def test_closing_while_a_run_is_under_way_ends_the_thread(desk: Desk) -> None:
    desk.session.open_model(BUNDLED)
    desk.wait(lambda: len(desk.engine.requests) == 1)
    # The fixture closes now, with the run still at the gate, and opens the gate afterwards.


def test_selection_alone_computes_nothing(desk: Desk) -> None:
    desk.start()
    state = replace(desk.session.state, selection=Selection(layer=1, head=1))
    desk.session.push(state)
    assert desk.session.snapshot.head == (1, 1)
    desk.type("cats")
    desk.engine.open()
    desk.wait(lambda: desk.shown() == "cats")
    assert [request.text for request in desk.engine.requests] == ["cat", "cats"]


def test_closing_while_a_broken_model_is_read_opens_no_other(desk: Desk) -> None:
    desk.session.open_model(ModelWanted(Path("broken")))
    # The fixture closes now; the failure arrives after that and must not start another worker.


def test_undo_after_a_smaller_model_does_not_ask_for_heads_it_lacks(desk: Desk) -> None:
    desk.start()
    desk.session.intervene(Interventions(heads_off={(1, 1), (7, 7)}))
    desk.engine.open()
    desk.wait(lambda: desk.session.snapshot.other is not None)
    assert desk.engine.requests[-1].interventions == Interventions(heads_off={(1, 1)})


def test_a_model_that_is_no_longer_wanted_is_told_so_while_it_is_read(qtbot: QtBot) -> None:
    told = []

    def load(wanted: ModelWanted) -> Engine:
        thread = QThread.currentThread()
        while not thread.isInterruptionRequested():
            QThread.yieldCurrentThread()
        told.append(wanted.name)
        raise ModelError("It is no longer wanted.")

    session = Session(load, State("cat"), ViewOptions())
    session.open_model(ModelWanted(Path("first")))
    session.open_model(ModelWanted(Path("second")))
    qtbot.waitUntil(lambda: told == ["first"])
    with qtbot.waitSignal(session.closed):
        session.close()
    assert told == ["first", "second"]


def test_why_a_model_did_not_open_is_said_until_another_is_to_be_opened(desk: Desk) -> None:
    desk.start()
    desk.session.open_model(ModelWanted(Path("broken")))
    desk.wait(lambda: desk.session.snapshot.note is not None)
    desk.session.open_model(ModelWanted(Path("other")))
    assert desk.session.snapshot.note is None
    desk.session.note(Note("Something else.", NoteKind.FAULT))
    desk.session.open_model(BUNDLED)
    assert desk.session.snapshot.note == Note("Something else.", NoteKind.FAULT)


def test_a_model_that_answers_while_closing_takes_over_from_nobody(desk: Desk) -> None:
    desk.start()
    desk.session.open_model(ModelWanted(Path("other")))
    desk.wait(lambda: "other" in desk.engines and len(desk.engines["other"].requests) == 1)
    running = desk.session.findChildren(Worker)
    desk.session.close()
    desk.wait(lambda: len(desk.session.findChildren(Worker)) < len(running))
    desk.engines["other"].open()
    desk.wait(lambda: desk.session.is_closed)
    assert desk.session.snapshot.facts is desk.engine.facts


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own")
def test_the_window_comes_first_and_threads_of_a_worker_inherit_that(qtbot: QtBot) -> None:
    found: list[int] = []

    def note() -> None:
        found.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    def load(_: ModelWanted) -> Engine:
        note()
        thread = threading.Thread(target=note)
        thread.start()
        thread.join()
        raise ModelError("no model")

    session = Session(load, State(), ViewOptions())
    session.open_model(BUNDLED)
    with qtbot.waitSignal(session.changed, check_params_cb=lambda now: now.note is not None):
        pass
    with qtbot.waitSignal(session.closed):
        session.close()
    note()
    usual = found.pop()
    assert found == [min(usual + GIVES_WAY, 19)] * 2


def test_the_name_of_a_model_that_is_opened_moves_nothing_around_it(desk: Desk) -> None:
    desk.start()
    desk.session.open_model(ModelWanted(Path("a\u202eb")))
    assert desk.session.snapshot.loading == "a‹202E›b"
    desk.wait(lambda: "a\u202eb" in desk.engines)
    desk.session.restart_engine()
    assert desk.session.snapshot.loading == "a‹202E›b"


def opened_after(desk: Desk, first: ModelWanted, *, read: bool = True) -> ModelWanted:
    """How another model is opened after `first`, once that or one in its place is read."""
    desk.session.open_model(first)
    if read:
        desk.wait(lambda: desk.session.snapshot.facts is not None)
    return opened_next(desk)


def opened_next(desk: Desk) -> ModelWanted:
    """How another model is opened now."""
    wanted: dict[Path | None, ModelWanted] = {}

    def note(one: ModelWanted) -> None:
        wanted[one.path] = one

    desk.refuse = note
    desk.session.open_model(ModelWanted(Path("other")))
    desk.wait(lambda: Path("other") in wanted)
    return wanted[Path("other")]


BOTH = ModelWanted(Path("other"), device=CUDA, precision=BFLOAT16)


def test_another_model_is_opened_with_the_device_and_the_precision_in_use(desk: Desk) -> None:
    desk.engine.facts = replace(
        desk.engine.facts, place=CUDA, precision=BFLOAT16, devices=(CPU, CUDA)
    )
    assert opened_after(desk, ModelWanted(device=CUDA, precision=BFLOAT16)) == BOTH
    wanted: list[ModelWanted] = []
    desk.refuse = wanted.append
    desk.session.open_model(ModelWanted(Path("third"), device=CPU))
    desk.wait(lambda: wanted == [replace(BOTH, path=Path("third"), device=CPU)])


def test_another_model_is_opened_on_the_processor_when_the_device_gave_up(desk: Desk) -> None:
    desk.engine.facts = replace(desk.engine.facts, devices=(CPU, CUDA), fallen_back="It gave up.")
    asked = ModelWanted(device=CUDA, precision=BFLOAT16)
    assert opened_after(desk, asked) == replace(BOTH, device=CPU, precision=FLOAT32)


def test_what_was_asked_for_holds_although_the_first_model_is_not_read_yet(desk: Desk) -> None:
    asked = ModelWanted(device=CUDA, precision=BFLOAT16)
    assert opened_after(desk, asked, read=False) == BOTH


@pytest.mark.parametrize(("there", "held"), [((CPU, CUDA), CUDA), ((CPU,), CPU)])
def test_what_was_asked_for_holds_when_that_model_did_not_open_if_there_is_such_a_device(
    desk: Desk, there: tuple[str, ...], held: str
) -> None:
    desk.engine.facts = replace(desk.engine.facts, devices=there)
    assert opened_after(desk, ModelWanted(Path("broken"), device=CUDA)).device == held


@pytest.mark.parametrize(
    ("there", "waits", "held"),
    [((CPU, CUDA), True, CUDA), ((CPU,), True, CPU), ((CPU, CUDA), False, CPU)],
)
def test_what_a_model_still_being_opened_was_asked_for_holds_until_it_is_given_up(
    desk: Desk, there: tuple[str, ...], waits: bool, held: str
) -> None:
    first = desk.engines["first"] = GatedEngine("first")
    first.facts = replace(first.facts, devices=there)
    precisions = {CPU: FLOAT32, CUDA: BFLOAT16}
    for path, device in (("first", CPU), ("second", CUDA)):
        wanted = ModelWanted(Path(path), device=device, precision=precisions[device])
        desk.session.open_model(wanted)
        desk.wait(lambda: desk.session.snapshot.facts is first.facts)
    if not waits:
        desk.session.stop_waiting()
    assert opened_next(desk) == replace(BOTH, device=held, precision=precisions[held])


def test_the_run_to_show_is_the_changed_one_whenever_a_first_change_is_made(desk: Desk) -> None:
    session = desk.session
    session.intervene(Interventions(causal=True))
    session.choose(replace(session.snapshot.options, show=Show.DIFFERENCE))
    session.intervene(Interventions(heads_off={(0, 1)}))
    assert session.snapshot.options.show is Show.DIFFERENCE
    session.intervene(Interventions())
    assert session.snapshot.options.show is Show.CHANGED


def test_a_fold_goes_with_the_text_of_an_example_and_stays_if_a_person_has_set_it(
    desk: Desk,
) -> None:
    session = desk.session
    session.choose(replace(session.snapshot.options, fold=True, fold_lent=True))
    desk.type("cat sat")
    assert session.snapshot.options.fold
    assert session.snapshot.note is None
    for text in ("d", "do", "dogs bark"):
        desk.type(text)
        assert not session.snapshot.options.fold
        assert session.snapshot.note is UNFOLDED
    session.choose(replace(session.snapshot.options, fold=True))
    desk.type("cats sleep")
    assert session.snapshot.options.fold


def test_a_person_who_unfolds_and_folds_what_an_example_has_folded_keeps_it() -> None:
    lent = ViewOptions(fold=True, fold_lent=True)
    again = replace(replace(lent, fold=False), fold=True)
    assert again.after(State("a cat"), State("two dogs")).fold
