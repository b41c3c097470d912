# SPDX-License-Identifier: GPL-3.0-or-later
"""Walks in other makers' file formats, written from steps that are known."""

from dataclasses import dataclass

import numpy as np
import pytest

STRIDE_S, STANCE_S = 1.1, 0.66
PEAK_N = 750.0
RISE_S = 0.06


@dataclass(frozen=True)
class Walk:
    """n frames of two feet: `force_n` (n, 2), and `progress` (n, 2) from heel 0 to toe 1."""

    t_s: np.ndarray
    force_n: np.ndarray
    progress: np.ndarray
    on_s: tuple[np.ndarray, np.ndarray]


def walk(seconds: float, rate_hz: float) -> Walk:
    """Trapezoid steps, left first at 0.5 s, right half a stride later."""
    t_s = np.arange(round(seconds * rate_hz)) / rate_hz
    force, progress = np.zeros((len(t_s), 2)), np.zeros((len(t_s), 2))
    ons = []
    for foot in (0, 1):
        begins = np.arange(0.5 + 0.5 * STRIDE_S * foot, seconds - STANCE_S - 0.1, STRIDE_S)
        for on in begins:
            since = t_s - on
            flank = np.minimum(since, STANCE_S - since) / RISE_S
            force[:, foot] += PEAK_N * np.clip(flank, 0.0, 1.0)
            inside = (since >= 0.0) & (since <= STANCE_S)
            progress[inside, foot] = since[inside] / STANCE_S
        ons.append(begins)
    return Walk(t_s, force, progress, (ons[0], ons[1]))


@pytest.fixture(scope="session")
def make_walk():
    return walk


def shares(progress: np.ndarray, places: np.ndarray) -> np.ndarray:
    """(n, places) shares of a load whose mean place is `progress`, places rising from 0 to 1."""
    out = np.zeros((len(progress), len(places)))
    after = np.searchsorted(places, progress, side="right").clip(1, len(places) - 1)
    part = (progress - places[after - 1]) / (places[after] - places[after - 1])
    rows = np.arange(len(progress))
    out[rows, after - 1], out[rows, after] = 1.0 - part, part
    return out


@pytest.fixture(scope="session")
def split():
    return shares
