"""The head finder: from what a head is said to look at to the measure that says how much."""

from __future__ import annotations

from difflib import SequenceMatcher

from bertviz_app.analysis.measures import MEASURES, Measure

LIKE = 0.75
"""From here on two words are the same one, mistyped."""

_VAGUE = frozenset(("a", "at", "its", "on", "the", "to", "token", "tokens", "word", "words"))
"""Words that tell no measure from another."""


def measure_for(words: str) -> Measure | None:
    """The measure that fits best to what a head is said to look at, or None if none does."""
    asked = words.lower().split()
    if not set(asked) - _VAGUE:
        return None
    scores = [
        (
            measure.name.lower() == words.strip().lower(),
            sum(_likeness(one, measure) for one in asked),
        )
        for measure in MEASURES
    ]
    best = max(scores)
    return MEASURES[scores.index(best)] if best[1] > 0 else None


def _likeness(asked: str, measure: Measure) -> float:
    """From 0 to 1: how well one word fits; a vague one decides only between equals."""
    named = max(_alike(asked, word) for word in measure.name.lower().split())
    found = max(named, max((0.9 * _alike(asked, word) for word in measure.also.split()), default=0))
    return found * (0.01 if asked in _VAGUE else 1.0)


def _alike(asked: str, word: str) -> float:
    if asked in (word, word.strip("[]")):
        return 1.0
    if min(len(asked), len(word)) < 3:
        return 0.0
    if word.startswith(asked) or asked.startswith(word):
        return 0.8
    ratio = SequenceMatcher(None, asked, word).ratio()
    return 0.5 * ratio if ratio >= LIKE else 0.0
