# SPDX-License-Identifier: CERN-OHL-S-2.0
"""SPICE decks of whole mats: what does an empty cell read while feet stand on others?

Two feet at full load (1 kohm a cell). `virtual_ground`: the recommended build; `empty`: the same without
feet, what a tare would store. `grounded`: idle rows driven to ground, the cheap build's circuit, and
`grounded_light` with 10 kohm a cell. `floating`: the same with idle rows not driven at all.
"""

from __future__ import annotations

from firmware_view import Mat, load_mat
from spice_parts import ASSUMED, head

DRIVES = ("virtual_ground", "empty", "grounded", "grounded_light", "floating")


def feet_pattern(mat: Mat) -> set[tuple[int, int]]:
    """Cells (row, column) under two feet, each two thirds of the mat long and a quarter wide."""
    long, wide = mat.rows * 11 // 16, mat.columns // 4
    first = (mat.rows - long) // 2
    left, right = mat.columns // 8, mat.columns - mat.columns // 8 - wide
    rows = range(first, first + long)
    # the right foot's heel is lifted, so that rows and columns hold empty cells between loaded ones
    return {(r, c) for r in rows for c in range(left, left + wide)} | {
        (r, c) for r in rows if r >= first + long // 3 for c in range(right, right + wide)
    }


def matrix_deck(name: str, drive: str) -> str:
    """All cells as resistors; every row is read in turn, every column's result echoed."""
    mat = load_mat(name)
    cheap = load_mat("mat16_cheap")
    pressed = set() if drive == "empty" else feet_pattern(mat)
    full = ASSUMED["cell_light_ohm" if drive == "grounded_light" else "cell_full_ohm"]
    cells = [
        f"rc{r}_{c} row{r} col{c} {full if (r, c) in pressed else ASSUMED['cell_idle_ohm']:g}"
        for r in range(mat.rows)
        for c in range(mat.columns)
    ]
    table = "nets_mat.toml"
    build = _virtual_ground if drive in ("virtual_ground", "empty") else _divider
    lines = [
        *head(f"{name}: ghosts, {drive.replace('_', ' ')}", table),
        *cells,
        *build(mat, cheap, drive),
        "quit",
        ".endc",
        ".end",
    ]
    return "\n".join(lines) + "\n"


def _virtual_ground(mat: Mat, _cheap: Mat, _drive: str) -> list[str]:
    """Every amplifier with the worst offset, neighbours of opposite sign, and its finite gain.

    Offsets of one sign would lift the idle rows along and hide themselves.
    """
    parts = mat.design.parts
    offset = parts["U11"].stock["offset_max_v"]
    lines = [
        f"vset vset 0 {5 * mat.reference_permille / 1000:g}",
        f"rref vset vref {parts['R4'].stock['ohm']}",
    ]
    for r in range(mat.rows):
        lines += [f"ridle{r} vref row{r} {mat.row_idle_ohm}", f"rdriver{r} row{r} 0 1e12"]
    for c in range(mat.columns):
        lines += [
            f"rstrip{c} col{c} line{c} {ASSUMED['strip_ohm']:g}",
            f"rf{c} line{c} out{c} {mat.feedback_ohm}",
            f"vos{c} plus{c} vref {offset * (-1) ** c:g}",
            f"ea{c} out{c} 0 plus{c} line{c} {ASSUMED['amplifier_gain']:g}",
        ]
    lines += [".control", "set noaskquit"]
    for r in range(mat.rows):
        lines += [f"alter rdriver{r} = {mat.row_ohm:g}", "op"]
        lines += _echoes(mat, r, "v(out{c})")
        lines += [f'echo "RESULT reference_{r} $&v(vref)"', f"alter rdriver{r} = 1e12"]
    return lines


def _divider(mat: Mat, cheap: Mat, drive: str) -> list[str]:
    """Rows driven to 5 V one at a time; one column at a time has the pull-down."""
    pull = cheap.multiplexers[0].pull_down_ohm + cheap.multiplexers[0].resistance_ohm
    share = cheap.multiplexers[0].pull_down_ohm / pull
    idle = "1e12" if drive == "floating" else f"{cheap.row_ohm:g}"
    lines = []
    for r in range(mat.rows):
        lines += [f"vrow{r} drive{r} 0 0", f"rrow{r} drive{r} row{r} {idle}"]
    lines += [f"rpull{c} col{c} 0 1e12" for c in range(mat.columns)]
    lines += [".control", "set noaskquit"]
    for r in _probed_rows(mat):
        lines += [f"alter vrow{r} = 5", f"alter rrow{r} = {cheap.row_ohm:g}"]
        for c in range(mat.columns):
            lines += [f"alter rpull{c} = {pull}", "op", f"let x = v(col{c}) * {share:.6f}"]
            lines += [f'echo "RESULT cell_{r}_{c} $&x"', f"alter rpull{c} = 1e12"]
        lines += [f"alter vrow{r} = 0", f"alter rrow{r} = {idle}"]
    return lines


def _probed_rows(mat: Mat) -> list[int]:
    """Rows worth reading where each cell costs a solution: outside the feet, one foot, both feet."""
    pressed = sorted({r for r, _ in feet_pattern(mat)})
    return [0, pressed[0], pressed[-1]]


def _echoes(mat: Mat, row: int, vector: str) -> list[str]:
    lines = []
    for c in range(mat.columns):
        lines += [f"let x = {vector.format(c=c)}", f'echo "RESULT cell_{row}_{c} $&x"']
    return lines
