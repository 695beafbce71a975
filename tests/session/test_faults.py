"""Tests of an engine that hangs, ends or lacks memory: the text stays, the next key works."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest

from bertviz_app.core.errors import ModelError
from bertviz_app.core.model_wanted import ModelWanted
from bertviz_app.core.questions.every_position import EveryPosition
from bertviz_app.core.request import Interventions
from bertviz_app.core.saved_session import ModelReference, SavedSession
from bertviz_app.core.state import Note, State
from bertviz_app.session import overdue
from bertviz_app.session.notes import RESTART, STOP_WAITING
from bertviz_app.session.worker import Worker
from tests.session.gated_desk import Desk


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Anything is long that takes a twentieth of a second."""
    monkeypatch.setattr(overdue, "OVERDUE_AFTER", 0.05)


def note(desk: Desk) -> Note:
    """What is said; nothing if nothing is."""
    said = desk.session.snapshot.note
    assert said is not None
    return said


def hang(desk: Desk, text: str = "cats") -> None:
    """Type a text that never passes the gate, until that is said."""
    desk.start()
    desk.type(text)
    desk.wait(lambda: desk.session.snapshot.note is not None)


@pytest.mark.usefixtures("impatient")
def test_a_run_that_takes_long_is_said_with_two_ways_out_and_taken_back_with_its_answer(
    desk: Desk,
) -> None:
    hang(desk)
    said = note(desk)
    assert said.text.startswith("This text is taking long: the engine has been at it for ")
    assert said.text.endswith("The picture is of “cat”.")
    assert (said.action, said.other) == (STOP_WAITING, RESTART)
    desk.engine.open()
    desk.wait(lambda: desk.shown() == "cats")
    assert desk.session.snapshot.note is None


@pytest.mark.usefixtures("impatient")
def test_who_stops_waiting_is_asked_no_more_and_gets_the_answer_if_it_comes(desk: Desk) -> None:
    hang(desk)
    desk.session.stop_waiting()
    snapshot = desk.session.snapshot
    assert snapshot.fault is not None
    assert not snapshot.catching_up
    assert note(desk).action == ""
    desk.engine.open()
    desk.wait(lambda: desk.shown() == "cats")
    assert desk.session.snapshot.fault is None
    assert desk.session.snapshot.note is None


@pytest.mark.usefixtures("impatient")
def test_restarting_leaves_the_hung_thread_and_computes_the_newest_text(desk: Desk) -> None:
    hang(desk)
    hung = desk.engine
    desk.session.intervene(Interventions(causal=True))
    desk.session.restart_engine()
    assert desk.session.snapshot.note is None
    assert desk.shown() == "cat"
    desk.wait(lambda: desk.engine is not hung)
    desk.wait(lambda: bool(desk.engine.requests))
    assert desk.shown() == "cat"
    desk.engine.open()
    desk.wait(lambda: desk.shown() == "cats")
    assert desk.session.state.interventions.causal
    answer = desk.session.snapshot.answer
    hung.open(10)
    desk.type("cats s")
    desk.engine.open()
    desk.wait(lambda: desk.shown() == "cats s")
    assert answer is not None
    assert len(hung.requests) == 2


@pytest.mark.usefixtures("impatient")
def test_a_slice_of_a_job_that_takes_long_is_said_by_the_name_of_the_job(desk: Desk) -> None:
    desk.start()
    desk.session.ask(EveryPosition(desk.engine.requests[-1]))
    desk.wait(lambda: desk.session.snapshot.note is not None)
    assert note(desk).text.startswith(f"{EveryPosition.task} is taking long")
    desk.session.stop_waiting()
    assert desk.session.snapshot.note is None
    assert not desk.job_running


