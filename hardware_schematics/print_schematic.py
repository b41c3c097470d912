# SPDX-License-Identifier: CERN-OHL-S-2.0
"""Prints the KiCad 9 projects from the net tables: `python hardware_schematics/print_schematic.py`.

What is on which net comes from the tables alone; the layouts only say where parts stand. The pictures
(PDF, SVG) are plotted from the schematics by `make hardware`, which needs KiCad.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import layout_insole
import layout_mat
from kicad_sheet import Sheet, stable_uuid
from kicad_symbols import library_text
from net_table import DESIGNS, FOLDER, Design, load_design

PROJECT_FOLDERS = {"insole": "insole", "mat16": "mat", "mat32": "mat", "mat16_cheap": "mat"}
LIBRARY_TABLE = (
    '(sym_lib_table (version 7) (lib (name "solerig")(type "KiCad")'
    '(uri "${KIPRJMOD}/solerig.kicad_sym")(options "")(descr "printed")))\n'
)


def project_path(name: str) -> Path:
    """Where a design's schematic begins."""
    return FOLDER / PROJECT_FOLDERS[name] / f"{name}.kicad_sch"


def sheets_below(design: Design) -> list[tuple[str, str, str, Callable[..., None]]]:
    """File name, title, paper and painter of the sheets below the first."""
    if design.name == "insole":
        return [
            (f"{side}_foot", f"{side.capitalize()} foot unit", "A4", _foot_painter(side[0].upper()))
            for side in ("left", "right")
        ]
    return layout_mat.sheets(design)


def _foot_painter(foot: str) -> Callable[[Sheet], None]:
    return lambda sheet: layout_insole.draw_foot(sheet, foot)


def schematic(design: Design) -> dict[Path, str]:
    """All files of one design's schematic."""
    folder = FOLDER / PROJECT_FOLDERS[design.name]
    root_path = "/" + stable_uuid(design.name, design.name)
    drawn = []
    for number, (name, title, paper, paint) in enumerate(sheets_below(design), 2):
        path = f"{root_path}/{stable_uuid(design.name, 'sheet', name)}"
        sheet = Sheet(design, name, title, paper, path, number)
        paint(sheet)
        drawn.append(sheet)
    root_title = "Box" if design.name == "insole" else "Board, reference, sync"
    root = Sheet(design, design.name, root_title, "A3", root_path, 1)
    if design.name == "insole":
        layout_insole.draw_box(root, drawn)
    else:
        layout_mat.draw_main(root, drawn)
    instances = '(sheet_instances (path "/" (page "1")))\n'
    for sheet in (root, *drawn):
        sheet.finish()
    _check_all_placed(design, [root, *drawn])
    files = {folder / f"{sheet.name}.kicad_sch": sheet.file_text() for sheet in drawn}
    return {folder / f"{root.name}.kicad_sch": root.file_text(instances)} | files


def _check_all_placed(design: Design, sheets: list[Sheet]) -> None:
    pins = {key for sheet in sheets for key in sheet.pin_places}
    wanted = {(ref, pin) for ref, part in design.parts.items() for pin in part.pins}
    if missing := sorted(wanted - pins):
        raise RuntimeError(f"{design.name}: not drawn: {missing[:8]}")


def project_text(name: str) -> str:
    """The .kicad_pro file: every check of the schematic counts."""
    project = {
        "erc": {"erc_exclusions": [], "meta": {"version": 0}},
        "meta": {"filename": f"{name}.kicad_pro", "version": 3},
        "schematic": {"legacy_lib_dir": "", "legacy_lib_list": []},
        "sheets": [],
        "text_variables": {},
    }
    return json.dumps(project, indent=2) + "\n"


def outputs() -> dict[Path, str]:
    """Every file of every project with its text."""
    printed: dict[Path, str] = {}
    for name in DESIGNS:
        folder = FOLDER / PROJECT_FOLDERS[name]
        printed |= schematic(load_design(name))
        printed[folder / f"{name}.kicad_pro"] = project_text(name)
        printed[folder / "solerig.kicad_sym"] = library_text()
        printed[folder / "sym-lib-table"] = LIBRARY_TABLE
    return printed


def main() -> int:
    for path, text in outputs().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
