# SPDX-License-Identifier: GPL-3.0-or-later
"""The foot in letters: every name once, in its place, one marked."""

from rig.layout import Foot
from rig.layout.foot_picture import SENSEL_NAMES, foot_picture, sensel_words
from rig.layout.insole import SENSOR_NAMES


def place(picture: str, word: str) -> tuple[int, int]:
    (row,) = [n for n, line in enumerate(picture.splitlines()) if word in line.split()]
    return row, picture.splitlines()[row].index(word)


def test_every_sensor_is_there_and_toes_are_up():
    for foot in Foot:
        picture = foot_picture(foot)
        rows = {name: place(picture, name)[0] for name in SENSOR_NAMES}
        assert rows["HX"] < rows["MT1"] < rows["AM"] < rows["HF"] < rows["HM"] < rows["HB"]
        assert max(len(line) for line in picture.splitlines()) < 60


def test_the_big_toe_is_on_the_inner_side():
    left, right = foot_picture(Foot.LEFT), foot_picture(Foot.RIGHT)
    assert place(left, "HX")[1] > place(left, "T34")[1]
    assert place(right, "HX")[1] < place(right, "T34")[1]


def test_one_sensor_is_marked():
    picture = foot_picture(Foot.LEFT, SENSOR_NAMES.index("MT2"))
    assert ">MT2<" in picture
    assert picture.count(">") == 1
    assert "MT1" in picture


def test_sensels_have_the_names_of_the_wiring_table():
    assert SENSEL_NAMES[0] == "L_HB"
    assert SENSEL_NAMES[31] == "R_T5"
    assert sensel_words(23) == "right foot: the ball, behind the big toe (R_MT1)"
