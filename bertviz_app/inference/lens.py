"""Reads the states inside BERT with its word-prediction head, a few rows at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from bertviz_app.bert.network import Activations, Bert, WordHead
from bertviz_app.core.encoding import Encoding
from bertviz_app.core.lens import Depth, Lens, LensReading
from bertviz_app.inference.arrays import at_host

BEST = 5
"""Words that are listed at each state; those of the last layer are followed through all."""

MOST_BLANKS = 8
"""Masks whose best word is followed at every token."""

# The decoder's weights are read once for each chunk of rows, so a chunk is large; its logits are
# looked at several times and should stay in the processor's cache, so it is not larger.
_ROWS, _BYTES = 128, 32 * 2**20


def read_lens(
    network: Bert,
    encoding: Encoding,
    lens: Lens | None,
    run: Activations,
    text: int,
    logits: Tensor | None,
    compared: Mapping[int, Tensor],
) -> LensReading | None:
    """What the head makes of text number `text` of a run.

    The last layer is the model's own output: where it was computed before, it is used again. None
    without the head, without a question, and where there is no token to read.

    Args:
        network: whose head it is.
        encoding: the text, T tokens.
        lens: what is asked.
        run: all its states; those between, if the lens asks for them.
        text: which of the B texts of the run.
        logits: the model's output at the masks (M, V).
        compared: tokens at which other words are followed than the best of this text alone; see
            `compared_words`.
    """
    if network.mlm is None or lens is None or logits is None:
        return None
    known = dict(zip(encoding.masks, logits, strict=True))
    at = places(lens, encoding)
    if not at:
        return None
    found = depths(network.spec.layers, between=lens.between)
    states = torch.stack([_state(run, depth, text) for depth in found])[:, list(at)]  # (R, n, W)
    # The last layer comes first, for its words; of it the tokens whose output is known.
    order = sorted(range(len(at)), key=lambda place: at[place] not in known)
    elsewhere = {
        row: compared[at[place]] for row, place in enumerate(order) if at[place] in compared
    }
    reader = _Reader(network.mlm, _words(lens, known), elsewhere, _chunk(network.spec.vocabulary))
    rows = states.flip(0)[:, order].flatten(0, 1)
    outputs = [known[at[place]] for place in order if at[place] in known]
    return _reading(at, found, order, reader.looks(rows, len(at), outputs))


def compared_words(logits: Tensor) -> Tensor:
    """The best words of each of B texts at one token, from its logits there (B, V): (B * K,)."""
    best: Tensor = logits.topk(min(BEST, logits.shape[-1])).indices
    return best.flatten()


def depths(layers: int, *, between: bool) -> tuple[Depth, ...]:
    """Every state there is, from the embedding to the last layer."""
    found = [Depth(0)]
    for layer in range(1, layers + 1):
        if between:
            found.append(Depth(layer, between=True))
        found.append(Depth(layer))
    return tuple(found)


def places(lens: Lens, encoding: Encoding) -> tuple[int, ...]:
    """The tokens that are read: the masks, and those of the lens that the text has."""
    asked = (at for at in lens.positions if 0 <= at < len(encoding))
    return tuple(sorted({*encoding.masks, *asked}))


@dataclass(frozen=True, eq=False)
class _Looks:
    """What is kept of the logits of r rows: K best words, F followed ones, each (r, K or F)."""

    best: Tensor
    chances_of_best: Tensor
    followed: Tensor
    logits: Tensor
    chances: Tensor
    ranks: Tensor

    @classmethod
    def at(cls, logits: Tensor, followed: Tensor) -> _Looks:
        """Look at logits (r, V), with an eye on the words `followed` (r, F) of each row.

        They are used up: the softmax is taken where they are, which is a third faster.
        """
        best = logits.topk(min(BEST, logits.shape[-1]))
        own = logits.gather(-1, followed)
        ranks, top = _ranks(logits, own), best.values[:, :1]
        total = top + logits.sub_(top).exp_().sum(-1, keepdim=True).log()
        of_best, of_own = (best.values - total).exp(), (own - total).exp()
        return cls(best.indices, of_best, followed, own, of_own, ranks)

    @classmethod
    def joined(cls, parts: Sequence[_Looks]) -> _Looks:
        """The rows of all `parts`, in order."""
        columns = zip(*(vars(part).values() for part in parts), strict=True)
        return cls(*(torch.cat(column) for column in columns))


@dataclass(frozen=True, eq=False)
class _Reader:
    """The head, and what it follows.

    Attributes:
        everywhere: words to follow at every token (S,).
        compared: by token, words (C,) to follow there instead of its best; as many at each.
        chunk: how many rows are read at a time.
    """

    head: WordHead
    everywhere: Tensor
    compared: Mapping[int, Tensor]
    chunk: int

    def looks(self, rows: Tensor, tokens: int, outputs: Sequence[Tensor]) -> _Looks:
        """Look at rows (R * n, W), depth by depth, the last layer first.

        Its best words are followed at the other depths too. It has no chunk of its own: one of a
        few rows costs as much as one of many.

        Args:
            rows: the states; the token of each is its number modulo n.
            tokens: n.
            outputs: the logits (V,) of the first rows, which are known.
        """
        best: list[Tensor] = []
        looks: list[_Looks] = []
        of_row = torch.arange(len(rows)) % tokens
        for logits in self._logits(rows, outputs):
            best += self._best(logits[: tokens - len(best)], len(best))
            here, of_row = of_row[: len(logits)], of_row[len(logits) :]
            everywhere = self.everywhere.expand(len(logits), -1)
            followed = torch.cat([everywhere, torch.stack(best)[here]], -1)
            looks.append(_Looks.at(logits, followed))
        return _Looks.joined(looks)

    def _best(self, logits: Tensor, first: int) -> Iterator[Tensor]:
        """The words to follow at each of the next tokens, from `first` on, from their logits.

        Where other tokens have more of them, the best ones stand there again.
        """
        own = logits.topk(min(BEST, logits.shape[-1])).indices
        times = len(next(iter(self.compared.values()))) // own.shape[-1] if self.compared else 1
        for token, words in enumerate(own.repeat(1, times), first):
            yield self.compared.get(token, words)

    def _logits(self, rows: Tensor, outputs: Sequence[Tensor]) -> Iterator[Tensor]:
        """The logits of all rows, in chunks as equal as can be; what is known is copied."""
        if outputs:
            yield torch.stack(list(outputs))
        rest = rows[len(outputs) :]
        if len(rest):
            for some in rest.tensor_split(-(-len(rest) // self.chunk)):
                yield self.head(some)


def _reading(
    at: tuple[int, ...], found: tuple[Depth, ...], order: Sequence[int], looks: _Looks
) -> LensReading:
    """The looks at every depth, the last first, and every token, in this order of the tokens."""
    places = np.argsort(order)

    def by_token(rows: Tensor) -> NDArray[Any]:
        """(R * n, ...) -> (n, R, ...), in one piece."""
        numbers = at_host(rows).numpy().reshape(len(found), len(at), -1)[::-1, places]
        return np.ascontiguousarray(numbers.swapaxes(0, 1))

    return LensReading(
        at,
        found,
        ids=by_token(looks.best.int()),
        probabilities=by_token(looks.chances_of_best),
        followed=by_token(looks.followed.int())[:, -1],
        logits=by_token(looks.logits),
        chances=by_token(looks.chances),
        ranks=by_token(looks.ranks),
    )


def _state(run: Activations, depth: Depth, text: int) -> Tensor:
    """The states (T, W) at one depth of one text."""
    if depth.between and run.between is not None:
        return run.between[depth.layer - 1, text]
    return run.hidden[depth.layer, text]


def _words(lens: Lens, known: dict[int, Tensor]) -> Tensor:
    """The words to follow at every token: those asked for, and the best of each mask."""
    blanks = list(known.values())[:MOST_BLANKS]
    return torch.tensor(
        [*lens.words, *(int(logits.argmax()) for logits in blanks)], dtype=torch.int64
    )


def _ranks(logits: Tensor, own: Tensor) -> Tensor:
    """1 + how many of the logits (r, V) are strictly larger than each of `own` (r, F)."""
    if logits.device.type != "cpu":
        return torch.stack([(logits > word[:, None]).sum(-1) for word in own.mT], -1).int() + 1
    # numpy counts the bytes of a comparison ten times as fast as torch sums them, and twice as
    # fast where they lie in the same place each time.
    larger = np.empty(logits.shape[-1], bool)
    counts = []
    for row, of_row in zip(logits.numpy(), own.tolist(), strict=True):
        found = {  # a word that is followed twice is counted once
            word: np.count_nonzero(np.greater(row, word, out=larger)) for word in set(of_row)
        }
        counts.append([found[word] for word in of_row])
    return torch.tensor(counts, dtype=torch.int32).reshape(own.shape) + 1


def _chunk(vocabulary: int) -> int:
    return max(1, min(_ROWS, _BYTES // (4 * vocabulary)))
