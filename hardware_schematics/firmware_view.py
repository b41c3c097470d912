# SPDX-License-Identifier: CERN-OHL-S-2.0
"""What the firmware and its simulator need of the net tables, checked against what a board can do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from boards import BOARDS, Board, Pin, WiringError
from net_table import FOLDER, Design, Part, load_design


@dataclass(frozen=True, slots=True)
class Multiplexer:
    """One multiplexer as the board sees it; `foot` is a bank's letter in a mat."""

    foot: str
    name: str
    select: tuple[Pin, ...]
    enable: Pin | None
    signal: Pin
    resistance_ohm: int
    pull_down_ohm: int


@dataclass(frozen=True, slots=True)
class Insole:
    """The insole design on one board."""

    title: str
    board: Board
    channels: tuple[str, ...]
    multiplexers: tuple[Multiplexer, ...]
    sync_in: Pin
    sync_out: Pin
    led: Pin
    design: Design
    sensor_part: str


@dataclass(frozen=True, slots=True)
class Mat:
    """A mat design on its board."""

    title: str
    board: Board
    rows: int
    columns: int
    multiplexers: tuple[Multiplexer, ...]
    row_data: Pin
    row_clock: Pin
    row_latch: Pin
    row_off: Pin
    sync_in: Pin
    sync_out: Pin
    led: Pin
    row_ohm: float
    row_idle_ohm: int
    reference_ohm: int
    feedback_ohm: int
    reference_permille: int
    design: Design


def load_insole(path: Path = FOLDER / "nets.toml", board: str = "uno") -> Insole:
    """Read the insole's table and check that the board can do what it says.

    Raises
    ------
    WiringError
        A net is missing or joins what it must not.
    """
    design = load_design("insole", path.parent)
    head = design.head
    kind = BOARDS[board]
    other = head["boards"].get(board)
    pin_of_net = kind.pin_of_net(other["pins"] if other else design.parts["A1"].pins)
    channels = tuple(head["sensors"]["channels"])
    if len(channels) != 16 or len(set(channels)) != 16:
        raise WiringError("insole.sensors.channels must name 16 different sensors")
    feet = head["sensors"]["feet"]
    _check_cables(design)
    multiplexers = tuple(
        _multiplexer(design, _mux_of(design, foot), foot, pin_of_net) for foot in feet
    )
    _check_apart(multiplexers)
    title = head["title"]
    return Insole(
        title=title if other is None else f"{_before_board(title)}{other['title']}",
        board=kind,
        channels=channels,
        multiplexers=multiplexers,
        sync_in=_reach(design, "SYNC_IN", pin_of_net),
        sync_out=_reach(design, "SYNC_OUT", pin_of_net),
        led=_reach(design, "LED", pin_of_net),
        design=design,
        sensor_part=head["sensors"]["part"],
    )


def _before_board(title: str) -> str:
    return title.split("Arduino", maxsplit=1)[0].removesuffix("an ") + "an "


def load_mat(name: str, folder: Path = FOLDER) -> Mat:
    """Read a mat's table and check that its board can do what it says.

    Raises
    ------
    WiringError
        A net is missing or joins what it must not.
    """
    design = load_design(name, folder)
    head = design.head
    kind = BOARDS[head["board"]]
    pin_of_net = kind.pin_of_net(design.parts["A1"].pins)
    muxes = tuple(
        _multiplexer(design, part, "AB"[n], pin_of_net)
        for n, part in enumerate(design.with_role("multiplexer"))
    )
    _check_apart(muxes)
    _check_matrix(design, head)
    series = _ohm_of(design, "row_series")
    return Mat(
        title=head["title"],
        board=kind,
        rows=head["rows"],
        columns=head["columns"],
        multiplexers=muxes,
        row_data=_reach(design, "ROW_DATA", pin_of_net),
        row_clock=_reach(design, "ROW_CLOCK", pin_of_net),
        row_latch=_reach(design, "ROW_LATCH", pin_of_net),
        row_off=_reach(design, "ROW_OFF", pin_of_net),
        sync_in=_reach(design, "SYNC_IN", pin_of_net),
        sync_out=_reach(design, "SYNC_OUT", pin_of_net),
        led=_reach(design, "LED", pin_of_net),
        row_ohm=float(design.with_role("row_driver")[0].stock["on_ohm"] + series),
        row_idle_ohm=_ohm_of(design, "row_idle"),
        reference_ohm=_ohm_of(design, "reference_series"),
        feedback_ohm=_ohm_of(design, "feedback"),
        reference_permille=_reference_permille(design),
        design=design,
    )


