# SPDX-License-Identifier: CERN-OHL-S-2.0
"""Runs the SPICE decks (needs ngspice) and turns a mat's voltages into what the host would read."""

from __future__ import annotations

import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from firmware_view import load_mat
from print_spice import SPICE_FOLDER
from spice_matrix import feet_pattern

RESULT = re.compile(r"RESULT (\S+) (\S+)")


def run_deck(name: str, folder: Path = SPICE_FOLDER) -> tuple[dict[str, float], dict[str, str]]:
    """A deck's echoed results, and the text of the files that it wrote.

    Raises
    ------
    RuntimeError
        ngspice found an error in the deck, or it echoed nothing.
    """
    with tempfile.TemporaryDirectory() as scratch:
        done = subprocess.run(
            ["ngspice", "-b", str((folder / f"{name}.cir").resolve())],
            cwd=scratch,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        results = {key: float(value) for key, value in RESULT.findall(done.stdout)}
        if not results or re.search(r"\berror\b", done.stdout + done.stderr, re.IGNORECASE):
            raise RuntimeError(f"{name}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        return results, {path.name: path.read_text() for path in Path(scratch).glob("*.txt")}


@dataclass(frozen=True, slots=True)
class Ghosts:
    """How a mat reads with two feet on it; conductances in siemens."""

    pressed: dict[tuple[int, int], float]
    empty: dict[tuple[int, int], float]

    def largest_ghost(self) -> float:
        """The largest reading of an empty cell, as a share of the mean pressed one."""
        return max(map(abs, self.empty.values())) / self.mean_pressed()

    def mean_pressed(self) -> float:
        return sum(self.pressed.values()) / len(self.pressed)


def ghosts(name: str, drive: str) -> Ghosts:
    """Run a mat's deck and read every echoed cell as the host would.

    Virtual ground: above the empty mat's reading (a tare), by the nominal reference and feedback.
    Dividers: by R_cell = R_pull (5 V - V) / V - R_mux.
    """
    mat = load_mat(name)
    volts = _cells(run_deck(f"{name}_ghost_{drive}")[0])
    if drive == "virtual_ground":
        tare = _cells(run_deck(f"{name}_ghost_empty")[0])
        scale = 5 * mat.reference_permille / 1000 * mat.feedback_ohm
        read = {at: (v - tare[at]) / scale for at, v in volts.items()}
    else:
        mux = load_mat("mat16_cheap").multiplexers[0]
        read = {
            at: 1 / (mux.pull_down_ohm * (5 - v) / v - mux.resistance_ohm) if v > 1e-9 else 0.0
            for at, v in volts.items()
        }
    feet = feet_pattern(mat)
    return Ghosts(
        {at: s for at, s in read.items() if at in feet},
        {at: s for at, s in read.items() if at not in feet},
    )


def _cells(results: dict[str, float]) -> dict[tuple[int, int], float]:
    found = {}
    for key, volt in results.items():
        if match := re.fullmatch(r"cell_(\d+)_(\d+)", key):
            found[int(match[1]), int(match[2])] = volt
    return found
