"""One run of the real program, driven from inside: `tests.soak.child SCRIPT SEED N [real]`.

A storm, and a series of swaps, comes N times in one run.

Each script prints lines of JSON, the last of which says how it went.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from random import Random
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent

from bertviz_app import app
from bertviz_app.core.model_wanted import ModelWanted
from bertviz_app.core.questions.every_position import EveryPosition
from bertviz_app.session.session import Session
from bertviz_app.session.worker import Engine
from bertviz_app.ui.window import MainWindow
from tests.soak.engines import HungEngine, PacedEngine, never

PACE = 0.03
"""Seconds that one run of an engine without torch takes."""

LETTERS = "abcdefghijklmnopqrstuvwxyz      "
KEYS = 300
"""Keys of one storm."""

RATE = 1000
"""Keys a second that are sent, as far as the window takes them."""

SWAPS = 5


def say(**words: object) -> None:
    """Tell the parent something, now."""
    print(json.dumps(words), flush=True)


class Script(QObject):
    """Hands on the program; a subclass says what they do.

    Attributes:
        engines: what was loaded, newest last; empty in a run with the real model.
    """

    def __init__(self, chance: Random, rounds: int, *, real: bool) -> None:
        super().__init__()
        self.chance = chance
        self.rounds = rounds
        self.real = real
        self.engines: list[PacedEngine] = []
        self.session: Session
        self.window: MainWindow

    def load(self, wanted: ModelWanted) -> Engine:
        """What stands for reading a model."""
        self.engines.append(PacedEngine(PACE, len(self.engines)))
        return self.engines[-1]

    def begin(self, session: Session, window: MainWindow) -> None:
        """The window is made, and shown next."""
        self.session, self.window = session, window
        QTimer.singleShot(0, self.start)

    def start(self) -> None:
        """The event loop turns."""
        self.when(lambda: self.session.snapshot.answer is not None, self.act)

    def act(self) -> None:
        """The first picture is there."""
        self.later(0.1, self.close)

    def close(self) -> None:
        """Close the window and say so."""
        say(closing=True)
        self.window.close()

    def later(self, most: float, what: Callable[[], None]) -> None:
        """Do something at a moment drawn by chance, within `most` seconds."""
        QTimer.singleShot(round(self.chance.uniform(0, most) * 1000), what)

    def when(self, condition: Callable[[], bool], what: Callable[[], None]) -> None:
        """Do something once `condition` holds."""
        if condition():
            what()
        else:
            QTimer.singleShot(5, lambda: self.when(condition, what))

    def key(self, letter: str) -> None:
        """Press a key in the text, as the system would."""
        field = self.window.frame.text_row.fields[0]
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter)
            QCoreApplication.postEvent(field, event)

    def is_settled(self, text: str) -> bool:
        """Whether the picture is of `text` and nothing is under way."""
        snapshot = self.session.snapshot
        answer = snapshot.answer
        return (
            answer is not None
            and self.session.state.text == text == answer.shown.request.text
            and snapshot.loading is None
        )


class Loading(Script):
    """Closes while the model is read."""

    def start(self) -> None:
        self.later(2.0 if self.real else 0.1, self.close)

    def load(self, wanted: ModelWanted) -> Engine:
        time.sleep(0.1)
        return super().load(wanted)


class Computing(Script):
    """Closes while a text is computed."""

    def act(self) -> None:
        self.session.push(self.session.state.__class__(text="the cat sat on the mat " * 20))
        self.later(PACE, self.close)


class Job(Script):
    """Closes while a longer question is under way."""

    def act(self) -> None:
        answer = self.session.snapshot.answer
        assert answer is not None
        self.session.ask(EveryPosition(answer.as_is.request))
        self.later(0.1, self.close)


class Hung(Computing):
    """Closes while the engine hangs."""

    def load(self, wanted: ModelWanted) -> Engine:
        return HungEngine(PACE)


class HungLoading(Script):
    """Closes while reading the model hangs."""

    def load(self, wanted: ModelWanted) -> Engine:
        never()
        raise AssertionError("never came back")

    def start(self) -> None:
        self.later(0.2, self.close)


class Rounds(Script):
    """Does the same several times, then closes."""

    def act(self) -> None:
        if self.rounds == 0:
            self.close()
            return
        self.rounds -= 1
        self.round()

    def round(self) -> None:
        """Do it once; ends in `over`."""
        raise NotImplementedError

    def over(self, **words: object) -> None:
        """Say how it went, and go on."""
        say(round=words, gap=self.window.diagnosis.longest)
        QTimer.singleShot(0, self.act)


class Storm(Rounds):
    """Sends a thousand keys a second, and looks at what was computed and shown of them."""

    def round(self) -> None:
        self.expected, self.left = "", KEYS
        field = self.window.frame.text_row.fields[0]
        field.selectAll()
        self.runs = self.engines[-1].runs if self.engines else 0
        self.began = time.perf_counter()
        self.send()

    def send(self) -> None:
        """One more key in each turn of the loop, as far as it is due."""
        due = (time.perf_counter() - self.began) * RATE
        if self.left and KEYS - self.left <= due:
            self.left -= 1
            self.expected += self.chance.choice(LETTERS)
            self.key(self.expected[-1])
        if self.left:
            QTimer.singleShot(0, self.send)
        else:
            self.when(lambda: self.session.state.text == self.expected, self.typed)

    def typed(self) -> None:
        """Every letter stands in the text."""
        self.lag = time.perf_counter() - self.began - KEYS / RATE
        self.when(lambda: self.is_settled(self.expected), self.settled)

    def settled(self) -> None:
        """The picture is of the last text."""
        took = time.perf_counter() - self.began
        runs = self.engines[-1].runs - self.runs if self.engines else 0
        self.over(lag=self.lag, wrong=runs > took / PACE + 2)


class Swap(Rounds):
    """Types and opens other models meanwhile; no picture may mix two of them."""

    def begin(self, session: Session, window: MainWindow) -> None:
        super().begin(session, window)
        self.mixed = 0
        session.changed.connect(self.look)

    def look(self, snapshot: Any) -> None:  # noqa: ANN401 - as the signal has it
        """Count a snapshot whose picture is of another model than it names."""
        answer, facts = snapshot.answer, snapshot.facts
        self.mixed += answer is not None and answer.shown.spec != facts.spec

    def round(self) -> None:
        self.left = SWAPS
        self.swap()

    def swap(self) -> None:
        """One more model, or the end."""
        if self.left == 0:
            self.when(self.is_settled_on_the_newest, lambda: self.over(wrong=self.mixed))
            return
        self.left -= 1
        self.key(self.chance.choice(LETTERS))
        self.session.open_model(ModelWanted())
        self.later(0.15, self.swap)

    def is_settled_on_the_newest(self) -> bool:
        """Whether the newest model shows the newest text."""
        facts = self.session.snapshot.facts
        newest = self.real or (facts is not None and facts.name == self.engines[-1].facts.name)
        return newest and self.is_settled(self.session.state.text)


class Typing(Script):
    """Types until it is killed, and says what stands there."""

    def act(self) -> None:
        self.key(self.chance.choice(LETTERS))
        say(text=self.session.state.text, at=time.monotonic())
        QTimer.singleShot(self.chance.randint(1, 30), self.act)


class Restored(Script):
    """Says which text is back."""

    def act(self) -> None:
        say(text=self.session.state.text)
        self.close()


SCRIPTS: dict[str, type[Script]] = {
    "loading": Loading,
    "computing": Computing,
    "job": Job,
    "idle": Script,
    "hung": Hung,
    "hung loading": HungLoading,
    "storm": Storm,
    "swap": Swap,
    "typing": Typing,
    "restored": Restored,
}


def main() -> int:
    """Run the program with a script on it."""
    name, seed, rounds, *rest = sys.argv[1:]
    script = SCRIPTS[name](Random(int(seed)), int(rounds), real=rest == ["real"])
    build = app.build_window

    def built(options: Any) -> tuple[Session, MainWindow]:  # noqa: ANN401 - as the original
        session, window = build(options)
        script.begin(session, window)
        return session, window

    app.build_window = built
    if not script.real or isinstance(script, Hung | HungLoading):
        app.load_model = script.load
    return app.main([])


if __name__ == "__main__":
    sys.exit(main())
