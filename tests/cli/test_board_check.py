# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig doctor --board` against the real firmware on a simulated board, two wires swapped."""

import json
from pathlib import Path

import numpy as np
import pytest

from rig.acquire.firmware_source import FirmwareInLoop, write_loads
from rig.acquire.sensel_maps import NO_ID, load_map, map_path, save_map
from rig.calibrate.sensel_map import identity_map
from rig.cli.__main__ import run
from rig.cli.board_check import asked_sensels
from rig.errors import SettingsError
from rig.layout.foot_picture import SENSEL_NAMES
from rig.record import Recording

ROWS_HZ = 10
REST_ROWS, PRESS_ROWS, PAUSE_ROWS = 30, 3, 3
PRESS_US = 500.0  # 5 N on an FSR 402 (about 100 uS a newton)


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


def presses(order: list[int]) -> np.ndarray:
    rows = np.zeros((REST_ROWS + len(order) * (PRESS_ROWS + PAUSE_ROWS), 32))
    for turn, wire in enumerate(order):
        start = REST_ROWS + turn * (PRESS_ROWS + PAUSE_ROWS)
        rows[start : start + PRESS_ROWS, wire] = PRESS_US
    return rows


def test_two_swapped_wires_are_named_and_mapped(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wires = list(range(16))
    wires[1], wires[8] = 8, 1  # HM's sensor hangs on MT2's channel and the other way round
    loads = config / "loads.bin"
    write_loads(loads, ROWS_HZ, presses(wires))
    eeprom = config / "eeprom.bin"
    with FirmwareInLoop(loads=loads, loads_from_scan=True, eeprom=eeprom) as board:
        code = run(
            ["doctor", "--board", "--source", board.port, "--foot", "left", "--timeout", "3"]
        )
    said = capsys.readouterr()
    assert code == 1, said.err
    assert "L_HM was pressed, L_MT2's wire answered." in said.out
    assert "L_MT2 was pressed, L_HM's wire answered." in said.out
    assert "Swapped wires: L_HM, L_MT2." in said.out
    (kept,) = (config / "config" / "solerig" / "boards").iterdir()
    assert json.loads(kept.read_text())["sample_of"]["L_HM"] == 8
    expected = list(identity_map(32))
    expected[1], expected[8] = 8, 1
    assert load_map(int(kept.stem, 16)) == tuple(expected)
    with FirmwareInLoop(loads=loads, eeprom=eeprom) as same_board:
        out = config / "recording"
        arguments = ["--source", same_board.port, "--seconds", "0.5", "--out", str(out)]
        assert run(["record", *arguments]) == 0
    assert Recording.open(out).info.calibration.sensel_map == tuple(expected)


def test_a_map_goes_when_the_wires_are_right_again(config: Path) -> None:
    save_map(7, (1, 0, *range(2, 32)))
    assert load_map(7)[:2] == (1, 0)
    save_map(7, identity_map(32))
    assert not map_path(7).exists()
    assert load_map(7) == identity_map(32)
    save_map(NO_ID, (1, 0, *range(2, 32)))
    assert load_map(NO_ID) == identity_map(32)  # nobody knows which nameless board it was


@pytest.mark.parametrize("text", ["", "{}", '{"schema": "solerig.sensel_map/1", "sample_of": {}}'])
def test_a_damaged_map_is_refused_by_name(config: Path, text: str) -> None:
    path = save_map(7, (1, 0, *range(2, 32)))
    path.write_text(text)
    with pytest.raises(SettingsError, match=r"00000007\.json"):
        load_map(7)


def test_sensors_are_chosen_by_name_or_foot() -> None:
    assert asked_sensels("right", ()) == tuple(range(16, 32))
    assert asked_sensels("both", ("l_mt1", "R_HB")) == (7, 16)
    assert [SENSEL_NAMES[s] for s in asked_sensels("left", ())][:2] == ["L_HB", "L_HM"]
    with pytest.raises(SettingsError, match="L_XX"):
        asked_sensels("both", ("L_XX",))
