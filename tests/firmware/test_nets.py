# SPDX-License-Identifier: GPL-3.0-or-later
"""What was printed from the net table is what would be printed now, and a wrong wire is refused."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from rig.acquire.firmware_source import FIRMWARE_FOLDER

HARDWARE = FIRMWARE_FOLDER.parent / "hardware_schematics"


@pytest.fixture(scope="module")
def print_nets() -> ModuleType:
    spec = importlib.util.spec_from_file_location("print_nets", HARDWARE / "print_nets.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def table_with(tmp_path: Path) -> Callable[[str, str], Path]:
    def change(old: str, new: str) -> Path:
        text = (HARDWARE / "nets.toml").read_text(encoding="utf-8")
        assert old in text
        path = tmp_path / "nets.toml"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return path

    return change


def test_printed_files_are_as_printed(print_nets: ModuleType) -> None:
    insole = print_nets.load_insole()
    assert print_nets.PIN_MAP_PATH.read_bytes() == print_nets.pin_map_text(insole).encode()
    assert print_nets.SIMULATOR_PATH.read_bytes() == print_nets.simulator_text(insole).encode()
    assert print_nets.WIRING_PATH.read_bytes() == print_nets.wiring_text(insole).encode()


def test_order_of_the_sensors(print_nets: ModuleType) -> None:
    order = "HB HM HL HF AM LP LD MT1 MT2 MT3 MT4 MT5 HX T2 T34 T5"
    assert print_nets.load_insole().channels == tuple(order.split())


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'S0 = "L_S0_CABLE", S1 = "L_S1_CABLE"',
            'S0 = "L_S1_CABLE", S1 = "L_S0_CABLE"',
            "neighbouring",
        ),
        ('A0 = "L_SIGNAL"', 'A2 = "OTHER"', "only one end on OTHER, L_SIGNAL"),
        ('1 = "{foot}_DIVIDER", 2 = "GND"', '1 = "X", 2 = "GND"', "pull-down"),
        ('"HB", "HM"', '"HB", "HB"', "16 different sensors"),
        ('D12 = "SYNC_OUT"\nD13', 'D12 = "SPARE"\nD13', "only one end on SPARE, SYNC_OUT"),
    ],
)
def test_wrong_wires_are_refused(
    print_nets: ModuleType,
    table_with: Callable[[str, str], Path],
    old: str,
    new: str,
    message: str,
) -> None:
    with pytest.raises(print_nets.WiringError, match=message):
        print_nets.load_insole(table_with(old, new))


def test_a_moved_wire_changes_what_is_printed(
    print_nets: ModuleType, table_with: Callable[[str, str], Path]
) -> None:
    path = table_with('A0 = "L_SIGNAL"\nA1 = "R_SIGNAL"', 'A1 = "L_SIGNAL"\nA0 = "R_SIGNAL"')
    moved, here = print_nets.load_insole(path), print_nets.load_insole()
    assert print_nets.pin_map_text(moved) != print_nets.pin_map_text(here)
    assert print_nets.simulator_text(moved) != print_nets.simulator_text(here)
    assert print_nets.wiring_text(moved) != print_nets.wiring_text(here)
