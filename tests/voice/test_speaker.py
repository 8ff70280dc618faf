"""One thing is said at a time, the newest guidance wins, calls wait, and a dead sound card stops nothing."""

import io
import queue
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from voice.speaker import AFTER_SECONDS, NO_VOICE, Speaker
from voice.speech import NoVoiceError


class Room:
    """Where a voice is heard: its sound card never says that something has ended."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = 0.0
        self.jobs: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self.heard: list[str] = []
        self.playing: list[str] = []
        self.unsayable: set[str] = set()
        self.speaker = Speaker(self.make, self, self.jobs.put, lambda: self.now)

    def make(self, text: str, language: str) -> Path:
        """A second of silence for each text; the file is named after it."""
        if text in self.unsayable:
            raise NoVoiceError("no program")
        out = io.BytesIO()
        with wave.open(out, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(8000)
            file.writeframes(bytes(2 * 8000))
        path = self.folder / f"{text}.{language}.wav"
        path.write_bytes(out.getvalue())
        return path

    def play(self, path: Path) -> Callable[[], None]:
        name = path.name.split(".")[0]
        self.heard.append(name)
        self.playing.append(name)
        return lambda: self.playing.remove(name)

    def made(self, count: int = 1) -> None:
        """Let so much speech be ready."""
        for _ in range(count):
            self.jobs.get(timeout=10)()

    def pass_seconds(self, seconds: float) -> None:
        self.now += seconds
        self.speaker.tick()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path)
    yield room
    room.speaker.close()


def test_a_sentence_is_heard_and_ends_after_its_length(room: Room) -> None:
    room.speaker.say("one", "vi")
    room.made()
    assert room.playing == ["one"]
    room.pass_seconds(0.9)
    assert room.speaker.speaking
    room.pass_seconds(0.1 + AFTER_SECONDS)
    assert not room.speaker.speaking
    assert room.playing == []


def test_the_newest_guidance_replaces_what_is_being_said(room: Room) -> None:
    room.speaker.say("one", "vi")
    room.made()
    room.speaker.say("two", "vi")
    assert room.playing == []
    room.made()
    assert room.playing == ["two"]


def test_guidance_that_was_overtaken_before_it_was_made_is_never_heard(room: Room) -> None:
    room.speaker.say("one", "vi")
    room.speaker.say("two", "vi")
    room.made(2)
    assert room.heard == ["two"]


def test_calls_wait_for_each_other_and_are_all_heard(room: Room) -> None:
    for name in ("one", "two", "three"):
        room.speaker.announce(name, "vi")
    for _ in range(3):
        room.made()
        assert len(room.playing) == 1
        room.pass_seconds(1 + AFTER_SECONDS)
    assert room.heard == ["one", "two", "three"]
    assert not room.speaker.speaking


def test_who_is_quiet_says_nothing_more(room: Room) -> None:
    room.speaker.announce("one", "vi")
    room.speaker.announce("two", "vi")
    room.made()
    room.speaker.quiet()
    room.pass_seconds(10)
    assert (room.heard, room.playing) == (["one"], [])


def test_a_voice_that_is_missing_is_a_trouble_until_it_is_back(room: Room) -> None:
    room.unsayable = {"one"}
    room.speaker.announce("one", "vi")
    room.made()
    assert room.speaker.trouble == NO_VOICE
    assert not room.speaker.speaking
    room.speaker.announce("two", "vi")
    room.made()
    assert room.speaker.trouble == ""
    assert room.heard == ["two"]


def test_what_can_not_be_said_does_not_stop_what_waits_after_it(room: Room) -> None:
    room.unsayable = {"one"}
    room.speaker.announce("one", "vi")
    room.speaker.announce("two", "vi")
    room.made(2)
    assert room.playing == ["two"]


def test_who_closes_is_quiet_at_once(room: Room) -> None:
    room.speaker.say("one", "vi")
    room.made()
    room.speaker.close()
    assert room.playing == []
