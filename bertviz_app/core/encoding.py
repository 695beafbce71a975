"""A text as BERT reads it: pieces, ids, segments, and where each piece stands in the text."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

Span = tuple[int, int]
"""Half-open, in characters (Unicode code points) of the token's own sentence."""


@dataclass(frozen=True)
class Reading:
    """How much of one sentence was read: pieces read of pieces there are.

    `cut_at` is the character at which the unread rest begins, or None if all was read. Of a text
    longer than a field holds only that much was cut into pieces: the rest has no count.
    """

    read: int = 0
    pieces: int = 0
    cut_at: int | None = None

    @property
    def unread(self) -> int:
        """Pieces dropped because the model's positions ran out."""
        return self.pieces - self.read


@dataclass(frozen=True)
class Encoding:
    """T tokens: `[CLS] A [SEP]` or `[CLS] A [SEP] B [SEP]`.

    Attributes:
        ids: vocabulary ids (T,).
        segments: 0 up to and including the first [SEP] added, 1 after it if the model has a
            second segment (T,).
        tokens: the pieces as the vocabulary writes them (T,).
        spans: where each piece stands in its own sentence; (0, 0) for the tokens that were
            added around the sentences (T,).
        added: positions of [CLS] and of the [SEP]s that were added, not typed.
        masks: positions of the mask token, in order (M,).
        unknown: positions of the unknown token, in order.
        first: how much of the first sentence was read.
        second: how much of the second sentence was read.
    """

    ids: tuple[int, ...]
    segments: tuple[int, ...]
    tokens: tuple[str, ...]
    spans: tuple[Span, ...]
    added: tuple[int, ...]
    masks: tuple[int, ...] = ()
    unknown: tuple[int, ...] = ()
    first: Reading = Reading()
    second: Reading = Reading()

    def __len__(self) -> int:
        return len(self.ids)

    def __post_init__(self) -> None:
        for name in ("segments", "tokens", "spans"):
            if len(getattr(self, name)) != len(self.ids):
                raise ValueError(
                    f"{name}: {len(self.ids)} entries expected, found {len(getattr(self, name))}"
                )

    @cached_property
    def sentences(self) -> tuple[int | None, ...]:
        """0 for a token of the first sentence, 1 of the second, None for an added one (T,)."""
        return tuple(
            None if position in self.added else bisect_left(self.added, position) - 1
            for position in range(len(self))
        )

    def find(self, sentence: int, span: Span, nth: int = 0) -> int | None:
        """The token of `sentence` that stands exactly at `span`, if there is one.

        A letter that comes apart when accents are stripped (Hangul) gives several pieces one
        span; `nth` says which of them.
        """
        found = [
            position
            for position, where in enumerate(self.spans)
            if where == span and self.sentences[position] == sentence
        ]
        return found[nth] if nth < len(found) else None

    def nth(self, position: int) -> int:
        """How many earlier tokens of the same sentence stand at the same span."""
        same = zip(self.sentences[:position], self.spans[:position], strict=True)
        return list(same).count((self.sentences[position], self.spans[position]))

    def at(self, sentence: int, character: int) -> int | None:
        """The token of `sentence` that covers `character`, if there is one."""
        for position, (start, end) in enumerate(self.spans):
            if self.sentences[position] == sentence and start <= character < end:
                return position
        return None
