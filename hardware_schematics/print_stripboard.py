# SPDX-License-Identifier: CERN-OHL-S-2.0
"""Prints the insole box's stripboard: `python hardware_schematics/print_stripboard.py`.

From the parts' places (stripboard.toml) and the net table follow the cuts (between neighbours on a
strip that are on different nets) and the links (between pieces of strip on the same net). The result
is a drawing seen from the parts' side and a list to work through.
"""

from __future__ import annotations

import sys
import tomllib
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from boards import WiringError
from net_table import FOLDER, Design, load_design
from print_firmware import printed_from

Hole = tuple[int, int]  # hole, strip
Pin = tuple[str, str]  # part, pin


@dataclass(frozen=True, slots=True)
class Stripboard:
    """A populated board."""

    design: Design
    strips: int
    holes: int
    pins: dict[Pin, Hole]
    rails: dict[int, str]  # strips that carry a supply from end to end
    cuts: tuple[Hole, ...]
    links: tuple[tuple[Hole, Hole], ...]
    bare: tuple[
        int, ...
    ] = ()  # strips whose copper is pulled off, between isolated nets and others

    def net_at(self, pin: Pin) -> str:
        return self.design.parts[pin[0]].pins[pin[1]]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of strip between cuts, from hole `first` to `last`, and its net ("" = nothing on it)."""

    strip: int
    first: int
    last: int
    net: str


def load_stripboard(folder: Path = FOLDER) -> Stripboard:
    """Read the places and work out cuts and links.

    Raises
    ------
    WiringError
        A part has no place or two, or there is no room for a cut or a link.
    """
    table = tomllib.loads((folder / "stripboard.toml").read_text(encoding="utf-8"))
    design = load_design(table["board"]["design"], folder)
    pins = _pins(design, table)
    _check_places(design, table, pins)
    strips, holes = table["board"]["strips"], table["board"]["holes"]
    rails = {int(strip): net for strip, net in table["rails"].items()}
    apart = table["isolation"]
    planned = tuple((h, s) for s in apart["cut_strips"] for h in apart["cut_holes"])
    uncut = Stripboard(design, strips, holes, pins, rails, planned, (), tuple(apart["bare"]))
    if any(place in planned or place[1] in uncut.bare for place in pins.values()):
        raise WiringError("a pin stands where the stripboard has no copper")
    cut = replace(uncut, cuts=(*planned, *_cuts(uncut)))
    return replace(cut, links=tuple(_links(cut)))


def _pins(design: Design, table: dict[str, Any]) -> dict[Pin, Hole]:
    pins: dict[Pin, Hole] = {}
    for ref, (hole, first, second) in table["upright"].items():
        names = ("A", "K") if "A" in design.parts[ref].pins else ("1", "2")
        pins[ref, names[0]], pins[ref, names[1]] = (hole, first), (hole, second)
    for ref, (shape, hole, strip) in table["placed"].items():
        for pin, (right, down) in table["shapes"][shape].items():
            pins[ref, pin] = (hole + right, strip + down)
    for ref, wires in table["wires"].items():
        for pin, (hole, strip) in wires.items():
            pins[ref, pin] = (hole, strip)
    return pins


def _check_places(design: Design, table: dict[str, Any], pins: dict[Pin, Hole]) -> None:
    board = table["board"]
    wanted = {
        (part.ref, pin)
        for part in design.parts.values()
        if part.sheet == board["sheet"] and part.ref not in board["left_out"]
        for pin, net in part.pins.items()
        if net not in design.head["on_board"]["nets"]
    }
    if wanted != pins.keys():
        raise WiringError(f"the stripboard lacks or adds {sorted(wanted ^ pins.keys())}")
    if len(set(pins.values())) != len(pins):
        raise WiringError("two pins stand in the same hole of the stripboard")
    inside = all(0 <= h < board["holes"] and 0 <= s < board["strips"] for h, s in pins.values())
    if not inside:
        raise WiringError("a pin stands outside of the stripboard")


def _on_strip(board: Stripboard, strip: int) -> list[tuple[int, str]]:
    """(hole, net) of the pins on a strip, from the left; an open pin has a net of its own."""
    found = [(0, board.rails[strip])] if strip in board.rails else []
    for pin, (hole, at) in board.pins.items():
        if at == strip:
            found.append((hole, board.net_at(pin) or f"open {pin}"))
    return sorted(found)


def _cuts(board: Stripboard) -> list[Hole]:
    cuts = []
    for strip in range(board.strips):
        for (left, net), (right, other) in pairwise(_on_strip(board, strip)):
            parted = any(s == strip and left < hole < right for hole, s in board.cuts)
            if net != other and not parted:
                if right - left < 2:
                    raise WiringError(f"no room for a cut on strip {strip} at hole {left}")
                cuts.append(((left + right) // 2, strip))
    return cuts


def pieces(board: Stripboard) -> list[Piece]:
    """The strips that keep their copper, cut."""
    found = []
    for strip in sorted(set(range(board.strips)) - set(board.bare)):
        stops = [-1, *sorted(h for h, s in board.cuts if s == strip), board.holes]
        on_strip = _on_strip(board, strip)
        for left, right in pairwise(stops):
            nets = {net for hole, net in on_strip if left < hole < right}
            if len(nets) > 1:
                raise WiringError(f"strip {strip} joins {sorted(nets)}")
            if right - left > 1:
                found.append(Piece(strip, left + 1, right - 1, nets.pop() if nets else ""))
    return found


def _links(board: Stripboard) -> list[tuple[Hole, Hole]]:
    """For each net, the links that join its pieces: always the best one to a piece not yet joined."""
    taken = set(board.pins.values()) | _under_bodies(board)
    links = []
    by_net: dict[str, list[Piece]] = {}
    for piece in pieces(board):
        if piece.net and not piece.net.startswith("open "):
            by_net.setdefault(piece.net, []).append(piece)
    for net, (first, *waiting) in by_net.items():
        joined = [first]
        while waiting:
            choices = [(_link(a, b, taken), b) for a in joined for b in waiting]
            possible = [(link, b) for link, b in choices if link]
            if not possible:
                raise WiringError(f"no free hole for a link of {net}")
            link, piece = min(possible, key=lambda choice: _cost(choice[0], taken))
            taken |= set(_under(link))
            links.append(link)
            joined.append(piece)
            waiting.remove(piece)
    return links


def _cost(link: tuple[Hole, Hole], taken: set[Hole]) -> int:
    """In holes: slanted links cost much, and so does every part or link that one would lie across."""
    (a, b), (c, d) = link
    if a != c and b != d:
        return 1000 + abs(a - c) + abs(b - d)
    crossed = sum(hole in taken for hole in _under(link))
    return abs(a - c) + abs(b - d) + 50 * crossed


def _under(link: tuple[Hole, Hole]) -> list[Hole]:
    """The holes that a link lies on; of a slanted one its ends."""
    (a, b), (c, d) = link
    if a != c and b != d:
        return [link[0], link[1]]
    return [
        (h, s) for h in range(min(a, c), max(a, c) + 1) for s in range(min(b, d), max(b, d) + 1)
    ]


def _under_bodies(board: Stripboard) -> set[Hole]:
    """Holes that a part covers: the rectangle that its pins span."""
    covered = set()
    for ref in {ref for ref, _ in board.pins} - {"A1"}:
        places = [hole for (part, _), hole in board.pins.items() if part == ref]
        holes, strips = [h for h, _ in places], [s for _, s in places]
        covered |= {
            (h, s)
            for h in range(min(holes), max(holes) + 1)
            for s in range(min(strips), max(strips) + 1)
        }
    return covered


def _link(one: Piece, other: Piece, taken: set[Hole]) -> tuple[Hole, Hole] | None:
    """The shortest link between two pieces' free holes, if both have one."""

    def free(piece: Piece) -> list[Hole]:
        places = ((h, piece.strip) for h in range(piece.first, piece.last + 1))
        return [place for place in places if place not in taken]

    pairs = ((a, b) for a in free(one) for b in free(other))
    return min(pairs, key=lambda pair: _cost(pair, taken), default=None)


