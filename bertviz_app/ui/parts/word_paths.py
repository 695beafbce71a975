"""The paths of words through the layers as plain values: which words, and the numbers of each."""

from __future__ import annotations

from dataclasses import dataclass

from bertviz_app.core.lens import Depth, Standing
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.trace import Trace

OTHERS = 3
"""Best words of the last layer that are drawn beside the word in question and those asked for."""


@dataclass(frozen=True, slots=True)
class WordPath:
    """How one word stands at each depth.

    `followed` is the word in question; `as_is` is of the run without the changes.
    """

    word: str
    standings: tuple[Standing, ...]
    followed: bool = False
    as_is: bool = False


@dataclass(frozen=True, slots=True)
class WordPaths:
    """The paths at one token, the best word of the last layer first; empty where none was read."""

    depths: tuple[Depth, ...] = ()
    paths: tuple[WordPath, ...] = ()

    @classmethod
    def at(cls, snapshot: Snapshot, token: int | None, *, between: bool) -> WordPaths:
        """The paths at `token`; with `between`, those depths are among them."""
        trace = snapshot.trace
        if trace is None or trace.lens is None or token not in trace.lens.places:
            return cls()
        found = [
            WordPath(word, standings, followed=word == snapshot.word)
            for word in _words(snapshot, trace, token)
            if (standings := _standings(snapshot, trace, token, word, between=between))
        ]
        found.sort(key=lambda path: path.standings[-1].rank)
        other = snapshot.other
        if other is not None and other is not trace and other.encoding == trace.encoding:
            for path in [path for path in found if path.followed]:
                before = _standings(snapshot, other, token, path.word, between=between)
                if len(before) == len(path.standings):
                    found.append(WordPath(path.word, before, followed=True, as_is=True))
        depths = tuple(depth for depth in trace.lens.depths if between or not depth.between)
        return cls(depths, tuple(found))


def _words(snapshot: Snapshot, trace: Trace, token: int) -> list[str]:
    """The word in question, those asked for, and the best of the last layer."""
    lens, facts = trace.lens, snapshot.facts
    if lens is None or facts is None:
        return []
    best = lens.ids[lens.places[token], -1, : OTHERS + 1].tolist()
    words = [snapshot.word, *snapshot.state.asked, *(facts.vocabulary[word] for word in best)]
    count = len(snapshot.state.asked) + OTHERS + 1
    return list(dict.fromkeys(word for word in words if word in facts.ids))[:count]


def _standings(
    snapshot: Snapshot, trace: Trace, token: int, word: str, *, between: bool
) -> tuple[Standing, ...]:
    if trace.lens is None or snapshot.facts is None:
        return ()
    standings = trace.lens.standings(token, snapshot.facts.ids[word])
    rows = zip(trace.lens.depths, standings, strict=False)
    return tuple(one for depth, one in rows if between or not depth.between)
