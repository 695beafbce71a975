"""The head that fills blanks, and the logit a question is about: of a word at a token of a text."""

from __future__ import annotations

from typing import Protocol

from bertviz_app.bert.network import WordHead
from bertviz_app.core.encoding import Encoding
from bertviz_app.core.errors import BertVizError
from bertviz_app.core.request import Interventions, Request
from bertviz_app.inference.model import Model


class Target(Protocol):
    """A word (its vocabulary id) at a token of a text."""

    @property
    def request(self) -> Request:
        """The text, and the changes that hold."""

    @property
    def position(self) -> int:
        """The token."""

    @property
    def word(self) -> int:
        """The vocabulary id."""


def word_head(model: Model) -> WordHead:
    """The word-prediction head; BertVizError if the model has none."""
    if model.network.mlm is None:
        raise BertVizError("this model cannot fill a blank: it has no word-prediction head")
    return model.network.mlm


def prepared(model: Model, target: Target) -> tuple[WordHead, Encoding, Interventions]:
    """The head that gives the logit, the text as the model reads it, and the changes in it.

    Raises:
        ValueError: the request changes what does not exist, or position or word do not exist.
        BertVizError: the model cannot fill a blank.
    """
    head = word_head(model)
    encoding = model.tokenizer.encode(target.request.text, target.request.pair)
    spec = model.network.spec
    changes = target.request.interventions.for_text(spec, encoding)
    for name, number, count in (
        ("position", target.position, len(encoding)),
        ("word", target.word, spec.vocabulary),
    ):
        if not 0 <= number < count:
            raise ValueError(f"{name} {number}: there are {count}, counted from 0")
    return head, encoding, changes
