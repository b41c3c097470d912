# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts lists: everything that is drawn is bought, once, and the sums are right."""

import csv
import io
import re

import pytest
from net_table import DESIGNS, load_design, load_stock
from print_tables import parts_text, wiring_text


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(parts_text(load_design(name)))))


def _named(words: str) -> set[str]:
    found = set()
    for run in words.replace(" (option)", "").split(", "):
        if match := re.fullmatch(r"([A-Z]+)(\d+)-[A-Z]+(\d+)", run):
            found |= {f"{match[1]}{n}" for n in range(int(match[2]), int(match[3]) + 1)}
        elif run:
            found.add(run)
    return found


@pytest.mark.parametrize("name", DESIGNS)
def test_every_part_is_bought_once(name: str) -> None:
    listed = [_named(row["parts"]) for row in _rows(name)]
    assert sum(map(len, listed)) == len(set().union(*listed))
    assert set().union(*listed) == load_design(name).parts.keys()


@pytest.mark.parametrize("name", DESIGNS)
def test_quantities_and_total_add_up(name: str) -> None:
    *rows, total = _rows(name)
    for row in rows:
        if row["parts"]:
            assert int(row["quantity"]) == len(_named(row["parts"]))
    cents = sum(
        int(row["quantity"]) * round(100 * float(row["approx. EUR each"]))
        for row in rows
        if "(option)" not in row["parts"]
    )
    assert total["approx. EUR"] == f"{cents / 100:.2f}"


def test_everything_bought_has_a_number_and_says_where_its_rating_is_from() -> None:
    for key, bought in load_stock().items():
        assert bought["mpn"], key
        assert bought["price_eur"] >= 0, key
        assert bought["source"], key


@pytest.mark.parametrize(
    ("name", "ends"),
    [  # from the data sheets: Sharp PC817, TI TPIC6B595 (DIP-20), ST USBLC6-4 (SOT-23-6)
        (
            "insole",
            ["OK1 A (1)", "OK1 K (2)", "OK1 E (3)", "OK1 C (4)", "D1 GND (2)", "D1 VBUS (5)"],
        ),
        ("mat16", ["U1 VCC (2)"]),
    ],
)
def test_wiring_tables_give_pin_numbers(name: str, ends: list[str]) -> None:
    text = wiring_text(load_design(name))
    for end in ends:
        assert re.search(rf"[ |,]{re.escape(end)}[ ,]", text), end


def test_the_box_holds_the_stripboard_with_the_board_beside_or_under_it() -> None:
    stock = load_stock()
    inside = [int(n) for n in re.findall(r"\d+", stock["BOX"]["kind"])]
    needed = [int(n) for n in re.findall(r"(\d+) x (\d+)", stock["STRIPBOARD"]["kind"])[0]]
    length, width, height = inside
    assert length >= max(needed) + 10
    assert width >= min(needed) + 10
    assert height >= 40  # two boards over each other with their parts