# ---- drawing -------------------------------------------------------------------------------
PITCH = 12


def _xy(hole: Hole) -> tuple[int, int]:
    return 40 + PITCH * hole[0], 48 + PITCH * hole[1]


def drawing(board: Stripboard) -> str:
    """Seen from the parts' side: strips brown, cuts white crosses, links blue, parts boxed and named."""
    width, height = 80 + PITCH * board.holes, 96 + PITCH * board.strips
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">',
        '<g font-family="sans-serif" font-size="8">',
        f"<!-- {printed_from('stripboard.toml')} -->".replace("print_nets", "print_stripboard"),
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<text x="40" y="14" font-size="11">{board.design.title}: box, parts\' side</text>',
    ]
    lines += _strip_lines(board)
    for hole in range(0, board.holes, 5):
        lines.append(_text(_xy((hole, -2)), str(hole), "#444"))
    for strip in range(board.strips):
        x, y = _xy((-1, strip))
        lines.append(_text((x - 6, y + 3), str(strip), "#444"))
    lines += [_cut(_xy(cut)) for cut in board.cuts]
    for one, other in board.links:
        lines.append(_wire(_xy(one), _xy(other), "#1b50c8", 2))
    lines += _part_lines(board)
    return "\n".join([*lines, "</g>", "</svg>"]) + "\n"


