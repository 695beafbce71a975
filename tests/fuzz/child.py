"""The process that reads cases: `python -m tests.fuzz.child BATCH`, a batch being JSON.

A line of JSON goes out for each case; the case that has no line is the one this process died of.
"""

from __future__ import annotations

import faulthandler
import json
import shutil
import sys
import traceback
from pathlib import Path
from random import Random
from time import perf_counter

from bertviz_app.core.errors import BertVizError
from tests.fuzz.batch import Batch
from tests.fuzz.subject import Subject, find

ROOM = 2**30
"""Bytes of memory that the cases may take beyond what the program has taken without them."""

LONGEST_SENTENCE = 1000


def main(batch: Batch) -> None:
    """Read the cases of a batch, one after the other."""
    subject = find(batch.subject)
    if not subject.light:
        import torch

        torch.set_num_threads(1)
    _limit_memory()
    case = Path(batch.folder) / "case"
    for number in range(batch.first, batch.end):
        case.mkdir()
        subject.write(Random(f"{batch.seed} {batch.subject} {number}"), case)
        faulthandler.dump_traceback_later(batch.limit, exit=True)
        start = perf_counter()
        outcome, words = _outcome(subject, case)
        seconds = perf_counter() - start
        faulthandler.cancel_dump_traceback_later()
        print(json.dumps([number, outcome, seconds, words]), flush=True)
        if outcome in ("opened", "refused"):
            shutil.rmtree(case)
        else:
            case.rename(case.with_name(str(number)))
    if subject.light and "torch" in sys.modules:
        raise SystemExit(f"{batch.subject} is read with torch")


def _outcome(subject: Subject, case: Path) -> tuple[str, str]:
    try:
        subject.read(case)
    except BertVizError as error:
        words = error.sentence
        good = words.isprintable() and words.endswith(".") and len(words) <= LONGEST_SENTENCE
        return "refused" if good else "badly said", words[: 2 * LONGEST_SENTENCE]
    except BaseException:  # this is what is looked for
        return "error", traceback.format_exc()
    return "opened", ""


def _limit_memory() -> None:
    if sys.platform == "linux":
        import resource

        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        most = pages * resource.getpagesize() + ROOM
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main(Batch(**json.loads(sys.argv[1])))
