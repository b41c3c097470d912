# SPDX-License-Identifier: GPL-3.0-or-later
"""An analysis as JSON, with what a reader must know before trusting it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from rig.analysis.sets import Practice, practice
from rig.analysis.sets_json import set_json
from rig.analysis.stretches import DrillStretch
from rig.analysis.whole import Analysis
from rig.calibrate.health_results import MASKING, HealthFinding
from rig.calibrate.sensel_map import ABSENT
from rig.contact.mask_effect import MaskEffect, finding_sentence
from rig.contact.results import Contact, ContactEvent
from rig.drills.faults import Fault
from rig.drills.registry import is_known, unknown_sentence
from rig.drills.repetitions import Repetition
from rig.layout import Foot
from rig.layout.foot_picture import SENSEL_NAMES

ANALYSIS_SCHEMA = "solerig.analysis/1"


def analysis_json(analysis: Analysis) -> dict[str, Any]:
    """The analysis as plain JSON values; null where something is undefined or nobody saw it."""
    participant = analysis.settings.participant
    drills = [stretch.drill for stretch in analysis.drills] or [analysis.settings.drill]
    practised = practice(analysis)
    content = {
        "schema": ANALYSIS_SCHEMA,
        "drill": _the_one([d.name for d in drills]),
        "side": _the_one([d.side for d in drills]),
        "profile": _the_one([d.thresholds.name for d in drills]),
        "judged_by": {
            "recognised": analysis.judged.recognised,
            "drill": analysis.judged.name,
            "side": analysis.judged.side,
            "profile": None
            if analysis.judged.thresholds is None
            else analysis.judged.thresholds.name,
        },
        "drills": [stretch_json(s) for s in analysis.drills],
        "simulated": analysis.simulated,
        "body_weight_n": participant.body_weight_n,
        "body_weight_source": participant.body_weight_source,
        "calibration": analysis.settings.calibration.identifier,
        "body_weight_gain_source": analysis.settings.calibration.body_weight_gain_source,
        "settings_changes": analysis.changes,
        "frames": analysis.frames,
        "lost_frames": analysis.faults.lost_frames,
        "crc_errors": analysis.faults.crc_errors,
        "faults": asdict(analysis.faults),
        "segments": analysis.segments,
        "clock_runs": analysis.clock_runs,
        "saturated_frames": analysis.saturated_frames,
        "rig": "mat" if analysis.mat_frames else "insoles",
        "feet_unknown_frames": analysis.feet_unknown_frames,
        "event_times_withheld": analysis.event_times_withheld,
        "rate_hz": analysis.rate_hz,
        "duration_s": analysis.duration_s,
        "contacts": [contact_json(c) for c in analysis.contacts],
        "heel_touches": _heel_touches(analysis.contacts),
        "flight_times_s": list(analysis.flight_times_s),
        "cadence_per_min": analysis.cadence_per_min,
        "repetition_count": len(analysis.repetitions),
        "repetitions": [repetition_json(r) for r in analysis.repetitions],
        "sets": [set_json(done) for done in practised.sets],
        "set_faults": [fault_json(f) for f in analysis.set_faults],
        "events": [_event_json(e) for e in analysis.events],
        "sensor_findings": [
            finding_json(finding, effect)
            for finding, effect in zip(analysis.findings, analysis.mask_effects, strict=True)
        ],
        "markers": [{"label": m.label, "at_s": m.at_s} for m in analysis.markers],
        "notes": [*notes(analysis), *_pain_notes(practised)],
    }
    return {key: _strict(value) for key, value in content.items()}


def stretch_json(stretch: DrillStretch) -> dict[str, Any]:
    """One entry of `drills`."""
    return {
        "drill": stretch.drill.name,
        "side": stretch.drill.side,
        "profile": stretch.drill.thresholds.name,
        "thresholds": asdict(stretch.drill.thresholds),
        "from_s": stretch.from_s,
        "to_s": stretch.to_s,
        "repetition_count": stretch.repetition_count,
        "cadence_per_min": stretch.cadence_per_min,
    }


def contact_json(contact: Contact) -> dict[str, Any]:
    """One entry of `contacts`."""
    return {
        "foot": _foot(contact.foot),
        "kind": contact.kind,
        "on_s": contact.on_s,
        "off_s": contact.off_s,
        "contact_time_s": contact.contact_time_s,
        "peak_force_n": contact.peak_force_n,
        "impulse_n_s": contact.impulse_n_s,
        "heel_touch": contact.heel_touch,
        "heel_share_max": contact.heel_share_max,
        "heel_impulse_share": contact.heel_impulse_share,
        "lost_frames": contact.lost_frames,
        "saturated": contact.saturated,
        "saturated_share": contact.saturated_share,
    }


def finding_json(finding: HealthFinding, effect: MaskEffect | None = None) -> dict[str, Any]:
    """One entry of `sensor_findings`; `sensor` null where a whole foot is meant.

    `effect` is that of all that is masked on the foot from then on.
    """
    sensel = finding.sensel
    return {
        "t_s": finding.t_s,
        "foot": _foot(finding.foot),
        "sensor": None if sensel is None else SENSEL_NAMES[sensel],
        "finding": finding.kind.value,
        "cop_may_be_off_mm": math.nan if effect is None else effect.may_be_off_mm,
        "said": finding_sentence(finding, effect),
    }


def repetition_json(repetition: Repetition) -> dict[str, Any]:
    """One entry of `repetitions`; its measures stand beside the rest, by name."""
    return {
        "drill": repetition.drill,
        "side": _foot(repetition.side),
        "start_s": repetition.start_s,
        "end_s": repetition.end_s,
        "heel_touch": repetition.heel_touch,
        "clean": repetition.clean,
        "faults": [fault_json(fault) for fault in repetition.faults],
        "not_judged": list(repetition.not_judged),
        "lost_frames": repetition.lost_frames,
        **repetition.measures,
    }


def fault_json(fault: Fault) -> dict[str, Any]:
    """One entry of `faults`; `numbers` are what triggered it, by name with its unit."""
    return {
        "code": fault.code,
        "at_s": fault.at_s,
        "size": fault.size,
        "severity": fault.severity,
        "foot": None if fault.foot is None else _foot(fault.foot),
        "numbers": dict(fault.numbers),
    }


def notes(analysis: Analysis) -> list[str]:
    """What a reader must know before trusting the figures, in plain sentences."""
    calibration = analysis.settings.calibration
    absent = calibration.sensel_map.count(ABSENT)
    repeated = _counted(analysis.faults.duplicate_frames, "frame")
    unread = _counted(analysis.damaged_event_lines, "unreadable line")
    rig = "mat was" if analysis.mat_frames else "insoles were"
    judged = analysis.judged.says(analysis.recorded)
    checks = (
        (analysis.simulated is True, "These data were simulated; no person was measured."),
        (bool(judged), judged),
        (analysis.frames == 0, "No frames could be read, so there are no results."),
        (
            analysis.settings.participant.body_weight_n is None,
            "No body weight is known: thresholds are those of a person of 700 N.",
        ),
        (
            absent > 0,
            f"{absent} of {len(calibration.sensel_map)} sensors are not there; others stand for them.",
        ),
        (
            calibration.body_weight_gain_source == "default",
            f"The {rig} not scaled to the body weight: forces and impulses are rough.",
        ),
        (
            not any(calibration.tare_force_n) and not any(calibration.unloaded_noise_n),
            f"The {rig} not tared: what is read unloaded counts as force.",
        ),
        (
            analysis.faults.lost_frames > 0,
            f"{analysis.faults.lost_frames} frames were lost; contacts say how many in each.",
        ),
        (
            analysis.faults.duplicate_frames > 0,
            f"{repeated} came again, byte for byte; what came again was left out.",
        ),
        (
            analysis.clock_runs > 1,
            "The board started anew during the recording; contacts at that place are left open.",
        ),
        (
            analysis.saturated_frames > 0,
            "Pads were saturated in part of the frames: peaks and impulses there are lower bounds.",
        ),
        (
            analysis.feet_unknown_frames > 0,
            f"{analysis.feet_unknown_frames} frames do not show which foot is which; they are left out.",
        ),
        (
            analysis.event_times_withheld,
            "The mat scans less than 100 times a second: times of contacts are too rough to be given.",
        ),
        (
            analysis.mat_frames > 0,
            "A mat sees the heel as a zone of whole cells, so heel touches are rough.",
        ),
        (
            any(f.kind in MASKING for f in analysis.findings),
            "Sensors were found to be broken while recording; from then on others stand for them.",
        ),
        (
            analysis.changes > 0,
            "Settings were changed during the recording; each part was analysed with its own.",
        ),
        (
            analysis.drill_changed,
            "The drill was changed during the recording, so no cadence is given for the whole.",
        ),
        *((True, unknown_sentence(name)) for name in _not_installed(analysis)),
        (
            analysis.damaged_event_lines > 0,
            f"events.jsonl is damaged ({unread}): markers or changes of settings may be missing.",
        ),
    )
    return [sentence for holds, sentence in checks if holds]


def _not_installed(analysis: Analysis) -> list[str]:
    return sorted({s.drill.name for s in analysis.drills if not is_known(s.drill.name)})


def _pain_notes(practised: Practice) -> list[str]:
    """When pain ended the practice, when it was gone, and what came between."""
    said = [
        f"Pain was {'confirmed to be gone' if gone else 'reported'} at {at_s:.1f} s."
        for at_s, gone in practised.pain
    ]
    if said and practised.uncounted:
        after = _counted(practised.uncounted, "repetition")
        said.append(f"What came after a report of pain belongs to no set ({after}).")
    return said


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _the_one(names: list[str]) -> str:
    """The name that all of them are, "mixed" where there are several."""
    return names[0] if len(set(names)) == 1 else "mixed"


def _heel_touches(contacts: Iterable[Contact]) -> dict[str, int]:
    counted = {"none": 0, "kiss": 0, "load": 0}
    for contact in contacts:
        counted[contact.heel_touch] += 1
    return counted


def _event_json(event: ContactEvent) -> dict[str, Any]:
    return {
        "t_s": event.t_s,
        "foot": _foot(event.foot),
        "event": event.kind.value,
        "value": event.value,
    }


def _foot(foot: Foot) -> str:
    return Foot(foot).name.lower()


def _strict(value: Any) -> Any:
    """JSON has no NaN: what is undefined becomes null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _strict(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_strict(item) for item in value]
    return value
