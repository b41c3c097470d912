# SPDX-License-Identifier: GPL-3.0-or-later
"""One interval of CoP from the samples to measures, definitions, preprocessing and validity."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rig.balance.cop_csv import CopTable
from rig.balance.definitions import Definitions, Float64
from rig.balance.measures import Measures, definitions_json, sway_measures
from rig.balance.oddities import changed_times, frozen_s, jumps
from rig.balance.path import path
from rig.balance.preprocessing import (
    LEAST_FILTERED_HZ,
    Preprocessing,
    low_passed,
    prepared,
)
from rig.balance.validity import Flag, Observed, interval_flags, validity_json

SCHEMA = "solerig-balance-1"
RECORDING_RATE_HZ = 100.0
"""Rate at which sway of a recording is measured, whatever the board's; velocity depends on it."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """The measures of one interval and all that is needed to judge and repeat them."""

    measures: Measures
    definitions: Definitions
    preprocessing: Preprocessing
    flags: tuple[Flag, ...]

    def to_json(self) -> dict[str, Any]:
        """Strict JSON: what is undefined is null."""
        return {
            "schema": SCHEMA,
            "measures": {
                name: value if math.isfinite(value) else None
                for name, value in self.measures.items()
            },
            "definitions": definitions_json(self.definitions),
            "preprocessing": self.preprocessing.to_json(),
            "validity": validity_json(self.flags),
        }


def assess(
    t_s: Float64,
    cop_mm: Float64,
    rate_hz: float,
    definitions: Definitions | None = None,
    *,
    filtered: bool = True,
    out_rate_hz: float | None = None,
    settling_s: float = 0.0,
    observed: Observed | None = None,
) -> Assessment:
    """Prepare an interval (`preprocessing.prepared` says how) and measure its sway.

    Raises
    ------
    AnalysisError
        The interval cannot be measured; the sentence says why.
    """
    chosen = definitions or Definitions()
    interval = prepared(
        t_s,
        cop_mm,
        rate_hz,
        filtered=filtered,
        out_rate_hz=out_rate_hz,
        settling_s=settling_s,
    )
    measures = sway_measures(interval.cop_mm, interval.done.rate_hz, chosen)
    if not filtered:
        times = _noise_times(interval.cop_mm, interval.done.rate_hz)
        observed = replace(observed or Observed(), noise_times=times)
    flags = interval_flags(measures, interval.done, observed)
    return Assessment(measures, chosen, interval.done, flags)


def assess_table(
    table: CopTable, definitions: Definitions | None = None, *, filtered: bool = True
) -> Assessment:
    """A table keeps its own rate; nothing is cut off its beginning."""
    known = table.cop_mm[np.isfinite(table.cop_mm).all(axis=1)]
    observed = Observed(
        from_table=True,
        jumped=jumps(known, table.rate_hz),
        frozen_s=frozen_s(known, table.rate_hz),
        changed_times=changed_times(known, table.rate_hz),
    )
    return assess(
        table.t_s, table.cop_mm, table.rate_hz, definitions, filtered=filtered, observed=observed
    )


def _noise_times(cop_mm: Float64, rate_hz: float) -> float:
    """How many times as long the path is as with the low-pass; 1 where there can be none."""
    if rate_hz < LEAST_FILTERED_HZ:
        return 1.0
    smooth_mm = path(low_passed(cop_mm, rate_hz))
    return path(cop_mm) / smooth_mm if smooth_mm > 0.0 else 1.0
