# SPDX-License-Identifier: GPL-3.0-or-later
"""Sway of the centre of pressure: closed intervals in, measures with their definitions out."""
