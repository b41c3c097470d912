# SPDX-License-Identifier: GPL-3.0-or-later
"""Adults of many sizes: body mass and shoe size of the subject that a seed stands for."""

from __future__ import annotations

import numpy as np

MASS_KG = (70.0, 13.0)
SHOE_EU = (41.0, 2.6)
TOGETHER = 0.6
"""Correlation of the two (design choice); heavy people tend to have long feet."""
LIGHTEST_KG, HEAVIEST_KG = 45.0, 115.0
SMALLEST_EU, LARGEST_EU = 35.0, 48.0


def drawn_build(seed: int) -> tuple[float, float]:
    """Body mass in kg and EU shoe size, halves of a size; the same for the same seed."""
    rng = np.random.default_rng([seed, 20])
    first, second = rng.standard_normal(2)
    mass_kg = MASS_KG[0] + MASS_KG[1] * first
    shoe_eu = SHOE_EU[0] + SHOE_EU[1] * (TOGETHER * first + (1.0 - TOGETHER**2) ** 0.5 * second)
    return (
        float(np.clip(mass_kg, LIGHTEST_KG, HEAVIEST_KG)),
        float(np.clip(np.round(2.0 * shoe_eu) / 2.0, SMALLEST_EU, LARGEST_EU)),
    )
