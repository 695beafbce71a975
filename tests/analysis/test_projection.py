"""Tests of the plane of largest spread, and of turning one plane onto another."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from bertviz_app.analysis.projection import plane, turned

CHANCE = np.random.default_rng(0)


@pytest.mark.parametrize("shape", [(7, 12), (40, 8), (3, 1024)])
def test_the_plane_is_that_of_the_singular_vectors(shape: tuple[int, int]) -> None:
    vectors = CHANCE.normal(3.0, 2.0, shape).astype(np.float32)
    points, share = plane(vectors)
    centred = vectors.astype(np.float64) - vectors.astype(np.float64).mean(axis=0)
    left, sizes, directions = np.linalg.svd(centred, full_matrices=False)
    np.testing.assert_allclose(np.abs(points), np.abs(left[:, :2] * sizes[:2]), atol=1e-9)
    assert share == pytest.approx((sizes[:2] ** 2).sum() / (centred**2).sum())
    for axis in range(2):  # the largest loading is positive
        loading = directions[axis] * np.sign((centred @ directions[axis]) @ points[:, axis])
        assert loading[np.abs(loading).argmax()] > 0


@pytest.mark.parametrize(("vectors", "share"), [(np.ones((4, 6)), 1.0), (np.ones((1, 6)), 1.0)])
def test_vectors_in_one_place_have_no_spread(vectors: NDArray[np.float64], share: float) -> None:
    points, found = plane(vectors.astype(np.float32))
    assert points.tolist() == np.zeros((len(vectors), 2)).tolist()
    assert found == share


def test_two_vectors_lie_on_one_line() -> None:
    points, share = plane(np.array([[0, 0, 0], [3, 4, 0]], np.float32))
    assert np.linalg.norm(points[0] - points[1]) == pytest.approx(5.0)
    assert share == pytest.approx(1.0)


def test_one_number_that_is_none_leaves_no_plane() -> None:
    vectors = np.ones((4, 6), np.float32)
    vectors[2, 3] = np.nan
    points, share = plane(vectors)
    assert np.isnan(points).all()
    assert np.isnan(share)
    before = np.ones((4, 2))
    assert np.isnan(turned(points, before)).all()
    assert turned(before, points) is before


def test_a_turned_and_mirrored_plane_is_turned_back() -> None:
    before = CHANCE.normal(size=(9, 2))
    turn = np.array([[np.cos(1.0), -np.sin(1.0)], [np.sin(1.0), np.cos(1.0)]])
    mirrored = before @ turn @ np.diag([1.0, -1.0])
    np.testing.assert_allclose(turned(mirrored, before), before, atol=1e-12)


def test_turning_keeps_all_distances_and_comes_as_close_as_can_be() -> None:
    points, before = CHANCE.normal(size=(2, 9, 2))
    found = turned(points, before)
    np.testing.assert_allclose(found @ found.T, points @ points.T, atol=1e-12)
    distance = np.linalg.norm(found - before)
    for angle in np.linspace(0, 2 * np.pi, 73):
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        for mirror in (1.0, -1.0):
            other = points @ turn @ np.diag([1.0, mirror])
            assert distance <= np.linalg.norm(other - before) + 1e-9
