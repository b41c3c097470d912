# SPDX-License-Identifier: GPL-3.0-or-later
"""The build guide says only what is there: its links, its commands, its figures."""

import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command

from rig.cli.app import app
from rig.layout.foot_picture import SENSEL_NAMES
from rig.layout.insole import PAD_DIAMETER_MM
from rig.layout.template import LARGEST_EU, RULER_MM, SMALLEST_EU

ROOT = Path(__file__).resolve().parents[2]
HARDWARE = ROOT / "hardware_schematics"
PAGES = [
    HARDWARE / f"{name}.md"
    for name in ("README", "level0", "insole", "mat16", "mat32", "belt-box", "safety")
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


def test_every_rig_page_leads_to_parts_wires_and_safety():
    for name in ("insole", "mat16", "mat32"):
        text = (HARDWARE / f"{name}.md").read_text(encoding="utf-8")
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
