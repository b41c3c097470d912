# SPDX-License-Identifier: GPL-3.0-or-later
"""Published values beside a person's own: only where cap and trial rule match, and as ranges.

They say where others stood. They are no limits of health and predict nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from rig.balance.protocol import Protocol
from rig.balance.protocol_file import field, read_toml
from rig.errors import SettingsError

SCHEMA = "solerig-norms-1"
OWN_FILE = Path(__file__).with_name("norms.toml")
_NUMBERS = (int, float)


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
    """A table; `checked` says that cap and trial rule were confirmed in the source."""

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
    n: int | None = None
    cap_s: float | None = None

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
    return (*own_norms(), *added)


def read_norms(path: Path) -> tuple[Norm, ...]:
    """Raise `SettingsError` with what is wrong in the file."""
    table = read_toml(path, SCHEMA)
    try:
        return tuple(_norm(entry) for entry in table.get("norm", []))
    except SettingsError as error:
        raise SettingsError(f"{error} ({path})") from error


def matching_norms(
    norms: Iterable[Norm], protocol: Protocol, condition: str, age_years: float | None
) -> list[tuple[Norm, Band]]:
    """Tables made as this trial was: same condition, cap and trial rule, confirmed; and of this age."""
    if age_years is None:
        return []
    cap_s = protocol.condition(condition).seconds
    found = []
    for norm in norms:
        same = (
            norm.checked
            and norm.protocol == protocol.key
            and condition in norm.conditions
            and norm.cap_s == cap_s
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
    ages, values = field(table, "age", list, ...), field(table, "value", list, ...)
    spreads = field(table, "sd", list, [None] * len(values))
    key = field(table, "key", str, ...)
    if not len(ages) == len(values) == len(spreads) or not values:
        raise SettingsError(f'"{key}": age, value and sd need one entry for each age group.')
    cap_s = field(table, "cap_s", _NUMBERS, None)
    return Norm(
        key=key,
        measure=field(table, "measure", str, ...),
        protocol=field(table, "protocol", str, ...),
        conditions=tuple(field(table, "conditions", list, ...)),
        trial_rule=field(table, "trial_rule", str, ...),
        source=field(table, "source", str, ...),
        population=field(table, "population", str, ...),
        equipment=field(table, "equipment", str, ...),
        checked=field(table, "checked", bool, default=False),
        caveat=field(table, "caveat", str, ...),
        bands=tuple(_band(key, *entry) for entry in zip(ages, values, spreads, strict=True)),
        n=field(table, "n", int, None),
        cap_s=None if cap_s is None else float(cap_s),
    )


def _band(key: str, ages: Any, value: Any, sd: Any) -> Band:
    numbers = [*ages, value, 0.0 if sd is None else sd] if isinstance(ages, list) else []
    right = len(numbers) == 4 and all(
        isinstance(number, _NUMBERS) and not isinstance(number, bool) for number in numbers
    )
    if not right or numbers[0] > numbers[1]:
        raise SettingsError(f'"{key}": an age group is [from, to] in years, with a number for it.')
    return Band(float(ages[0]), float(ages[1]), float(value), None if sd is None else float(sd))
