# SPDX-License-Identifier: CERN-OHL-S-2.0
"""The parts lists, as text: what the nets need (nets*.toml) and what lists.toml adds to it.

Prices are those of parts.toml, all approximate. Totals are sums of the lines, in cents, so that they
are exact; choices and options stand in a list but not in its total.
"""

from __future__ import annotations

import csv
import io
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from boards import WiringError
from net_table import DESIGNS, FOLDER, load_design, load_stock
from print_firmware import printed_from
from print_tables import alike, refs

LISTS = ("level0", *DESIGNS, "belt_box")
CSV_HEAD = (
    "quantity",
    "kind",
    "maker",
    "maker's part number",
    "approx. EUR each",
    "approx. EUR",
    "parts",
    "rating from",
)
ABOUT_PRICES = (
    "Every price is approximate: single pieces at hobby suppliers, without tax and postage, as about "
    "asked when the list was written. Many parts (resistors, pin strips, wire) are sold in packs. "
    "Tools, a computer and a printer are not counted. Part numbers are those of the makers' "
    "catalogues; compare the description before you order. Each line says where its rating "
    "comes from, or that it is approximate; a part of the same value and rating from another maker "
    "is as good."
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list."""

    count: int
    stock: dict[str, Any]
    use: str
    is_counted: bool

    @property
    def cents(self) -> int:
        return self.count * round(100 * self.stock["price_eur"])

    @property
    def number(self) -> str:
        return self.stock.get("order", self.stock["mpn"])

    @property
    def words(self) -> str:
        return self.use if self.is_counted else f"{self.use} (option)".strip()


@dataclass(frozen=True, slots=True)
class PartsList:
    """Everything that one rig needs."""

    name: str
    title: str
    lines: tuple[Line, ...]
    before: str

    @property
    def total_cents(self) -> int:
        return sum(line.cents for line in self.lines if line.is_counted)


def load_list(name: str, folder: Path = FOLDER) -> PartsList:
    """Read one list.

    Raises
    ------
    WiringError
        It names a part that parts.toml does not have.
    """
    stock = load_stock(folder)
    table = tomllib.loads((folder / "lists.toml").read_text(encoding="utf-8"))[name]
    lines: list[Line] = []
    title = table.get("title", "")
    if name in DESIGNS:
        design = load_design(name, folder)
        title = design.title
        lines += [
            Line(len(parts), parts[0].stock, refs(parts), not parts[0].option)
            for parts in alike(design)
            if parts[0].stock["price_eur"] > 0  # a cable's end comes with the cable
        ]
    for kind in ("bought", "choice"):
        for key, (count, use) in table.get(kind, {}).items():
            if key not in stock:
                raise WiringError(f"{name}: {key} is not in parts.toml")
            lines.append(Line(count, stock[key], use, kind == "bought"))
    return PartsList(name, title, tuple(lines), table.get("before", ""))


def euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def parts_text(listed: PartsList) -> str:
    """The list as CSV, its total last."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV_HEAD)
    for line in listed.lines:
        bought = line.stock
        each = euros(round(100 * bought["price_eur"]))
        words = (bought["kind"], bought["maker"], line.number)
        writer.writerow((line.count, *words, each, euros(line.cents), line.words, bought["source"]))
    last = "total, approximate, without options"
    writer.writerow(("", last, "", "", "", euros(listed.total_cents), "", ""))
    return out.getvalue()


def parts_table(listed: PartsList) -> str:
    """The list as a table for a page."""
    rows = [
        f"| {x.count} | {x.stock['kind']} | {x.number} | {euros(x.cents)} | {x.words} |\n"
        for x in listed.lines
    ]
    head = "| quantity | part | number | approx. EUR | for |\n|---:|---|---|---:|---|\n"
    return head + "".join(rows) + f"| | total, approximate | | {euros(listed.total_cents)} | |\n"


def totals_text(lists: list[PartsList]) -> str:
    """The page that compares the lists' totals."""
    lines = [
        "<!-- SPDX-License-Identifier: CERN-OHL-S-2.0 -->",
        "# What a rig costs",
        "",
        printed_from("nets.toml, nets_mat.toml, lists.toml and parts.toml"),
        "",
        ABOUT_PRICES,
        "",
        "| list | approx. EUR | the dearest line of it | needs first |",
        "|---|---:|---|---|",
    ]
    for x in lists:
        line = max((line for line in x.lines if line.is_counted), key=lambda line: line.cents)
        lines.append(
            f"| [{x.title}](parts_{x.name}.csv) | {euros(x.total_cents)} | {line.count} x "
            f"{line.stock['kind']}: {euros(line.cents)} | {x.before or '-'} |"
        )
    return "\n".join(lines) + "\n"


def outputs() -> dict[Path, str]:
    """Every printed list with its text."""
    lists = [load_list(name) for name in LISTS]
    printed = {FOLDER / f"parts_{x.name}.csv": parts_text(x) for x in lists}
    printed[FOLDER / "parts.md"] = totals_text(lists)
    return printed
