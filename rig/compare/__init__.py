# SPDX-License-Identifier: GPL-3.0-or-later
"""A recording against a reference, such as a force plate."""

from rig.compare.comparison import COMPARE_SCHEMA, Comparison, compare
from rig.compare.json_form import comparison_json
from rig.compare.reference import Reference, read_reference

__all__ = [
    "COMPARE_SCHEMA",
    "Comparison",
    "Reference",
    "compare",
    "comparison_json",
    "read_reference",
]
