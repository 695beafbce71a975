"""Settings: a small JSON file that never keeps the program from starting.

A file that cannot be read is kept beside the new one as `settings.broken-1.json`, and said. Two
windows share one file: each writes only what was changed in it, and leaves what it does not know.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths

from bertviz_app.storage.atomic import reason, set_aside, write_whole

log = logging.getLogger(__name__)

CHOICES = {"theme": ("system", "light", "dark"), "palette": ("ink", "viridis", "cividis")}
"""Settings that are one of a few words."""

LISTS = {"shares": int, "pickles": str, "models": str}
"""Settings that are lists, and what of."""

MOST_MODELS = 10

SIZE_LIMIT = 1_000_000


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person has set; every field has the default of the first start.

    Attributes:
        theme: "system", "light" or "dark".
        palette: "ink", "viridis" or "cividis": the colours of weights.
        text_size: factor on every type size, 0.8 to 2.
        first_number: 1, or 0 to count layers and heads from 0 on screen.
        width: of the window in pixels; 0 lets the program choose. `height` likewise.
        shares: widths of Answer, All and One in thousandths, or () for the usual ones.
        pickles: SHA-256 digests of the pickled weights that may be read.
        models: folders of models opened lately, the last one first, at most `MOST_MODELS`.
    """

    theme: str = "system"
    palette: str = "ink"
    text_size: float = 1.0
    first_number: int = 1
    width: int = 0
    height: int = 0
    shares: tuple[int, ...] = ()
    pickles: tuple[str, ...] = ()
    models: tuple[str, ...] = ()


DEFAULTS = Settings()


@dataclass(frozen=True, slots=True)
class Read:
    """Settings as read, and a sentence if something was wrong with the file."""

    settings: Settings
    problem: str = ""


def settings_path() -> Path:
    """Where the settings of this user live."""
    kind = QStandardPaths.StandardLocation.AppConfigLocation
    return Path(QStandardPaths.writableLocation(kind)) / "settings.json"


def read(path: Path) -> Read:
    """Read settings; what is missing or wrong falls back to its default. Never raises."""
    try:
        return Read(_checked(_found(path)))
    except (OSError, ValueError, RecursionError) as error:
        kept = set_aside(path)
        where = f" It was kept as {kept.name}." if kept is not None else ""
        return Read(
            DEFAULTS, f"{path.name} could not be read ({error}); the defaults are used.{where}"
        )


def write(path: Path, settings: Settings, before: Settings | None = None) -> str:
    """Write settings completely or not at all; returns what went wrong, or an empty text.

    With `before`, what was read or written last, only the difference is written: the rest of the
    file, which another window or a newer version may have written since, stays as it is.
    """
    now = _plain(settings)
    try:
        found = _found(path)
    except OSError as error:
        return f"The settings could not be written to {path}: {reason(error)}."
    except (ValueError, RecursionError):
        found = {}
    last = _plain(before) if before is not None else {}
    mine = {name: value for name, value in now.items() if name not in last or value != last[name]}
    problem = write_whole(path, json.dumps({**now, **found, **mine}, indent=1).encode())
    return f"The settings could not be written to {path}: {problem}." if problem else ""


def _found(path: Path) -> dict[str, Any]:
    """The table in the file, unchecked; empty if there is no file.

    Raises:
        OSError: the system does not give it to us.
        ValueError, RecursionError: it is not a table of settings.
    """
    if not path.exists():
        return {}
    if not path.is_file():
        raise ValueError("it is not a regular file")
    if path.stat().st_size > SIZE_LIMIT:
        raise ValueError("the file is too large")
    found = json.loads(path.read_text(encoding="utf-8-sig"))
    if not isinstance(found, dict):
        raise ValueError("it does not hold a table of settings")
    return found


def _plain(settings: Settings) -> dict[str, Any]:
    """Settings as JSON has them."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(settings).items()
    }


def _checked(found: dict[str, Any]) -> Settings:
    known = {field.name for field in fields(Settings)}
    usable: dict[str, Any] = {}
    for name, value in found.items():
        if name in known and _fits(name, value):
            usable[name] = tuple(value) if isinstance(value, list) else value
        else:
            log.info("Setting %r is not understood and was left out.", name)
    return Settings(**usable)


def _fits(name: str, value: Any) -> bool:  # noqa: ANN401 - whatever JSON may hold
    if name in CHOICES:
        return value in CHOICES[name]
    if name == "text_size":
        return type(value) in (int, float) and 0.8 <= value <= 2.0
    if name == "first_number":
        return type(value) is int and value in (0, 1)
    if name in LISTS:
        return isinstance(value, list) and all(type(one) is LISTS[name] for one in value)
    return type(value) is int and 0 <= value <= 100_000
