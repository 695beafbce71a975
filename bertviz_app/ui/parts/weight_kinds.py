"""What the kinds of numbers that pictures of attention show mean, and what they do not."""

from __future__ import annotations

from bertviz_app.core.state import WeightKind

MEANS = {
    WeightKind.WEIGHT: (
        "The softmax of query · key ÷ √D: where the head takes its information from, not how much "
        "of it there is."
    ),
    WeightKind.NORM: (
        "The weight times the length of what the value becomes in W_O: how long the vector is "
        "that arrives, not what it does to the answer."
    ),
    WeightKind.GRADIENT: (
        "The weight times the slope of the followed word's logit: whether a little more of it "
        "would raise the word (+) or lower it (−), not what happens without it."
    ),
    WeightKind.MEAN: (
        "The mean over the chosen heads, or over the layer if only one is chosen: where they look "
        "together, not what any one of them does."
    ),
    WeightKind.ROLLOUT: (
        "All layers up to this one multiplied, half of each carried past its heads: how much of "
        "each starting vector may have come along; values and feed-forwards are left out."
    ),
    WeightKind.FLOW: (
        "The most that can flow from a token of this layer down to one that was read, through "
        "pipes as wide as half the mean of the heads and half the token itself: how much could "
        "come, not how much does; rows do not sum to 1."
    ),
}
"""One sentence for each kind."""

ALL_MEAN = "\n".join(f"{kind.value.capitalize()}: {words}" for kind, words in MEANS.items())
"""All of them, a line each, for the sheet that explains a view."""
