"""What really comes out of the loudspeaker: SDL writes it to a file, and the clips are found in it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.running import PATIENCE, ROOT
from tests.voice.hearing import Recording
from voice.calls import name_clip
from voice.sound import seconds
from voice.speech import PROGRAM

pytestmark = pytest.mark.skipif(shutil.which(PROGRAM) is None, reason=f"{PROGRAM} is not installed")

GONG = "../gong"
CALLS = [("A015", "Quầy 3"), ("B120", "Quầy hướng dẫn")]
SAY = """
import os, queue, sys, time
from pathlib import Path
import display.loudspeaker
from kivy.clock import Clock
from msgspec.structs import replace
from display.announcing import USUAL
from display.loudspeaker import Loudspeaker
from protocol.views import CounterInfo, QueueInfo
from tests.display.halls import AT, hall
from voice.kivy_sound import KivySound

folder, sound, calls = Path(sys.argv[1]), Path(os.environ["SDL_DISKAUDIOFILE"]), eval(sys.argv[2])
bytes_per_second = 44_100 * 4

def heard():
    return sound.stat().st_size / bytes_per_second if sound.exists() else 0.0

class Card(KivySound):
    played = 0
    def play(self, path):
        self.played += 1
        return super().play(path)

# the sound goes by several times as fast as the window can notice
display.loudspeaker.GRACE_SECONDS = 600
jobs, card, said = queue.SimpleQueue(), Card(), []
loudspeaker = Loudspeaker(folder, card, jobs.put, heard)
loudspeaker.on_said = lambda ticket_id, at: said.append(ticket_id)
counters = [CounterInfo(name, name, []) for _, name in calls]
queues = [QueueInfo(prefix, prefix, 3) for prefix in "AB"]
loudspeaker.describe(replace(hall(), counters=counters, queues=queues, voice=replace(USUAL, deadline_seconds=600)))
jobs.get(timeout=60)()
for at, (number, counter) in enumerate(calls):
    loudspeaker.call(at, number, counter, AT)
end = time.monotonic() + 60
while (card.played < 2 * len(calls) or card.playing) and time.monotonic() < end:
    try:
        jobs.get(timeout=0.01)()
    except queue.Empty:
        pass
    Clock.tick()
    loudspeaker.tick()
print(said, loudspeaker.troubles)
sys.stdout.flush()
os._exit(0)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clips and `sound.raw`: two calls, each said twice."""
    folder = tmp_path_factory.mktemp("heard")
    base = {key: value for key, value in os.environ.items() if not key.startswith("SDL_")}
    settled = {"KIVY_NO_ARGS": "1", "KIVY_NO_FILELOG": "1", "KIVY_NO_CONFIG": "1", "KIVY_LOG_MODE": "PYTHON"}
    driver = {"SDL_AUDIODRIVER": "disk", "SDL_DISKAUDIOFILE": str(folder / "sound.raw"), "SDL_DISKAUDIODELAY": "3"}
    done = subprocess.run(
        [sys.executable, "-c", SAY, str(folder), repr(CALLS)],
        env={**base, **settled, **driver, "PYTHONPATH": str(ROOT)},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=2 * PATIENCE,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "[0, 1] []"), done.stderr
    return folder


@pytest.fixture(scope="module")
def recording(folder: Path) -> Recording:
    return Recording(folder / "sound.raw")


def clips_of(number: str, counter: str, *, again: bool) -> Iterator[str]:
    """The clips of a call, in their order: told anew here, not by the code under test."""
    yield from [GONG, *(["again"] if again else []), "invite", f"letter-{number[0].lower()}"]
    yield from [f"digit-{digit}" for digit in number[1:]]
    place = counter.removeprefix("Quầy ")
    yield from ["to-counter", f"number-{place}"] if place.isdecimal() else ["to-place", name_clip(counter)]


@pytest.fixture(scope="module")
def found(folder: Path, recording: Recording) -> list[tuple[str, float, float, float]]:
    """Where every clip is heard, one after the other: its name, from when to when, and how alike it is (to 1)."""
    clips: list[tuple[str, float, float, float]] = []
    until = 0.0
    for number, counter, again in [(*call, again) for again in (False, True) for call in CALLS]:
        about, near = recording.next_heard(until + 0.1), 0.015
        for name in clips_of(number, counter, again=again):
            clip = wav_of(folder, name)
            begins, alike = recording.find(clip, about, near)
            until, near = begins + seconds(clip), 0.001
            about = until + pause_after(name, number)
            clips.append((name, begins, until, alike))
    return clips


def pause_after(name: str, number: str) -> float:
    """The silence after a clip: short within a ticket's number."""
    if name == GONG:
        return 0.15
    return 0.03 if name.startswith(("letter-", "digit-")) and not name.endswith(f"-{number[-1]}") else 0.12


def wav_of(folder: Path, name: str) -> bytes:
    return (folder / "rendered" / "vi" / f"{name}.wav").read_bytes()


def test_every_clip_is_heard_in_its_order_and_none_over_another(found: list[tuple[str, float, float, float]]) -> None:
    assert len(found) == 34
    for name, begins, _, alike in found:
        assert alike > 0.98, f"{name}: {alike} at {begins} s"
    assert all(ends < begins + 0.001 for (_, _, ends, _), (_, begins, _, _) in pairwise(found))


def test_another_digit_would_not_be_taken_for_it(
    folder: Path, recording: Recording, found: list[tuple[str, float, float, float]]
) -> None:
    begins = next(begins for name, begins, _, _ in found if name == "digit-5")
    for digit in "012346789":
        assert recording.find(wav_of(folder, f"digit-{digit}"), begins)[1] < 0.8, digit


def test_there_is_a_silence_between_announcements_and_nowhere_else(recording: Recording) -> None:
    pauses = recording.silences(least=0.45)
    assert len(pauses) == 2 * len(CALLS) - 1
    assert all(later[0] > earlier[1] for earlier, later in pairwise(pauses))


def test_the_peak_is_three_decibel_below_the_loudest_possible(recording: Recording) -> None:
    assert 10 ** (-3.5 / 20) <= recording.peak <= 10 ** (-2.5 / 20)
