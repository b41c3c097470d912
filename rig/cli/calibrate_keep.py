# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of what the calibration commands find: versions on disk, and what is in force."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from rig.calibrate import store
from rig.calibrate.bench_run import Fitted
from rig.calibrate.calibration import SENSELS, Calibration
from rig.calibrate.insole_calibration import InsoleCalibration, with_insole
from rig.calibrate.visit_check import VisitCheck, with_visit_check
from rig.cli.calibrate_walks import Opened
from rig.cli.outputs import say
from rig.layout import Foot


def today() -> date:
    """By this computer's clock and time zone."""
    return datetime.now(UTC).astimezone().date()


def newest(insole: str | None, live: Opened) -> InsoleCalibration:
    """The newest calibration of these insoles; an empty one of today where there is none."""
    board_id = live.board_id
    name = insole or board_id
    versions = [] if live.rehearsal else store.insole_versions(name)
    if versions:
        return replace(versions[-1], board_id=board_id)
    return InsoleCalibration(name, board_id, today().isoformat(), SENSELS)


@dataclass(slots=True)
class BenchKeeper:
    """The sensors that are done, on disk before the next one is asked for: a bench takes three quarters
    of an hour, and neither a lost link nor a dead battery may cost what is done. The bench keeps one
    version, which grows from sensor to sensor.
    """

    before: InsoleCalibration
    base: Calibration
    out: Path | None
    rehearsal: bool
    found: list[Fitted] = field(default_factory=list)
    kept: InsoleCalibration | None = None

    def keep(self, fitted: Fitted) -> None:
        """Store all found so far, `fitted` included, and put it in force."""
        self.found.append(fitted)
        insole = _with_curves(self.before, self.found)
        if self.kept is not None:
            insole = replace(insole, version=self.kept.version)
            self.kept = insole if self.rehearsal else store.grow_insole(insole)
        else:
            self.kept = insole if self.rehearsal else store.save_insole(insole)
        _put(with_insole(self.base, self.kept), self.out, rehearsal=self.rehearsal)

    def tell(self, console: Console) -> None:
        """What was kept, and where."""
        if self.kept is None:
            console.print("No sensor was calibrated; nothing was changed.")
            return
        _tell_insole(self.kept, console)
        _tell_where(self.kept.board_id, console, self.out, rehearsal=self.rehearsal)


def keep_insole(
    insole: InsoleCalibration,
    base: Calibration,
    console: Console,
    out: Path | None,
    *,
    rehearsal: bool,
) -> None:
    """Store a new version, put it in force and say so."""
    kept = insole if rehearsal else store.save_insole(insole)
    _put(with_insole(base, kept), out, rehearsal=rehearsal)
    _tell_insole(kept, console)
    _tell_where(kept.board_id, console, out, rehearsal=rehearsal)


def keep_visit(
    tared: Calibration, found: VisitCheck, console: Console, out: Path | None, *, rehearsal: bool
) -> None:
    """Store a visit check, put it in force and say what it found."""
    calibration = with_visit_check(tared, found, today())
    table = Table("foot", "gain", "standard error", box=None)
    for foot in Foot:
        gain, sd = found.foot_gain[foot], found.foot_gain_sd[foot]
        table.add_row(foot.name.lower(), f"{gain:.3f}", f"{100 * sd:.1f} %")
    console.print(table)
    console.print(found.verdict)
    if not rehearsal:
        store.save_visit(calibration)
    if out is not None:
        store.save_calibration(out, calibration)
    _tell_where(calibration.board_id, console, out, rehearsal=rehearsal)


def _put(calibration: Calibration, out: Path | None, *, rehearsal: bool) -> None:
    if not rehearsal:
        store.put_in_force(calibration)
    if out is not None:
        store.save_calibration(out, calibration)


def _tell_insole(kept: InsoleCalibration, console: Console) -> None:
    say(console, f"{len(kept.curves)} of {kept.sensels} sensors have a curve. {kept.verdict}")
    following = "stances" if kept.region is None else "visit"
    console.print(f"Next: solerig calibrate {following}")


def _tell_where(board_id: str, console: Console, out: Path | None, *, rehearsal: bool) -> None:
    if out is not None:
        say(console, f"The calibration is in {out}.")
    console.print(
        "This was a rehearsal: nothing was put in force."
        if rehearsal
        else f"In force for board {board_id}: live views and recordings use it."
    )


def _with_curves(before: InsoleCalibration, found: list[Fitted]) -> InsoleCalibration:
    """Fresh curves take the old ones' place; region gains rest on the old curves, so they go.

    The day stays the oldest curve's while any of them is left.
    """
    fresh = {f.curve.sensel: f.curve for f in found}
    old = [c for c in before.curves if c.sensel not in fresh]
    curves = sorted([*old, *fresh.values()], key=lambda c: c.sensel)
    made_on = before.made_on if old else today().isoformat()
    return replace(before, curves=tuple(curves), region=None, made_on=made_on)
