# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads protocols from TOML: Solerig's own, and a clinic's beside them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

from rig.balance.protocol import (
    Combine,
    Condition,
    Eyes,
    Measured,
    OnFeet,
    Protocol,
    Ratio,
    Surface,
    check_protocol,
)
from rig.balance.stances import StanceTemplate
from rig.errors import SettingsError
from rig.layout import Foot
from rig.settings import SIDES

SCHEMA = "solerig-protocols-1"
OWN_FILE = Path(__file__).with_name("protocols.toml")
_NUMBERS = (int, float)
LARGEST = 1e6
"""No length, time, angle or number of people in these files is larger; NaN and infinity are none."""
MOST_HEEL_X_MM, MOST_TOE_OUT_DEG, MOST_FRONT_LENGTHS = 500.0, 90.0, 3.0
"""Nobody stands with the feet farther apart; mostly a wrong unit (design choice)."""


@lru_cache(maxsize=1)
def own_protocols() -> tuple[Protocol, ...]:
    """Those that come with Solerig."""
    return read_protocols(OWN_FILE)


def read_protocols(path: Path) -> tuple[Protocol, ...]:
    """All protocols of a file.

    Raises
    ------
    SettingsError
        What is wrong, in which protocol and which file.
    """
    table = read_toml(path, SCHEMA)
    known(table, {"schema", "stance", "protocol"}, str(path))
    try:
        stances = _stances(table)
        if path != OWN_FILE:
            stances = _with_own(stances)
        protocols = tuple(_protocol(entry, stances) for entry in tables(table, "protocol"))
        if path != OWN_FILE:
            _check_ratios(protocols)
    except SettingsError as error:
        raise SettingsError(f"{error} ({path})") from error
    keys = [protocol.key for protocol in protocols]
    if not keys or len(set(keys)) != len(keys):
        raise SettingsError(f"{path} holds no protocol, or two of one name; mend the file.")
    return protocols


