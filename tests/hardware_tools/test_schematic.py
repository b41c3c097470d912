# SPDX-License-Identifier: GPL-3.0-or-later
"""The committed schematics through KiCad itself: rules, nets, pictures."""

import shutil
import subprocess
from pathlib import Path

import pytest
from kicad_netlist import differences, export
from net_table import DESIGNS, load_design
from plot_schematic import plot_svg
from print_schematic import project_path


@pytest.fixture
def insole_copy(tmp_path: Path) -> Path:
    shutil.copytree(project_path("insole").parent, tmp_path / "insole")
    return tmp_path / "insole" / "insole.kicad_sch"


def _erc(schematic: Path, report: Path) -> tuple[int, str]:
    command = ["kicad-cli", "sch", "erc", "--severity-all", "--exit-code-violations"]
    done = subprocess.run([*command, "--output", str(report), str(schematic)], capture_output=True)
    return done.returncode, report.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", DESIGNS)
def test_rules_hold_without_error_or_warning(name: str, tmp_path: Path) -> None:
    code, report = _erc(project_path(name), tmp_path / "erc.txt")
    assert code == 0, report
    assert "Errors 0  Warnings 0" in report


def test_rules_are_really_checked(insole_copy: Path, tmp_path: Path) -> None:
    text = insole_copy.read_text(encoding="utf-8")
    insole_copy.write_text(text.replace('(label "L_S0"', '(label "L_S99"', 1), encoding="utf-8")
    assert _erc(insole_copy, tmp_path / "erc.txt")[0] != 0


@pytest.mark.parametrize("name", DESIGNS)
def test_drawn_nets_are_the_tables_nets(name: str) -> None:
    assert differences(export(project_path(name)), load_design(name)) == []


@pytest.mark.parametrize(
    ("sheet", "one", "other"),
    [
        ("insole", "L_S0", "L_S1"),
        ("insole", "R_SIGNAL", "L_SIGNAL"),
        ("left_foot", "L_HB", "L_HM"),
        ("right_foot", "R_S2_CABLE", "R_S3_CABLE"),
    ],
)
def test_two_swapped_wires_are_found(insole_copy: Path, sheet: str, one: str, other: str) -> None:
    path = insole_copy.parent / f"{sheet}.kicad_sch"
    text = path.read_text(encoding="utf-8")
    # swapped at one end only, as a slip in the editor would be
    first, second = text.index(f'(label "{one}"'), text.index(f'(label "{other}"')
    swapped = list(text)
    for at, word in sorted(((first, other), (second, one)), reverse=True):
        end = text.index('"', at + 8)
        swapped[at + 8 : end] = word
    path.write_text("".join(swapped), encoding="utf-8")
    found = differences(export(insole_copy), load_design("insole"))
    assert any(line.startswith((f"{one}:", f"{other}:")) for line in found)


def test_another_value_is_found(insole_copy: Path) -> None:
    text = insole_copy.read_text(encoding="utf-8")
    at = text.index('"Reference" "R1"')
    changed = text[:at] + text[at:].replace('"Value" "1.0k"', '"Value" "2.2k"', 1)
    insole_copy.write_text(changed, encoding="utf-8")
    assert differences(export(insole_copy), load_design("insole")) == ["R1: table 1.0k, drawn 2.2k"]


@pytest.mark.parametrize("name", DESIGNS)
def test_committed_pictures_show_the_schematic(name: str, tmp_path: Path) -> None:
    pictures = plot_svg(project_path(name), tmp_path)
    assert pictures
    for picture in pictures:
        committed = project_path(name).parent / picture.name
        assert committed.read_text(encoding="utf-8") == picture.read_text(encoding="utf-8"), (
            f"{picture.name} is older than its schematic; run make hardware"
        )
    assert project_path(name).with_suffix(".pdf").read_bytes().startswith(b"%PDF")
