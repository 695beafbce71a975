"""Snapshots made of random but reproducible numbers, for tests that draw and need no network."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import ArrayLike

from bertviz_app.core.encoding import Encoding, Reading
from bertviz_app.core.facts import ModelFacts
from bertviz_app.core.jobs import JobReport
from bertviz_app.core.questions.positions import Positions, PositionTables
from bertviz_app.core.questions.wordpiece import (
    Fate,
    Stretch,
    WhyThesePieces,
    WordPieceAnswer,
    WordStory,
)
from bertviz_app.core.request import Interventions, Request
from bertviz_app.core.snapshot import Snapshot
from bertviz_app.core.spec import ModelSpec
from bertviz_app.core.state import Pick, Pin, Role, Selection, State, ViewOptions
from bertviz_app.core.trace import Answer, Array, Candidate, Embeddings, MaskPrediction, Trace
from bertviz_app.inference.measuring import measured
from tests import synthetic_layers

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
WORDS = (
    *("the", "woman", "washed", "hands", "her", "his", "their", "a", "farmer", "grows", "crops"),
    *(".", "un", "##ha", "##pp"),
)
CHANGED = Interventions(heads_off=[(0, 0)])


def vocabulary(V: int = 64) -> tuple[str, ...]:
    """V pieces: the special ones, some words, and made-up ones."""
    known = SPECIAL + WORDS
    return (known + tuple(f"w{number}" for number in range(len(known), V)))[:V]


def model_facts(L: int = 2, H: int = 3, W: int = 12, V: int = 64, P: int = 512) -> ModelFacts:
    """A model of that shape with random tables."""
    chance = np.random.default_rng(1)
    spec = ModelSpec(
        layers=L, heads=H, width=W, feed_forward=2 * W, vocabulary=V, positions=P, segments=2
    )
    tables = [chance.normal(size=(rows, W)).astype(np.float32) for rows in (V, 2, P)]
    for table in tables:
        table.setflags(write=False)
    return ModelFacts(
        name="synthetic",
        folder=Path("synthetic"),
        spec=spec,
        vocabulary=vocabulary(V),
        mask_token="[MASK]",
        has_mlm=True,
        has_nsp=True,
        token_table=tables[0],
        segment_table=tables[1],
        position_table=tables[2],
        parameters=sum(table.size for table in tables),
        device="no device",
    )


@lru_cache(maxsize=8)
def alike_positions(P: int, W: int) -> PositionTables:
    """The position tables of `model_facts` with random cosines."""
    chance = np.random.default_rng(2)
    learned, sinusoidal = (chance.standard_normal((P, W), np.float32) for _ in range(2))
    cosines = [chance.uniform(-1, 1, (P, P)).astype(np.float32) for _ in range(2)]
    return PositionTables(learned, sinusoidal, (0.5, 2.0), *cosines)


def sentence(pieces: int, masks: Sequence[int] = ()) -> tuple[str, ...]:
    """That many pieces of one sentence; those at `masks` are [MASK]."""
    return tuple(
        "[MASK]" if number in masks else WORDS[number % len(WORDS)] for number in range(pieces)
    )


def encoding(first: Sequence[str], second: Sequence[str] | None = None, V: int = 64) -> Encoding:
    """`[CLS] A [SEP]` or `[CLS] A [SEP] B [SEP]`, as a text with one space between words has it."""
    ids = {piece: number for number, piece in enumerate(vocabulary(V))}
    tokens, segments, spans, added = ["[CLS]"], [0], [(0, 0)], [0]
    for segment, pieces in enumerate((first, second)):
        at = 0
        for piece in pieces or ():
            letters = piece.removeprefix("##")
            at -= piece != letters and at > 0
            tokens.append(piece)
            segments.append(segment)
            spans.append((at, at + len(letters)))
            at += len(letters) + 1
        if pieces is not None:
            added.append(len(tokens))
            tokens.append("[SEP]")
            segments.append(segment)
            spans.append((0, 0))
    return Encoding(
        ids=tuple(ids.get(token, 1) for token in tokens),
        segments=tuple(segments),
        tokens=tuple(tokens),
        spans=tuple(spans),
        added=tuple(added),
        masks=tuple(at for at, token in enumerate(tokens) if token == "[MASK]"),
        first=Reading(len(first), len(first)),
        second=Reading(len(second or ()), len(second or ())),
    )


def short_encoding(T: int, V: int = 64) -> Encoding:
    """Fewer tokens than BERT ever reads: one word, or [CLS] and one word."""
    ids = (2, 5)[2 - T :]
    return Encoding(
        ids=ids,
        segments=(0,) * T,
        tokens=tuple(vocabulary(V)[number] for number in ids),
        spans=((0, 0), (0, 3))[2 - T :],
        added=(0,) * (T - 1),
    )


def trace(
    encoded: Encoding,
    facts: ModelFacts,
    *,
    seed: int = 0,
    interventions: Interventions | None = None,
    attention: ArrayLike | None = None,
) -> Trace:
    """One run over `encoded`; `attention` (L, H, T, T) may be given, else its rows sum to 1."""
    chance = np.random.default_rng(seed)
    spec, T, masks = facts.spec, len(encoded), len(encoded.masks)
    L, H, W, V = spec.layers, spec.heads, spec.width, spec.vocabulary

    def numbers(*shape: int) -> Array:
        return chance.standard_normal(shape, np.float32)

    weights = np.exp(3 * numbers(L, H, T, T)) if attention is None else attention
    if attention is None:
        weights /= weights.sum(axis=-1, keepdims=True)
    parts = [numbers(T, W) for _ in range(3)]
    logits = 3 * numbers(masks, V)
    texts = (text_of(encoded, 0), text_of(encoded, 1))
    return Trace(
        request=Request(*texts, interventions or Interventions()),
        spec=spec,
        encoding=encoded,
        embeddings=Embeddings(*parts, summed=sum(parts[1:], parts[0]), normed=numbers(T, W)),
        attention=np.array(weights, np.float32),
        hidden=numbers(L + 1, T, W),
        mask_logits=logits,
        nsp=numbers(2),
        predictions=tuple(
            MaskPrediction(at, best(row, facts.vocabulary))
            for at, row in zip(encoded.masks, logits, strict=True)
        ),
        seconds=0.004,
        measures=measured(torch.tensor(weights, dtype=torch.float32), encoded),
        lens=synthetic_layers.lens(encoded, spec, seed=seed),
        sizes=synthetic_layers.sizes(encoded, spec, seed=seed),
        **{part: numbers(L, H, T, max(W // H, 1)) for part in "qkv"},
    )


def text_of(encoded: Encoding, segment: int) -> str:
    """The sentence that `encoding` made these tokens of."""
    text = ""
    for token, where, (start, _) in zip(
        encoded.tokens, encoded.sentences, encoded.spans, strict=True
    ):
        if where == segment:
            text = text.ljust(start) + token.removeprefix("##")
    return text


def best(logits: Array, pieces: Sequence[str], count: int = 10) -> tuple[Candidate, ...]:
    """The most probable pieces, best first."""
    exact = np.exp(logits.astype(np.float64))
    order = np.argsort(-logits, kind="stable")[:count].tolist()
    return tuple(
        Candidate(pieces[id], id, float(exact[id] / exact.sum()), float(logits[id]), rank + 1)
        for rank, id in enumerate(order)
    )


def wordpiece_report(read: Trace) -> JobReport[WordPieceAnswer]:
    """How the words of a run became its tokens."""
    encoded, words = read.encoding, list[WordStory]()
    for at, (token, sentence) in enumerate(zip(encoded.tokens, encoded.sentences, strict=True)):
        if sentence is None or (token.startswith("##") and words and words[-1].token < at):
            continue
        last = at + 1
        while last < len(encoded) and encoded.tokens[last].startswith("##"):
            last += 1
        pieces = encoded.tokens[at:last]
        letters = [piece.removeprefix("##") for piece in pieces]
        ends = tuple(len("".join(letters[:count])) for count in range(1, len(letters) + 1))
        word = "".join(letters)
        span = (encoded.spans[at][0], encoded.spans[last - 1][1])
        stretch = Stretch(word, (), (word,))
        fate = Fate.SPECIAL if token in SPECIAL else Fate.CUT
        words.append(WordStory(sentence, span, stretch, 0, fate, ends, at, pieces, len(pieces)))
    question = WhyThesePieces(read.request.text, read.request.pair)
    return JobReport(question, 1, 1, WordPieceAnswer(tuple(words), 100, agrees=True))


def pin(encoded: Encoding, position: int) -> Pin:
    """The pin on one token."""
    if position in encoded.added:
        return Pin(role=list(Role)[encoded.added.index(position)])
    span = encoded.spans[position]
    return Pin(encoded.sentences[position] or 0, span, span)


def snapshot(
    T: int = 8,
    L: int = 2,
    H: int = 3,
    *,
    W: int = 12,
    V: int = 64,
    masks: Sequence[int] = (2,),
    pair: bool = False,
    tokens: Sequence[str] | None = None,
    attention: ArrayLike | None = None,
    changed: bool = False,
    changed_attention: ArrayLike | None = None,
    seed: int = 0,
    head: tuple[int, int] = (0, 0),
    also: Sequence[tuple[int, int]] = (),
    token: int | None = None,
    second: int | None = None,
    options: ViewOptions | None = None,
    preview: Pick | None = None,
) -> Snapshot:
    """A snapshot of T tokens, the added ones included, with `masks` counted inside sentence A.

    `tokens` are the pieces of A instead; `pair` splits the pieces evenly into A and B; `changed`
    adds a second run, in which head 0 of layer 0 is off. `attention` and `changed_attention`
    (L, H, T, T) replace the random weights of the two runs. `token` and `second` are positions.
    """
    facts = model_facts(L, H, W, V)
    if tokens is not None:
        encoded = encoding(tokens, V=V)
    elif T < 3:
        encoded = short_encoding(T, V)
    elif pair:
        first = (T - 3 + 1) // 2
        encoded = encoding(sentence(first, masks), sentence(T - 3 - first), V)
    else:
        encoded = encoding(sentence(T - 2, masks), V=V)
    as_is = trace(encoded, facts, seed=seed, attention=attention)
    other = None
    if changed:
        other = trace(
            encoded, facts, seed=seed + 1, interventions=CHANGED, attention=changed_attention
        )
    texts = as_is.request
    return Snapshot(
        state=State(
            text=texts.text,
            pair=texts.pair if pair else None,
            interventions=CHANGED if changed else Interventions(),
            selection=Selection(
                layer=head[0],
                head=head[1],
                also=tuple(also),
                token=pin(encoded, token) if token is not None else None,
                second=pin(encoded, second) if second is not None else None,
            ),
        ),
        options=options or ViewOptions(),
        facts=facts,
        answer=Answer(as_is, other),
        preview=preview,
        reports={
            Positions: JobReport(Positions(), 1, 1, alike_positions(512, W)),
            WhyThesePieces: wordpiece_report(as_is),
        },
    )