def read_toml(path: Path, schema: str) -> dict[str, Any]:
    """A TOML table of one schema; raises `SettingsError` for anything else."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror or error}.") from error
    except ValueError as error:  # bad UTF-8 and numbers of thousands of digits are others of it
        raise SettingsError(f"{path} is not TOML: {error}.") from error
    if table.get("schema") != schema:
        raise SettingsError(f'{path} does not say schema = "{schema}"; is it the right file?')
    return table


def tables(table: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """The tables [[key]]; none where there is no such key.

    Raises
    ------
    SettingsError
        Something else goes by that name.
    """
    entries = table.get(key, [])
    if not (isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries)):
        raise SettingsError(f"{key} must be written as tables, each beginning with [[{key}]].")
    return entries


def field(table: Mapping[str, Any], key: str, kind: type | tuple[type, ...], default: Any) -> Any:
    """A value of the right kind; `default` Ellipsis where there must be one.

    Raises
    ------
    SettingsError
        It is missing or of another kind.
    """
    value = table.get(key, default)
    if value is ...:
        raise SettingsError(f'"{table.get("key", "An entry")}" does not say {key}.')
    right = isinstance(value, kind)
    if kind is not bool and isinstance(value, _NUMBERS):
        right = right and is_number(value)
    if value is not default and not right:
        raise SettingsError(f'"{table.get("key", "An entry")}": {key} = {_short(value)} cannot be.')
    return value


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def is_number(value: Any) -> bool:
    """A finite number of a size that these files can mean."""
    real = isinstance(value, _NUMBERS) and not isinstance(value, bool)
    return real and -LARGEST <= value <= LARGEST


def choice(table: Mapping[str, Any], key: str, of: Any, default: str) -> Any:
    value, choices = table.get(key, default), get_args(of)
    if value not in choices:
        raise SettingsError(
            f'"{table.get("key", "An entry")}": {key} = {value!r}; choose {", ".join(choices)}.'
        )
    return value


def known(table: Mapping[str, Any], keys: set[str], where: str) -> None:
    unknown = sorted(set(table) - keys)
    if unknown:
        raise SettingsError(f"{where}: {unknown[0]} is not known here; check its spelling.")


@lru_cache(maxsize=1)
def _own_stances() -> dict[str, StanceTemplate]:
    return _stances(read_toml(OWN_FILE, SCHEMA))


def _with_own(stances: Mapping[str, StanceTemplate]) -> dict[str, StanceTemplate]:
    """Norms and earlier visits know a stance by its name: it must mean one thing."""
    own = _own_stances()
    for key in stances:
        if key in own:
            raise SettingsError(f'The stance "{key}" is Solerig\'s own; give yours another name.')
    return {**own, **stances}


def _stances(table: Mapping[str, Any]) -> dict[str, StanceTemplate]:
    found = table.get("stance", {})
    if not (isinstance(found, dict) and all(isinstance(entry, dict) for entry in found.values())):
        raise SettingsError("A stance must be written as a table that begins with [stance.NAME].")
    return {key: _stance(key, entry) for key, entry in found.items()}


def _check_ratios(protocols: Iterable[Protocol]) -> None:
    # scipy's imports are not for whoever only lists the tests that there are
    from rig.balance.measure_names import measure_names

    for protocol in protocols:
        for ratio in protocol.ratios:
            if ratio.measure not in measure_names(protocol.measure):
                raise SettingsError(
                    f'The ratio "{ratio.key}": nothing called "{ratio.measure}" is measured in '
                    f'"{protocol.key}".'
                )


def _stance(key: str, table: Mapping[str, Any]) -> StanceTemplate:
    known(table, {"says", "heel_x_mm", "toe_out_deg", "front_lengths"}, f'Stance "{key}"')
    drawn = StanceTemplate(key, "")
    heel_x_mm = float(field(table, "heel_x_mm", _NUMBERS, drawn.heel_x_mm))
    toe_out_deg = float(field(table, "toe_out_deg", _NUMBERS, drawn.toe_out_deg))
    front_lengths = float(field(table, "front_lengths", _NUMBERS, 0.0))
    for name, value, least, most in (
        ("heel_x_mm", heel_x_mm, 0.0, MOST_HEEL_X_MM),
        ("toe_out_deg", toe_out_deg, -MOST_TOE_OUT_DEG, MOST_TOE_OUT_DEG),
        ("front_lengths", front_lengths, 0.0, MOST_FRONT_LENGTHS),
    ):
        if not least <= value <= most:
            raise SettingsError(f'Stance "{key}": {name} must be {least:g} to {most:g}.')
    return StanceTemplate(
        key=key,
        says=field(table, "says", str, ...),
        heel_x_mm=heel_x_mm,
        toe_out_deg=toe_out_deg,
        front_lengths=front_lengths,
    )


def _protocol(table: Mapping[str, Any], stances: Mapping[str, StanceTemplate]) -> Protocol:
    keys = {"key", "title", "about", "source", "measure", "trials", "practice", "combine"}
    keys |= {"until_full", "settle_s", "pause_s", "stance", "condition", "ratio"}
    key = field(table, "key", str, ...)
    known(table, keys, f'The protocol "{key}"')
    stance = field(table, "stance", str, "drawn")
    pause_s = field(table, "pause_s", _NUMBERS, None)
    return check_protocol(
        Protocol(
            key=key,
            title=field(table, "title", str, ...),
            about=field(table, "about", str, ...),
            source=field(table, "source", str, ...),
            measure=choice(table, "measure", Measured, ""),
            conditions=tuple(
                _condition(entry, stance, stances) for entry in tables(table, "condition")
            ),
            trials=field(table, "trials", int, 1),
            practice=field(table, "practice", int, 0),
            combine=choice(table, "combine", Combine, "mean"),
            until_full=field(table, "until_full", bool, default=False),
            settle_s=float(field(table, "settle_s", _NUMBERS, 0.0)),
            pause_s=None if pause_s is None else float(pause_s),
            ratios=tuple(_ratio(entry) for entry in tables(table, "ratio")),
        )
    )


def _condition(
    table: Mapping[str, Any], stance: str, stances: Mapping[str, StanceTemplate]
) -> Condition:
    keys = {"key", "says", "seconds", "eyes", "surface", "feet", "front", "spotter"}
    key = field(table, "key", str, ...)
    known(table, keys | {"direction_deg", "stance"}, f'The condition "{key}"')
    name = field(table, "stance", str, stance)
    if name not in stances:
        raise SettingsError(f'"{key}": no stance is called "{name}"; use {", ".join(stances)}.')
    front = field(table, "front", str, None)
    if front is not None and front not in SIDES:
        raise SettingsError(f'"{key}": front = {front!r}; choose left or right.')
    direction = field(table, "direction_deg", _NUMBERS, None)
    return Condition(
        key=key,
        says=field(table, "says", str, ...),
        seconds=float(field(table, "seconds", _NUMBERS, ...)),
        template=replace(stances[name], front=None if front is None else Foot(SIDES.index(front))),
        eyes=choice(table, "eyes", Eyes, "open"),
        surface=choice(table, "surface", Surface, "firm"),
        feet=choice(table, "feet", OnFeet, "both"),
        spotter=field(table, "spotter", bool, default=False),
        direction_deg=None if direction is None else float(direction),
    )


def _ratio(table: Mapping[str, Any]) -> Ratio:
    known(table, {"key", "measure", "of", "over"}, "A ratio")
    key, measure, of, over = (field(table, k, str, ...) for k in ("key", "measure", "of", "over"))
    return Ratio(key, measure, of, over)
