"""The plane in which vectors differ most, and how one plane is turned to lie on another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]


def plane(vectors: NDArray[np.float32]) -> tuple[Points, float]:
    """Principal components of N vectors (N, W): their places (N, 2), and the share of the spread.

    The vectors are centred. The sign of each direction makes its largest loading positive. The
    share is the part of the sum of squares that the two directions hold; it is 1 where all vectors
    are the same, and not a number, like the places, where one of the vectors is not.
    Source: Pearson 1901; by singular values, Jolliffe 2002.
    """
    centred = vectors.astype(np.float64)
    centred -= centred.mean(axis=0)
    if not np.isfinite(centred).all():
        return np.full((len(vectors), 2), np.nan), float("nan")
    _, sizes, directions = np.linalg.svd(centred, full_matrices=False)
    first = directions[:2]
    largest = np.take_along_axis(first, np.abs(first).argmax(axis=1)[:, None], axis=1)
    places = centred @ (first * np.where(largest < 0, -1.0, 1.0)).T
    points = np.zeros((len(vectors), 2))
    points[:, : places.shape[1]] = places
    spread = float((sizes**2).sum())
    return points, float((sizes[:2] ** 2).sum()) / spread if spread else 1.0


def turned(points: Points, before: Points) -> Points:
    """Points (N, 2), turned and mirrored to lie as close as can be to those `before`.

    Orthogonal Procrustes (Schönemann 1966). Points that are not numbers stay.
    """
    if not (np.isfinite(points).all() and np.isfinite(before).all()):
        return points
    left, _, right = np.linalg.svd(points.T @ before)
    found: Points = points @ (left @ right)
    return found