def _strip_lines(board: Stripboard) -> list[str]:
    lines = []
    for strip in range(board.strips):
        (x1, y), (x2, _) = _xy((0, strip)), _xy((board.holes - 1, strip))
        copper = "#f4f4f4" if strip in board.bare else "#e2c49a"
        lines.append(_wire((x1 - 4, y), (x2 + 4, y), copper, 8))
        holes = "".join(f"M{_xy((h, strip))[0] - 1},{y}h2" for h in range(board.holes))
        lines.append(f'<path d="{holes}" stroke="#8a6d3b" stroke-width="2"/>')
    return lines


def _part_lines(board: Stripboard) -> list[str]:
    lines = []
    for ref in dict.fromkeys(ref for ref, _ in board.pins):
        own = {pin: _xy(hole) for (part, pin), hole in board.pins.items() if part == ref}
        xs, ys = [x for x, _ in own.values()], [y for _, y in own.values()]
        if ref != "A1":
            upright = len(own) == 2 and min(xs) == max(xs) and not ref.startswith("J")
            if upright:
                lines.append(_wire((xs[0], min(ys)), (xs[0], max(ys)), "#555", 1))
            inset = min(14, (max(ys) - min(ys)) // 3) if upright else -5
            lines.append(
                f'<rect x="{min(xs) - 5}" y="{min(ys) + inset}" width="{max(xs) - min(xs) + 10}" '
                f'height="{max(ys) - min(ys) - 2 * inset}" '
                'fill="#fffbe6" fill-opacity="0.85" stroke="#a33"/>'
            )
            middle = (min(xs) + max(xs)) // 2, (min(ys) + max(ys)) // 2 + 3
            turned = f' transform="rotate(-90 {middle[0] + 3} {middle[1] - 3})"' if upright else ""
            lines.append(_text((middle[0] + 3 * upright, middle[1]), ref, "#a00", turned))
        for pin, (x, y) in own.items():
            colour = "#0a7" if ref == "A1" else "#a33"
            lines.append(f'<circle cx="{x}" cy="{y}" r="2.6" fill="{colour}"/>')
            if ref == "A1":
                lines.append(_text((x + 12, y + 3), pin, "#075"))
        lines += _which_way_round(ref, own)
    return lines


FIRST_PINS = {"J": "1", "JP": "1", "OK": "A", "D": "IO1"}  # what the parts print as pin 1
SIGNED = ("J3", "J4")


def _which_way_round(ref: str, own: dict[str, tuple[int, int]]) -> list[str]:
    """A white dot on pin 1, a band at a cathode, plus and minus at the sync terminals."""
    if ref in SIGNED:
        return [
            _text((own[pin][0] - 10, own[pin][1] + 4), sign, "#000", ' font-size="12"')
            for pin, sign in (("1", "+"), ("2", "\N{MINUS SIGN}"))
        ]
    if own.keys() == {"A", "K"}:
        (x, y), (_, anode) = own["K"], own["A"]
        band = y - 17 if y > anode else y + 17
        return [_wire((x - 4, band), (x + 4, band), "#000", 3)]
    first = own.get(FIRST_PINS.get(ref.rstrip("0123456789"), ""))
    if first is None:
        return []
    x, y = first
    return [f'<ellipse cx="{x}" cy="{y}" rx="1.8" ry="1.8" fill="white" stroke="#000"/>']


def _wire(a: tuple[int, int], b: tuple[int, int], colour: str, width: int) -> str:
    return (
        f'<line x1="{a[0]}" y1="{a[1]}" x2="{b[0]}" y2="{b[1]}" stroke="{colour}" '
        f'stroke-width="{width}" stroke-linecap="round"/>'
    )


def _cut(at: tuple[int, int]) -> str:
    x, y = at
    return (
        f'<g stroke="#000" stroke-width="1.2"><circle cx="{x}" cy="{y}" r="4.5" fill="white"/>'
        f'<path d="M{x - 3},{y - 3}l6,6m0,-6l-6,6"/></g>'
    )


def _text(at: tuple[int, int], words: str, colour: str, more: str = "") -> str:
    return (
        f'<text x="{at[0]}" y="{at[1]}" text-anchor="middle" fill="{colour}"{more}>{words}</text>'
    )


def work_list(board: Stripboard) -> str:
    """What to do, in order, as markdown."""
    wires = [(pin, hole) for (ref, pin), hole in board.pins.items() if ref == "A1"]
    bare = ", ".join(map(str, board.bare))
    lines = [
        "<!-- SPDX-License-Identifier: CERN-OHL-S-2.0 -->",
        "# Stripboard of the insole box",
        "",
        printed_from("stripboard.toml").replace("print_nets", "print_stripboard"),
        "",
        "Places are *hole, strip*, counted from 0 at the top left, seen from the parts' side;",
        "`stripboard_insole.svg` shows them all: a white dot is pin 1, a black band the cathode,",
        "+ and - are the sync terminals' pins 1 and 2. The option (U3, C4) has no place on it.",
        "",
        "You cut on the copper side, and there left and right are swapped: the hole that is h here is",
        f"{board.holes - 1} - h there, counted from the left. Push a pin through from the parts'",
        "side and mark it.",
        "",
        "The sync terminals' copper keeps at least 5 mm from all other copper, as drawn: strips",
        f"{bare} lose their copper, and the strips below have two cuts side by side, made with a",
        "cutter of at least 3 mm, so that no copper is left between them. Solder nothing else there.",
        "This was worked out from the plan, not tested with high voltage (see ../safety.md).",
        "",
        f"0. Heat strips {bare} with the iron and pull their copper off, from end to end.",
        f"1. Cut the strips at {len(board.cuts)} holes: "
        + "; ".join(f"{h}, {s}" for h, s in sorted(board.cuts, key=lambda c: (c[1], c[0])))
        + ".",
        f"2. Solder {len(board.links)} insulated links: "
        + "; ".join(f"{a}, {b} to {c}, {d}" for (a, b), (c, d) in board.links)
        + ".",
        "3. Solder the parts, the lowest first. Measure that +5V and GND are apart.",
        "4. Solder the wires to the board: "
        + "; ".join(f"{pin} at {h}, {s}" for pin, (h, s) in wires)
        + ".",
        "",
        "## Where each part goes",
        "",
        "| part | value | pins at *hole, strip* |",
        "|---|---|---|",
        *_part_rows(board),
    ]
    return "\n".join(lines) + "\n"


def _part_rows(board: Stripboard) -> list[str]:
    rows = []
    for ref in dict.fromkeys(ref for ref, _ in board.pins if ref != "A1"):
        places = [f"{p} at {h}, {s}" for (r, p), (h, s) in board.pins.items() if r == ref]
        rows.append(f"| {ref} | {board.design.parts[ref].value} | {'; '.join(places)} |")
    return rows


def outputs() -> dict[Path, str]:
    """The drawing and the list."""
    board = load_stripboard()
    return {
        FOLDER / "insole" / "stripboard_insole.svg": drawing(board),
        FOLDER / "insole" / "stripboard_insole.md": work_list(board),
    }


def main() -> int:
    for path, text in outputs().items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
