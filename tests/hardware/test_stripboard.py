# SPDX-License-Identifier: GPL-3.0-or-later
"""The stripboard as its reader builds it: strips, the list's cuts and links, the parts in their holes.

Cuts and links are read from the printed list and not from the program that found them.
"""

import re
import tomllib
from pathlib import Path

import print_stripboard
import pytest
from boards import WiringError
from net_table import load_design
from print_nets import FOLDER

Hole = tuple[int, int]
PLACES = tomllib.loads((FOLDER / "stripboard.toml").read_text(encoding="utf-8"))
DESIGN = load_design("insole")
PINS = print_stripboard.load_stripboard().pins


def _listed(text: str) -> tuple[set[Hole], list[tuple[Hole, Hole]]]:
    cuts_line = next(line for line in text.splitlines() if line.startswith("1. "))
    links_line = next(line for line in text.splitlines() if line.startswith("2. "))
    cuts = {(int(h), int(s)) for h, s in re.findall(r"(\d+), (\d+)", cuts_line)}
    links = [
        ((int(a), int(b)), (int(c), int(d)))
        for a, b, c, d in re.findall(r"(\d+), (\d+) to (\d+), (\d+)", links_line)
    ]
    return cuts, links


def _connected(cuts: set[Hole], links: list[tuple[Hole, Hole]]) -> dict[Hole, int]:
    """Hole -> number of the piece of copper that it is joined to; cut holes are gone."""
    piece: dict[Hole, int] = {}
    count = 0
    for strip in range(PLACES["board"]["strips"]):
        for hole in range(PLACES["board"]["holes"]):
            if (hole, strip) in cuts or hole == 0:
                count += 1
            if (hole, strip) not in cuts:
                piece[hole, strip] = count
    for one, other in links:
        old, new = piece[one], piece[other]
        piece = {hole: new if number == old else number for hole, number in piece.items()}
    return piece


def _faults(cuts: set[Hole], links: list[tuple[Hole, Hole]]) -> list[str]:
    """Nets that fall apart, and nets that touch."""
    piece = _connected(cuts, links)
    net_of_piece: dict[int, str] = {}
    pieces_of_net: dict[str, set[int]] = {}
    faults = []
    for (ref, pin), hole in PINS.items():
        net = DESIGN.parts[ref].pins[pin] or f"open {ref} {pin}"
        number = piece[hole]
        if net_of_piece.setdefault(number, net) != net:
            faults.append(f"{net} touches {net_of_piece[number]}")
        pieces_of_net.setdefault(net, set()).add(number)
    return faults + [f"{net} is broken" for net, found in pieces_of_net.items() if len(found) > 1]


@pytest.mark.parametrize("path", print_stripboard.outputs(), ids=lambda path: path.name)
def test_is_what_the_tables_print(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == print_stripboard.outputs()[path]


def test_the_built_board_has_the_tables_nets() -> None:
    text = (FOLDER / "insole" / "stripboard_insole.md").read_text(encoding="utf-8")
    cuts, links = _listed(text)
    assert cuts
    assert links
    assert _faults(cuts, links) == []


def test_each_missing_cut_and_each_missing_link_is_a_fault() -> None:
    text = (FOLDER / "insole" / "stripboard_insole.md").read_text(encoding="utf-8")
    cuts, links = _listed(text)
    for cut in cuts:
        assert _faults(cuts - {cut}, links), cut
    for n, link in enumerate(links):
        assert _faults(cuts, links[:n] + links[n + 1 :]), link


def test_nothing_shares_a_hole() -> None:
    board = print_stripboard.load_stripboard()
    ends = [hole for link in board.links for hole in link]
    used = [*board.pins.values(), *board.cuts, *ends]
    assert len(used) == len(set(used))


def test_the_drawing_shows_every_cut_link_and_part() -> None:
    board = print_stripboard.load_stripboard()
    svg = (FOLDER / "insole" / "stripboard_insole.svg").read_text(encoding="utf-8")
    assert svg.count("<circle") == len(board.cuts) + len(board.pins)
    assert svg.count('stroke="#1b50c8"') == len(board.links)
    assert {ref for ref, _ in board.pins if ref != "A1"} <= set(re.findall(r">(\w+)</text>", svg))


def test_two_parts_in_one_hole_are_refused(tables: Path) -> None:
    path = tables / "stripboard.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("R12 = [6, 4, 12]", "R12 = [4, 3, 12]"), encoding="utf-8")
    with pytest.raises(WiringError, match="same hole"):
        print_stripboard.load_stripboard(tables)


def test_a_forgotten_part_is_refused(tables: Path) -> None:
    path = tables / "stripboard.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("R12 = [6, 4, 12]\n", ""), encoding="utf-8")
    with pytest.raises(WiringError, match="lacks or adds"):
        print_stripboard.load_stripboard(tables)
