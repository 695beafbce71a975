"""The paths of words in words: the readout of a path and of a point, and all numbers as text."""

from __future__ import annotations

from bertviz_app.analysis.difference import change
from bertviz_app.analysis.visible import cell_text
from bertviz_app.core.lens import Standing
from bertviz_app.ui import numbers
from bertviz_app.ui.parts.lens_readout import said
from bertviz_app.ui.parts.lens_words import rank, spoken_depth
from bertviz_app.ui.parts.word_paths import WordPath, WordPaths


def path_in_words(paths: WordPaths, path: WordPath, first_number: int) -> str:
    """Both ends of a path; with changes in force the end as is too."""
    start, end = path.standings[0], path.standings[-1]
    depth = spoken_depth(paths.depths[-1], first_number)
    if paths.differs:
        first, last = path.before[0], path.before[-1]
        moved = numbers.signed(change(end.probability, last.probability))
        return (
            f"{said(path.word)}: {_both(first, start)} at the embedding, {_both(last, end)} "
            f"{depth}, probability {moved}"
        )
    text = f"{said(path.word)}: {_rank(start)} at the embedding, {_rank(end)} {depth}"
    return text + (f" (as is {_rank(path.before[-1])})" if path.before else "")


def point_in_words(paths: WordPaths, path: WordPath, at: int, first_number: int) -> str:
    """One word at one depth."""
    one, where = path.standings[at], spoken_depth(paths.depths[at], first_number)
    if paths.differs:
        then = path.before[at]
        chances = (numbers.weight(each.probability) for each in (then, one))
        return (
            f"{said(path.word)} {where}: {_both(then, one)}, probability {' → '.join(chances)}, "
            f"{numbers.signed(change(one.probability, then.probability))}"
        )
    run = ", as is" if path.as_is else ""
    return (
        f"{said(path.word)} {where}{run}: {_rank(one)}, "
        f"probability {numbers.weight(one.probability)}, logit {numbers.signed(one.logit)}"
    )


def table(paths: WordPaths, first_number: int) -> str:
    """All numbers as tab-separated text."""
    lines = [["word", "run", "", "logit", "probability", "rank"]]
    for path in paths.paths:
        runs = [("as is" if path.as_is else "shown", path.standings)]
        if paths.differs:
            runs = [("as is", path.before), ("changed", path.standings)]
        for run, standings in runs:
            for depth, one in zip(paths.depths, standings, strict=True):
                name = [cell_text(path.word), run, spoken_depth(depth, first_number)]
                exact = [numbers.exact(one.logit), numbers.exact(one.probability)]
                lines.append([*name, *exact, str(one.rank)])
    return "\n".join("\t".join(line) for line in lines)


def _rank(one: Standing) -> str:
    return rank(one.rank, one.probability)


def _both(then: Standing, now: Standing) -> str:
    """The rank as is and changed."""
    return f"{_rank(then)} → {_rank(now)}"
