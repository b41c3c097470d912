# SPDX-License-Identifier: GPL-3.0-or-later
"""How wrong every figure can be, asked of simulated people; a model is not a force plate."""
