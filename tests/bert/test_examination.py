"""What is found in a tensor while it is read: its length, what is no number or always one."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from bertviz_app.bert.examination import examined
from bertviz_app.bert.names import Part, Slot
from bertviz_app.bert.safetensors_header import TensorInfo
from bertviz_app.core.origin import TensorRead


def look(numbers: Tensor, row: int = 0, rows: int | None = None) -> TensorRead:
    shape = tuple(numbers.shape)
    slot = Slot("ours", shape, row, rows or shape[0], Part.ENCODER)
    return examined(numbers, "theirs", TensorInfo("F16", shape), slot)


def test_a_tensor_is_told_by_both_names_its_kind_and_its_length() -> None:
    found = look(torch.tensor([[3.0, 0.0], [0.0, 4.0]]))
    assert found == TensorRead("theirs", "F16", (2, 2), "ours", None, 5.0, 0, constant=False)
    assert look(torch.ones(2, 3), row=4, rows=6).row == 4
    assert look(torch.ones(2, 3), row=0, rows=6).row == 0


def test_what_is_no_number_is_counted() -> None:
    numbers = torch.ones(3, 3)
    numbers[0, 0], numbers[1, 1] = float("nan"), float("inf")
    found = look(numbers)
    assert found.broken == 2
    assert not found.norm < float("inf")
    # A length beyond float32 is no broken number.
    assert look(torch.full((4, 4), 3e38)).broken == 0


@pytest.mark.parametrize(
    ("numbers", "constant"),
    [
        (torch.zeros(20, 20), True),
        (torch.full((20, 20), 0.5), True),
        (torch.cat([torch.zeros(399), torch.ones(1)]).reshape(20, 20), False),
        (torch.arange(4.0), False),
        (torch.ones(1), False),
        (torch.full((20, 20), float("nan")), False),
    ],
)
def test_one_number_everywhere_is_noticed(numbers: Tensor, constant: bool) -> None:
    assert look(numbers).constant is constant
