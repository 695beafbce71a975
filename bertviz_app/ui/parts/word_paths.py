"""The paths of words through the layers as plain values: which words, and the numbers of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, zip_longest

from bertviz_app.core.lens import Depth, Standing
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Show
from bertviz_app.core.trace import Trace

OTHERS = 3
"""Best words of the last layer that are drawn beside the word in question and those asked for."""


@dataclass(frozen=True, slots=True)
class WordPath:
    """How one word stands at each depth.

    `followed` is the word in question; `as_is` is of the run without the changes. `before` is how
    it stands there, where the two runs are taken from each other.
    """

    word: str
    standings: tuple[Standing, ...]
    followed: bool = False
    as_is: bool = False
    before: tuple[Standing, ...] = ()


@dataclass(frozen=True, slots=True)
class WordPaths:
    """The paths at one token, the best word of the last layer first; empty where none was read.

    `differs`: each is to be drawn as changed minus as is.
    """

    depths: tuple[Depth, ...] = ()
    paths: tuple[WordPath, ...] = ()
    differs: bool = False

    @classmethod
    def at(cls, snapshot: Snapshot, token: int | None, *, between: bool) -> WordPaths:
        """The paths at `token`; with `between`, those depths are among them."""
        trace = snapshot.trace
        if trace is None or trace.lens is None or token not in trace.lens.places:
            return cls()
        other, runs = snapshot.other, [trace]
        compared = other is not None and other is not trace and other.encoding == trace.encoding
        if compared and other is not None:
            runs.append(other)
        differs = compared and snapshot.options.show is Show.DIFFERENCE
        found = []
        for word in _words(snapshot, runs if differs else runs[:1], token):
            now, *then = (_standings(snapshot, run, token, word, between=between) for run in runs)
            before = then[0] if then and len(then[0]) == len(now) else ()
            if now and (before or not differs):
                found.append(WordPath(word, now, word == snapshot.word, before=before))
        found.sort(key=lambda path: path.standings[-1].rank)
        if not differs:
            found += [_as_is(path) for path in found if path.followed and path.before]
        depths = tuple(depth for depth in trace.lens.depths if between or not depth.between)
        return cls(depths, tuple(found), differs)


def _as_is(path: WordPath) -> WordPath:
    return WordPath(path.word, path.before, followed=True, as_is=True)


def _words(snapshot: Snapshot, runs: Iterable[Trace], token: int) -> list[str]:
    """The word in question, those asked for, and the best of the last layer of each run."""
    facts = snapshot.facts
    if facts is None:
        return []
    best = [
        [facts.vocabulary[word] for word in run.lens.ids[run.lens.places[token], -1, : OTHERS + 1]]
        for run in runs
        if run.lens is not None and token in run.lens.places
    ]
    in_turn = chain.from_iterable(zip_longest(*best))
    words = [snapshot.word, *snapshot.state.asked, *in_turn]
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
