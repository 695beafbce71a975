"""The softmax of one row as a table: score, power and weight of each token, or both runs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bertviz_app.analysis.arithmetic import Exact
from bertviz_app.analysis.difference import difference
from bertviz_app.ui import numbers
from bertviz_app.ui.parts.followed import Followed
from bertviz_app.ui.parts.steps import Block, Term, TermHead, Words

WHOLE = 32
"""A row of up to so many tokens is always written whole."""

STRONGEST = 12
"""Terms of a longer row that are written one by one."""


def softmax(followed: Followed, *, whole: bool) -> list[Block]:
    """The row of the weight that is followed, a line a token; `whole` writes all of a long one."""
    tokens = range(len(followed.trace))
    listed = list(tokens) if whole or len(tokens) <= WHOLE else _strongest(followed)
    left = sorted({*tokens} - {*listed})
    head, columns, words = _columns(followed)
    terms = [
        replace(
            _term(followed, followed.labels[token], columns[token]),
            position=token,
            chosen=token == followed.key,
        )
        for token in listed
    ]
    if left:
        terms.append(_total(followed, f"{len(left)} others", columns[left]))
    return [
        TermHead(head),
        *terms,
        replace(_total(followed, "total", columns), part=0.0, bold=True),
        Words(words),
    ]


def _columns(followed: Followed) -> tuple[tuple[str, str, str, str], Exact, str]:
    """What the three columns of the softmax are called, their numbers (T, 3), and what to say."""
    row, compared = followed.row, followed.compared
    if compared is None:
        words = (
            f"max = {numbers.term(row.largest)}, the largest score of the row: taking it away "
            "changes no weight and keeps e^… from growing beyond what a float holds."
        )
        head = "looked at", "score s", "e^(s − max)", "÷ total"
        return head, np.stack([row.scores, row.powers, row.softmax], axis=1), words
    weights = [compared.row.softmax, row.softmax, followed.shown(lambda one: one.row.softmax)]
    words = "The weights add up to 1 in both runs: what one token gains, others lose."
    return ("looked at", "as is", "changed", "difference"), np.stack(weights, axis=1), words


def _strongest(followed: Followed) -> list[int]:
    """The terms of a long row that are written: its strongest, and the two that are followed."""
    sizes = np.abs(np.nan_to_num(followed.shown(lambda one: one.row.softmax)))
    strong = np.argsort(-sizes, kind="stable")[:STRONGEST].tolist()
    return sorted({*strong, followed.query, followed.key})


def _term(followed: Followed, name: str, values: Exact) -> Term:
    """One line of the softmax, of its three numbers."""
    first, second, last = values.tolist()
    signed = followed.compared is not None
    written = numbers.signed_term(last) if signed else numbers.term(last)
    return Term(name, (numbers.term(first), numbers.term(second), written), last, signed=signed)


def _total(followed: Followed, name: str, columns: Exact) -> Term:
    """Several lines (n, 3) as one, their sum; scores are not added."""
    sums = columns.sum(axis=0)
    if followed.compared is not None:
        sums[2] = difference(sums[1], sums[0])
    term = _term(followed, name, sums)
    return term if term.signed else replace(term, numbers=("", *term.numbers[1:]))