@pytest.mark.usefixtures("impatient")
def test_a_model_that_is_long_in_opening_can_be_given_up_and_the_other_stays(desk: Desk) -> None:
    desk.start()
    desk.session.open_model(ModelWanted(Path("other")))
    desk.wait(lambda: desk.session.snapshot.note is not None)
    assert note(desk).text == "Reading other is taking long. The bundled model stays open."
    desk.session.stop_waiting()
    assert desk.session.snapshot.loading is None
    assert desk.session.snapshot.note is None
    desk.engines["other"].open(10)
    desk.type("dog")
    desk.engine.open()
    desk.wait(lambda: desk.shown() == "dog")
    assert desk.session.snapshot.facts is desk.engine.facts


def end(desk: Desk) -> None:
    """Let the thread of the engine end at the run it has, or gets next."""
    desk.engine.ends = True
    desk.engine.open()


def test_an_engine_whose_thread_ends_begins_anew_and_says_so(desk: Desk) -> None:
    desk.start()
    first = desk.engine
    desk.type("dog")
    end(desk)
    desk.wait(lambda: desk.engine is not first)
    assert note(desk).text == (
        "The engine stopped (SystemExit: the thread ends) and was started again."
    )
    assert "Traceback" in note(desk).detail
    assert desk.shown() == "cat"
    desk.engine.open()
    desk.wait(lambda: desk.shown() == "dog")
    assert desk.engine.requests[0].text == "dog"


def test_an_engine_that_ends_at_once_again_begins_anew_with_the_next_text(desk: Desk) -> None:
    desk.start()
    first = desk.engine
    desk.type("dog")
    end(desk)
    desk.wait(lambda: desk.engine is not first)
    second = desk.engine
    end(desk)
    desk.wait(lambda: desk.session.snapshot.fault is not None)
    assert note(desk).text == (
        "BERT could not compute this text: the engine stopped (SystemExit: the thread ends). "
        "The picture is of “cat”."
    )
    assert desk.engine is second
    desk.type("dogs")
    desk.wait(lambda: desk.engine is not second)
    desk.engine.open()
    desk.wait(lambda: desk.shown() == "dogs")
    assert desk.session.snapshot.fault is None


def hold_back(desk: Desk) -> Event:
    """Let the bundled model be read no more until the event is set."""
    held = Event()

    def refuse(wanted: ModelWanted) -> None:
        assert wanted.path is not None or held.wait(10)

    desk.refuse = refuse
    return held


def open_beside(desk: Desk, folder: str = "other") -> None:
    """Begin to open another model; it waits at its gate before it has answered anything."""
    desk.session.open_model(ModelWanted(Path(folder)))
    desk.wait(lambda: folder in desk.engines and bool(desk.engines[folder].requests))


def test_an_engine_that_ends_beside_a_model_being_opened_is_replaced_and_answers(
    desk: Desk,
) -> None:
    desk.start()
    first = desk.engine
    desk.session.intervene(Interventions(causal=True))
    open_beside(desk)
    end(desk)
    desk.wait(lambda: desk.engine is not first)
    assert note(desk).text == (
        "The engine stopped (SystemExit: the thread ends) and was started again."
    )
    desk.type("dog")
    desk.engine.open(9)
    desk.wait(lambda: desk.shown() == "dog")
    assert desk.session.snapshot.loading == "other"
    assert desk.session.state.interventions.causal
    desk.type("dogs")
    desk.wait(lambda: desk.shown() == "dogs")
    desk.engines["other"].open(9)
    desk.wait(lambda: desk.session.snapshot.facts is desk.engines["other"].facts)
    desk.wait(lambda: desk.shown() == "dogs")
    assert not desk.session.state.interventions


def test_a_model_that_opens_before_the_replacement_of_an_engine_is_read_takes_its_place(
    desk: Desk,
) -> None:
    desk.start()
    held = hold_back(desk)
    open_beside(desk)
    desk.type("dog")
    desk.session.restart_engine()
    desk.engines["other"].open(9)
    desk.wait(lambda: desk.shown() == "dog")
    held.set()
    other = desk.engines["other"]
    desk.wait(lambda: len(desk.session.findChildren(Worker)) == 1)
    assert desk.session.snapshot.facts is other.facts


