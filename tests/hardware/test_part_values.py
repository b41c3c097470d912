# SPDX-License-Identifier: GPL-3.0-or-later
"""A resistor's or capacitor's words (value, kind, maker's number) say what its number says."""

import re
from pathlib import Path
from typing import Any

import pytest
from net_table import DESIGNS, load_design, load_stock

PREFIX = {"": 1.0, "R": 1.0, "k": 1e3, "K": 1e3, "M": 1e6, "u": 1e-6, "n": 1e-9, "p": 1e-12}
STOCK = load_stock()
RESISTORS = [key for key, part in STOCK.items() if part.get("symbol") == "R"]
CAPACITORS = [key for key, part in STOCK.items() if part.get("symbol") == "C"]


def _number(words: str) -> float:
    """`1.0k`, `330`, `100n`, `4K7`, `10R` as a number."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([a-zA-Z]?)(\d*)", words)
    assert match, words
    whole, prefix, behind = match.groups()
    return float(f"{whole}.{behind}" if behind else whole) * PREFIX[prefix]


def _words(part: dict[str, Any]) -> list[float]:
    """What value, kind and maker's number say, in ohm or farad."""
    match = re.search(r"(\d+(?:\.\d+)?) ([kMunp]?)(?:ohm|F)\b", part["kind"])
    assert match, part["kind"]
    return [_number(part["value"]), _number(match[1] + match[2]), _from_mpn(part["mpn"])]


def _from_mpn(mpn: str) -> float:
    """MFR-25FBF52-4K7 is 4.7 kohm; Vishay K104K15..., Murata RDER71C106K...: digits, zeros, in pF."""
    if resistor := re.fullmatch(r"MFR-25FBF52-(\w+)", mpn):
        return _number(resistor[1])
    capacitor = re.match(r"(?:K|RDER71C)(\d\d)(\d)[JK]", mpn)
    assert capacitor, f"say here how {mpn} is read"
    return int(capacitor[1]) * 10 ** int(capacitor[2]) * 1e-12


def test_there_are_parts_to_compare() -> None:
    with_number = {k for k, p in STOCK.items() if ("ohm" in p or "farad" in p) and k != "PTC_100MA"}
    assert with_number == {*RESISTORS, *CAPACITORS}  # a fuse is named by its current


@pytest.mark.parametrize("key", RESISTORS)
def test_a_resistors_words_are_its_ohms(key: str) -> None:
    assert _words(STOCK[key]) == pytest.approx([STOCK[key]["ohm"]] * 3, rel=1e-6)


@pytest.mark.parametrize("key", CAPACITORS)
def test_a_capacitors_words_are_its_farads(key: str) -> None:
    assert _words(STOCK[key]) == pytest.approx([STOCK[key]["farad"]] * 3, rel=1e-6)


@pytest.mark.parametrize("name", DESIGNS)
def test_no_drawing_gives_a_part_another_value(name: str) -> None:
    for part in load_design(name).parts.values():
        if part.stock_key in {*RESISTORS, *CAPACITORS}:
            assert part.value == part.stock["value"], part.ref


@pytest.mark.parametrize(
    ("was", "wrong"),
    [
        ('value = "330"', 'value = "680"'),
        ("resistor 330 ohm", "resistor 330 kohm"),
        ("MFR-25FBF52-330R", "MFR-25FBF52-300R"),
    ],
)
def test_a_wrong_word_is_seen(tables: Path, was: str, wrong: str) -> None:
    path = tables / "parts.toml"
    text = path.read_text(encoding="utf-8")
    assert text.count(was) == 1
    path.write_text(text.replace(was, wrong), encoding="utf-8")
    changed = load_stock(tables)["R_330"]
    assert _words(changed) != pytest.approx([changed["ohm"]] * 3, rel=1e-6)
