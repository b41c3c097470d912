# SPDX-License-Identifier: GPL-3.0-or-later
"""What others published of their insoles and boards, most of it read as abstracts."""

from __future__ import annotations

from rig.accuracy.tables import Table, table

PUBLISHED: tuple[tuple[str, str, str], ...] = (
    (
        "FSR insole with a neural network, against plates",
        "force RMSE 31 N, CoP RMSE 8.1 mm",
        "Sensors 2018, 18:4349",
    ),
    (
        "research insole / Pedar, against a Kistler plate",
        "force RMSE 11.2 % / 5.6 %",
        "Measurement 2019 (j.measurement.2019.03.023)",
    ),
    (
        "Moticon, against plates",
        "CoP running 18 ± 5 mm AP, 7.3 ± 4 mm ML; walking 15 ± 6 mm, 6.6 ± 3 mm",
        "Morin 2022, Sensors 22:5628",
    ),
    (
        "Moticon Insole3",
        "peak and impulse ICC > 0.94, peak bias -3.7 to +0.9 %",
        "Cramer, abstract hosted by the maker",
    ),
    (
        "loadsol",
        "hop peak ICC 0.96, running 0.88 to 0.96",
        "PubMed 30427263",
    ),
    (
        "loadsol, landing",
        "ICC 0.69 to 0.98 at 100 Hz, 0.77 to 0.99 at 200 Hz",
        "Peebles 2018, Sensors 18:4082",
    ),
    (
        "pressure insole, walking",
        "stance less than 10 % too long, impulse 30 to 50 % off",
        "PMC6453056",
    ),
    (
        "events from sums of pressure",
        "mean absolute error 1.0 ms at contact, 5.2 ms at lift-off",
        "Blades 2023, Sensors 23:2736",
    ),
    (
        "Wii balance board",
        "CoP RMSE 2 to 6 mm, 0.5 to 2 mm after linear calibration",
        "Leach 2014, Sensors 14:18244",
    ),
)
MOTICON_WALK_AP_MM, MOTICON_RUN_AP_MM = 15.0, 18.0


def published() -> Table:
    """Beside which the other tables may be read, with their warning in mind."""
    return table(
        "published",
        "What others published",
        "Measured on people against force plates, which Solerig is not yet: these figures hold errors "
        "of feet, shoes and plates that no model has. Most were read as abstracts, not in full.",
        [("system", None), ("result", None), ("source", None)],
        PUBLISHED,
    )
