# SPDX-License-Identifier: GPL-3.0-or-later
"""The stripboard as its reader builds it: strips, the list's cuts and links, the parts in their holes.

Cuts and links are read from the printed list and not from the program that found them.
"""

import math
import re
import tomllib
from functools import cache
from itertools import pairwise
from pathlib import Path

import print_stripboard
import pytest
from boards import WiringError
from net_table import Design, load_design
from print_nets import FOLDER

Hole = tuple[int, int]
PLACES = tomllib.loads((FOLDER / "stripboard.toml").read_text(encoding="utf-8"))


@cache
def _design() -> Design:
    """Read when a test needs it: a wrong table is then that test's failure."""
    return load_design("insole")


@cache
def _pins() -> dict[tuple[str, str], Hole]:
    return print_stripboard.load_stripboard().pins


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
    """Nets that fall apart, nets that touch, and too little between isolated nets and others."""
    piece = _connected(cuts, links)
    net_of_piece: dict[int, str] = {}
    pieces_of_net: dict[str, set[int]] = {}
    faults = []
    for (ref, pin), hole in _pins().items():
        net = _design().parts[ref].pins[pin] or f"open {ref} {pin}"
        number = piece[hole]
        if net_of_piece.setdefault(number, net) != net:
            faults.append(f"{net} touches {net_of_piece[number]}")
        pieces_of_net.setdefault(net, set()).add(number)
    faults += [f"{net} is broken" for net, found in pieces_of_net.items() if len(found) > 1]
    apart = _isolation_mm(cuts)
    return faults + ([f"{apart:.1f} mm beside an isolated net"] if apart < ASKED_MM else [])


# Isolation. A strip is 2.54 mm from the next and 2.04 mm wide (0.5 mm gaps); a cut is 3 mm across.
# Copper on which no part stands still leads a flash-over on: crossing it counts as nothing.
PITCH_MM, STRIP_MM, CUT_MM, ASKED_MM = 2.54, 2.04, 3.0, 5.0
Copper = tuple[int, float, float, str]  # strip, left and right end in mm, whose


def _whose(net: str) -> str:
    isolated = re.fullmatch(r"(SYNC_IN|SYNC_OUT)_(?:P|N|C|LED)", net)
    return isolated[1] if isolated and net != "SYNC_OUT_LED" else "system"


def _copper(cuts: set[Hole], bare: set[int]) -> list[Copper]:
    found = []
    for strip in set(range(PLACES["board"]["strips"])) - bare:
        stops = [-1, *sorted(h for h, s in cuts if s == strip), PLACES["board"]["holes"]]
        for left, right in pairwise(stops):
            on_it = [pin for pin, (h, s) in _pins().items() if s == strip and left < h < right]
            whose = {_whose(_design().parts[ref].pins[pin]) for ref, pin in on_it}
            whose |= {"system"} if str(strip) in PLACES["rails"] else set()
            start, end = left * PITCH_MM + CUT_MM / 2, right * PITCH_MM - CUT_MM / 2
            if end > start:
                found.append((strip, start, end, "+".join(sorted(whose))))
    return found


def _gap_mm(one: Copper, other: Copper) -> float:
    rows = abs(one[0] - other[0])
    up = rows * PITCH_MM - STRIP_MM if rows else 0.0
    return math.hypot(up, max(one[1] - other[2], other[1] - one[2], 0.0))


def _bare() -> set[int]:
    text = (FOLDER / "insole" / "stripboard_insole.md").read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("0. Heat strips "))
    return {int(strip) for strip in re.findall(r"\d+", line[3:])}


def _isolation_mm(cuts: set[Hole], bare: set[int] | None = None) -> float:
    """The shortest way between two sides over board without copper, summed over all gaps on it."""
    copper = _copper(cuts, _bare() if bare is None else bare)
    return min(_shortest_mm(copper, side) for side in ("SYNC_IN", "SYNC_OUT"))


