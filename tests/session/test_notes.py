"""Tests of what stays said while the text changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bertviz_app.core.changes import removed_note
from bertviz_app.core.encoding import Reading
from bertviz_app.core.errors import Fault
from bertviz_app.core.request import Interventions
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Note, NoteKind, State, ViewOptions
from bertviz_app.core.trace import Answer
from bertviz_app.session import notes
from bertviz_app.session.notes import SEE, Notes, cut_words, doubtful
from tests.synthetic import model_facts, snapshot

ALIKE = "All heads look everywhere alike. Usually the weights were not loaded: see What was loaded."
EXAMPLE = Note("Change woman to man.", NoteKind.EXAMPLE, lasts=True)
ADVICE = Note("The pin on washed is gone.", NoteKind.RECOVERY)
FAULT = Note("It broke.", NoteKind.FAULT)


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        ("The woman washed [MASK] hands.", "The man washed [MASK] hands.", True),
        ("The woman washed [MASK] hands.", "Our dog chased [MASK] ball.", False),
        ("The woman sat", "The woman sat there", True),
        ("The woman sat", "", False),
    ],
)
def test_example_stays_while_its_text_is_edited(before: str, after: str, kept: bool) -> None:
    found = Notes().left(EXAMPLE, State(text=before), State(text=after))
    assert found == (EXAMPLE if kept else None)


def test_captions_of_an_example_go_on_to_the_one_that_lasts_when_its_text_is_edited() -> None:
    one, other = State(text="The woman sat"), State(text="The man sat")
    tour = replace(EXAMPLE, text="BERT says her.", more=("Look at woman.", "Double click."))
    assert Notes().left(tour, one, replace(one, asked=("his",))) is tour
    assert Notes().left(tour, one, other) == replace(tour, text="Double click.", more=())
    assert Notes().left(replace(tour, lasts=False), one, other) is None


def test_advice_can_be_read_while_typing_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(notes, "monotonic", lambda: now)
    kept = Notes()
    one, other = State(text="The woman sat"), State(text="The man sat")
    assert kept.left(ADVICE, one, other) is ADVICE
    now += notes.LEGIBLE - 1
    assert kept.left(ADVICE, other, one) is ADVICE
    now += 2
    assert kept.left(ADVICE, one, one) is ADVICE
    assert kept.left(ADVICE, one, other) is None


def test_fault_waits_until_it_was_read() -> None:
    assert Notes().replaced(FAULT, ADVICE) is FAULT
    assert Notes().replaced(FAULT, None) is None
    assert Notes().replaced(ADVICE, FAULT) is FAULT


def of_a_run(*, uniform: bool = False, broken: int | None = None, counts_from: int = 1) -> Snapshot:
    made = snapshot(options=ViewOptions(first_number=counts_from))
    assert isinstance(made.answer, Answer)
    run = replace(made.answer.as_is, uniform=uniform, broken=broken)
    return replace(made, answer=Answer(run))


@pytest.mark.parametrize(
    ("run", "words"),
    [
        (of_a_run(), ""),
        (of_a_run(uniform=True), ALIKE),
        (
            of_a_run(broken=2),
            "Layer 2 holds values that are not numbers; nothing after it means anything.",
        ),
        (
            of_a_run(broken=2, counts_from=0),
            "Layer 1 holds values that are not numbers; nothing after it means anything.",
        ),
        (
            of_a_run(broken=0),
            "The embeddings hold values that are not numbers; nothing after them means anything.",
        ),
    ],
)
def test_a_run_with_nothing_to_show_is_said_to_have_none(run: Snapshot, words: str) -> None:
    assert doubtful(run) == words


def test_doubt_is_said_once_for_a_model_and_again_for_another_text_or_model() -> None:
    kept, run = Notes(), of_a_run(uniform=True)
    assert kept.answered(run) == Note(ALIKE, NoteKind.FAULT, SEE, of_model=True)
    longer = replace(run, state=replace(run.state, text=run.state.text + " soon"))
    assert kept.answered(longer) is None
    assert kept.answered(of_a_run()) is None
    assert kept.answered(run) is None
    assert kept.answered(replace(run, state=State(text="Something else"))) is not None
    assert kept.answered(replace(run, facts=model_facts())) is not None
    assert kept.answered(of_a_run(broken=1)) is not None


def longer_than_read(second: Reading) -> Snapshot:
    made = snapshot()
    assert isinstance(made.answer, Answer)
    run, pair = made.answer.as_is, "B" if second.pieces else ""
    encoding = replace(run.encoding, first=Reading(510, 1613, 9), second=second)
    run = replace(run, encoding=encoding, request=replace(run.request, pair=pair))
    return replace(made, answer=Answer(run))


def test_a_text_that_is_longer_than_bert_reads_is_said_to_be_cut_once() -> None:
    kept, run = Notes(), longer_than_read(Reading())
    positions = f"{run.answer.as_is.spec.positions:,}" if run.answer is not None else ""
    words = (
        f"BERT reads {positions} pieces at most, with [CLS] and [SEP]: of this text's 1,613 it "
        "sees the first 510. The rest is grey in the text."
    )
    assert kept.answered(replace(run, note=FAULT)) is FAULT
    assert kept.answered(run) == Note(words, NoteKind.RECOVERY, of_model=True)
    assert kept.answered(run) is None
    other = replace(run, state=State(text="Something else"), note=ADVICE)
    both = kept.answered(other)
    assert both is not None
    assert both.text == f"{ADVICE.text} {words}"
    assert "of A it sees the first 510 of 1,613, of B all 7." in cut_words(
        longer_than_read(Reading(7, 7))
    )
    assert cut_words(snapshot()) == ""


def test_with_an_answer_the_fault_of_the_run_before_goes_and_other_notes_stay() -> None:
    advised = replace(of_a_run(), note=ADVICE)
    assert Notes().answered(advised) is ADVICE
    assert Notes().answered(replace(advised, note=FAULT, fault=Fault("It broke."))) is None


def test_what_can_be_undone_is_said_before_a_doubt() -> None:
    removed = removed_note(Interventions(causal=True, heads_off={(0, 1)}))
    said = Notes().answered(replace(of_a_run(uniform=True), note=removed))
    assert said is not None
    assert said.text == f"2 changes were removed. {ALIKE}"
    assert (said.action, said.other) == ("edit.undo", SEE)


def test_a_model_that_another_is_about_to_replace_is_not_doubted() -> None:
    leaving = replace(of_a_run(uniform=True), note=ADVICE, loading="another")
    assert Notes().answered(leaving) is ADVICE


def test_no_typed_letter_reorders_what_is_said_of_a_text() -> None:
    made = snapshot()
    assert made.answer is not None
    shown = made.answer.shown
    typed = replace(shown, request=replace(shown.request, text="a \u202ecat\nsat"))
    note = notes.fault_note("It", Fault("broke"), replace(made.answer, as_is=typed))
    assert note.text == "It: broke. The picture is of “a ‹202E›cat sat”."


PASSING = Note("Copied.", NoteKind.RECOVERY, passes=True)


def test_what_passes_covers_what_stood_before_it() -> None:
    kept = Notes()
    copied = kept.replaced(EXAMPLE, PASSING)
    again = kept.replaced(copied, PASSING)
    assert copied == again == replace(PASSING, covers=EXAMPLE)
    assert kept.replaced(again, None) is EXAMPLE
    assert kept.replaced(FAULT, PASSING) is FAULT
    one, other = State(text="The woman sat"), State(text="The man sat")
    assert kept.left(again, one, other) is EXAMPLE
    assert kept.left(PASSING, one, other) is None


def test_what_an_answer_takes_away_does_not_come_back() -> None:
    asked = replace(snapshot(), note=replace(PASSING, covers=EXAMPLE))
    assert Notes().answered(asked) == asked.note
    failed = replace(asked, note=replace(PASSING, covers=FAULT), fault=Fault("It broke."))
    assert Notes().answered(failed) == PASSING
    doubted = replace(of_a_run(uniform=True), note=asked.note)
    said = Notes().answered(doubted)
    assert said is not None
    assert said.action == SEE
