"""The desk of the session's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.session.gated_desk import Desk, open_desk


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    """One sentence, no model yet."""
    with open_desk(qtbot, "cat") as made:
        yield made
