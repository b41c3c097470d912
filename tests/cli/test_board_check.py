# SPDX-License-Identifier: GPL-3.0-or-later
"""`solerig doctor --board` against the real firmware on a simulated board, two wires swapped."""

import json
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from rig.acquire.firmware_source import FirmwareInLoop, write_loads
from rig.acquire.sensel_maps import NO_ID, load_map, map_path, save_map
from rig.calibrate.board_walk import Press, walk_state
from rig.calibrate.sensel_map import identity_map
from rig.calibrate.walk_findings import Finding
from rig.cli.__main__ import run
from rig.cli.board_check import _keep_map, asked_sensels, forget_board
from rig.cli.board_words import swap_words
from rig.cli.walk_rehearsal import ScriptedFinger, swapped_wires
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
    assert "Swapped wires: L_HM with L_MT2." in said.out
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
    with FirmwareInLoop(eeprom=eeprom) as same_board:
        assert run(["doctor", "--board", "--forget-map", "--source", same_board.port]) == 0
    assert str(kept) in capsys.readouterr().out
    assert not kept.exists()


def test_nothing_pressed_hides_no_sensor(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    loads = config / "loads.bin"
    write_loads(loads, ROWS_HZ, np.zeros((60, 32)))
    asked = ["--sensors", "L_MT1", "--timeout", "1"]
    with FirmwareInLoop(loads=loads, eeprom=config / "eeprom.bin") as board:
        assert run(["doctor", "--board", "--source", board.port, *asked]) == 1
    said = capsys.readouterr().out
    assert "L_MT1: nothing answered in time" in said
    assert "no sensor map was written" in said
    assert not [*config.rglob("boards/*")]


def test_a_walk_over_a_simulated_person_is_a_rehearsal(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--sensors", "L_MT1,R_T5"]
    assert run(["doctor", "--board", "--source", "simulated", *asked]) == 0
    said = capsys.readouterr().out
    assert "A rehearsal" in said
    assert "L_MT1 answered." in said
    assert "R_T5 answered." in said
    assert "Swapped" not in said
    assert "use it from now on" not in said
    assert not [*config.rglob("boards/*")]


def test_a_swap_is_rehearsed(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["--sensors", "L_T5,L_MT1,R_MT5", "--rehearse-swap", "l_t5, r_mt5"]
    assert run(["doctor", "--board", "--source", "simulated", *asked]) == 1
    said = capsys.readouterr().out
    assert "L_T5 was pressed, R_MT5's wire answered." in said
    assert "R_MT5 was pressed, L_T5's wire answered." in said
    assert "L_MT1 answered." in said
    assert "Swapped wires: L_T5 with R_MT5." in said
    assert not [*config.rglob("boards/*")]


@pytest.mark.parametrize("cut", [1, 7, 50, 333, 4000])
def test_the_scripted_finger_does_not_care_how_the_frames_come(cut: int) -> None:
    finger = ScriptedFinger(swapped_wires((0, 31)), 200)
    state = walk_state((0, 5, 31), 200)
    presses = []
    for start in range(0, 4000, cut):
        frames = np.zeros((min(cut, 4000 - start), 32), dtype=np.uint16)
        state, events = finger.walk(state, frames)
        presses += [(e.asked, e.sample, e.let_go) for e in events if isinstance(e, Press)]
    assert presses == [(0, 31, True), (5, 5, True), (31, 0, True)]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--rehearse-swap", "L_HB,R_HB"], "goes with --board"),
        (["--board", "--source", "COM99", "--rehearse-swap", "L_HB,R_HB"], "--source simulated"),
        (["--board", "--source", "simulated", "--rehearse-swap", "L_HB"], "two by two"),
        (["--board", "--source", "simulated", "--rehearse-swap", "L_HB,L_HB"], "two by two"),
        (["--board", "--source", "simulated", "--rehearse-swap", "L_XX,L_HB"], "no sensor L_XX"),
    ],
)
def test_a_swap_that_cannot_be_rehearsed_is_refused(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["doctor", *arguments]) != 0
    assert says in " ".join(capsys.readouterr().err.split())


def test_swaps_are_said_pair_by_pair_and_rings_wire_by_wire() -> None:
    wires = {8: 24, 24: 8, 16: 18, 18: 16, 1: 2, 2: 3, 3: 1}
    found = [Finding(s, "swapped", wire, 300.0) for s, wire in sorted(wires.items())]
    n = SENSEL_NAMES
    assert swap_words([*found, Finding(5, "ok", 5, 300.0)]) == (
        f"Swapped wires: {n[1]} on {n[2]}'s wire; {n[2]} on {n[3]}'s wire; {n[3]} on {n[1]}'s wire; "
        f"{n[8]} with {n[24]}; {n[16]} with {n[18]}."
    )
    assert swap_words([]) == ""


def test_what_the_map_hides_is_said(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = [Finding(7, "ok", 7, 300.0), Finding(0, "dead", None, 0.0)]
    _keep_map(found, 7, Console(soft_wrap=True), whole=True, print_map=False)
    said = capsys.readouterr().out
    assert "Did not answer, and still count as there: L_HB." in said
    assert "hides 30 of 32 sensors as not there: L_HM, " in said
    assert "--forget-map" in said
    assert load_map(7) == tuple(i if i in (0, 7) else -1 for i in range(32))


def test_the_other_foots_mended_swap_stays(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_map(7, (1, 0, *range(2, 32)))
    right = [Finding(s, "ok", s, 300.0) for s in range(16, 32)]
    _keep_map(right, 7, Console(soft_wrap=True), whole=False, print_map=False)
    assert load_map(7) == (1, 0, *range(2, 32))
    assert "Kept from an earlier walk: L_HB, L_HM." in capsys.readouterr().out


def test_a_map_that_cannot_be_read_is_written_anew_and_said(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = save_map(7, (1, 0, *range(2, 32)))
    path.write_text("{}")
    found = [Finding(16, "swapped", 17, 300.0), Finding(17, "swapped", 16, 300.0)]
    _keep_map(found, 7, Console(soft_wrap=True), whole=False, print_map=False)
    assert load_map(7) == (*range(16), 17, 16, *range(18, 32))
    said = capsys.readouterr().out
    assert "cannot be understood" in said
    assert "counts as wired as drawn" in said


def test_what_is_no_board_has_no_map_to_forget() -> None:
    with pytest.raises(SettingsError, match="no sensor map to forget"):
        forget_board(Console(), "simulated")


def test_forgetting_goes_with_a_board(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", "--forget-map"]) != 0
    assert "--board" in capsys.readouterr().err


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
