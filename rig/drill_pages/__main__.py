# SPDX-License-Identifier: GPL-3.0-or-later
"""`python -m rig.drill_pages`: write the drills' page and its pictures anew."""

from __future__ import annotations

import argparse
from pathlib import Path

import rig.drills
from rig.drill_pages.page import PAGE, PLOTS, page_text
from rig.drill_pages.plot import plot
from rig.drill_pages.trace import EXAMPLES, shown, traced
from rig.drills.guide import GUIDE


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(rig.drills.__path__[0]), help="folder")
    parser.add_argument("--text", action="store_true", help="the page alone, which is quick")
    parser.add_argument(
        "--drill", action="append", choices=list(EXAMPLES), help="its picture alone"
    )
    chosen = parser.parse_args()
    (chosen.out / PLOTS).mkdir(parents=True, exist_ok=True)
    (chosen.out / PAGE).write_text(page_text(), encoding="utf-8")
    for drill in () if chosen.text else chosen.drill or EXAMPLES:
        trace = traced(drill)
        svg = plot(GUIDE[drill].title, trace, *shown(drill, trace))
        (chosen.out / PLOTS / f"{drill}.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
