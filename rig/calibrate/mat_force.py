# SPDX-License-Identifier: GPL-3.0-or-later
"""Stream stage: frames of a mat's counts to newtons of each cell. Decision delay: none."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from rig.calibrate.calibration import Calibration
from rig.calibrate.force_block import Float64, FrameFlag
from rig.calibrate.frame_order import FramePlace, lost_before, order_flags
from rig.calibrate.ghosting import MatrixFrontEnd, cell_conductance_us, matrix_front_end
from rig.calibrate.mat_force_block import MatForceBlock
from rig.errors import SettingsError
from rig.layout.mat import MatLayout, mat_layout
from rig.wire.frames import FrameBlock
from rig.wire.packets import Hello, Topology

RAIL_SHARE = 0.97
"""Of the ADC's full scale; a column's amplifier ends at 1,005 of 1,024 counts
(hardware_schematics/analogue.md)."""
FULL_COLUMN_SHARE = 0.95
"""Idle rows grounded: of the highest that a column's readings can add up to (design choice)."""
FILM_US_MM2_N, FILM_EXPONENT = 2500.0, 1.0
"""k times a cell's area, and p, of G = k F^p of a film that no calibration has measured. Films differ
widely; this one brings a cell to 1 mS at 0.4 MPa, the most that running puts under a forefoot (Hahni
2016, J Foot Ankle Res). The body-weight gain takes up what it is off in common."""
SNEAK_LSB = 6.0
"""Below zero by so many counts, a cell's conductance is no noise of 1 count rms (design choice)."""
SLOW_RATE_HZ = 100.0
"""Below it, times of events are withheld: a frame lasts longer than the error that they may have
(design choice)."""


@dataclass(frozen=True, slots=True, eq=False)
class _Circuit:
    """What follows from hello and calibration: the circuit, the curves and the least conductance.

    `k_us`, `inverse_exponent` and `tare_n` are (rows, columns) or one number.
    """

    front: MatrixFrontEnd
    layout: MatLayout
    k_us: Float64
    inverse_exponent: Float64
    tare_n: Float64
    a_count_us: float


@dataclass(frozen=True, slots=True, eq=False)
class MatForceState:
    """What the stage carries from block to block; `circuit` belongs to `hello`."""

    calibration: Calibration
    body_weight_known: bool
    hello: Hello | None = None
    circuit: _Circuit | None = None
    place: FramePlace = field(default_factory=FramePlace)


def change_mat_calibration(
    state: MatForceState, calibration: Calibration, body_weight_known: bool
) -> MatForceState:
    """The same place in the stream under other settings."""
    return MatForceState(calibration, body_weight_known, place=state.place)


def mat_force_stage(
    state: MatForceState, block: FrameBlock, t_s: Float64
) -> tuple[MatForceState, MatForceBlock]:
    """Newtons of each cell: ghosts undone, through its curve, tare taken off, never below 0.

    Parameters
    ----------
    t_s : (n,) float64
        Time of each frame on the recording's clock (`timeline`).

    Raises
    ------
    SettingsError
        The hello describes no mat that this version can read, or the calibration is another rig's.
    """
    hello = block.segment.hello
    if state.circuit is None or (state.hello is not hello and state.hello != hello):
        state = replace(state, hello=hello, circuit=_circuit(hello, state.calibration))
    circuit = state.circuit
    assert circuit is not None  # noqa: S101 - made just above; tells the type checker so
    readings = _grid(block.counts, circuit.layout) * (1.0 / hello.adc_full_scale)
    conductance_us = cell_conductance_us(readings, circuit.front)
    cells_n = _newtons(conductance_us, circuit)
    lost = lost_before(state.place, block)
    flags = order_flags(state.place, block, lost, _constant_flags(state, hello))
    flags[_saturated(readings, circuit.front)] |= np.uint32(FrameFlag.SATURATED)
    below = conductance_us.min(axis=(1, 2), initial=0.0) < -SNEAK_LSB * circuit.a_count_us
    flags[below] |= np.uint32(FrameFlag.SNEAK_PATH)
    result = MatForceBlock(
        segment=block.segment,
        t_s=t_s,
        frame_number=block.frame_number,
        end_offset=block.end_offset,
        layout=circuit.layout,
        cell_force_n=cells_n,
        flags=flags,
        lost_before=lost,
        count_n=circuit.a_count_us / float(circuit.k_us.mean()),
    )
    return replace(state, place=state.place.after(block)), result


