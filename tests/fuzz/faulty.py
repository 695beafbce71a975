"""A subject that fails in every way there is, so that the harness can be seen to notice."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

from bertviz_app.core.errors import ModelError
from tests.fuzz.subject import Subject

WAYS = ("opens", "refuses", "babbles", "raises", "dies", "hangs", "eats", "opens")


class Faulty(Subject):
    """Case n goes wrong in the n-th way."""

    def write(self, chance: Random, folder: Path) -> None:
        (folder / "number").write_text(f"{chance.random()}")

    def read(self, folder: Path) -> None:
        # A child that begins anew counts from 0, so the file says how far those before it came.
        done = folder.parents[1] / "done"
        number = int(done.read_text()) if done.exists() else 0
        done.write_text(str(number + 1))
        match WAYS[number]:
            case "refuses":
                raise ModelError("It is refused in a sentence.")
            case "babbles":
                raise ModelError("no sentence\nat all")
            case "raises":
                raise KeyError("key")
            case "dies":
                os.abort()
            case "hangs":
                while True:
                    pass
            case "eats":
                bytearray(2**32)
