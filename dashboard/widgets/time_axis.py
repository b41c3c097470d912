# SPDX-License-Identifier: GPL-3.0-or-later
"""Where traces and contact strip put -10 s and now, so that they stand exactly above one another."""

from __future__ import annotations

NAMES_WIDTH = 5.2
"""Room left of the time axis, in text heights: force figures, lane names."""
RIGHT_MARGIN = 1.4
"""Room right of now, in text heights: half of the last tick's figure."""
