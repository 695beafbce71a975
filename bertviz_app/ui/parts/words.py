"""Sentences that several parts of the window say in the same words."""

from __future__ import annotations

from bertviz_app.core.facts import ModelFacts

NO_MLM_HEAD = (
    "This model cannot fill a blank: it has no word-prediction head. Attention and embeddings work."
)

NO_MASK_TOKEN = (
    "This model cannot hide a word: its vocabulary has no mask token. "
    "Attention and embeddings work."
)

NOTHING_HIDDEN = "Nothing is hidden. Double click a word under the text and BERT will guess it."

LEFT_ONLY = "BERT was never trained to look left only, and this is not GPT."


def cannot_fill(facts: ModelFacts) -> str:
    """Why a model fills no blanks; empty if it does."""
    if not facts.has_mlm:
        return NO_MLM_HEAD
    return "" if facts.mask_token else NO_MASK_TOKEN
