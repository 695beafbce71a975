"""How a run learns: every number that decides what comes of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recipe:
    """Devlin et al. 2019, with rates for some hundred million pieces instead of billions.

    Attributes:
        lengths: tokens in a row of one batch; the batches take them in turn.
        pieces: tokens of one batch, padding counted.
        masked: share of the pieces that are to be guessed; of them 80 % become [MASK], 10 % any
            piece, 10 % stay.
        whole_words: all pieces of a word are chosen or none.
        paired: share of the rows that hold two texts; half of these follow one another.
        next_sentence: weight of the next-sentence loss beside the masked one.
        dropout: of what each layer adds, and of the embeddings.
        rate: the highest learning rate.
        warm_up: share of the run until it is reached; from there it falls to zero in a line.
        decay: AdamW's weight decay, of matrices that are no embeddings.
        clip: the largest norm of a gradient.
        held_out: share of the sentences that are not learned from, but asked.
        seed: decides everything that is drawn.
    """

    lengths: tuple[int, ...] = (32, 64, 128)
    pieces: int = 16_384
    masked: float = 0.15
    whole_words: bool = False
    paired: float = 0.5
    next_sentence: float = 0.3
    dropout: float = 0.1
    rate: float = 3e-4
    warm_up: float = 0.04
    decay: float = 0.01
    clip: float = 1.0
    held_out: float = 0.005
    seed: int = 0

    def rate_at(self, share: float) -> float:
        """The learning rate when `share` of the run is over."""
        rising = share / self.warm_up if self.warm_up else 1.0
        return self.rate * max(0.0, min(rising, (1 - share) / (1 - self.warm_up)))
