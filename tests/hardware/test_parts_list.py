# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts lists: everything that is drawn is bought, once, and the sums are right."""

import csv
import io
import re
from collections import Counter
from pathlib import Path

import print_parts
import pytest
from boards import WiringError
from net_table import DESIGNS, load_design, load_stock
from print_parts import LISTS, load_list, parts_table, parts_text, totals_text
from print_tables import wiring_text


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(parts_text(load_list(name)))))


def _named(words: str) -> set[str]:
    """The parts that a line's words name; words that name none give none."""
    found = set()
    for run in words.replace(" (option)", "").split(", "):
        if match := re.fullmatch(r"([A-Z]+)(\d+)-[A-Z]+(\d+)", run):
            found |= {f"{match[1]}{n}" for n in range(int(match[2]), int(match[3]) + 1)}
        elif re.fullmatch(r"[A-Z]+\d+", run):
            found.add(run)
    return found


@pytest.mark.parametrize("name", DESIGNS)
def test_every_part_is_bought_once(name: str) -> None:
    parts = load_design(name).parts
    with_price = {ref for ref, part in parts.items() if part.stock["price_eur"] > 0}
    kinds = {part.stock["kind"] for part in parts.values()}
    listed = [_named(row["parts"]) for row in _rows(name) if row["kind"] in kinds]
    assert sum(map(len, listed)) == len(set().union(*listed))
    assert set().union(*listed) == with_price
    assert {parts[ref].stock_key for ref in parts.keys() - with_price} <= {"CABLE_END_8"}


@pytest.mark.parametrize("name", LISTS)
def test_quantities_and_total_add_up(name: str) -> None:
    *rows, total = _rows(name)
    cents = sum(
        int(row["quantity"]) * round(100 * float(row["approx. EUR each"]))
        for row in rows
        if "(option)" not in row["parts"]
    )
    assert total["approx. EUR"] == f"{cents / 100:.2f}"
    assert f"| {cents / 100:.2f} |" in totals_text([load_list(name)])


@pytest.mark.parametrize("name", DESIGNS)
def test_a_line_of_parts_has_as_many_as_it_names(name: str) -> None:
    for line in load_list(name).lines:
        if named := _named(line.use):
            assert line.count == len(named), line


def test_the_pages_table_adds_up_too() -> None:
    prices = [
        round(100 * float(v))
        for v in re.findall(r"\| ([\d.]+) \|[^|]*\|$", parts_table(load_list("level0")), re.M)
    ]
    assert prices[-1] == sum(prices[:-1])
    assert len(prices) > 5


def _bought(name: str, key: str) -> int:
    kind = load_stock()[key]["kind"]
    return sum(x.count for x in load_list(name).lines if x.stock["kind"] == kind and x.is_counted)


@pytest.mark.parametrize("name", DESIGNS)
def test_what_carries_a_part_is_bought_as_often_as_the_part(name: str) -> None:
    """Sockets, adapters, plugs: what has no net follows the number of parts that have."""
    design = load_design(name)
    fitted = Counter(p.stock_key for p in design.parts.values() if not p.option)
    packages = Counter[str]()
    for key in ("TPIC6B595", "HC595", "MCP6024", "MCP6022"):
        packages[load_stock()[key]["kind"].rsplit("DIP-")[1]] += fitted[key]
    for size in ("8", "14", "16", "20"):
        assert _bought(name, f"SOCKET_DIP_{size}") == packages[size], size
    assert _bought(name, "ADAPTER_SOT23_6") == fitted["USBLC6"]
    assert _bought(name, "RIBBON_16") == fitted["BOX_HEADER_16"]
    assert _bought(name, "JUMPER_SHUNT") == fitted["JUMPER_3"]
    assert _bought(name, "CABLE_8P8C") == fitted["JACK_8P8C"]
    assert _bought(name, "CRIMP_FSR") == _bought(name, "FSR402")
    assert 40 * _bought(name, "PIN_STRIP_40") >= 2 * fitted["FSR402"] + 6 * fitted["USBLC6"] * (
        name != "insole"
    )
    for needed in ("SOLDER", "WIRE_SOLID", "WIRE_FLEX", "USB_CABLE", "SPACERS"):
        assert _bought(name, needed) >= 1


@pytest.mark.parametrize(("name", "tape"), [("mat16", 20), ("mat16_cheap", 20), ("mat32", 10)])
def test_the_tape_reaches_for_all_strips_and_leaves_gaps(name: str, tape: int) -> None:
    head = load_design(name).head
    page = (Path(print_parts.FOLDER) / ("mat32.md" if name == "mat32" else "mat16.md")).read_text()
    pitch_mm = 400 / head["rows"]  # two adult feet side by side on a field of 400 x 400 mm
    assert f"every **{pitch_mm:g} mm**" in page
    assert f"{tape} mm" in page
    assert tape < pitch_mm
    rolls = _bought(name, f"COPPER_TAPE_{tape}")
    assert rolls * 20_000 >= (head["rows"] + head["columns"]) * 450


def test_a_list_with_an_unknown_part_is_refused(tables: Path) -> None:
    path = tables / "lists.toml"
    path.write_text(path.read_text().replace("BELT_BAG", "BELT_BAGS"))
    with pytest.raises(WiringError, match="BELT_BAGS"):
        load_list("belt_box", tables)


def test_everything_bought_has_a_number_and_says_where_its_rating_is_from() -> None:
    for key, bought in load_stock().items():
        assert bought["mpn"], key
        assert bought["maker"], key
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
