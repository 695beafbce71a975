"""What computes: the device and the precision, chosen in the menu and compared with float32."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bertviz_app.core.devices import CPU, DEVICES, FLOAT32, PRECISIONS
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.request import Capture
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.session.session import Session

if TYPE_CHECKING:
    from bertviz_app.ui.window import MainWindow


class EngineChoice:
    """Opens the current model again on another device or in another precision."""

    def __init__(self, window: MainWindow, session: Session) -> None:
        self._window = window
        self._session = session
        self._said: ModelFacts | None = None

    def bindings(self) -> dict[str, Callable[[], object]]:
        """What each of its actions does."""
        return {
            **{f"device.{device}": self._opens(device=device) for device in DEVICES},
            **{f"precision.{name}": self._opens(precision=name) for name in PRECISIONS},
            "precision.compare": self._compare,
        }

    def follow(self, snapshot: Snapshot) -> None:
        """Show what is lost as soon as a model computes in less than float32."""
        facts = snapshot.facts
        if facts is not None and facts is not self._said and snapshot.up_to_date:
            self._said = facts
            if facts.precision != FLOAT32:
                focused = self._window.focusWidget()
                self._compare()
                # Nobody asked for it just now: what is typed goes where it went.
                if focused is not None:
                    focused.setFocus()

    def _opens(self, **choice: Any) -> Callable[[], None]:
        return lambda: self._session.open_model(replace(self._session.wanted, **choice))

    def _compare(self) -> None:
        from bertviz_app.core.questions.precision import PrecisionCheck
        from bertviz_app.ui.sheets.precision import PrecisionPage

        snapshot = self._session.snapshot
        facts = snapshot.facts
        if snapshot.answer is not None and facts is not None and not facts.is_reference:
            request = replace(snapshot.answer.shown.request, capture=Capture())
            self._session.ask(PrecisionCheck(request))
        self._window.open_sheet(PrecisionPage())


def checked_choices(snapshot: Snapshot) -> dict[str, bool]:
    """Which device and which precision compute, by the name of the action."""
    facts = snapshot.facts
    place, precision = (facts.place, facts.precision) if facts is not None else (CPU, FLOAT32)
    return {
        **{f"device.{device}": device == place for device in DEVICES},
        **{f"precision.{name}": name == precision for name in PRECISIONS},
    }


def choices_there(snapshot: Snapshot) -> dict[str, bool]:
    """Which of the actions are in the menu: those of devices that this machine has."""
    devices = snapshot.facts.devices if snapshot.facts is not None else (CPU,)
    return {f"device.{device}": device in devices for device in DEVICES}
