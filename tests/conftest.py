# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for every test."""

from hypothesis import HealthCheck, settings

# no test asserts time: machines are shared, and a slow example is no finding
settings.register_profile(
    "shared_machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("shared_machine")
