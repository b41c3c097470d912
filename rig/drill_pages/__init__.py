# SPDX-License-Identifier: GPL-3.0-or-later
"""The drills' page for coaches, and its pictures: made of the drills' own tables and real analyses."""
