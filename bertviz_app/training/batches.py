"""Batches: rows of one or two texts, drawn from the corpus and masked where the network learns.

Everything is tensor arithmetic on the device, so that a fast one never waits for Python. A batch is
a function of the corpus, the recipe and its number: to go on with a run, its number is enough.
Legend: N pieces, R rows, T tokens of a row, K places of a row to be guessed.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from bertviz_app.inference.tokenizer import Tokenizer
from bertviz_app.training.corpus import Corpus
from bertviz_app.training.recipe import Recipe

NOTHING = -100
"""The target where nothing is asked; `cross_entropy` leaves it out."""


@dataclass(frozen=True, eq=False)
class Rows:
    """What BERT reads.

    Attributes:
        ids: pieces, with what stands around the texts (R, T).
        segments: 0 or 1 (R, T).
        size: tokens of each row that are no padding (R,).
        follows: 0 if text B follows text A, 1 if it does not, NOTHING without B (R,).
    """

    ids: Tensor
    segments: Tensor
    size: Tensor
    follows: Tensor

    @property
    def seen(self) -> Tensor:
        """Where there is no padding (R, T)."""
        return torch.arange(self.ids.shape[1], device=self.ids.device) < self.size[:, None]


@dataclass(frozen=True, eq=False)
class Batch:
    """Rows with blanks, and what stood there.

    Attributes:
        rows: with blanks.
        places: tokens of each row that are to be guessed (R, K).
        targets: the pieces that stood there, or NOTHING (R, K).
    """

    rows: Rows
    places: Tensor
    targets: Tensor


class Signs:
    """The pieces that are no words of the text, as far as training needs them.

    Attributes:
        opening, separator, mask: ids.
        inside: whether a piece goes on with a word (V,).
    """

    def __init__(self, tokenizer: Tokenizer, device: torch.device) -> None:
        self.opening, self.separator = tokenizer.encode("").ids
        assert tokenizer.mask_id is not None
        self.mask = tokenizer.mask_id
        inside = [piece.startswith("##") for piece in tokenizer.vocabulary]
        self.inside = torch.tensor(inside, device=device)


class Batches:
    """The batches of a run, by number."""

    def __init__(
        self, corpus: Corpus, signs: Signs, recipe: Recipe, lengths: tuple[int, ...] = ()
    ) -> None:
        device = signs.inside.device
        self._ids = torch.from_numpy(corpus.ids.astype("int32")).to(device)
        self._starts = torch.from_numpy(corpus.starts).to(device)
        self._signs, self._recipe = signs, recipe
        self.lengths = lengths or recipe.lengths

    def __getitem__(self, number: int) -> Batch:
        """Batch `number`, from 0; there is no last one."""
        chance = torch.Generator(self._ids.device)
        chance.manual_seed((self._recipe.seed << 32) + number)
        length = self.lengths[number % len(self.lengths)]
        rows = self._rows(max(1, self._recipe.pieces // length), length, chance)
        return mask(rows, self._signs, self._recipe, chance)

    def _rows(self, count: int, length: int, chance: torch.Generator) -> Rows:
        """Draw a sentence for each row.

        In half of the pairs text A ends and text B begins there, in the other half B is from
        elsewhere. Both are whole sentences, as many as fit, and of one that is too long as much.
        """
        place, device = self._starts, self._starts.device
        last = len(place) - 2
        share, kind, truth = torch.rand(3, count, generator=chance, device=device)
        paired, true = kind < self._recipe.paired, truth < 0.5
        drawn = torch.randint(1, last + 1, (2, count), generator=chance, device=device)
        here = drawn[0]
        there = torch.where(paired & ~true, (here + drawn[1]) % (last + 1), here)

        room = length - 2 - paired.long()
        room_a = ((0.25 + 0.5 * share) * room).long() * paired
        end_a = place[here]
        nearest = place[torch.searchsorted(place, end_a - room_a)]
        start_a = torch.where(nearest < end_a, nearest, end_a - room_a).clamp_min(0)
        size_a = end_a - start_a
        start_b, room_b = place[there], room - size_a
        nearest = place[torch.searchsorted(place, start_b + room_b, right=True) - 1]
        size_b = torch.where(nearest > start_b, nearest - start_b, room_b)
        ids, segments, size = self._laid_out(
            length, (start_a, size_a), (start_b, size_b), paired.long()
        )
        follows = torch.where(paired, (~true).long(), NOTHING)
        return Rows(ids, segments, size, follows)

    def _laid_out(
        self, length: int, a: tuple[Tensor, Tensor], b: tuple[Tensor, Tensor], paired: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """[CLS] A [SEP] B [SEP], or [CLS] B [SEP]: ids and segments (R, T) and sizes (R,)."""
        (start_a, size_a), (start_b, size_b) = a, b
        at = torch.arange(length, device=start_a.device)
        begin_b = 1 + size_a + paired
        end = begin_b + size_b
        of_a, of_b = start_a[:, None] + at - 1, (start_b - begin_b)[:, None] + at
        in_b = at >= begin_b[:, None]
        source = torch.where(in_b, of_b, of_a).clamp(0, len(self._ids) - 1)
        ids = self._ids[source].long()
        separates = (at == begin_b[:, None] - 1) | (at == end[:, None])
        ids = ids.masked_fill(separates, self._signs.separator)
        ids = ids.masked_fill(at == 0, self._signs.opening)
        seen = at <= end[:, None]
        return ids * seen, (in_b & seen) * paired[:, None], end + 1


def mask(rows: Rows, signs: Signs, recipe: Recipe, chance: torch.Generator) -> Batch:
    """Choose what is to be guessed, and hide it: [MASK] for 80 %, any piece for 10 %."""
    device, (count, length) = rows.ids.device, rows.ids.shape
    special = (rows.ids == signs.opening) | (rows.ids == signs.separator)
    score = torch.rand(count, length, generator=chance, device=device)
    if recipe.whole_words:  # the pieces of a word share the score of one of them
        score = score.gather(1, (~signs.inside[rows.ids]).long().cumsum(1) - 1)
    score = score.masked_fill(special | ~rows.seen, -1.0)
    most = max(1, round(recipe.masked * length))
    wanted = (rows.size * recipe.masked).round().long().clamp(1, most)
    best, places = score.topk(most + 1)
    # A word that does not fit as a whole has the score of the first piece that is left out.
    chosen = best[:, :-1] > best.gather(1, wanted[:, None])
    places = places[:, :-1]

    true = rows.ids.gather(1, places)
    fate = torch.rand(count, most, generator=chance, device=device)
    other = torch.randint(len(signs.inside), (count, most), generator=chance, device=device)
    shown = torch.where(fate < 0.8, signs.mask, torch.where(fate < 0.9, other, true))
    ids = rows.ids.scatter(1, places, torch.where(chosen, shown, true))
    hidden = Rows(ids, rows.segments, rows.size, rows.follows)
    return Batch(hidden, places, true.masked_fill(~chosen, NOTHING))
