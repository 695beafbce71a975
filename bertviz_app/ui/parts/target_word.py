"""The word that is followed, at the blank in question: what experiments are held against."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bertviz_app.analysis.visible import isolated, visible
from bertviz_app.core.request import Capture, Interventions, Request
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.state import Show
from bertviz_app.ui.parts.words import NOTHING_HIDDEN, cannot_fill, no_blank, not_one_piece


@dataclass(frozen=True, slots=True)
class TargetWord:
    """One word at one blank of the run that is shown.

    Attributes:
        request: what was run; what is captured beside its usual content makes no difference.
        blank: position of the blank.
        word: vocabulary id.
        name: the word as it is written.
        against: the changes of the other run, where the difference of two is shown.
    """

    request: Request
    blank: int
    word: int
    name: str
    against: Interventions | None = None

    @property
    def shown(self) -> str:
        """The word for the middle of a sentence."""
        return isolated(visible(self.name))


def target_word(snapshot: Snapshot) -> TargetWord | None:
    """The followed word; None where there is none (`why_not`)."""
    trace, facts, blank, word = snapshot.trace, snapshot.facts, snapshot.blank, snapshot.word
    if trace is None or facts is None or cannot_fill(facts) or blank is None:
        return None
    if word is None or word not in facts.ids:
        return None
    request = replace(trace.request, capture=Capture())
    compared = snapshot.other if snapshot.options.show is Show.DIFFERENCE else None
    against = compared.request.interventions if compared is not None else None
    return TargetWord(request, blank, facts.ids[word], word, against)


def why_not(snapshot: Snapshot) -> str:
    """Why no word is followed; empty if one is."""
    if target_word(snapshot) is not None or snapshot.facts is None:
        return ""
    if reason := cannot_fill(snapshot.facts):
        return reason
    if snapshot.blank is None or snapshot.word is None:
        return no_blank(snapshot.trace, snapshot.facts) if snapshot.trace else NOTHING_HIDDEN
    return f"{not_one_piece(snapshot.word)}: only words of one are followed here."
