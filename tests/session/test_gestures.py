"""Tests of gestures; in the texts, `|` is the text cursor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bertviz_app.core.request import Interventions, Request
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Pick, Role, Selection, State
from bertviz_app.core.trace import Answer
from bertviz_app.session import gestures
from bertviz_app.session.editing import Outcome, swapped, with_pair, without_pair
from tests.session.gated_engine import facts_of, trace_of


def snapshot_of(text: str, **state: object) -> Snapshot:
    """A snapshot whose answer is of the text itself."""
    now = State(text=text, **state)
    answer = Answer(trace_of(Request(*now.texts)))
    return Snapshot(state=now, facts=facts_of("model"), answer=answer)


def after(snapshot: Snapshot, outcome: Outcome | None) -> Snapshot:
    """The snapshot once the outcome was carried out and computed."""
    assert outcome is not None
    answer = Answer(trace_of(Request(outcome.state.text)))
    return replace(snapshot, state=outcome.state, answer=answer)


def hides(snapshot: Snapshot) -> str | None:
    """The word that the blank hides."""
    assert snapshot.blank is not None
    found = snapshot.hidden_at(snapshot.blank)
    return found.word if found is not None else None


def token(snapshot: Snapshot) -> str | None:
    """The piece the pinned token stands on."""
    at = snapshot.token
    return None if at is None or snapshot.trace is None else snapshot.trace.encoding.tokens[at]


@pytest.mark.parametrize(
    ("before", "becomes"),
    [
        ("The wo|man washed", "The [MASK]| washed"),
        ("The |woman washed", "The [MASK]| washed"),
        ("The woman| washed", "The [MASK]| washed"),
        ("hands|.", "[MASK]|."),
        ("hands.|", "hands[MASK]|"),
    ],
)
def test_word_at_the_cursor_is_hidden(before: str, becomes: str) -> None:
    snapshot = snapshot_of(before.replace("|", ""))
    outcome = gestures.hidden_at(snapshot, 0, before.index("|"))
    assert outcome is not None
    assert outcome.state.text == becomes.replace("|", "")


def test_hidden_word_comes_back_on_the_second_press() -> None:
    snapshot = snapshot_of("The woman washed")
    hidden = after(snapshot, gestures.hidden_at(snapshot, 0, 5))
    assert hides(hidden) == "woman"
    back = gestures.hidden_at(hidden, 0, 6)
    assert back is not None
    assert back.state.text == "The woman washed"
    assert back.state.hidden == ()


def test_hidden_word_is_remembered_through_edits_elsewhere_but_not_inside() -> None:
    snapshot = snapshot_of("The woman washed")
    hidden = after(snapshot, gestures.hidden_at(snapshot, 0, 5))
    moved = after(hidden, gestures.typed(hidden, 0, "And the [MASK] washed", 5))
    assert hides(moved) == "woman"
    broken = after(moved, gestures.typed(moved, 0, "And the [MAK] washed", 11))
    assert broken.state.hidden == ()


def test_typed_mask_takes_its_best_candidate() -> None:
    snapshot = snapshot_of("The [MASK] sat")
    outcome = gestures.hidden_at(snapshot, 0, 6)
    assert outcome is not None
    assert outcome.state.text == "The cat sat"


def test_spaces_hide_nothing() -> None:
    assert gestures.hidden_at(snapshot_of("a   b"), 0, 2) is None


def test_pin_stays_on_its_word_whatever_is_typed_elsewhere() -> None:
    snapshot = snapshot_of("The woman washed hands")
    pinned = after(snapshot, gestures.picked(snapshot, Pick(token=3)))
    assert token(pinned) == "washed"
    typed = after(pinned, gestures.typed(pinned, 0, "The man washed hands", 7))
    assert token(typed) == "washed"
    typed = after(typed, gestures.typed(typed, 0, "The man washed both hands", 20))
    assert token(typed) == "washed"


def test_pin_is_let_go_and_said_when_its_word_changes() -> None:
    snapshot = snapshot_of("The woman washed hands")
    pinned = after(snapshot, gestures.picked(snapshot, Pick(token=3)))
    outcome = gestures.typed(pinned, 0, "The woman washes hands", 16)
    assert outcome is not None
    assert outcome.state.selection.token is None
    assert outcome.note == "The pin on washed is gone."


def test_hiding_a_pinned_word_keeps_the_pin_and_giving_it_back_too() -> None:
    snapshot = snapshot_of("The woman washed hands")
    pinned = after(snapshot, gestures.picked(snapshot, Pick(token=3)))
    hidden = after(pinned, gestures.hidden_token(pinned, 3))
    assert token(hidden) == "[MASK]"
    back = after(hidden, gestures.hidden_token(hidden, 3))
    assert token(back) == "washed"


def test_pin_on_a_word_of_several_pieces_survives_hiding() -> None:
    snapshot = snapshot_of("The woman washed hands")
    piece = replace(snapshot, state=snapshot.state)
    pinned = after(piece, gestures.picked(piece, Pick(token=2)))
    hidden = after(pinned, gestures.hidden_token(pinned, 2))
    back = gestures.hidden_token(hidden, 2)
    assert back is not None
    assert back.state.selection.token is not None
    whole = back.state.selection.token
    cut = replace(
        trace_of(Request("The woman")).encoding,
        tokens=("[CLS]", "The", "wo", "##man", "[SEP]"),
        ids=(0, 3, 3, 3, 1),
        segments=(0,) * 5,
        spans=((0, 0), (0, 3), (4, 6), (6, 9), (0, 0)),
        added=(0, 4),
    )
    assert whole.find(cut) == 2


def test_pins_stand_right_on_a_picture_of_an_older_text() -> None:
    snapshot = snapshot_of("a b c")
    pinned = after(snapshot, gestures.picked(snapshot, Pick(token=2)))
    typed = gestures.typed(pinned, 0, "x a b c", 2)
    assert typed is not None
    behind = replace(pinned, state=typed.state)
    assert token(behind) == "b"


def test_added_tokens_are_pinned_by_role_and_never_hidden() -> None:
    snapshot = snapshot_of("The woman")
    pinned = after(snapshot, gestures.picked(snapshot, Pick(token=3)))
    assert pinned.state.selection.token is not None
    assert pinned.state.selection.token.role is Role.END_OF_A
    longer = after(pinned, gestures.typed(pinned, 0, "The woman sat", 13))
    assert token(longer) == "[SEP]"
    assert gestures.hidden_token(longer, 0) is None


def test_click_on_an_old_picture_pins_the_word_where_it_is_now() -> None:
    snapshot = snapshot_of("washed hands")
    behind = replace(snapshot, state=State(text="She washed hands"))
    outcome = gestures.picked(behind, Pick(token=1))
    assert outcome is not None
    assert outcome.state.selection.token is not None
    assert outcome.state.selection.token.span == (4, 10)


def test_click_on_a_mask_makes_it_the_blank() -> None:
    snapshot = snapshot_of("[MASK] and [MASK]")
    assert snapshot.blank == 1
    second = after(snapshot, gestures.picked(snapshot, Pick(token=3)))
    assert second.blank == 3
    assert after(second, gestures.stepped_blank(second, 1)).blank == 1


def test_ctrl_click_collects_heads_and_a_plain_click_drops_them() -> None:
    snapshot = snapshot_of("cat")
    two = after(snapshot, gestures.picked(snapshot, Pick(layer=1, head=0, also=True)))
    assert two.state.selection.also == ((1, 0),)
    none = after(two, gestures.picked(two, Pick(layer=1, head=0, also=True)))
    assert none.state.selection.also == ()
    one = after(two, gestures.picked(two, Pick(layer=0, head=1)))
    assert (one.head, one.state.selection.also) == ((0, 1), ())
    layer = after(one, gestures.picked(one, Pick(layer=1, head=1, whole=True)))
    assert (layer.head, layer.state.selection.also) == ((1, 1), ((1, 0),))


def test_heads_are_stepped_through_to_the_ends() -> None:
    snapshot = snapshot_of("cat")
    last = after(snapshot, gestures.stepped_head(snapshot, 1, 1))
    assert last.head == (1, 1)
    assert gestures.stepped_head(last, 0, 1) is None
    assert after(last, gestures.stepped_head(last, 0, -1)).head == (1, 0)


def test_escape_lets_go_of_one_thing_at_a_time() -> None:
    snapshot = snapshot_of("The woman washed hands")
    for pick in (Pick(token=1), Pick(second=2), Pick(layer=0, head=1, also=True), Pick(word="a")):
        snapshot = after(snapshot, gestures.picked(snapshot, pick))
    left = []
    while (outcome := gestures.released(snapshot)) is not None:
        snapshot = after(snapshot, outcome)
        chosen = snapshot.state.selection
        left.append((chosen.second is None, chosen.token is None, not chosen.also, not chosen.word))
    assert left == [
        (True, False, False, False),
        (True, True, False, False),
        (True, True, True, False),
        (True, True, True, True),
    ]


def test_filling_a_blank_follows_the_word_and_forgets_the_hidden_one() -> None:
    snapshot = snapshot_of("The woman washed")
    hidden = after(snapshot, gestures.hidden_at(snapshot, 0, 5))
    full = after(hidden, gestures.filled_blank(hidden, 2, "man"))
    assert full.state.text == "The man washed"
    assert full.state.hidden == ()
    assert full.state.selection.word == "man"


def test_letters_of_one_word_are_one_step_of_undo() -> None:
    steps, text = [], ""
    for letter in "a cat sat":
        outcome = gestures.typed(snapshot_of(text), 0, text + letter, len(text) + 1)
        assert outcome is not None
        steps.append(outcome.step)
        text += letter
    assert len(set(steps)) == 3
    assert gestures.typed(snapshot_of(text), 0, text + " and a dog", 19).step is None


def test_the_cursor_is_known_until_the_text_is_changed_in_another_way() -> None:
    made = snapshot_of("a cat sat")
    typed = after(made, gestures.typed(made, 0, "a cats sat", 5))
    assert typed.state.cursor == (0, 5)
    picked = after(typed, gestures.picked(typed, Pick(layer=0, head=0)))
    assert picked.state.cursor == (0, 5)
    hidden = after(picked, gestures.hidden_at(picked, 0, 0))
    assert hidden.state.texts != typed.state.texts
    assert hidden.state.cursor is None


def test_no_letter_of_a_pin_reorders_what_is_said_of_it() -> None:
    snapshot = snapshot_of("a \u202ecat")
    pinned = after(snapshot, gestures.picked(snapshot, Pick(token=2)))
    outcome = gestures.typed(pinned, 0, "a \u202ecats", 7)
    assert outcome is not None
    assert outcome.note == "The pin on ‹202E› is gone."


def test_edited_rows_are_dropped_with_the_text_they_belong_to() -> None:
    rows = Interventions(attention={(0, 0, 1): [0.5, 0.25, 0.25]}, causal=True)
    outcome = gestures.typed(snapshot_of("cat", interventions=rows), 0, "cats", 4)
    assert outcome is not None
    assert outcome.state.interventions == Interventions(causal=True)
    assert outcome.note == "1 edited row belonged to the old text."


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"hidden_keys": {1}}, "1 token that no one looks at"),
        (
            {"hidden_keys": {1, 2}, "attention": {(0, 0, 1): [1.0]}},
            "1 edited row and 2 tokens that no one looks at",
        ),
        ({"position_ids": [0, 2, 1]}, "The position ids given by hand"),
        ({"segment_ids": [0, 1, 1]}, "The segment ids given by hand"),
    ],
)
def test_what_names_tokens_goes_with_its_text(changes: dict[str, Any], note: str) -> None:
    before = snapshot_of("cat", interventions=Interventions(**changes, anticausal=True))
    outcome = gestures.typed(before, 0, "cats", 4)
    assert outcome is not None
    assert outcome.state.interventions == Interventions(anticausal=True)
    assert outcome.note == f"{note} belonged to the old text."


@pytest.mark.parametrize(
    "gesture",
    [
        lambda snapshot: gestures.hidden_at(snapshot, 0, 5),
        lambda snapshot: gestures.hidden_token(snapshot, 4),  # the mask takes its best candidate
        lambda snapshot: gestures.filled_blank(snapshot, 4, "cat"),
        lambda snapshot: gestures.fixed_masks(snapshot),
        lambda snapshot: gestures.reversed_text(snapshot),
        lambda snapshot: swapped(snapshot.state),
        lambda snapshot: without_pair(snapshot.state),
    ],
)
def test_every_gesture_that_changes_the_texts_says_what_belonged_to_the_old_ones(
    gesture: Callable[[Snapshot], Outcome | None],
) -> None:
    rows = Interventions(attention={(0, 0, 1): [0.5, 0.25, 0.25]}, causal=True)
    text = "The woman washed [MASK] [mask]"
    outcome = gesture(snapshot_of(text, pair="hands", interventions=rows))
    assert outcome is not None
    assert outcome.state.interventions == Interventions(causal=True)
    assert outcome.note == "1 edited row belonged to the old text."


def test_an_empty_second_sentence_takes_nothing_with_it() -> None:
    rows = Interventions(attention={(0, 0, 1): [0.5, 0.25, 0.25]})
    state = State("cat", pair="", interventions=rows)
    assert without_pair(state) == Outcome(replace(state, pair=None))


def test_rules_hold_for_any_text() -> None:
    rules = Interventions(
        position_ids="shuffled", segment_ids="swapped", position_table="sinusoidal"
    )
    outcome = gestures.typed(snapshot_of("cat", interventions=rules), 0, "cats", 4)
    assert outcome is not None
    assert outcome.state.interventions == rules
    assert outcome.note == ""


def test_swapping_takes_pins_and_hidden_words_along() -> None:
    snapshot = snapshot_of("The woman washed", pair="hands")
    hidden = after(snapshot, gestures.hidden_at(snapshot, 0, 5))
    state = swapped(hidden.state).state
    assert (state.text, state.pair) == ("hands", "The [MASK] washed")
    assert state.hidden[0].sentence == 1
    assert state.selection.blank is not None
    assert state.selection.blank.sentence == 1
    assert swapped(state).state == hidden.state


def test_words_are_reversed_in_each_sentence_and_what_was_kept_goes_along() -> None:
    snapshot = snapshot_of("The woman washed hands.", pair="I like cats")
    hidden = after(snapshot, gestures.hidden_at(snapshot, 0, 12))
    pinned = after(hidden, gestures.picked(hidden, Pick(token=2)))
    assert token(pinned) == "woman"
    turned = after(pinned, gestures.reversed_text(pinned))
    assert turned.state.texts == ("hands [MASK] woman The.", "cats like I")
    assert token(turned) == "woman"
    assert hides(turned) == "washed"
    assert gestures.reversed_text(turned).state.texts == pinned.state.texts


def test_one_word_has_no_reverse() -> None:
    assert gestures.reversed_text(snapshot_of("cats.")) is None


def test_taking_the_second_sentence_away_takes_what_stood_in_it() -> None:
    snapshot = snapshot_of("The woman washed", pair="hands")
    hidden = after(snapshot, gestures.hidden_at(snapshot, 0, 5))
    state = without_pair(swapped(hidden.state).state).state
    assert (state.text, state.pair, state.hidden, state.selection.blank) == (
        "hands",
        None,
        (),
        None,
    )


def test_words_asked_about_are_added_and_taken_away_and_are_eight_at_most() -> None:
    made = snapshot_of("a [MASK]")
    also = Pick(word="cat", also=True)
    made = after(made, gestures.picked(made, also))
    assert made.state.asked == ("cat",)
    assert made.state.selection.word is None
    made = after(made, gestures.picked(made, also))
    assert made.state.asked == ()
    eight = tuple("abcdefgh")
    made = after(made, gestures.asked(made, eight))
    full = gestures.picked(made, also)
    assert full is not None
    assert full.note == "What about holds eight words."
    assert full.state == made.state


@pytest.mark.parametrize(("word", "left"), [("unhappy", None), ("cat", "cat")])
def test_a_word_that_is_no_piece_is_followed_as_long_as_it_is_asked_about(
    word: str, left: str | None
) -> None:
    made = snapshot_of("a [MASK]", asked=(word, "his"), selection=Selection(word=word))
    assert made.facts is not None
    made = replace(made, facts=replace(made.facts, vocabulary=("cat", "his")))
    gone = gestures.picked(made, Pick(word=word, also=True))
    assert gone is not None
    assert gone.state.asked == ("his",)
    assert gone.state.selection.word == left


def test_other_sentences_say_which_pins_they_undo_and_the_same_ones_change_nothing() -> None:
    snapshot = snapshot_of("The woman washed", pair="A cat slept")
    pinned = after(snapshot, gestures.picked(snapshot, Pick(token=2)))
    outcome = gestures.retexted(pinned, "The dog washed", None)
    assert (outcome.state.texts, outcome.state.pair) == (("The dog washed", ""), None)
    assert outcome.state.selection.token is None
    assert outcome.note == "The pin on woman is gone."
    state = replace(pinned.state, interventions=Interventions(hidden_keys=frozenset({1})))
    same = replace(pinned, state=state)
    assert gestures.retexted(same, "The woman washed", "A cat slept") == Outcome(state)


def test_a_second_sentence_that_was_taken_away_comes_back_with_what_is_hidden_in_it() -> None:
    snapshot = snapshot_of("The woman washed", pair="her hands")
    hidden = gestures.hidden_at(snapshot, 1, 5)
    assert hidden is not None
    again = with_pair(without_pair(hidden.state).state, hidden.state).state
    assert (again.pair, again.hidden) == (hidden.state.pair, hidden.state.hidden)
    assert with_pair(State("a"), State("b")).state.pair == ""
