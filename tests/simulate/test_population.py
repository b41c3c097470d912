# SPDX-License-Identifier: GPL-3.0-or-later
"""Subjects differ in size, and a seed keeps its subject."""

import numpy as np

from rig.simulate.population import drawn_build


def test_builds_cover_small_and_large_adults():
    mass_kg, shoe_eu = np.array([drawn_build(seed) for seed in range(400)]).T
    assert 67.0 <= mass_kg.mean() <= 73.0
    assert mass_kg.min() < 50.0
    assert mass_kg.max() > 95.0
    assert shoe_eu.min() <= 36.0
    assert shoe_eu.max() >= 46.0
    assert set(np.mod(shoe_eu, 0.5)) == {0.0}
    assert 0.45 <= np.corrcoef(mass_kg, shoe_eu)[0, 1] <= 0.75


def test_a_seed_keeps_its_build():
    assert drawn_build(7) == drawn_build(7)
    assert drawn_build(7) != drawn_build(8)
