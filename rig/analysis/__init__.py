# SPDX-License-Identifier: GPL-3.0-or-later
"""What a whole stream amounts to, and its JSON."""

from rig.analysis.json_form import ANALYSIS_SCHEMA, analysis_json
from rig.analysis.whole import Analysis, DrillStretch, analyse, analyse_recording

__all__ = [
    "ANALYSIS_SCHEMA",
    "Analysis",
    "DrillStretch",
    "analyse",
    "analyse_recording",
    "analysis_json",
]
