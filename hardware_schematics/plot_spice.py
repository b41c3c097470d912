# SPDX-License-Identifier: CERN-OHL-S-2.0
"""Runs every SPICE deck, writes its figures to spice/results.csv and the curves to spice/*.svg.

Needs ngspice: `python hardware_schematics/plot_spice.py`. analogue.md explains what is seen.
"""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

from print_spice import PRESCALERS, SPICE_FOLDER
from spice_matrix import DRIVES
from spice_parts import ADC_CLOCKS, SAMPLE_CLOCKS, adc_clock_us
from spice_results import ghosts, run_deck

PLAIN_DECKS = (
    *(f"insole_settling_p{p}" for p in PRESCALERS),
    "insole_settling_p16_buffered",
    "insole_divider",
    *(f"{mat}_{what}" for mat in ("mat16", "mat32") for what in ("column", "cell")),
)
RESULTS_PATH = SPICE_FOLDER / "results.csv"
WIDTH, HEIGHT, MARGIN = 640, 360, 56
COLOURS = ("#1b6ca8", "#c0392b", "#2e8b57", "#8e44ad")
Curve = tuple[str, list[tuple[float, float]]]


def results() -> dict[str, float]:
    """Every figure that the decks give, by deck and name."""
    found = {}
    for deck in PLAIN_DECKS:
        found |= {f"{deck}.{key}": value for key, value in run_deck(deck)[0].items()}
    for mat in ("mat16", "mat32"):
        for drive in DRIVES:
            if drive != "empty":
                seen = ghosts(mat, drive)
                found[f"{mat}_ghost_{drive}.largest_ghost_percent"] = 100 * seen.largest_ghost()
                found[f"{mat}_ghost_{drive}.pressed_us_least"] = 1e6 * min(seen.pressed.values())
                found[f"{mat}_ghost_{drive}.pressed_us_most"] = 1e6 * max(seen.pressed.values())
    return found


def results_text(found: dict[str, float]) -> str:
    """The figures as CSV, four digits."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("figure", "value"))
    writer.writerows((key, f"{value:.4g}") for key, value in found.items())
    return out.getvalue()


def waveform(text: str, column: int) -> list[tuple[float, float]]:
    """(microseconds, value) of one vector in a file of ngspice's wrdata: time and value in turn."""
    rows = [line.split() for line in text.splitlines()]
    return [(1e6 * float(row[2 * column]), float(row[2 * column + 1])) for row in rows]


def plot(title: str, x_name: str, y_name: str, curves: list[Curve], marks: dict[str, float]) -> str:
    """A small line chart; `marks` are named upright lines."""
    xs = [x for _, curve in curves for x, _ in curve]
    ys = [y for _, curve in curves for _, y in curve]
    low_x, high_x, low_y, high_y = min(xs), max(xs), min(0.0, *ys), max(ys) * 1.05
    span_x, span_y = WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN

    def at(x: float, y: float) -> tuple[float, float]:
        right = MARGIN + (x - low_x) / (high_x - low_x) * span_x
        return right, HEIGHT - MARGIN - (y - low_y) / (high_y - low_y) * span_y

    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">',
        '<g font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{MARGIN}" y="20" font-size="14">{title}</text>',
        f'<text x="{WIDTH / 2}" y="{HEIGHT - 12}" text-anchor="middle">{x_name}</text>',
        f'<text transform="translate(14 {HEIGHT / 2}) rotate(-90)" text-anchor="middle">{y_name}</text>',
    ]
    for n in range(6):
        x, y = low_x + n * (high_x - low_x) / 5, low_y + n * (high_y - low_y) / 5
        (px, _), (_, py) = at(x, low_y), at(low_x, y)
        lines.append(_line((px, MARGIN), (px, HEIGHT - MARGIN), "#ddd"))
        lines.append(_line((MARGIN, py), (WIDTH - MARGIN, py), "#ddd"))
        below = f'x="{px:.1f}" y="{HEIGHT - MARGIN + 16}" text-anchor="middle"'
        lines.append(f"<text {below}>{round(x, 2):.4g}</text>")
        lines.append(
            f'<text x="{MARGIN - 6}" y="{py + 4:.1f}" text-anchor="end">{round(y, 2):.4g}</text>'
        )
    for n, (name, x) in enumerate(marks.items()):
        px = at(x, low_y)[0]
        lines.append(_line((px, MARGIN), (px, HEIGHT - MARGIN), "#888", "4 3"))
        lines.append(
            f'<text x="{px - 4:.1f}" y="{MARGIN + 14 + 14 * n}" text-anchor="end">{name}</text>'
        )
    for n, (name, curve) in enumerate(curves):
        points = " ".join("{:.1f},{:.1f}".format(*at(x, y)) for x, y in _thinned(curve))
        colour = COLOURS[n % len(COLOURS)]
        lines.append(
            f'<polyline fill="none" stroke="{colour}" stroke-width="1.5" points="{points}"/>'
        )
        lines.append(
            f'<text x="{WIDTH - MARGIN - 190}" y="{40 + 16 * n}" fill="{colour}">{name}</text>'
        )
    return "\n".join([*lines, "</g>", "</svg>"]) + "\n"


