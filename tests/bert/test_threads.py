"""All cores compute, but little work beside a window leaves it one."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
import torch

from bertviz_app.bert import threads
from bertviz_app.core.request import Request
from bertviz_app.inference.engine import PAINTING, Engine
from bertviz_app.inference.load import load_engine
from tests.fixtures.tiny_models import TinyFolder


@pytest.fixture(autouse=True)
def three_cores(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine of three cores; puts the number of threads back."""
    before = torch.get_num_threads()
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setattr(threads, "all_threads", lambda: 3)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def engine(tiny_folder: TinyFolder) -> Engine:
    return load_engine(tiny_folder())


def test_all_cores_are_used_unless_the_environment_says_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    torch.set_num_threads(2)
    threads.use_all_cores()
    assert torch.get_num_threads() == 3
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    torch.set_num_threads(2)
    threads.use_all_cores()
    threads.leave_a_core(1)
    assert torch.get_num_threads() == 2


@pytest.mark.skipif(sys.platform != "linux", reason="torch counts the cores itself")
def test_the_hardware_threads_of_one_core_count_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads.os, "sched_getaffinity", lambda _: {0, 1, 2, 3})
    monkeypatch.setattr(threads, "_siblings", lambda processor: str(processor % 2))
    assert threads._physical_cores() == 2  # noqa: SLF001 - `all_threads` keeps what it has found


def test_little_work_leaves_a_core_to_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    threads.leave_a_core(threads.LITTLE - 1)
    assert torch.get_num_threads() == 2
    threads.leave_a_core(threads.LITTLE)
    assert torch.get_num_threads() == 3
    monkeypatch.setattr(threads, "all_threads", lambda: 1)
    threads.leave_a_core(1)
    assert torch.get_num_threads() == 1


def test_a_window_has_a_core_while_it_paints_and_a_program_has_all(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr("bertviz_app.inference.engine.perf_counter", lambda: now[0])

    def threads_after(seconds: float) -> int:
        now[0] += seconds
        engine.answer(Request("the cat"))
        return torch.get_num_threads()

    assert threads_after(0) == 3, "nothing is painted before the first answer"
    assert threads_after(PAINTING / 2) == 2
    assert threads_after(2 * PAINTING) == 3
    assert threads_after(0) == 2
    engine(Request("the cat"))
    assert torch.get_num_threads() == 3
    monkeypatch.setattr(threads, "LITTLE", engine.facts.spec.multiplications(4))
    assert threads_after(0) == 3, "four tokens are not little any more"
