# SPDX-License-Identifier: GPL-3.0-or-later
"""Where bytes come from: each source behind the one interface of `source.py`."""
