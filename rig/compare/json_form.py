# SPDX-License-Identifier: GPL-3.0-or-later
"""A comparison as JSON, with the definitions that a reader needs."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

from rig.compare.comparison import COMPARE_SCHEMA, Comparison

DEFINITIONS = {
    "differences": "ours minus the reference's",
    "limits_of_agreement": "bias +- 1.96 SD of the differences (Bland & Altman 1986)",
    "icc": "ICC(2,1) absolute agreement and ICC(3,1) consistency, 95 % intervals (Shrout & Fleiss "
    "1979)",
    "independent": "pairs after autocorrelation (Bayley & Hammersley 1946); intervals of time series "
    "are for these",
    "centred": "each side's own mean removed: origins differ, amplitudes are compared",
    "clock": "t_recording = lag_s + (1 + drift_ppm / 1e6) t_reference, from its first sample",
}


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """Plain JSON values; null where something is undefined."""
    alignment = asdict(comparison.alignment)
    clock = alignment.pop("clock")
    reference = comparison.reference
    content = {
        "schema": COMPARE_SCHEMA,
        "on": comparison.on,
        "reference": {
            "file": reference.path.name,
            "rate_hz": reference.rate_hz,
            "samples": len(reference.t_s),
            "columns": reference.columns,
        },
        "recording_rate_hz": comparison.recording_rate_hz,
        "alignment": {"lag_s": clock["offset_s"], "clock_rate": clock["rate"], **alignment},
        "overlap_s": comparison.overlap_s,
        "compared_at": comparison.compared_at,
        "quantities": [asdict(quantity) for quantity in comparison.quantities],
        "contacts": [asdict(contact) for contact in comparison.contacts],
        "definitions": DEFINITIONS,
        "warnings": list(comparison.warnings),
    }
    content["alignment"].pop("warnings")
    return _strict(content)


def _strict(value: Any) -> Any:
    """JSON has no NaN: what is undefined becomes null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _strict(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_strict(item) for item in value]
    return value
