# SPDX-License-Identifier: CERN-OHL-S-2.0
"""Plots the schematics as PDF and SVG beside them; needs KiCad 9: `python .../plot_schematic.py`."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from net_table import DESIGNS, load_design
from print_schematic import project_path, sheets_below

DATED = re.compile(r"<title>.*?</title>|<desc>.*?</desc>|<!--.*?-->", re.DOTALL)
# KiCad draws every letter in strokes and adds each text once more, unseen, for searching.
UNSEEN = re.compile(r"<text [^>]*opacity=\"0\"[^>]*>.*?</text>\s*", re.DOTALL)
LETTER = re.compile(r'<g class="stroked-text">.*?</g>', re.DOTALL)  # its strokes make one path
AGAIN = re.compile(r"L([\d.-]+ [\d.-]+)M\1(?=L)")  # a stroke that begins where the last one ended
NUMBER = re.compile(r"-?\d+\.\d{3,}")


def tidied(svg: str) -> str:
    """The picture without the time of plotting, in hundredths of a millimetre: a fifth of the size."""
    svg = UNSEEN.sub("", DATED.sub("", svg))
    svg = NUMBER.sub(lambda m: f"{float(m[0]):.2f}".rstrip("0").rstrip("."), svg)
    svg = re.sub(r"\s*\n\s*", "\n", svg)
    svg = LETTER.sub(lambda m: m[0].replace('" />\n<path d="', ""), svg)
    svg = re.sub(r"\n(?=[LM]|\" />)", "", svg)
    return AGAIN.sub(r"L\1", svg).strip() + "\n"


def plot_svg(schematic: Path, folder: Path) -> list[Path]:
    """One picture a sheet, named as the sheet's file."""
    with tempfile.TemporaryDirectory() as scratch:
        command = ["kicad-cli", "sch", "export", "svg", "--output", scratch, str(schematic)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        titles = {
            f"{schematic.stem}-{title}": name
            for name, title, _, _ in sheets_below(load_design(schematic.stem))
        }
        written = []
        for plotted in sorted(Path(scratch).glob("*.svg")):
            picture = folder / f"{titles.get(plotted.stem, plotted.stem)}.svg"
            picture.write_text(tidied(plotted.read_text(encoding="utf-8")), encoding="utf-8")
            written.append(picture)
    return written


def plot_pdf(schematic: Path) -> None:
    """All sheets in one file."""
    pdf = schematic.with_suffix(".pdf")
    command = ["kicad-cli", "sch", "export", "pdf", "--output", str(pdf), str(schematic)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def main() -> int:
    for name in DESIGNS:
        schematic = project_path(name)
        with tempfile.TemporaryDirectory() as scratch:
            drawn = {path.name: path.read_text() for path in plot_svg(schematic, Path(scratch))}
        places = {schematic.parent / picture: text for picture, text in drawn.items()}
        if all(place.exists() and place.read_text() == text for place, text in places.items()):
            continue  # a PDF carries its date: it is plotted anew only with its content
        for place, text in places.items():
            place.write_text(text)
        plot_pdf(schematic)
    return 0


if __name__ == "__main__":
    sys.exit(main())
