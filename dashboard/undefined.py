# SPDX-License-Identifier: GPL-3.0-or-later
"""How the screen writes a value that is not defined; never 0."""

UNDEFINED = "\N{EM DASH}"
