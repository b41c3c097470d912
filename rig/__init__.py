# SPDX-License-Identifier: GPL-3.0-or-later
"""Solerig: from the bytes of a pressure rig to force, centre of pressure, contacts and repetitions."""

__version__ = "0.1.0"
