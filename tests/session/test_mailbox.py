"""Tests of the mailbox: newest wins, one answer under way at a time."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from bertviz_app.core.jobs import Question
from bertviz_app.core.questions.every_position import EveryPosition
from bertviz_app.core.request import Request
from bertviz_app.session.mailbox import Mailbox, Run

QUESTION = EveryPosition(Request("a"))


@dataclass(frozen=True)
class Other(Question[None]):
    pass


def run(serial: int) -> Run:
    return Run(serial, Request(str(serial)))


def test_newer_run_replaces_the_one_that_waits() -> None:
    box = Mailbox()
    for serial in (1, 2, 3):
        box.put(run(serial))
    assert box.take(wait=True).run == run(3)
    assert box.take(wait=False).run is None


def test_next_run_waits_until_the_last_answer_was_received() -> None:
    box = Mailbox()
    box.put(run(1))
    assert box.take(wait=True).run == run(1)
    box.put(run(2))
    assert box.take(wait=False).run is None
    box.answer_received()
    assert box.take(wait=True).run == run(2)


def test_question_is_handed_out_once() -> None:
    box = Mailbox()
    box.ask(QUESTION)
    mail = box.take(wait=True)
    assert mail.questions == (QUESTION,)
    assert box.take(wait=False).questions == ()


def test_newer_question_replaces_the_one_of_its_kind_alone() -> None:
    box = Mailbox()
    other, newer = Other(), EveryPosition(Request("b"))
    for question in (QUESTION, other, newer):
        box.ask(question)
    assert set(box.take(wait=True).questions) == {newer, other}


def test_dropped_job_is_said_even_if_it_was_never_begun() -> None:
    box = Mailbox()
    box.ask(QUESTION)
    box.drop_jobs([EveryPosition])
    mail = box.take(wait=True)
    assert mail.questions == ()
    assert mail.dropped == {EveryPosition}


def test_closing_wakes_the_worker_and_forgets_what_waits() -> None:
    box = Mailbox()
    box.put(run(1))
    taken = []
    box.close()
    worker = threading.Thread(target=lambda: taken.append(box.take(wait=True)))
    worker.start()
    worker.join(10)
    assert taken[0].closed
    assert taken[0].run is None
