# SPDX-License-Identifier: GPL-3.0-or-later
"""Sensor forces of any kind as loads, and through the same contact stage as our own."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rig.calibrate.calibration import Calibration
from rig.calibrate.force_block import Float64, ForceBlock, FrameFlag
from rig.contact.contact_stage import contact_stage, contact_state, finish_contacts
from rig.contact.load_stage import body_cop_mm, load_share_left
from rig.contact.results import Contact, ContactEvent, LoadBlock
from rig.contact.rules import (
    COP_SHARE,
    SHARE_LEFT_LEAST,
    contact_rules,
    foot_on_n,
    reference_body_weight_n,
)
from rig.importers.sensor_forces import SensorForces
from rig.layout import Foot, Region
from rig.settings import DrillSettings, Participant
from rig.wire.frames import Segment, SegmentCause
from rig.wire.packets import LAYOUT_CHECKSUM, PROTOCOL_VERSION, Board, Hello, HelloReason

_NO_LAYOUT = 0


@dataclass(frozen=True, slots=True, eq=False)
class FoundContacts:
    """Loads, and what the contact stage made of them."""

    loads: LoadBlock
    contacts: tuple[Contact, ...]
    events: tuple[ContactEvent, ...]


def contacts_of(
    forces: SensorForces, participant: Participant, drill: DrillSettings | None = None
) -> FoundContacts:
    """Contacts of other makers' sensors, by the rules of a free movement unless a drill is given."""
    calibration = Calibration(identifier=forces.device)
    rules = contact_rules(participant, calibration, drill or DrillSettings("free"))
    loads = load_block(forces, participant)
    state, found = contact_stage(contact_state(rules), loads)
    _, ended = finish_contacts(state)
    contacts = sorted((*found.contacts, *ended.contacts), key=lambda c: (c.first_s, c.foot))
    return FoundContacts(loads, tuple(contacts), (*found.events, *ended.events))


def load_block(forces: SensorForces, participant: Participant) -> LoadBlock:
    """Loads as `rig.contact.load_stage` would give them, but from sensors that cover the sole.

    No area and no gain come in: the sensors' forces are summed as they are. A foot without any sensor
    is NaN.
    """
    weight_n = reference_body_weight_n(participant)
    n = len(forces.t_s)
    region_n = np.full((n, 2, len(Region)), np.nan)
    foot_n = np.full((n, 2), np.nan)
    foot_cop = np.full((n, 2, 2), np.nan)
    for foot in Foot:
        own = np.flatnonzero(forces.foot == foot)
        if len(own) == 0:
            continue
        force_n = np.ascontiguousarray(forces.force_n[:, own])
        foot_n[:, foot] = force_n.sum(axis=-1)
        for region in Region:
            of_region = forces.region[own] == region
            if of_region.any():
                region_n[:, foot, region] = np.ascontiguousarray(force_n[:, of_region]).sum(axis=-1)
        enough = foot_n[:, foot] >= COP_SHARE * weight_n
        for axis in (0, 1):
            moment = (force_n * forces.place_mm[own, axis]).sum(axis=-1)
            np.divide(moment, foot_n[:, foot], out=foot_cop[:, foot, axis], where=enough)
    on_n = np.full(2, foot_on_n(weight_n, 0.0))
    known_n = np.nan_to_num(foot_n, nan=0.0)
    share_left = load_share_left(foot_n, SHARE_LEFT_LEAST * weight_n)
    return LoadBlock(
        force=_force_block(forces),
        foot_force_n=foot_n,
        region_force_n=region_n,
        foot_cop_mm=foot_cop,
        cop_mm=body_cop_mm(known_n, foot_cop, share_left, on_n),
        share_left=share_left,
    )


def _force_block(forces: SensorForces) -> ForceBlock:
    """One segment without a hole; frames are numbered by the time that passed."""
    n = len(forces.t_s)
    number = np.rint((forces.t_s - forces.t_s[0]) * forces.rate_hz).astype(np.int64)
    lost = np.maximum(np.diff(number, prepend=number[0] - 1) - 1, 0)
    flags = np.full(n, int(FrameFlag.TEMPLATE_STANCE), np.uint32)
    flags[lost > 0] |= np.uint32(FrameFlag.FRAMES_LOST_BEFORE)
    flags[0] |= np.uint32(FrameFlag.SEGMENT_START)
    return ForceBlock(
        segment=Segment(0, _hello(forces), SegmentCause.FIRST, clock_continues=False),
        t_s=forces.t_s,
        frame_number=number,
        end_offset=np.zeros(n, np.int64),
        pad_force_n=_by_foot(forces),
        flags=flags,
        lost_before=lost,
    )


def _by_foot(forces: SensorForces) -> Float64:
    """(n, 2, most sensors of a foot), NaN where a foot has fewer."""
    own = [np.flatnonzero(forces.foot == foot) for foot in Foot]
    pads = np.full((len(forces.t_s), 2, max(len(o) for o in own)), np.nan)
    for foot in Foot:
        pads[:, foot, : len(own[foot])] = forces.force_n[:, own[foot]]
    return pads


def _hello(forces: SensorForces) -> Hello:
    """What stages ask of a board: how often it scans. All that only a board of ours has is 0."""
    blank = Hello(
        protocol_version=PROTOCOL_VERSION,
        layout_checksum=LAYOUT_CHECKSUM,
        firmware_major=0,
        firmware_minor=0,
        firmware_patch=0,
        board=Board.UNKNOWN,
        unique_id=0,
        rig_kind=0,
        layout_id=_NO_LAYOUT,
        topology=0,
        pull_down_ohm=0,
        sensel_count=len(forces.foot),
        bit_depth=0,
        adc_full_scale=0,
        scan_rate_hz=0,
        max_scan_rate_hz=0,
        baud=0,
        configuration=0,
        reason=HelloReason.ASKED,
        reset_cause=0,
        time_us=0,
    )
    rate_hz = round(forces.rate_hz)
    return replace(blank, scan_rate_hz=rate_hz, max_scan_rate_hz=rate_hz)
