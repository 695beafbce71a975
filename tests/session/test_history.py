"""Tests of undo: one order, merged steps, nothing lost on the way back."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bertviz_app.core.state import State
from bertviz_app.session.history import DEPTH, History


def states(number: int) -> list[State]:
    return [State(text=str(at)) for at in range(number)]


def test_steps_of_the_same_name_are_one() -> None:
    first, second, third, fourth = states(4)
    history = History(first)
    history.push(second, "typing")
    history.push(third, "typing")
    history.push(fourth, "pins")
    assert history.undo()
    assert history.current == third
    assert history.undo()
    assert history.current == first
    assert not history.undo()


def test_an_equal_state_is_no_step_but_its_cursor_is_kept() -> None:
    first, second = states(2)
    history = History(first)
    history.push(second)
    assert not history.push(replace(second, cursor=(0, 1)))
    assert history.current.cursor == (0, 1)
    assert history.undo()
    assert history.current == first


def test_unnamed_steps_stay_apart() -> None:
    first, second, third = states(3)
    history = History(first)
    history.push(second)
    history.push(third)
    history.undo()
    assert history.current == second


def test_new_step_forgets_what_was_taken_back() -> None:
    first, second, third = states(3)
    history = History(first)
    history.push(second)
    history.undo()
    assert history.can_redo
    history.push(third)
    assert not history.can_redo


def test_same_name_after_undo_begins_a_new_step() -> None:
    first, second, third = states(3)
    history = History(first)
    history.push(second, "typing")
    history.undo()
    history.redo()
    history.push(third, "typing")
    history.undo()
    assert history.current == second


def test_equal_state_is_no_step() -> None:
    history = History(State(text="a"))
    assert not history.push(State(text="a"))
    assert not history.can_undo


@given(st.lists(st.sampled_from(["push", "undo", "redo"]), max_size=40))
def test_history_agrees_with_a_plain_list(moves: list[str]) -> None:
    history, made, at = History(State(text="0")), [State(text="0")], 0
    for number, move in enumerate(moves, start=1):
        if move == "push":
            state = State(text=str(number))
            history.push(state)
            made = [*made[: at + 1], state]
            at += 1
        elif move == "undo":
            assert history.undo() == (at > 0)
            at = max(at - 1, 0)
        else:
            assert history.redo() == (at + 1 < len(made))
            at = min(at + 1, len(made) - 1)
        assert history.current == made[at]


def test_depth_is_limited() -> None:
    history = History(State(text="start"))
    for number in range(DEPTH + 10):
        history.push(State(text=str(number)))
    steps = 0
    while history.undo():
        steps += 1
    assert steps == DEPTH
