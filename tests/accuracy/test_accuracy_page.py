# SPDX-License-Identifier: GPL-3.0-or-later
"""The committed page is what its stored numbers print; and what misuse is told."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner

import rig.accuracy
from rig.accuracy.page import NUMBERS, PAGE, PLOTS, numbers_text, page_text, plots_of, write_page
from rig.accuracy.plots import LEFT
from rig.accuracy.report import FULL, chosen, merged, questions, report_json, tables_of
from rig.accuracy.standing import coverage
from rig.accuracy.tables import table
from rig.cli.app import app
from rig.errors import SettingsError, SolerigError
from rig.simulate.hard_faults import HARD_FAULT_KINDS

FOLDER = Path(rig.accuracy.__file__).parent


@pytest.fixture(scope="module")
def stored():
    return json.loads((FOLDER / NUMBERS).read_text(encoding="utf-8"))


def test_the_page_is_what_its_numbers_print(stored):
    assert (FOLDER / PAGE).read_text(encoding="utf-8") == page_text(stored)
    assert (FOLDER / NUMBERS).read_text(encoding="utf-8") == numbers_text(stored)


def test_the_plots_are_what_their_numbers_draw(stored):
    drawn = plots_of(stored)
    assert {path.name for path in (FOLDER / PLOTS).iterdir()} == set(drawn)
    for name, svg in drawn.items():
        assert (FOLDER / PLOTS / name).read_text(encoding="utf-8") == svg
        ET.fromstring(svg)  # noqa: S314 - our own


def test_the_page_answers_every_question_and_warns(stored):
    assert [t.key for t in tables_of(stored)] == [k for q in questions() for k in q.tables]
    assert "A model is not a force plate" in page_text(stored)


def test_the_page_names_every_hard_fault_and_fifty_subjects(stored):
    by_key = {t.key: t for t in tables_of(stored)}
    assert set(by_key["hard-faults"].column("fault")) == {"none", *HARD_FAULT_KINDS}
    assert min(by_key["coverage"].column("subjects")) >= 50
    covered = {(row[0], row[1]) for row in by_key["coverage"].rows}
    assert len(covered) == 9


def test_bars_are_as_long_as_their_numbers(stored):
    svg = plots_of(stored)["sensors_cop.svg"]
    root = ET.fromstring(svg)  # noqa: S314 - our own
    space = "{http://www.w3.org/2000/svg}"
    lengths = [float(r.get("width")) for r in root.iter(f"{space}rect") if r.get("x") == str(LEFT)]
    sensors = next(t for t in tables_of(stored) if t.key == "sensors")
    heads = [c.head for c in sensors.columns if c.head.endswith("AP mm")]
    values = [
        value for row in zip(*(sensors.column(h) for h in heads), strict=True) for value in row
    ]
    assert len(lengths) == len(values)
    for length, value in zip(lengths, values, strict=True):
        assert length / lengths[0] == pytest.approx(value / values[0], abs=0.01)


def test_only_some_answers_replace_only_their_tables(tmp_path):
    old, new = (
        report_json(FULL, [table(key, key, "", [("a", 0)], [(value,)])])
        for key, value in (("sensors", 1.0), ("standing", 2.0))
    )
    both = merged(old, new)
    assert [t["key"] for t in both["tables"]] == ["standing", "sensors"]
    again = merged(both, report_json(FULL, [table("sensors", "s", "", [("a", 0)], [(3.0,)])]))
    assert [t["rows"] for t in again["tables"]] == [[[2.0]], [[3.0]]]


def test_answers_of_other_subjects_are_not_mixed(tmp_path):
    made = report_json(FULL, [])
    write_page(tmp_path, made)
    other = {**made, "command": "solerig accuracy --quick"}
    with pytest.raises(SettingsError, match="cannot hold both"):
        write_page(tmp_path, other, only_some=True)


def test_no_such_question_and_no_such_report():
    with pytest.raises(SettingsError, match="choose among standing"):
        chosen(["speed"])
    with pytest.raises(SettingsError, match="no accuracy report"):
        page_text({"schema": "solerig.analysis/1"})


def test_the_command_prints_and_writes_the_same_numbers(tmp_path):
    runner = CliRunner()
    done = runner.invoke(
        app, ["accuracy", "--only", "published", "--json", "--write", str(tmp_path / "out")]
    )
    assert done.exit_code == 0, done.output
    written = json.loads((tmp_path / "out" / NUMBERS).read_text(encoding="utf-8"))
    assert json.loads(done.stdout) == written
    shown = runner.invoke(app, ["accuracy", "--only", "published"])
    assert "Sensors 22:5628" in " ".join(shown.stdout.split())


def test_a_file_is_no_folder(tmp_path):
    taken = tmp_path / "taken"
    taken.write_text("")
    done = CliRunner().invoke(app, ["accuracy", "--write", str(taken)])
    assert isinstance(done.exception, SolerigError)
    assert "needs a folder" in str(done.exception)


def test_coverage_is_the_share_of_frames_inside():
    from rig.analysis.cop_coverage import STANCES, judged

    made = coverage([20_001])
    both = next(row for row in made.rows if row[:3] == ("insoles", "ball", "both feet"))
    run = judged(20_001, STANCES["ball"])
    assert both[4] == pytest.approx(100 * run.inside[:, 2].mean(), abs=0.051)
    assert both[5] == pytest.approx(run.area_mm2[:, 2].mean(), abs=0.51)
