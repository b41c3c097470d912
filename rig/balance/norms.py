# SPDX-License-Identifier: GPL-3.0-or-later
"""Published values beside a person's own: only where cap and trial rule match, and as ranges.

They say where others stood. They are no limits of health and predict nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, get_args

from rig.balance.protocol import Condition, Eyes, Measured, Protocol, Surface
from rig.balance.protocol_file import choice, field, is_number, known, read_toml, tables
from rig.errors import SettingsError

SCHEMA = "solerig-norms-1"
OWN_FILE = Path(__file__).with_name("norms.toml")
_NUMBERS = (int, float)
StoodOn = Literal["both", "one"]
OLDEST_YEARS = 150.0
_KEYS = {"key", "measure", "protocol", "conditions", "trial_rule", "source", "population"}
_KEYS |= {"equipment", "checked", "caveat", "n", "cap_s", "age", "value", "sd"}
_KEYS |= {"eyes", "surface", "feet", "stance"}


@dataclass(frozen=True, slots=True)
class Band:
    """One age group; `sd` None where the source gives none."""

    from_years: float
    to_years: float
    value: float
    sd: float | None

    @property
    def range(self) -> tuple[float, float] | None:
        """Mean -+ 2 sd, where most of that group lay; None without a spread."""
        return None if self.sd is None else (self.value - 2.0 * self.sd, self.value + 2.0 * self.sd)


@dataclass(frozen=True, slots=True)
class Norm:
    """A table; `checked` says that cap and trial rule were confirmed in the source.

    `eyes`, `surface`, `feet` and `stance` say how people stood: a condition's name alone does not, as
    anybody may give it to another one.
    """

    key: str
    measure: str
    protocol: str
    conditions: tuple[str, ...]
    trial_rule: str
    source: str
    population: str
    equipment: str
    checked: bool
    caveat: str
    bands: tuple[Band, ...]
    eyes: Eyes
    surface: Surface
    feet: StoodOn
    stance: str
    n: int | None = None
    cap_s: float | None = None

    def stood_as(self, condition: Condition) -> bool:
        """People of the table stood as this condition asks."""
        feet: StoodOn = "both" if condition.feet == "both" else "one"
        return (
            self.eyes == condition.eyes
            and self.surface == condition.surface
            and self.feet == feet
            and self.stance == condition.template.key
        )

    def band(self, age_years: float) -> Band | None:
        """The age group of a person; None outside all of them."""
        whole = int(age_years)
        for band in self.bands:
            if band.from_years <= whole <= band.to_years:
                return band
        return None


@lru_cache(maxsize=1)
def own_norms() -> tuple[Norm, ...]:
    """Those that come with Solerig, hidden ones too."""
    return read_norms(OWN_FILE)


def all_norms(folder: Path | None = None) -> tuple[Norm, ...]:
    """Solerig's own and those of the TOML files in a clinic's folder.

    Raises
    ------
    SettingsError
        A file cannot be understood.
    """
    if folder is None:
        return own_norms()
    if not folder.is_dir():
        raise SettingsError(f"{folder} is no folder; give the one that holds your tables.")
    added = [norm for path in sorted(folder.glob("*.toml")) for norm in read_norms(path)]
    return _each_once((*own_norms(), *added), str(folder))


def _each_once(norms: tuple[Norm, ...], where: str) -> tuple[Norm, ...]:
    keys = [norm.key for norm in norms]
    twice = [key for key in keys if keys.count(key) > 1]
    if twice:
        raise SettingsError(f'Two tables are called "{twice[0]}"; rename one. ({where})')
    return norms


def read_norms(path: Path) -> tuple[Norm, ...]:
    """Raise `SettingsError` with what is wrong in the file."""
    table = read_toml(path, SCHEMA)
    try:
        known(table, {"schema", "norm"}, "The file")
        return tuple(_norm(entry) for entry in tables(table, "norm"))
    except SettingsError as error:
        raise SettingsError(f"{error} ({path})") from error


def matching_norms(
    norms: Iterable[Norm], protocol: Protocol, condition: str, age_years: float | None
) -> list[tuple[Norm, Band]]:
    """Tables made as this trial was, confirmed, and of this age.

    The test, the condition and how people stood in it, the cap and the trial rule must be the same.
    """
    if age_years is None:
        return []
    asked = protocol.condition(condition)
    found = []
    for norm in norms:
        same = (
            norm.checked
            and norm.protocol == protocol.key
            and condition in norm.conditions
            and norm.stood_as(asked)
            and norm.cap_s == asked.seconds
            and norm.trial_rule == protocol.trial_rule
        )
        band = norm.band(age_years)
        if same and band is not None:
            found.append((norm, band))
    return found


def norm_json(norm: Norm, band: Band) -> dict[str, Any]:
    """A footnote: the value with all that is needed to doubt it."""
    return {
        "key": norm.key,
        "measure": norm.measure,
        "age_years": [band.from_years, band.to_years],
        "mean": band.value,
        "range": None if band.range is None else list(band.range),
        "n": norm.n,
        "population": norm.population,
        "equipment": norm.equipment,
        "cap_s": norm.cap_s,
        "trial_rule": norm.trial_rule,
        "source": norm.source,
        "caveat": norm.caveat,
    }


def _norm(table: Mapping[str, Any]) -> Norm:
    key = field(table, "key", str, ...)
    known(table, _KEYS, f'The table "{key}"')
    cap_s = field(table, "cap_s", _NUMBERS, None)
    n = field(table, "n", int, None)
    if (cap_s is not None and cap_s <= 0) or (n is not None and n < 1):
        raise SettingsError(f'"{key}": n and cap_s must be above 0; leave out what is not known.')
    return Norm(
        key=key,
        measure=_measure(key, field(table, "measure", str, ...)),
        protocol=field(table, "protocol", str, ...),
        conditions=_conditions(key, field(table, "conditions", list, ...)),
        trial_rule=field(table, "trial_rule", str, ...),
        source=field(table, "source", str, ...),
        population=field(table, "population", str, ...),
        equipment=field(table, "equipment", str, ...),
        checked=field(table, "checked", bool, default=False),
        caveat=field(table, "caveat", str, ...),
        bands=_bands(key, table),
        eyes=choice(table, "eyes", Eyes, ""),
        surface=choice(table, "surface", Surface, ""),
        feet=choice(table, "feet", StoodOn, ""),
        stance=field(table, "stance", str, ...),
        n=n,
        cap_s=None if cap_s is None else float(cap_s),
    )


def _measure(key: str, measure: str) -> str:
    # scipy's imports are not for whoever only lists the tests that there are
    from rig.balance.measure_names import measure_names

    kinds: tuple[Measured, ...] = get_args(Measured)
    if measure != "time_s" and not any(measure in measure_names(kind) for kind in kinds):
        raise SettingsError(f'"{key}": nothing called "{measure}" is measured; see MEASURES.md.')
    return measure


def _conditions(key: str, names: list[Any]) -> tuple[str, ...]:
    if not names or not all(isinstance(name, str) for name in names):
        raise SettingsError(f'"{key}": conditions must name one condition or more.')
    return tuple(names)


def _bands(key: str, table: Mapping[str, Any]) -> tuple[Band, ...]:
    ages, values = field(table, "age", list, ...), field(table, "value", list, ...)
    spreads = field(table, "sd", list, [None] * len(values))
    if not len(ages) == len(values) == len(spreads) or not values:
        raise SettingsError(f'"{key}": age, value and sd need one entry for each age group.')
    bands = tuple(_band(key, *entry) for entry in zip(ages, values, spreads, strict=True))
    in_order = sorted(bands, key=lambda band: band.from_years)
    for younger, older in pairwise(in_order):
        if older.from_years <= younger.to_years:
            raise SettingsError(
                f'"{key}": {older.from_years:g} years belong to two age groups; both ends count.'
            )
    return bands


def _band(key: str, ages: Any, value: Any, sd: Any) -> Band:
    numbers = [*ages, value, 0.0 if sd is None else sd] if isinstance(ages, list) else []
    if len(numbers) != 4 or not all(is_number(number) for number in numbers):
        raise SettingsError(f'"{key}": an age group is [from, to] in years, with a number for it.')
    if not 0.0 <= numbers[0] <= numbers[1] <= OLDEST_YEARS or numbers[3] < 0.0:
        raise SettingsError(
            f'"{key}": an age group goes upwards from 0 to {OLDEST_YEARS:g}; sd is never below 0.'
        )
    return Band(float(ages[0]), float(ages[1]), float(value), None if sd is None else float(sd))