def _line(a: tuple[float, float], b: tuple[float, float], colour: str, dash: str = "") -> str:
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    ends = f'x1="{a[0]:.1f}" y1="{a[1]:.1f}" x2="{b[0]:.1f}" y2="{b[1]:.1f}"'
    return f'<line {ends} stroke="{colour}"{dashes}/>'


def _thinned(curve: list[tuple[float, float]], most: int = 600) -> list[tuple[float, float]]:
    return curve[:: max(1, len(curve) // most)]


def plots(found: dict[str, float]) -> dict[Path, str]:
    """The page's pictures."""
    pictures = {}
    for prescaler in PRESCALERS:
        name = f"insole_settling_p{prescaler}"
        text = run_deck(name)[1][f"{name}.txt"]
        clock = adc_clock_us(prescaler)
        pictures[name] = plot(
            f"Insole: multiplexer moves at 1 us, ADC prescaler {prescaler}",
            "microseconds",
            "volts",
            [
                ("behind the multiplexer", waveform(text, 0)),
                ("in the sample capacitor", waveform(text, 1)),
            ],
            {
                "conversion": 1 + ADC_CLOCKS * clock,
                "held": 1 + (ADC_CLOCKS + SAMPLE_CLOCKS) * clock,
            },
        )
    text = run_deck("mat16_column")[1]["mat16_column.txt"]
    pictures["mat16_column"] = plot(
        "Mat 16 x 16: the row changes at 1 us",
        "microseconds",
        "volts",
        [("column amplifier's output", waveform(text, 0)), ("the old row", waveform(text, 1))],
        {"next row's first sample": 1 + ADC_CLOCKS * adc_clock_us(16)},
    )
    pictures["saturation"] = plot(
        "Counts over conductance",
        "conductance, mS",
        "counts",
        [
            ("insole sensor", _counts(found, "insole_divider")),
            ("mat cell", _counts(found, "mat16_cell")),
        ],
        {},
    )
    return {SPICE_FOLDER / f"{name}.svg": text for name, text in pictures.items()}


def _counts(found: dict[str, float], deck: str) -> list[tuple[float, float]]:
    points = []
    for key, value in found.items():
        if key.startswith(f"{deck}.counts_"):
            word = key.rsplit("_", 1)[1].replace("meg", "e6").replace("k", "e3")
            points.append((1e3 / float(word), value))
    return sorted(p for p in points if p[0] <= 5)


def main() -> int:
    found = results()
    RESULTS_PATH.write_text(results_text(found), encoding="utf-8")
    for path, text in plots(found).items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