def _shortest_mm(copper: list[Copper], side: str) -> float:
    """Dijkstra's way from one side's copper to any other side's; under 10 mm, else 10."""
    way = {n: 0.0 for n, piece in enumerate(copper) if side in piece[3].split("+")}
    done: set[int] = set()
    while open_ends := way.keys() - done:
        here = min(open_ends, key=way.__getitem__)
        done.add(here)
        if copper[here][3] not in ("", side):
            return way[here]
        for n, piece in enumerate(copper):
            if abs(piece[0] - copper[here][0]) <= 4 and n not in done:
                total = way[here] + _gap_mm(copper[here], piece)
                if total < min(way.get(n, math.inf), 10.0):
                    way[n] = total
    return 10.0


def test_is_what_the_tables_print() -> None:
    printed = print_stripboard.outputs()
    assert printed
    for path, text in printed.items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: run make hardware"


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


def test_isolated_copper_keeps_its_distance() -> None:
    cuts, _ = _listed((FOLDER / "insole" / "stripboard_insole.md").read_text(encoding="utf-8"))
    assert _isolation_mm(cuts) >= ASKED_MM
    # under an optocoupler two cuts of 3 mm, one pitch apart: 2.54 + 3 = 5.54 mm
    assert _isolation_mm(cuts) == pytest.approx(5.54)


def test_strips_that_keep_their_copper_beside_isolated_ones_are_a_fault() -> None:
    cuts, _ = _listed((FOLDER / "insole" / "stripboard_insole.md").read_text(encoding="utf-8"))
    assert _isolation_mm(cuts, bare=set()) < ASKED_MM


def test_no_wire_of_the_system_lies_on_isolated_copper() -> None:
    board = print_stripboard.load_stripboard()
    isolated = [
        h for p, h in _pins().items() if _whose(_design().parts[p[0]].pins[p[1]]) != "system"
    ]
    left = max(h for h, _ in isolated if h < board.holes // 2)
    right = min(h for h, _ in isolated if h > board.holes // 2)
    top = min(s for _, s in isolated)
    for (a, b), (c, d) in board.links:
        if max(b, d) >= top - 3:
            middle = left < min(a, c) and max(a, c) < right
            assert middle or min(b, d) >= top


def test_the_drawing_says_which_way_round() -> None:
    svg = (FOLDER / "insole" / "stripboard_insole.svg").read_text(encoding="utf-8")
    dots = {(int(x), int(y)) for x, y in re.findall(r'<ellipse cx="(\d+)" cy="(\d+)"', svg)}
    first = {"J1": "1", "J2": "1", "JP1": "1", "JP2": "1", "OK1": "A", "OK2": "A"}
    first |= dict.fromkeys(("D1", "D2", "D3", "D4"), "IO1")
    assert dots == {print_stripboard._xy(_pins()[part]) for part in first.items()}
    x, cathode = print_stripboard._xy(_pins()["D6", "K"])
    _, anode = print_stripboard._xy(_pins()["D6", "A"])
    band = re.search(rf'<line x1="{x - 4}" y1="(\d+)" x2="{x + 4}" y2="\1" stroke="#000"', svg)
    assert band
    assert abs(int(band[1]) - cathode) < abs(int(band[1]) - anode)
    assert svg.count(">+</text>") == svg.count(">\N{MINUS SIGN}</text>") == 2


def test_the_list_gives_each_parts_value_and_says_that_cuts_are_mirrored() -> None:
    text = (FOLDER / "insole" / "stripboard_insole.md").read_text(encoding="utf-8")
    for ref in {ref for ref, _ in _pins()} - {"A1"}:
        assert f"| {ref} | {_design().parts[ref].value} |" in text
    assert "left and right are swapped" in text
    assert f"{PLACES['board']['holes'] - 1} - h there" in text


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


def test_the_safety_page_names_the_strips_that_lose_their_copper() -> None:
    words = (FOLDER / "safety.md").read_text(encoding="utf-8")
    assert f"strips {min(_bare())} to {max(_bare())} are stripped of copper" in words
    assert _bare() == set(range(min(_bare()), max(_bare()) + 1))
