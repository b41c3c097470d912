# SPDX-License-Identifier: GPL-3.0-or-later
"""Contacts, repetitions and faults of the dense truth, so that analyses can be judged from outside.

Nothing here knows the program's own contact and drill stages: thresholds stand as literal numbers
(design choices of the project's event definitions) and events are crossings of the true force.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from rig.layout import Foot
from rig.layout.foot import Float64
from rig.settings import SIDES
from rig.simulate import truth_landing, truth_standing
from rig.simulate.behaviour import BehaviourFault
from rig.simulate.body import TrueLoads
from rig.simulate.load_field import LoadField
from rig.simulate.motions import drill_setting
from rig.simulate.truth_contacts import contact_of, foot_spans
from rig.simulate.truth_faults import (
    heel_fault,
    heel_first_fault,
    present,
    toe_land_fault,
    toe_shift_fault,
)
from rig.simulate.truth_model import (
    Ground,
    Performance,
    TrueContact,
    TrueFault,
    TrueRepetition,
    Truth,
    ground_of,
)

TRUTH_SCHEMA = "solerig.truth/2"
_RULES: dict[str, Callable[[Ground, Sequence[TrueContact], Foot], Performance]] = {
    "stance": truth_standing.stance,
    "change-of-support": truth_standing.change_of_support,
    "pony": truth_standing.pony,
    "forward-change": truth_standing.forward_change,
    "tapping": truth_landing.tapping,
    "hopping": truth_landing.hopping,
    "lunge": truth_landing.lunge,
    "switch": truth_landing.switch,
    "running-lunge": truth_landing.running_lunge,
}


def find_truth(
    t_s: Float64,
    loads: TrueLoads,
    motion: str,
    working: Foot,
    body_weight_n: float,
    field: LoadField,
) -> Truth:
    """Work out contacts, repetitions and faults from dense loads.

    Parameters
    ----------
    t_s : (n,) float64
        Board seconds since the first frame.
    motion : str
        A drill's name; any other motion has contacts and no repetitions.
    field : LoadField
        The sole on which `loads.kernel_force_n` stands.
    """
    ground = ground_of(t_s, loads, body_weight_n, field)
    contacts = [
        contact_of(ground, foot, _kind(motion, foot, working), span)
        for foot, spans in zip(Foot, foot_spans(ground, motion, working), strict=True)
        for span in spans
    ]
    contacts.sort(key=_in_time)
    done = Performance([])
    if motion in _RULES:
        done = _RULES[motion](ground, contacts, working)
    return Truth(
        motion=motion,
        working=working,
        body_weight_n=body_weight_n,
        t_s=t_s,
        loads=loads,
        contacts=tuple(replace(c, faults=_own_faults(motion, c)) for c in contacts),
        repetitions=tuple(done.repetitions),
        set_faults=done.set_faults,
        baselines=done.baselines,
    )


def _in_time(contact: TrueContact) -> tuple[float, float, Foot]:
    """By the beginning; of those that were open from the start, the first to end comes first."""
    return (
        -np.inf if contact.on_s is None else contact.on_s,
        np.inf if contact.off_s is None else contact.off_s,
        contact.foot,
    )


def _kind(motion: str, foot: Foot, working: Foot) -> str:
    if motion == "pony":
        return "support"
    return "tap" if motion == "tapping" and foot == working else "foot"


def _own_faults(motion: str, contact: TrueContact) -> tuple[TrueFault, ...]:
    """What a drill's contact shows by itself, whatever the drill makes of it.

    Nothing is wrong with standing flat before the first landing, or with walking on one's heels.
    """
    if motion not in _RULES or contact.on_s is None:
        return ()
    if contact.kind == "support":
        return present(heel_fault(contact))
    return present(
        heel_fault(contact),
        heel_first_fault(contact),
        toe_land_fault(contact),
        toe_shift_fault(contact),
    )


class SessionWithTruth(Protocol):
    """What `truth_json` reads of a simulated session."""

    @property
    def seed(self) -> int: ...
    @property
    def rate_hz(self) -> int: ...
    @property
    def behaviour(self) -> tuple[BehaviourFault, ...]: ...
    @property
    def truth(self) -> Truth: ...


def truth_json(session: SessionWithTruth) -> dict[str, Any]:
    """The content of `truth.json`; times in seconds of the recording's `t_s`, null where open."""
    truth = session.truth
    return {
        "schema": TRUTH_SCHEMA,
        "motion": truth.motion,
        "drill": drill_setting(truth.motion),
        "side": SIDES[truth.working],
        "seed": session.seed,
        "rate_hz": session.rate_hz,
        "body_weight_n": truth.body_weight_n,
        "asked_for": [
            {"code": f.code, "size": f.size, "share": f.share} for f in session.behaviour
        ],
        "contacts": [contact_json(contact) for contact in truth.contacts],
        "repetition_count": len(truth.repetitions),
        "repetitions": [
            {"drill": truth.motion, **repetition_json(repetition)}
            for repetition in truth.repetitions
        ],
        "set_faults": [fault_json(fault) for fault in truth.set_faults],
        "baselines": truth.baselines,
    }


