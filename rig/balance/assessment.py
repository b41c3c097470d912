# SPDX-License-Identifier: GPL-3.0-or-later
"""One interval of CoP from the samples to measures, definitions, preprocessing and validity."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from rig.balance.cop_csv import CopTable
from rig.balance.definitions import Definitions, Float64
from rig.balance.measures import Measures, definitions_json, sway_measures
from rig.balance.preprocessing import Preprocessing, prepared
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
    flags = interval_flags(measures, interval.done, observed)
    return Assessment(measures, chosen, interval.done, flags)


def assess_table(
    table: CopTable, definitions: Definitions | None = None, *, filtered: bool = True
) -> Assessment:
    """A table keeps its own rate; nothing is cut off its beginning."""
    return assess(table.t_s, table.cop_mm, table.rate_hz, definitions, filtered=filtered)