def _reference_permille(design: Design) -> int:
    """VREF as a share of the supply; 0 where a design has no reference."""
    top, bottom = _ohm_of(design, "reference_top"), _ohm_of(design, "reference_bottom")
    return round(1000 * bottom / (top + bottom)) if top else 0


def _ohm_of(design: Design, role: str) -> int:
    """The one value that all resistors of a role have; 0 where a design has none."""
    values = {p.stock["ohm"] for p in design.with_role(role) if "ohm" in p.stock}
    if len(values) > 1:
        raise WiringError(f"{design.name}: the {role} resistors differ: {sorted(values)}")
    return values.pop() if values else 0


def _mux_of(design: Design, foot: str) -> Part:
    return next(p for p in design.with_role("multiplexer") if p.entry["foot"] == foot)


def _reach(design: Design, net: str, pin_of_net: dict[str, Pin]) -> Pin:
    found = [pin_of_net[n] for n in design.reached_from(net) if n in pin_of_net]
    if len(found) != 1:
        raise WiringError(f"net {net} must reach one pin of the board, not {len(found)}")
    return found[0]


def _multiplexer(design: Design, mux: Part, foot: str, pin_of_net: dict[str, Pin]) -> Multiplexer:
    select = tuple(_reach(design, mux.pins[f"S{n}"], pin_of_net) for n in range(4))
    if any(p.port != select[0].port or p.bit != select[0].bit + n for n, p in enumerate(select)):
        raise WiringError(f"{mux.ref}: S0-S3 must be four neighbouring bits of one port")
    signal = _reach(design, mux.pins["SIG"], pin_of_net)
    if signal.adc is None:
        raise WiringError(f"{mux.ref}: its signal must reach an analogue input")
    enable = None if mux.pins["EN"] == "GND" else _reach(design, mux.pins["EN"], pin_of_net)
    resistance = mux.stock["on_ohm"]
    return Multiplexer(foot, mux.ref, select, enable, signal, resistance, _pull_down(design, mux))


def _check_apart(multiplexers: tuple[Multiplexer, ...]) -> None:
    """No two multiplexers share a select line or a converter's input."""
    for pins in ([m.signal for m in multiplexers], [p for m in multiplexers for p in m.select]):
        if len(set(pins)) != len(pins):
            raise WiringError("two multiplexers hang on the same pins of the board")


def _pull_down(design: Design, mux: Part) -> int:
    nets = design.reached_from(mux.pins["SIG"])
    found = [p for p in design.with_role("pull_down") if nets & set(p.pins.values())]
    wanted = 0 if design.head.get("front_end") == "virtual_ground" else 1
    if len(found) != wanted:
        raise WiringError(
            f"{mux.ref}: its signal net needs {wanted} pull-down, and has {len(found)}"
        )
    return found[0].stock["ohm"] if found else 0


def _check_cables(design: Design) -> None:
    """Each foot's cable is straight: both ends carry the same net on the same pin."""
    jacks = [p for p in design.with_role("connector") if len(p.pins) == 8]
    ends = design.with_role("cable_end")
    for jack, end in zip(jacks, ends, strict=True):
        if jack.pins != end.pins:
            raise WiringError(f"the cable from {jack.ref} to {end.ref} is not straight")


def _check_matrix(design: Design, head: dict[str, Any]) -> None:
    """Row and column n are pin n of their connectors, and reach driver and channel n."""
    for axis, count, first in (("ROW", head["rows"], 101), ("COL", head["columns"], 201)):
        for n in range(count):
            connector = design.parts[f"J{first + n // 16}"]
            if connector.pins[str(n % 16 + 1)] != f"{axis}{n}":
                raise WiringError(f"{connector.ref}: pin {n % 16 + 1} must carry {axis}{n}")
