# SPDX-License-Identifier: GPL-3.0-or-later
import io
import wave

import numpy as np
import pytest

from dashboard.preferences import keep_loudness, load_loudness, next_loudness
from dashboard.sound import NO_LIBRARY, NO_SPEAKER, Sound
from dashboard.tones import SAMPLE_RATE_HZ, TONES, tone_samples, tone_wave
from rig.errors import SettingsError


def strongest_hz(samples: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 1 << 16))
    return float(spectrum.argmax() * SAMPLE_RATE_HZ / (1 << 16))


@pytest.mark.parametrize("tone", TONES)
def test_a_tone_is_short_loud_and_does_not_click(tone):
    samples = tone_samples(tone).astype(float)
    assert 0.1 <= len(samples) / SAMPLE_RATE_HZ <= 0.4
    assert 0.85 * 32767 < np.abs(samples).max() < 32767
    assert abs(samples[0]) < 100
    assert abs(samples[-1]) < 700
    # a click is a step; the steepest part of a sine of 2,349 Hz is 0.33 of its peak a sample
    assert np.abs(np.diff(samples)).max() < 0.4 * 32767


def test_errors_are_low_rewards_high_and_no_two_are_alike():
    pitch = {tone: strongest_hz(tone_samples(tone)) for tone in TONES}
    assert pitch["fault"] == pytest.approx(185.0, abs=5.0)
    assert pitch["heel first"] == pytest.approx(185.0, abs=12.0)
    assert pitch["reward"] > 2 * pitch["warning"] > 4 * pitch["fault"]
    assert pitch["toes"] > pitch["reward"]
    # one note and two of the same pitch are told apart by the silence between
    middle = {
        t: tone_samples(t)[int(0.1 * SAMPLE_RATE_HZ) : int(0.13 * SAMPLE_RATE_HZ)] for t in TONES
    }
    assert np.abs(middle["heel first"]).max() == 0
    assert np.abs(middle["fault"]).max() > 10_000


def test_the_file_is_a_wave_that_others_read():
    with wave.open(io.BytesIO(tone_wave("reward"))) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        held = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    assert np.array_equal(held, tone_samples("reward"))


def test_without_a_loudspeaker_it_says_so_and_nothing_else(qapp, capfd):
    sound = Sound("loud")
    if not sound.silence:
        pytest.skip("this computer can be heard")
    assert sound.silence in (NO_LIBRARY, NO_SPEAKER)
    assert not sound.play("reward")
    told = capfd.readouterr()
    assert (told.out, told.err) == ("", "")


def test_silence_by_choice_is_not_a_missing_loudspeaker(qapp):
    sound = Sound("off")
    assert not sound.play("fault")
    sound.choose("soft")
    assert sound.loudness == "soft"


def test_loudness_is_remembered_and_a_broken_file_is_loud(tmp_path):
    path = tmp_path / "solerig" / "dashboard.json"
    assert load_loudness(path) == "loud"
    keep_loudness(path, "off")
    assert load_loudness(path) == "off"
    for broken in ("", "[]", '{"sound": 3}', "{"):
        path.write_text(broken)
        assert load_loudness(path) == "loud"


def test_one_key_steps_through_loud_soft_off():
    assert [next_loudness("loud"), next_loudness("soft"), next_loudness("off")] == [
        "soft",
        "off",
        "loud",
    ]


def test_a_place_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "solerig").write_text("a file where a folder should be")
    with pytest.raises(SettingsError, match="not remembered"):
        keep_loudness(tmp_path / "solerig" / "dashboard.json", "off")
