# SPDX-License-Identifier: GPL-3.0-or-later
"""The build guide says only what is there: its links, its commands, its figures."""

import csv
import re
import shlex
from pathlib import Path

import check_mat
import pytest
from net_table import load_design
from typer.main import get_command

from rig.cli.app import app
from rig.layout.foot_picture import SENSEL_NAMES
from rig.layout.insole import PAD_DIAMETER_MM
from rig.layout.template import LARGEST_EU, RULER_MM, SMALLEST_EU

ROOT = Path(__file__).resolve().parents[2]
HARDWARE = ROOT / "hardware_schematics"
PAGES = [
    HARDWARE / f"{name}.md"
    for name in ("README", "level0", "insole", "mat16", "mat32", "belt-box", "safety", "parts")
] + [ROOT / "firmware_arduino" / "README.md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path):
    targets = re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8"))
    assert targets
    for target in targets:
        name, _, anchor = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        assert path.exists(), target
        if anchor:
            heads = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {h.lower().replace(" ", "-") for h in heads}, target


def commands() -> list[str]:
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
        lines = [line for block in blocks for line in block.splitlines()]
        inline = re.findall(r"`(solerig [^`\n]+)`", text)
        found += [
            line.split(" #")[0].strip() for line in lines if line.startswith("solerig")
        ] + inline
    return sorted(set(found))


@pytest.mark.parametrize("line", commands())
def test_commands_are_understood(line: str):
    _, name, *arguments = shlex.split(line)
    root = get_command(app)
    command = root.commands[name]
    context = command.make_context(name, arguments, resilient_parsing=False)
    sensors = context.params.get("sensors") or ""
    assert all(s in SENSEL_NAMES for s in sensors.split(",") if s)


def mat_checks() -> list[str]:
    pages = [HARDWARE / f"{name}.md" for name in ("README", "mat16", "mat32")]
    text = "".join(page.read_text(encoding="utf-8") for page in pages)
    return sorted(set(re.findall(r"python hardware_schematics/check_mat\.py([^`#\n]*)", text)))


@pytest.mark.parametrize("options", mat_checks())
def test_checks_of_a_mat_are_understood(options: str):
    chosen = check_mat.parser().parse_args(shlex.split(options))
    assert chosen.row is None or 0 <= chosen.row < 32


@pytest.mark.parametrize("name", ["mat16", "mat32"])
def test_the_mats_pages_name_the_boards_own_pins(name: str):
    """Every `NET at/to Dn` that a page says is the net table's."""
    text = (HARDWARE / f"{name}.md").read_text(encoding="utf-8")
    pins = {net: pin for pin, net in load_design(name).parts["A1"].pins.items()}
    said = re.findall(r"\b((?:ROW|SYNC)_\w+|COL[AB]_SIGNAL) (?:to|at|comes from) ([AD]\d+)", text)
    for first, last, low, high in re.findall(
        r"(COL[AB]_S0) to (COL[AB]_S3) (?:to|at) (D\d+) to (D\d+)", text
    ):
        said += [(first, low), (last, high)]
    assert len(said) >= 6
    for net, pin in said:
        assert pins[net] == pin, net


def spice(figure: str) -> float:
    path = HARDWARE / "spice" / "results.csv"
    rows = csv.reader(path.read_text(encoding="utf-8").splitlines())
    return float({row[0]: row[1] for row in rows}[figure].replace("value", "nan"))


def test_currents_are_said_alike_everywhere():
    select = f"{spice('insole_divider.select_short_ma'):.0f} mA"
    pad = f"{spice('insole_divider.ma_1'):.1f} mA"
    for name in ("safety.md", "analogue.md"):
        text = (HARDWARE / name).read_text(encoding="utf-8")
        assert select in text, name
        assert pad in text, name
    assert f"carries {select}" in (HARDWARE / "nets.toml").read_text(encoding="utf-8")
    cell = f"{spice('mat16_cell.ma_1'):.1f} mA"
    assert f"a shorted cell to {cell}" in (HARDWARE / "nets_mat.toml").read_text(encoding="utf-8")
    assert f"a shorted cell to {cell}" in (HARDWARE / "analogue.md").read_text(encoding="utf-8")


def test_the_test_resistor_reads_what_the_page_says():
    text = (HARDWARE / "mat16.md").read_text(encoding="utf-8")
    assert f"row 0, column 0: {spice('mat16_cell.counts_3k'):.0f} counts" in text
    # cheap: 5 V over a driver's 50 and its series 100 ohm, the resistor, the multiplexer, 1 kohm
    assert f"(cheap: about {1024 * 1000 / (50 + 100 + 3000 + 70 + 1000):.0f})" in text


def test_every_rig_page_leads_to_parts_wires_and_safety():
    for name in ("insole", "mat16", "mat32"):
        text = (HARDWARE / f"{name}.md").read_text(encoding="utf-8")
        assert re.search(r"^#+ .*First power-up$", text, re.MULTILINE), name
        assert "you should see" in text.lower() or "mat16.md" in text, name
        for needed in (f"parts_{name}.csv", f"wiring_{name}.md", "safety.md", "README.md#tools"):
            assert f"]({needed})" in text, (name, needed)
        assert "EUR" not in text  # prices stand in the parts list alone


def test_figures_of_the_template_are_the_programs():
    text = (HARDWARE / "insole.md").read_text(encoding="utf-8")
    assert f"EU {SMALLEST_EU:g} to {LARGEST_EU:g}" in text
    assert f"printed {RULER_MM} mm" in text
    assert PAD_DIAMETER_MM == 12.7


def test_prices_outside_the_parts_lists_say_that_they_are_approximate():
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        if "EUR" in text:
            assert "approximate" in text, page.name


def test_tails_are_never_soldered():
    text = (HARDWARE / "insole.md").read_text(encoding="utf-8")
    assert "never solder" in text
