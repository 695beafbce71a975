"""Sentences that several parts of the window say in the same words."""

from __future__ import annotations

from bertviz_app.analysis.labels import LETTERS, numbered
from bertviz_app.analysis.visible import isolated, visible
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.trace import Trace

NO_MLM_HEAD = (
    "This model cannot fill a blank: it has no word-prediction head. Attention and embeddings work."
)

NO_MASK_TOKEN = (
    "This model cannot hide a word: its vocabulary has no mask token. "
    "Attention and embeddings work."
)

NOTHING_HIDDEN = "Nothing is hidden. Double click a word under the text and BERT will guess it."

BEHIND_THE_CUT = (
    "The blank stands behind the cut, where BERT does not read. Shorten the text before it."
)

READING_LAYERS = "Reading the layers …"
"""Said for the moment until the layers of a text are there that was read without them."""

READING_HEADS = "Reading queries, keys and values …"
"""Said for the moment until those are there that a text was read without."""

LEFT_ONLY = "BERT was never trained to look left only, and this is not GPT."


def cannot_fill(facts: ModelFacts) -> str:
    """Why a model fills no blanks; empty if it does."""
    if not facts.has_mlm:
        return NO_MLM_HEAD
    return "" if facts.mask_token else NO_MASK_TOKEN


def not_one_piece(word: str) -> str:
    """That a word is none that a single logit or rank speaks of."""
    return f"{isolated(visible(word))} is not one piece"


def token_names(snapshot: Snapshot) -> tuple[str, ...]:
    """What the T tokens are called inside a sentence; none while the text is yet to be read."""
    trace = snapshot.trace
    if trace is None or not snapshot.state.same_texts(trace.request):
        return ()
    return tuple(isolated(name) for name in numbered(trace.encoding.tokens, LETTERS))


def no_blank(trace: Trace, facts: ModelFacts) -> str:
    """Why a text has no blank: nothing is hidden, or it is where the text is not read any more."""
    request, encoding = trace.request, trace.encoding
    for text, reading in ((request.text, encoding.first), (request.pair, encoding.second)):
        if reading.cut_at is not None and facts.mask_token in text[reading.cut_at :]:
            return BEHIND_THE_CUT
    return NOTHING_HIDDEN
