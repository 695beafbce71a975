"""Tests of where boxes stand: side by side, none twice, all within reach."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bertviz_app.ui.parts.piece_roll import Flow

widths = st.lists(st.integers(1, 200), max_size=60)


@given(widths, st.sampled_from([None, 100, 400]))
def test_boxes_never_overlap_and_keep_their_order(sizes: list[int], width: int | None) -> None:
    flow = Flow(sizes, [4] * len(sizes), width)
    for before, after in zip(flow.boxes, flow.boxes[1:], strict=False):
        if before.line == after.line:
            assert after.left == before.right + 4
        else:
            assert (after.line, after.left) == (before.line + 1, 0)
    if width is not None:
        alone = [box for box in flow.boxes if box.left == 0]
        assert all(box.right <= width or box in alone for box in flow.boxes)
    else:
        assert flow.lines <= 1


@given(widths, st.sampled_from([None, 100, 400]), st.integers(0, 500), st.integers(0, 300))
def test_what_is_seen_is_exactly_what_can_be_seen(
    sizes: list[int], width: int | None, left: int, seen: int
) -> None:
    flow = Flow(sizes, [0] * len(sizes), width)
    for line in range(flow.lines + 1):
        found = set(flow.between(line, left, left + seen))
        inside = {
            place
            for place, box in enumerate(flow.boxes)
            if box.line == line and box.left <= left + seen and box.right > left
        }
        assert inside <= found
        assert len(found - inside) <= 1


@given(widths, st.sampled_from([None, 100]))
def test_every_box_is_found_where_it_stands(sizes: list[int], width: int | None) -> None:
    flow = Flow(sizes, [4] * len(sizes), width)
    for place, box in enumerate(flow.boxes):
        assert flow.at(box.line, box.left) == place
        assert flow.at(box.line, box.right - 0.5) == place
        assert flow.at(box.line, box.right + 1) is None


def test_without_boxes_nothing_is_anywhere() -> None:
    empty = Flow((), (), None)
    assert (empty.lines, empty.width, empty.at(0, 0)) == (0, 0.0, None)
