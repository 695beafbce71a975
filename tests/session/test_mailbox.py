"""Tests of the mailbox: newest wins, one answer under way at a time."""

from __future__ import annotations

import threading

from bertviz_app.core.jobs import EveryPosition
from bertviz_app.core.request import Request
from bertviz_app.session.mailbox import Mailbox, Run

QUESTION = EveryPosition(Request("a"))


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


def test_question_is_handed_out_once_and_replaces_the_job_under_way() -> None:
    box = Mailbox()
    box.ask(QUESTION)
    mail = box.take(wait=True)
    assert mail.question == QUESTION
    assert mail.job_dropped
    assert box.take(wait=False).question is None


def test_dropped_job_is_said_even_if_it_was_never_begun() -> None:
    box = Mailbox()
    box.ask(QUESTION)
    box.drop_job()
    mail = box.take(wait=True)
    assert mail.question is None
    assert mail.job_dropped


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
