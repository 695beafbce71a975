"""A session whose engines wait at gates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pytestqt.qtbot import QtBot

from bertviz_app.core.errors import BertVizError
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.model_wanted import BUNDLED, ModelWanted
from bertviz_app.core.questions.every_position import EveryPosition, EveryPositionAnswer
from bertviz_app.core.state import State, ViewOptions
from bertviz_app.core.text import Edit
from bertviz_app.session.editing import edited
from bertviz_app.session.session import Session
from tests.session.gated_engine import GatedEngine


class Desk:
    """A session on gated engines, with the few moves the tests make."""

    def __init__(self, qtbot: QtBot, state: State) -> None:
        self.qtbot = qtbot
        self.engines: dict[str | None, GatedEngine] = {None: GatedEngine("bundled model")}
        self.loaded: list[GatedEngine] = []
        self.refuse: Callable[[ModelWanted], None] = lambda wanted: None
        self.session = Session(self.load, state, ViewOptions())

    def load(self, wanted: ModelWanted) -> GatedEngine:
        self.refuse(wanted)
        folder = wanted.path
        if folder == Path("broken"):
            raise BertVizError("broken: config.json is missing.")
        key = None if folder is None else str(folder)
        engine = self.engines.get(key)
        if engine is None or engine in self.loaded:
            engine = self.engines[key] = GatedEngine(wanted.name)
        self.loaded.append(engine)
        return engine

    @property
    def engine(self) -> GatedEngine:
        """The newest engine of the bundled model."""
        return self.engines[None]

    @property
    def report(self) -> JobReport[EveryPositionAnswer] | None:
        return self.session.snapshot.reports.get(EveryPosition)

    @property
    def job_running(self) -> bool:
        return self.session.snapshot.is_running(EveryPosition)

    def type(self, text: str) -> None:
        old = self.session.state.text
        self.session.do(edited(self.session.state, 0, Edit.between(old, text)))

    def wait(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=10_000)

    def shown(self) -> str | None:
        answer = self.session.snapshot.answer
        return None if answer is None else answer.shown.request.text

    def start(self) -> None:
        """Open the bundled model and let the first run pass."""
        self.session.open_model(BUNDLED)
        self.wait(lambda: len(self.engine.requests) == 1)
        self.engine.open()
        self.wait(lambda: self.shown() == self.session.state.text)


@contextmanager
def open_desk(qtbot: QtBot, text: str) -> Iterator[Desk]:
    """A desk with this text, whose worker has ended afterwards."""
    made = Desk(qtbot, State(text=text))
    yield made
    with qtbot.waitSignal(made.session.closed, timeout=10_000):
        made.session.close()
        for engine in {*made.engines.values(), *made.loaded}:
            engine.open(1000)
    made.session.deleteLater()
