"""Surprise at every position: each token hidden in turn, and read with the word left in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter

import torch
from torch import Tensor

from bertviz_app.bert.interventions import BatchInterventions
from bertviz_app.bert.network import Bert, WordHead
from bertviz_app.core.encoding import Encoding
from bertviz_app.core.errors import BertVizError
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.every_position import EveryPosition, EveryPositionAnswer, Guess
from bertviz_app.core.request import Interventions
from bertviz_app.core.spec import ModelSpec
from bertviz_app.inference.arrays import at_host
from bertviz_app.inference.model import Model
from bertviz_app.inference.predictions import best, surprise
from bertviz_app.inference.targets import word_head

# A slice ends soon enough for the text being typed to get its turn, and fits into memory.
_SLICE_TOKENS = 512
_SLICE_BYTES = 256 * 2**20
_CANDIDATES = 5


def every_position(
    model: Model, question: EveryPosition
) -> Iterator[JobReport[EveryPositionAnswer]]:
    """Hide every token that was typed, one at a time; a report after each forward.

    The changes of the request hold in every run; with `against`, each text is read under those
    changes too. A typed mask hides nothing and has no guess.

    Raises:
        ValueError: the request changes what does not exist.
        BertVizError: the model cannot fill a blank.
    """
    start = perf_counter()
    network, tokenizer, vocabulary = model.network, model.tokenizer, model.facts.vocabulary
    head = word_head(model)
    if tokenizer.mask_id is None:
        raise BertVizError("this model cannot hide a word: its vocabulary has no mask token")
    encoding = tokenizer.encode(question.request.text, question.request.pair)
    texts = [
        _Text(network, head, tokenizer.mask_id, encoding, changes)
        for changes in _changes(question, network.spec, encoding)
    ]
    no_word = {*encoding.added, *encoding.masks}
    places = [place for place in range(len(encoding)) if place not in no_word]
    guesses: list[Guess] = []

    def report() -> JobReport[EveryPositionAnswer]:
        answer = EveryPositionAnswer(encoding.tokens, tuple(guesses))
        return JobReport(question, len(guesses), len(places), answer, perf_counter() - start)

    seen = texts[0].left_in(places)  # (n, V)
    yield report()
    size = slice_texts(network.spec, len(encoding))
    for first in range(0, len(places), size):
        some = places[first : first + size]
        hidden = texts[0].hidden(some)
        without: list[float | None] = [None] * len(some)
        if len(texts) > 1:
            yield report()  # a slice is at most one forward
            words = [encoding.ids[place] for place in some]
            without = list(map(surprise, texts[1].hidden(some), words))
        rows = zip(some, hidden, seen[first : first + size], without, strict=True)
        guesses += [_guess(encoding, vocabulary, *row) for row in rows]
        yield report()


def _changes(question: EveryPosition, spec: ModelSpec, encoding: Encoding) -> list[Interventions]:
    """The changes under which each text is read: those of the request, then those to compare."""
    asked = [question.request.interventions]
    asked += [] if question.against is None else [question.against]
    return [changes.for_text(spec, encoding) for changes in asked]


@dataclass(frozen=True, eq=False)
class _Text:
    """One text and the network that reads it, with the same changes in every run."""

    network: Bert
    head: WordHead
    mask: int
    encoding: Encoding
    changes: Interventions

    @torch.inference_mode()
    def left_in(self, places: Sequence[int]) -> Tensor:
        """Logits (n, V) at n places of the text as it stands."""
        logits: Tensor = self.head(self._read(torch.tensor([self.encoding.ids]))[0, places])
        return at_host(logits)

    @torch.inference_mode()
    def hidden(self, places: Sequence[int]) -> Tensor:
        """Logits (n, V) at n places, each of them hidden in a copy of its own."""
        copies = torch.arange(len(places))
        ids = torch.tensor([self.encoding.ids] * len(places))  # (n, T)
        ids[copies, places] = self.mask
        logits: Tensor = self.head(self._read(ids)[copies, places])
        return at_host(logits)

    def _read(self, ids: Tensor) -> Tensor:
        """The last hidden states (n, T, W) of n copies (n, T)."""
        segments = torch.tensor(self.encoding.segments).expand_as(ids)
        return self.network.last_hidden(
            ids, segments, BatchInterventions([self.changes] * len(ids), ids.shape[1])
        )


def _guess(
    encoding: Encoding,
    vocabulary: Sequence[str],
    place: int,
    hidden: Tensor,
    seen: Tensor,
    without: float | None,
) -> Guess:
    """The guess at one place, from its logits (V,) with the word hidden and with it left in."""
    word = encoding.ids[place]
    return Guess(
        place,
        surprise(hidden, word),
        surprise(seen, word),
        best(hidden, vocabulary, _CANDIDATES),
        best(seen, vocabulary, _CANDIDATES),
        without,
    )


def slice_texts(spec: ModelSpec, tokens: int) -> int:
    """How many copies of a text of T tokens are read at once; at least one.

    The limits are 512 tokens in all, and 256 MB for what a layer and the head hold at a time.
    """
    scores = 3 * spec.heads * tokens**2
    states = tokens * (8 * spec.width + spec.feed_forward)
    bytes_each = 4 * (scores + states + 3 * spec.vocabulary)
    return max(1, min(_SLICE_TOKENS // tokens, _SLICE_BYTES // bytes_each))