def cells_of_counts(
    counts: npt.NDArray[np.uint16], hello: Hello, calibration: Calibration
) -> Float64:
    """(n, rows, columns) newtons of each scanned cell, without memory; raises as the stage."""
    circuit = _circuit(hello, calibration)
    readings = _grid(counts, circuit.layout) * (1.0 / hello.adc_full_scale)
    return _newtons(cell_conductance_us(readings, circuit.front), circuit)


def _newtons(conductance_us: Float64, circuit: _Circuit) -> Float64:
    cells_n = np.maximum(conductance_us, 0.0) / circuit.k_us
    if np.any(circuit.inverse_exponent != 1.0):
        cells_n **= circuit.inverse_exponent
    cells_n -= circuit.tare_n
    return np.maximum(cells_n, 0.0, out=cells_n)


def _circuit(hello: Hello, calibration: Calibration) -> _Circuit:
    front = matrix_front_end(hello, calibration.mux_ohm)
    layout = mat_layout(hello)
    curves = len(calibration.sensel_k_us)
    if curves not in (0, layout.rows * layout.columns):
        raise SettingsError(
            f"The calibration {calibration.identifier!r} has curves for {curves} sensors, but the mat "
            f"has {layout.rows * layout.columns} cells: it belongs to another rig. Choose another "
            "calibration, or calibrate again."
        )
    k_us: tuple[float, ...] | float = (
        calibration.sensel_k_us or FILM_US_MM2_N / layout.cell_area_mm2
    )
    exponent: tuple[float, ...] | float = calibration.sensel_exponent or FILM_EXPONENT
    tare_n = _of_cells(calibration.tare_of(layout.rows * layout.columns), layout)
    if front.topology == Topology.MATRIX_VIRTUAL_GROUND:
        a_count_us = 1e6 / (hello.adc_full_scale * front.reference * front.column_ohm)
    else:
        a_count_us = 1e6 / (hello.adc_full_scale * front.column_ohm)
    return _Circuit(
        front,
        layout,
        _of_cells(k_us, layout),
        1.0 / _of_cells(exponent, layout),
        tare_n,
        a_count_us,
    )


def _of_cells(values: tuple[float, ...] | float, layout: MatLayout) -> Float64:
    """One value a scanned cell, or the one value for all; two axes."""
    array = np.asarray(values, np.float64)
    if array.ndim == 0:
        return array.reshape(1, 1)
    return array[layout.sensel].reshape(layout.row_count, layout.column_count)


def _grid(counts: npt.NDArray[np.uint16], layout: MatLayout) -> Float64:
    return counts.reshape(len(counts), layout.row_count, layout.column_count).astype(np.float64)


def _constant_flags(state: MatForceState, hello: Hello) -> FrameFlag:
    flags = FrameFlag.HEEL_ZONE_ONLY
    if not state.body_weight_known:
        flags |= FrameFlag.NO_BODY_WEIGHT
    if state.calibration.body_weight_gain_source == "default":
        flags |= FrameFlag.NO_BODY_WEIGHT_GAIN
    if hello.scan_rate_hz < SLOW_RATE_HZ:
        flags |= FrameFlag.EVENT_TIMES_WITHHELD
    return flags


def _saturated(readings: Float64, front: MatrixFrontEnd) -> npt.NDArray[np.bool_]:
    """Frames in which at least one cell reads no more than a lower bound."""
    if front.topology == Topology.MATRIX_VIRTUAL_GROUND:
        return readings.max(axis=(1, 2), initial=0.0) >= RAIL_SHARE
    reach = front.column_ohm / (front.column_ohm + front.mux_ohm)
    together = np.zeros((len(readings), readings.shape[2]))
    for row in range(readings.shape[1]):
        together += readings[:, row]
    return together.max(axis=1, initial=0.0) >= FULL_COLUMN_SHARE * reach
