"""Words in a blank: one of k pieces is scored with k masks in the place of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

import torch
from torch import Tensor

from bertviz_app.bert.interventions import BatchInterventions
from bertviz_app.bert.network import Bert, WordHead
from bertviz_app.core.encoding import Encoding
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.what_about import Scored, WhatAbout, WhatAboutAnswer
from bertviz_app.core.request import Interventions, Request
from bertviz_app.inference.arrays import at_host
from bertviz_app.inference.model import Model
from bertviz_app.inference.targets import word_head
from bertviz_app.inference.tokenizer import Tokenizer


def what_about(model: Model, question: WhatAbout) -> Iterator[JobReport[WhatAboutAnswer]]:
    """Cut the words into pieces, then read the text once for each number of pieces above one.

    Changes that name tokens of the text (edited rows, given positions) are left out where the
    text has more tokens than they were made for.

    Raises:
        ValueError: there is no blank at that position, or a change names what does not exist.
        BertVizError: the model cannot fill a blank.
    """
    start = perf_counter()
    head = word_head(model)
    blank = _Blank.at(model.tokenizer, question.requests[0], question.position)
    scores = [_cut(model.tokenizer, word) for word in question.words]
    counts = sorted({len(score.ids) for score in scores if not score.unknown} - {0, 1})

    def report(done: int) -> JobReport[WhatAboutAnswer]:
        seconds = perf_counter() - start
        return JobReport(question, done, len(counts) + 1, WhatAboutAnswer(tuple(scores)), seconds)

    yield report(1)
    changes = [request.interventions.of_any_text for request in question.requests]
    for done, count in enumerate(counts, 2):
        text, places = blank.widened(count)
        if len(places) == count:
            logs = _logs(model.network, head, text, places, changes)
            scores = [_filled_in(score, logs) for score in scores]
        yield report(done)


@dataclass(frozen=True, eq=False)
class _Blank:
    """A [MASK] of a text, and where it stands."""

    tokenizer: Tokenizer
    texts: tuple[str, str]
    sentence: int
    start: int
    end: int

    @classmethod
    def at(cls, tokenizer: Tokenizer, request: Request, position: int) -> _Blank:
        """The blank of the text at a token."""
        encoding = tokenizer.encode(request.text, request.pair)
        if position not in encoding.masks:
            raise ValueError(f"position {position}: the text has no blank there")
        sentence = encoding.sentences[position]
        assert sentence is not None
        return cls(tokenizer, (request.text, request.pair), sentence, *encoding.spans[position])

    def widened(self, count: int) -> tuple[Encoding, list[int]]:
        """The text with `count` masks in the place of the one, and those of them that are read."""
        texts = list(self.texts)
        text, length = texts[self.sentence], self.end - self.start
        mask = text[self.start : self.end]
        texts[self.sentence] = text[: self.start] + mask * count + text[self.end :]
        encoding = self.tokenizer.encode(*texts)
        starts = (self.start + number * length for number in range(count))
        found = (encoding.find(self.sentence, (start, start + length)) for start in starts)
        return encoding, [place for place in found if place is not None]


def _cut(tokenizer: Tokenizer, word: str) -> Scored:
    """A word by itself, as the tokenizer cuts it."""
    encoding = tokenizer.encode(word)
    return Scored(word, encoding.ids[1:-1], unknown=bool(encoding.unknown))


@torch.inference_mode()
def _logs(
    network: Bert,
    head: WordHead,
    text: Encoding,
    places: Sequence[int],
    changes: Sequence[Interventions],
) -> Tensor:
    """Log probabilities (B, k, V) at k masks of a text, in each of its B runs; float64."""
    ids = torch.tensor([text.ids] * len(changes))
    segments = torch.tensor([text.segments] * len(changes))
    fitted = [change.for_text(network.spec, text) for change in changes]
    hidden = network.last_hidden(ids, segments, BatchInterventions(fitted, len(text)))
    return torch.log_softmax(at_host(head(hidden[:, list(places)])).double(), -1)


def _filled_in(score: Scored, logs: Tensor) -> Scored:
    """The score of a word of as many pieces as there are masks."""
    if score.unknown or len(score.ids) != logs.shape[1]:
        return score
    pieces = logs[:, range(len(score.ids)), list(score.ids)]  # (B, k)
    return replace(score, logs=tuple(tuple(run) for run in pieces.tolist()))
