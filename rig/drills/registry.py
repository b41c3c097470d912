# SPDX-License-Identifier: GPL-3.0-or-later
"""Which drills there are: the nine, and those that installed packages add by an entry point.

A package that cannot be used takes nothing away from the others: what is wrong is kept as a sentence.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from rig.drills.change_of_support import CHANGE_OF_SUPPORT
from rig.drills.forward_change import FORWARD_CHANGE
from rig.drills.free import FREE
from rig.drills.guide import GUIDE, DrillGuide
from rig.drills.hopping import HOPPING
from rig.drills.lunge import LUNGE
from rig.drills.own import OwnDrill, check_own
from rig.drills.own_guard import guarded, place_of
from rig.drills.pony import PONY
from rig.drills.running_lunge import RUNNING_LUNGE
from rig.drills.stance import STANCE
from rig.drills.switch import SWITCH
from rig.drills.table import Drill
from rig.drills.tapping import TAPPING
from rig.errors import SettingsError
from rig.settings import DRILL_NAMES, SIDED_DRILLS, DrillSettings

ENTRY_POINTS = "solerig.drills"
RESERVED = frozenset({*DRILL_NAMES, "free", "mixed", "unknown"})
"""The nine, and words that stand for a drill where there is none or more than one."""

DRILLS: dict[str, Drill] = {
    drill.name: drill
    for drill in (
        STANCE,
        CHANGE_OF_SUPPORT,
        PONY,
        FORWARD_CHANGE,
        TAPPING,
        HOPPING,
        LUNGE,
        SWITCH,
        RUNNING_LUNGE,
    )
}


@dataclass(frozen=True, slots=True, eq=False)
class AddedDrill:
    """A drill of an installed package; `package` is its name and version."""

    own: OwnDrill
    package: str


@dataclass(frozen=True, slots=True, eq=False)
class AddedDrills:
    """`problems` are sentences by the name of the drill that they are about."""

    drills: dict[str, AddedDrill] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


@cache
def added_drills() -> AddedDrills:
    """What installed packages bring, looked up once a program; importing them may take a while."""
    found = sorted(entry_points(group=ENTRY_POINTS), key=lambda e: (e.name, _package(e)))
    times = Counter(entry.name for entry in found)
    added = AddedDrills()
    for entry in found:
        package = _package(entry)
        if times[entry.name] > 1:
            others = ", ".join(_package(e) for e in found if e.name == entry.name)
            said = f"several packages bring it ({others}), so none is used; uninstall all but one."
        elif entry.name in RESERVED:
            said = f"the package {package} brings it, but the name is taken; ours holds."
        else:
            try:
                own = check_own(entry.load(), entry.name)
            # an import may fail in any way, and the other drills must go on working
            except Exception as error:
                said = f"the package {package} brings it, but it cannot be used: "
                said += _sentence(error, entry)
            else:
                added.drills[entry.name] = AddedDrill(guarded(own, package), package)
                continue
        added.problems[entry.name] = f'The drill "{entry.name}": {said}'
    return added


def _sentence(error: Exception, entry: EntryPoint) -> str:
    """What a package raised while it was imported, with the place in its own files."""
    kind = "" if isinstance(error, SettingsError) else f"{type(error).__name__}: "
    said = f"{kind}{error}".strip(" :.")
    place = place_of(error, entry.module)
    return f"{said} ({place})." if place else f"{said}."


def _package(entry: EntryPoint) -> str:
    return entry.value if entry.dist is None else f"{entry.dist.name} {entry.dist.version}"


def drill_names() -> tuple[str, ...]:
    """The nine in the order in which they are learnt, then the added ones by name."""
    return (*DRILL_NAMES, *added_drills().drills)


def check_drill_name(name: str) -> str:
    """The name, if a drill is called so or it is "free".

    Raises
    ------
    SettingsError
        There is no such drill, or it cannot be used.
    """
    if name == FREE.name or name in drill_names():
        return name
    problem = added_drills().problems.get(name)
    raise SettingsError(
        problem or f'No drill is called "{name}"; choose one of {", ".join(drill_names())}.'
    )


def added_drill(name: str) -> OwnDrill | None:
    """The drill of an installed package, None where the name is ours or nobody's."""
    if name in RESERVED:
        return None
    added = added_drills().drills.get(name)
    return None if added is None else added.own


def find_drill(name: str) -> Drill:
    """Its table; free movement where none is called so."""
    if name in RESERVED:
        return DRILLS.get(name, FREE)
    own = added_drill(name)
    return FREE if own is None else own.drill


def is_known(name: str) -> bool:
    """Whether a recording of this drill is judged by it, and not as free movement."""
    return name in DRILLS or name == FREE.name or added_drill(name) is not None


def unknown_sentence(name: str) -> str:
    """What a person is told of a recording whose drill is not there."""
    problem = added_drills().problems.get(name)
    why = problem or f'The drill "{name}" is not installed here.'
    return f"{why} What was recorded as {name} is analysed as free movement."


def find_guide(name: str) -> DrillGuide:
    """What is said of a drill.

    Raises
    ------
    SettingsError
        No drill is called so.
    """
    if name == FREE.name:
        raise SettingsError(f'"{name}" is movement without rules; it has nothing to show.')
    own = added_drill(check_drill_name(name))
    return GUIDE[name] if own is None else own.guide


def drill_title(name: str) -> str:
    """What a drill is called to people; its name where nothing is said of it."""
    own = added_drill(name)
    guide = GUIDE.get(name) if own is None else own.guide
    return name if guide is None else guide.title


def is_one_sided(name: str) -> bool:
    """Whether the working side means something in this drill."""
    own = added_drill(name)
    return name in SIDED_DRILLS if own is None else own.one_sided


def contact_settings(drill: DrillSettings) -> DrillSettings:
    """The drill of ours whose contacts are found as this one's are."""
    own = added_drill(drill.name)
    return drill if own is None else replace(drill, name=own.contacts_like)


def with_own_thresholds(drill: DrillSettings) -> DrillSettings:
    """With the drill's own thresholds filled in, so that a recording stores all of them."""
    own = added_drill(drill.name)
    if own is None or not own.thresholds:
        return drill
    return replace(drill, thresholds=drill.thresholds.filled(drill.name, own.thresholds))