def test_an_engine_that_ends_at_once_again_beside_a_model_being_opened_says_what_follows(
    desk: Desk,
) -> None:
    desk.start()
    first = desk.engine
    open_beside(desk)
    desk.type("dog")
    end(desk)
    desk.wait(lambda: desk.engine is not first)
    end(desk)
    desk.wait(lambda: note(desk).text.endswith("; other is still being opened."))
    second = desk.engine
    desk.type("dogs")
    desk.wait(lambda: desk.engine is not second)
    desk.engine.open(9)
    desk.wait(lambda: desk.shown() == "dogs")


def test_neither_a_replacement_nor_a_model_that_opens_leaves_the_bundled_one(desk: Desk) -> None:
    desk.start()
    open_beside(desk, "mine")
    desk.engines["mine"].open(9)
    desk.wait(lambda: desk.session.model.name == "mine")
    refused = ModelError("mine: it is gone.")

    def refuse(wanted: ModelWanted) -> None:
        if wanted.path == Path("mine"):
            raise refused

    desk.refuse = refuse
    desk.session.restart_engine()
    desk.wait(lambda: desk.session.snapshot.note is not None)
    assert note(desk).text == "mine: it is gone."
    desk.engine.open(9)
    desk.wait(lambda: desk.session.snapshot.facts is desk.engine.facts)


def test_a_session_that_waits_for_its_model_waits_on_when_the_engine_is_replaced(
    desk: Desk,
) -> None:
    desk.start()
    first = desk.engine
    changed = State("dog", interventions=Interventions(causal=True))
    desk.session.resume(SavedSession(changed, model=ModelReference(Path("other"), "other")))
    desk.wait(lambda: "other" in desk.engines and bool(desk.engines["other"].requests))
    desk.session.restart_engine()
    desk.wait(lambda: desk.engine is not first)
    desk.engine.open(9)
    desk.wait(lambda: desk.shown() == "dog")
    assert not desk.engine.requests[-1].interventions
    desk.engines["other"].open(9)
    desk.wait(lambda: desk.session.snapshot.facts is desk.engines["other"].facts)
    assert desk.session.state.interventions.causal


def test_whoever_gives_up_a_model_beside_an_engine_that_has_ended_keeps_that(
    desk: Desk,
) -> None:
    desk.start()
    first = desk.engine
    open_beside(desk)
    desk.type("dog")
    end(desk)
    desk.wait(lambda: desk.session.snapshot.note is not None)
    desk.session.stop_waiting()
    desk.wait(lambda: desk.engine is not first)
    desk.engine.open(9)
    desk.wait(lambda: desk.shown() == "dog")
    assert desk.session.snapshot.loading is None


def test_restarting_again_begins_again_and_gives_up_no_model_that_is_being_opened(
    desk: Desk,
) -> None:
    desk.start()
    held = hold_back(desk)
    open_beside(desk)
    desk.session.restart_engine()
    desk.session.restart_engine()
    assert desk.session.snapshot.loading == "other"
    held.set()
    desk.wait(lambda: len(desk.loaded) == 4)
    other = desk.engines["other"]
    desk.type("dog")
    for engine in desk.loaded:  # which of the two was read first is for the threads to say
        if engine is not other:
            engine.open(9)
    desk.wait(lambda: desk.shown() == "dog")
    assert desk.session.snapshot.loading == "other"
    other.open(9)
    desk.wait(lambda: desk.session.snapshot.facts is other.facts)


def test_a_run_that_fails_leaves_it_said_that_a_model_is_being_opened(desk: Desk) -> None:
    desk.start()
    open_beside(desk)
    desk.type("fail")
    desk.engine.open()
    desk.wait(lambda: desk.session.snapshot.fault is not None)
    assert desk.session.snapshot.loading == "other"


def test_lack_of_memory_is_said_and_the_next_key_works(desk: Desk) -> None:
    desk.start()
    desk.type("memory")
    desk.engine.open()
    desk.wait(lambda: desk.session.snapshot.fault is not None)
    assert "not enough memory" in note(desk).text
    desk.type("dog")
    desk.engine.open()
    desk.wait(lambda: desk.shown() == "dog")
    assert desk.session.snapshot.note is None
