"""Where and how the model computes: chosen in the menu, said in the status line, compared."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from bertviz_app.bert.machine import device_words
from bertviz_app.bert.network import Bert
from bertviz_app.core.devices import BFLOAT16, CPU, FLOAT32
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.model_wanted import ModelWanted
from bertviz_app.core.questions.precision import PrecisionCheck
from bertviz_app.core.request import Interventions
from bertviz_app.inference import device
from bertviz_app.inference.engine import Engine
from bertviz_app.inference.model import Model
from bertviz_app.ui.sheets.precision import PrecisionPage
from tests.fixtures.desk import Desk

OpenDesk = Callable[..., Desk]
OFF = Interventions(heads_off={(5, 8)})


def facts(desk: Desk) -> ModelFacts:
    found = desk.snapshot.facts
    assert found is not None
    return found


def page(desk: Desk) -> PrecisionPage | None:
    found = desk.window.findChildren(PrecisionPage)
    return found[-1] if found else None


def test_bfloat16_is_chosen_said_and_held_against_float32(open_desk: OpenDesk) -> None:
    desk = open_desk()
    desk.session.intervene(OFF)
    desk.settle()
    desk.window.act("precision.bfloat16")
    desk.wait(lambda: facts(desk).precision == BFLOAT16)
    desk.wait(lambda: page(desk) is not None and page(desk).words["weights"] != "…")
    desk.settle()
    assert ", bfloat16 · " in desk.frame.status.text
    assert desk.window.actions_by_name["precision.bfloat16"].isChecked()
    assert desk.session.state.interventions == OFF  # it is the same model
    words = page(desk).words
    assert words["weights"].startswith("differ by 0.0")
    assert " of 10 are the same at token 4; " in words["best words"]
    assert "with the changes in force" in words["of"]
    desk.retype("The man washed [MASK] hands.")
    desk.press("Compare this text")
    desk.wait(lambda: "The man" in page(desk).words["of"])
    desk.window.act("precision.float32")
    desk.wait(lambda: facts(desk).precision == "float32")
    assert "bfloat16" not in desk.frame.status.text
    desk.window.act("precision.compare")
    desk.settle()
    assert "the same computation" in page(desk).words[""]
    assert PrecisionCheck not in desk.snapshot.reports


def test_a_start_in_bfloat16_says_what_is_lost_and_leaves_the_keyboard_to_the_text(
    open_desk: OpenDesk,
) -> None:
    desk = open_desk("--precision", "bfloat16", bundled=False)
    desk.session.open_model(ModelWanted(precision=BFLOAT16))
    desk.settle()
    desk.wait(lambda: page(desk) is not None and page(desk).words["weights"] != "…")
    assert desk.window.focusWidget() is desk.frame.text_row.fields[0]
    desk.key(Qt.Key.Key_Escape)
    assert not desk.frame.sheet.isVisible()


def test_only_devices_that_are_there_are_in_the_menu(open_desk: OpenDesk) -> None:
    desk = open_desk()
    there = {name: desk.window.actions_by_name[f"device.{name}"] for name in ("cpu", "cuda", "mps")}
    assert [name for name, action in there.items() if action.isVisible()] == [*facts(desk).devices]
    assert there[CPU].isChecked()


def test_a_card_that_gives_up_is_told_once_and_the_text_is_computed(
    open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The card is the processor, and its network raises what torch raises of a lost one."""
    desk = open_desk(bundled=False)
    monkeypatch.setattr(device, "new_tensors_on", lambda place: nullcontext())
    forward, lost = Bert.forward, [False]
    made = Engine.__init__

    def on_card(engine: Engine, model: Model) -> None:
        facts = replace(model.facts, place="cuda", device="CUDA, a card")
        made(engine, replace(model, facts=facts))

    def failing(network: Bert, *args: object, **keywords: object) -> object:
        if lost[0]:
            lost[0] = False
            raise RuntimeError("CUDA error: unspecified launch failure")
        return forward(network, *args, **keywords)

    monkeypatch.setattr(Engine, "__init__", on_card)
    monkeypatch.setattr(Bert, "forward", failing)
    desk.open_bundled()
    assert " · CUDA, a card · " in desk.frame.status.text
    lost[0] = True
    desk.retype("The man washed [MASK] hands.")
    assert desk.best() == "his"
    assert desk.snapshot.note is not None
    assert desk.snapshot.note.text == "CUDA gave up; the processor computes from here on."
    assert f" · {device_words(CPU, FLOAT32)} · " in desk.frame.status.text
