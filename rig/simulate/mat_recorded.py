# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated mat session as a recording, as acquisition would have taken it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rig.layout.foot import Foot
from rig.settings import SIDES
from rig.simulate.behaviour import BehaviourFault
from rig.simulate.mat_field import Stand
from rig.simulate.mat_session import MatSession
from rig.simulate.motions import drill_setting
from rig.simulate.recorded import session_info, write_crossed
from rig.simulate.truth import Truth, truth_json
from rig.wire.packets import LayoutId


def write_mat_session(folder: Path, session: MatSession) -> None:
    """Write `session` as a recording into `folder`, which must be new or empty.

    Raises
    ------
    RecordingError
        The folder holds something already, or cannot be written.
    """
    layout_name = LayoutId(session.hello.layout_id).name.lower()
    drill = drill_setting(session.motion)
    write_crossed(folder, session, session_info(session, layout_name, drill))


@dataclass(frozen=True, slots=True, eq=False)
class _OfInsoles:
    """What insoles and mats have in common of a session."""

    seed: int
    rate_hz: int
    behaviour: tuple[BehaviourFault, ...]
    truth: Truth


def mat_truth_json(session: MatSession) -> dict[str, Any]:
    """The content of `truth.json`: that of insoles, and where the feet were put on the mat.

    `placements` has `from_s` in true seconds since the first scan, and for each foot its heel edge in
    the mat frame (`x_mm`, `y_mm`) and `toe_out_deg`.
    """
    of_insoles = _OfInsoles(session.seed, session.rate_hz, session.behaviour, session.truth.truth)
    placements = [_stand_json(stand) for stand in session.truth.stands]
    return {**truth_json(of_insoles), "rig": session.rig, "placements": placements}


def write_mat_dense(path: Path, session: MatSession) -> None:
    """Dense truth as numpy arrays in a zip, in float32 but for `t_s`.

    `t_s` (n,), `foot_force_n` (n, 2), and in the mat frame `foot_cop_mm` (n, 2, 2), `cop_mm` (n, 2),
    `heel_mm` (n, 2, 2); `axis_deg` (n, 2).
    """
    truth = session.truth
    arrays = {
        name: getattr(truth, name) for name in ("foot_cop_mm", "cop_mm", "heel_mm", "axis_deg")
    }
    arrays["foot_force_n"] = truth.truth.loads.foot_force_n
    single = {name: values.astype(np.float32) for name, values in arrays.items()}
    np.savez_compressed(path, t_s=truth.truth.t_s, **single)


def _stand_json(stand: Stand) -> dict[str, Any]:
    feet = {SIDES[foot]: asdict(stand.of(foot)) for foot in Foot}
    return {"from_s": stand.from_s, **feet}