def write_dense(path: Path, truth: Truth) -> None:
    """Dense truth as numpy arrays in a zip: `t_s` (n,), and in float32 `foot_force_n` (n, 2),
    `foot_cop_mm` (n, 2, 2) in each foot's frame and `cop_mm` (n, 2) on the stance template."""
    loads = truth.loads
    np.savez_compressed(
        path,
        t_s=truth.t_s,
        foot_force_n=loads.foot_force_n.astype(np.float32),
        foot_cop_mm=loads.foot_cop_mm.astype(np.float32),
        cop_mm=loads.cop_mm.astype(np.float32),
    )


def contact_json(contact: TrueContact) -> dict[str, Any]:
    """One entry of `contacts`; null where open or undefined."""
    return {
        "foot": SIDES[contact.foot],
        "kind": contact.kind,
        "touch_s": contact.touch_s,
        "on_s": contact.on_s,
        "off_s": contact.off_s,
        "contact_time_s": contact.contact_time_s,
        "peak_force_n": contact.peak_force_n,
        "impulse_n_s": contact.impulse_n_s,
        "y_ic": _null_if_nan(contact.y_ic),
        "y_end": _null_if_nan(contact.y_end),
        "strike": contact.strike,
        "toes_at_landing": _null_if_nan(contact.toes_at_landing),
        "toes_at_end": _null_if_nan(contact.toes_at_end),
        "heel_lead_s": _null_if_nan(contact.heel_lead_s),
        "peak_at": _null_if_nan(contact.peak_at),
        "loading_rate_bw_s": _null_if_nan(contact.loading_rate_bw_s),
        "heel_touch": contact.heel_touch,
        "heel_share_max": _null_if_nan(contact.heel_share_max),
        "heel_impulse_share": _null_if_nan(contact.heel_impulse_share),
        "faults": [fault_json(fault) for fault in contact.faults],
    }


def repetition_json(repetition: TrueRepetition) -> dict[str, Any]:
    """One entry of `repetitions`."""
    return {
        "side": SIDES[repetition.side],
        "start_s": repetition.start_s,
        "end_s": repetition.end_s,
        "heel_touch": repetition.heel_touch,
        "clean": repetition.clean,
        "faults": [fault_json(fault) for fault in repetition.faults],
        "not_judged": list(repetition.not_judged),
        **repetition.measures,
    }


def fault_json(fault: TrueFault) -> dict[str, Any]:
    """One fault: code, time, size as a multiple of the threshold, and the numbers behind it."""
    return {
        "code": fault.code,
        "at_s": _null_if_nan(fault.at_s),
        "size": _null_if_nan(fault.size),
        "severity": fault.severity,
        "foot": None if fault.foot is None else SIDES[fault.foot],
        "numbers": {name: _null_if_nan(value) for name, value in fault.numbers.items()},
    }


def _null_if_nan(value: float) -> float | None:
    return None if np.isnan(value) else value
