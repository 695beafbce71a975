"""What has been downloaded: one folder for each model and commit, complete or not there."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from bertviz_app.core.errors import BertVizError
from bertviz_app.core.hub import MAIN, HubName, parse_hub_name

APPLICATION = "bertviz-app"
COMMIT_DIGITS = 12
"""As much of a commit as a folder is called after."""


def cache_folder() -> Path:
    """BERTVIZ_CACHE, or where this system keeps what a program can fetch again.

    It is the folder Qt calls CacheLocation, found without Qt for the doors that have no window.
    """
    given = os.environ.get("BERTVIZ_CACHE")
    if given:
        return Path(given)
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
        return Path(local) / APPLICATION / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / APPLICATION
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / APPLICATION


def models_folder() -> Path:
    """Where complete models stand."""
    return cache_folder() / "models"


def model_folder(name: HubName, commit: str) -> Path:
    """Where the model of this commit stands once it is complete."""
    return models_folder() / f"{name.repository}@{commit[:COMMIT_DIGITS]}"


def all_downloaded() -> dict[str, Path]:
    """Every complete model by its repository, the newest of each; a cache that is away is empty."""
    found: dict[str, Path] = {}
    for folder in sorted(_folders(), key=_age):
        repository = folder.relative_to(models_folder()).as_posix().rpartition("@")[0]
        found[repository] = folder
    return found


def downloaded(typed: str) -> Path | None:
    """The folder of the model that `typed` names on the hub, if it has been downloaded.

    A commit may be given by as many of its digits as its folder has.
    """
    try:
        name = parse_hub_name(typed)
    except BertVizError:
        return None
    if name.revision == MAIN:
        return all_downloaded().get(name.repository)
    folder = model_folder(name, name.revision)
    return folder if folder.is_dir() else None


def _folders() -> list[Path]:
    try:
        return [
            folder
            for pattern in ("[!.]*@*", "[!.]*/[!.]*@*")
            for folder in models_folder().glob(pattern)
            if folder.is_dir()
        ]
    except OSError:
        return []


def _age(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except OSError:
        return 0.0
