"""Sound really comes out of Kivy, and a machine without a sound card goes on."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import ROOT
from voice.speech import PROGRAM

needs_program = pytest.mark.skipif(shutil.which(PROGRAM) is None, reason=f"{PROGRAM} is not installed")

TALK = """
import queue, sys, time
from pathlib import Path
from voice.kivy_sound import KivySound
from voice.speaker import Speaker
from voice.speech import Speech
from kivy.clock import Clock
jobs, card = queue.SimpleQueue(), KivySound(float(sys.argv[2]))
speaker = Speaker(Speech(Path(sys.argv[1])).file_of, card, jobs.put)
speaker.say("Xin chào.", "vi")
end = time.monotonic() + 60
while speaker.speaking and time.monotonic() < end:
    try:
        jobs.get(timeout=0.05)()
    except queue.Empty:
        pass
    Clock.tick()
    speaker.tick()
print("still speaking" if speaker.speaking else f"ended {speaker.trouble}", "dead" if card.dead else "")
print(*(name for name in sys.modules if name == "ffpyplayer"))
speaker.close()
"""


def talk(folder: Path, volume: float = 1.0, **environment: str) -> str:
    """Say something in a process of its own; what it told at its end."""
    base = {key: value for key, value in os.environ.items() if not key.startswith("SDL_")}
    settled = {"KIVY_NO_ARGS": "1", "KIVY_NO_FILELOG": "1", "KIVY_NO_CONFIG": "1", "KIVY_LOG_MODE": "PYTHON"}
    done = subprocess.run(
        [sys.executable, "-c", TALK, str(folder / "speech"), str(volume)],
        env={**base, **settled, "PYTHONPATH": str(ROOT), **environment},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@needs_program
@pytest.mark.parametrize(("volume", "least", "most"), [(1.0, 20_000, 25_000), (0.25, 5_000, 7_000)])
def test_what_is_said_comes_out_as_sound_as_loud_as_it_should(
    tmp_path: Path, volume: float, least: int, most: int
) -> None:
    sound = tmp_path / "sound.raw"
    told = talk(tmp_path, volume, SDL_AUDIODRIVER="disk", SDL_DISKAUDIOFILE=str(sound), SDL_DISKAUDIODELAY="5")
    assert told == "ended"
    samples = memoryview(sound.read_bytes()[: sound.stat().st_size // 2 * 2]).cast("h")
    assert least < max(samples) < most


@needs_program
@pytest.mark.parametrize(("driver", "told"), [("dummy", "ended"), ("no-such-driver", "ended  dead")])
def test_a_sound_card_that_plays_nothing_holds_nobody_up_and_one_that_is_not_there_is_known(
    tmp_path: Path, driver: str, told: str
) -> None:
    assert talk(tmp_path, SDL_AUDIODRIVER=driver) == told
