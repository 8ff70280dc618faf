"""Pictures and films of a playlist: what comes when, what is passed, and that a film plays to its end."""

import datetime as dt
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image

from display.board import Board
from display.media.film import Film
from display.media.notice import hall_notice
from display.media.pixels import BrokenMedia, Pixels, media_path
from display.media.player import LEAST_SECONDS, LOAD_SECONDS, Player
from display.media.playlist import RETRY_SECONDS, Playlist, within
from display.media.still import is_still, read_still
from protocol.replies import MediaInfo
from tests.display import halls
from tests.display.media_files import GREEN, RED, film, picture
from tests.running import eventually

NOON = dt.time(12, 0)
BOX = (320, 200)


# ---- what comes when ----


def listed(*items: MediaInfo) -> Playlist:
    playlist = Playlist()
    playlist.describe(items)
    return playlist


def turns(playlist: Playlist, count: int, clock: dt.time = NOON, now: float = 0.0) -> list[str]:
    found = (playlist.turn(clock, now) for _ in range(count))
    return [item.file if item else "" for item in found]


A, B, C = (MediaInfo(file, 10) for file in ("a.png", "b.png", "c.png"))


def test_items_come_one_after_the_other_over_and_over() -> None:
    assert turns(listed(A, B, C), 5) == ["a.png", "b.png", "c.png", "a.png", "b.png"]


def test_an_item_comes_only_within_its_times() -> None:
    playlist = listed(A, replace(B, spans=["07:30-11:30", "13:00-24:00"]))
    assert turns(playlist, 3, dt.time(11, 29)) == ["a.png", "b.png", "a.png"]
    assert turns(playlist, 2, dt.time(11, 30)) == ["a.png", "a.png"]
    assert turns(playlist, 2, dt.time(23, 59)) == ["b.png", "a.png"]


@pytest.mark.parametrize(
    ("clock", "inside"), [("07:29", False), ("07:30", True), ("11:29", True), ("11:30", False), ("00:00", False)]
)
def test_a_span_begins_and_ends_to_the_minute(clock: str, inside: bool) -> None:
    assert within(["07:30-11:30"], dt.time.fromisoformat(clock)) is inside


def test_nothing_comes_where_nothing_may() -> None:
    assert turns(listed(), 1) == [""]
    assert turns(listed(replace(A, spans=["07:00-08:00"])), 2) == ["", ""]


def test_what_failed_is_passed_and_tried_again_after_a_while() -> None:
    playlist = listed(A, B)
    playlist.fail("b.png", 100.0)
    assert turns(playlist, 3, now=101.0) == ["a.png", "a.png", "a.png"]
    assert playlist.faulty == ["b.png"]
    assert turns(playlist, 2, now=100.0 + RETRY_SECONDS) == ["b.png", "a.png"]
    playlist.well("b.png")
    assert playlist.faulty == []


def test_a_fault_of_a_file_that_is_not_wanted_any_more_is_forgotten() -> None:
    playlist = listed(A, B)
    playlist.fail("b.png", 0.0)
    playlist.describe([A])
    assert playlist.faulty == []


# ---- pictures ----


def test_a_picture_is_made_smaller_without_distortion_and_never_larger(tmp_path: Path) -> None:
    assert read_still(picture(tmp_path / "wide.png", (1600, 400)), BOX).size == (320, 80)
    assert read_still(picture(tmp_path / "tall.jpg", (400, 1600)), BOX).size == (50, 200)
    small = read_still(picture(tmp_path / "small.png", (30, 20)), BOX)
    assert small.size == (30, 20)
    assert bytes(small.data[:3]) == bytes(RED)


def test_a_photograph_taken_sideways_stands_upright(tmp_path: Path) -> None:
    photo = Image.new("RGB", (60, 20))
    exif = Image.Exif()
    exif[0x0112] = 6
    photo.save(tmp_path / "photo.jpg", exif=exif)
    assert read_still(tmp_path / "photo.jpg", BOX).size == (20, 60)


def test_what_is_transparent_is_seen_on_white(tmp_path: Path) -> None:
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    assert bytes(read_still(tmp_path / "clear.png", BOX).data[:3]) == b"\xff\xff\xff"


@pytest.mark.parametrize("name", ["cut.png", "words.png", "empty.jpg"])
def test_a_broken_picture_is_told(tmp_path: Path, name: str) -> None:
    whole = picture(tmp_path / "whole.png", (200, 200)).read_bytes()
    (tmp_path / name).write_bytes({"cut.png": whole[:90], "words.png": b"no picture", "empty.jpg": b""}[name])
    with pytest.raises(BrokenMedia):
        read_still(tmp_path / name, BOX)


def test_a_picture_too_large_for_the_memory_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("display.media.still.MOST_PIXELS", 1000)
    with pytest.raises(BrokenMedia, match="too many"):
        read_still(picture(tmp_path / "huge.png", (200, 200)), BOX)


def test_a_moving_picture_is_a_film(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in (RED, GREEN)]
    frames[0].save(tmp_path / "moving.gif", save_all=True, append_images=frames[1:])
    assert not is_still(tmp_path / "moving.gif")
    assert is_still(picture(tmp_path / "still.gif"))


@pytest.mark.parametrize("file", ["../keys/display.json", "missing.png", ".", ""])
def test_only_files_of_the_media_folder_are_read(tmp_path: Path, file: str) -> None:
    with pytest.raises(BrokenMedia):
        media_path(tmp_path, file)


def test_a_photograph_with_another_one_in_its_file_is_no_film(tmp_path: Path) -> None:
    for name, kind in (("photo.jpg", "MPO"), ("scan.tiff", "TIFF")):
        photo, second = (Image.new("RGB", (60, 20), colour) for colour in (RED, GREEN))
        photo.save(tmp_path / name, kind, save_all=True, append_images=[second])
        assert is_still(tmp_path / name)
        assert read_still(tmp_path / name, BOX).size == (60, 20)


def test_a_picture_that_pillow_finds_too_large_is_told_and_not_played_as_a_film(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    poster = picture(tmp_path / "poster.png", (200, 200))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    assert is_still(poster)
    with pytest.raises(BrokenMedia):
        read_still(poster, BOX)


# ---- films ----


def watch(path: Path, box: tuple[int, int] = BOX) -> list[Pixels]:
    """Every frame of a film, to its end."""
    playing, found = Film(path, box), []

    def look() -> bool:
        if (frame := playing.frame(time.monotonic())) is not None:
            found.append(frame)
        return playing.over

    try:
        eventually(look)
    finally:
        playing.close()
    return found


def test_a_film_plays_to_its_end_within_its_box(tmp_path: Path) -> None:
    frames = watch(film(tmp_path / "a.mp4", 5, (640, 200)))
    assert frames
    assert {frame.size for frame in frames} == {(320, 100)}
    assert all(len(frame.data) == 320 * 100 * 3 for frame in frames)
    assert frames[-1].data[0] > frames[0].data[0]


@pytest.mark.parametrize("name", ["words.mp4", "cut.mp4"])
def test_a_broken_film_is_told(tmp_path: Path, name: str) -> None:
    whole = film(tmp_path / "whole.mp4").read_bytes()
    (tmp_path / name).write_bytes(whole[:400] if name == "cut.mp4" else b"no film" * 300)
    with pytest.raises(BrokenMedia):
        watch(tmp_path / name)


def test_a_film_whose_disk_does_not_answer_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "slow.mp4")
    playing = Film(tmp_path / "slow.mp4", BOX)
    silent = os.open(tmp_path / "slow.mp4", os.O_WRONLY)
    try:
        assert playing.frame(0.0) is None
        with pytest.raises(BrokenMedia, match="no frame"):
            playing.frame(100.0)
    finally:
        os.close(silent)
        playing.close()


# ---- the player ----


class Watched:
    """A player of a folder, driven by hand."""

    def __init__(self, folder: Path, *items: MediaInfo) -> None:
        self.player = Player(folder)
        self.player.describe(items)
        self.now, self.clock = time.monotonic(), NOON

    def turn(self, later: float = 0.0, box: tuple[int, int] = BOX) -> Pixels | None:
        self.now += later
        self.player.turn(self.clock, self.now, box)
        return self.player.pixels

    def until(self, condition: Callable[[Pixels | None], object], step: float = 0.01) -> None:
        """Turn until what is seen is as wanted; a step is how many seconds pass with each turn."""
        eventually(lambda: condition(self.turn(step)))


Watch = Callable[..., Watched]


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[Watch]:
    made: list[Watched] = []

    def make(*items: MediaInfo) -> Watched:
        made.append(Watched(tmp_path, *items))
        return made[-1]

    yield make
    for watched in made:
        watched.player.close()


def stuck_at(file: str, load: Callable[..., Pixels | Film]) -> Callable[..., Pixels | Film]:
    """A load that never comes back from one file."""

    def loading(wanted: str, box: tuple[int, int]) -> Pixels | Film:
        if wanted == file:
            threading.Event().wait()
        return load(wanted, box)

    return loading


def shows(colour: tuple[int, int, int]) -> Callable[[Pixels | None], object]:
    return lambda seen: seen is not None and bytes(seen.data[:3]) == bytes(colour)


def test_each_picture_stays_its_time(tmp_path: Path, watching: Watch) -> None:
    picture(tmp_path / "a.png", colour=RED)
    picture(tmp_path / "b.png", colour=GREEN)
    watched = watching(A, B)
    watched.until(shows(RED))
    assert shows(RED)(watched.turn(9.0))
    watched.turn(1.1)
    watched.until(shows(GREEN))
    watched.turn(10.1)
    watched.until(shows(RED))
    assert watched.player.troubles == []


def test_missing_and_broken_files_are_passed_and_reported(tmp_path: Path, watching: Watch) -> None:
    (tmp_path / "b.png").write_bytes(b"no picture")
    (tmp_path / "c.mp4").write_bytes(b"no film" * 300)
    picture(tmp_path / "d.png", colour=GREEN)
    watched = watching(A, B, replace(C, file="c.mp4"), MediaInfo("d.png", 10))
    watched.until(shows(GREEN))
    assert watched.player.troubles == ["media"]


def test_where_every_file_is_broken_nothing_is_shown_until_one_is_mended(tmp_path: Path, watching: Watch) -> None:
    watched = watching(A, B)
    watched.until(lambda _: len(watched.player._playlist.faulty) == 2)
    assert watched.turn() is None
    picture(tmp_path / "a.png")
    picture(tmp_path / "b.png")
    assert watched.turn(5.0) is None
    watched.turn(RETRY_SECONDS)
    watched.until(shows(RED))
    watched.turn(10.1)
    watched.until(lambda _: watched.player.troubles == [])


def test_a_film_plays_to_its_end_before_the_next_item(tmp_path: Path, watching: Watch) -> None:
    film(tmp_path / "f.mp4", 10)
    picture(tmp_path / "a.png", colour=GREEN)
    watched, seen = watching(MediaInfo("f.mp4", 2), A), []

    def record(found: Pixels | None) -> bool:
        seen.append(found)
        return bool(shows(GREEN)(found))

    watched.until(record, step=0.2)
    of_film = {id(frame) for frame in seen if frame is not None and not shows(GREEN)(frame)}
    assert len(of_film) > 3
    assert None not in seen[seen.index(next(frame for frame in seen if frame)) :]


def test_a_film_stands_still_while_nobody_sees_it_and_then_goes_on(tmp_path: Path, watching: Watch) -> None:
    film(tmp_path / "f.mp4", 50)
    watched = watching(MediaInfo("f.mp4", 2))
    watched.until(lambda seen: seen)
    watched.player.pause(paused=True)
    before = watched.turn()
    assert {id(watched.turn(0.1)) for _ in range(100)} == {id(before)}
    watched.player.pause(paused=False)
    watched.until(lambda seen: seen is not before)
    assert watched.player.troubles == []


def test_a_disk_that_does_not_answer_holds_up_nothing(tmp_path: Path, watching: Watch) -> None:
    picture(tmp_path / "b.png", colour=GREEN)
    watched = watching(A, B)
    watched.player._load = stuck_at("a.png", watched.player._load)  # type: ignore[method-assign]
    assert watched.turn() is None
    assert watched.turn(LOAD_SECONDS - 1.0) is None
    watched.turn(1.1)
    watched.until(shows(GREEN))
    assert watched.player.troubles == ["media"]


def test_another_playlist_begins_at_once(tmp_path: Path, watching: Watch) -> None:
    picture(tmp_path / "a.png", colour=RED)
    picture(tmp_path / "b.png", colour=GREEN)
    watched = watching(A)
    watched.until(shows(RED))
    watched.player.describe([B])
    watched.until(shows(GREEN))
    watched.player.describe([])
    assert watched.turn(0.1) is None


def test_a_place_that_grows_gets_a_sharper_picture(tmp_path: Path, watching: Watch) -> None:
    picture(tmp_path / "a.png", (1000, 1000))
    watched = watching(A)
    watched.until(lambda seen: seen and seen.size == (200, 200))
    eventually(lambda: (seen := watched.turn(box=(400, 400))) and seen.size == (400, 400))


@pytest.mark.parametrize("fault", [RuntimeError("a decoder stumbled"), BrokenMedia("no picture")])
def test_whatever_a_decoder_stumbles_over_is_passed(tmp_path: Path, watching: Watch, fault: Exception) -> None:
    def stumble(_file: str, _box: tuple[int, int]) -> Pixels | Film:
        raise fault

    watched = watching(A)
    watched.player._load = stumble  # type: ignore[assignment,method-assign]
    watched.until(lambda _: watched.player.troubles == ["media"])


def test_a_film_of_one_frame_is_not_begun_again_with_every_turn(tmp_path: Path, watching: Watch) -> None:
    film(tmp_path / "f.mp4", 1)
    watched = watching(MediaInfo("f.mp4", 2))
    begun: list[str] = []
    load = watched.player._load
    watched.player._load = lambda file, box: begun.append(file) or load(file, box)  # type: ignore[func-returns-value,method-assign]
    watched.until(lambda _: watched.player._film and watched.player._film.over, step=0.001)
    for _ in range(20):
        watched.turn(0.01)
    assert len(begun) == 1
    watched.turn(LEAST_SECONDS)
    eventually(lambda: watched.turn(0.001) and len(begun) == 2)


# ---- the hall's notice ----


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ({"monday": ["07:30-11:30", "13:30-17:00"]}, "Giờ làm việc hôm nay: 07:30–11:30, 13:30–17:00"),
        ({"tuesday": ["07:30-11:30"]}, "Hôm nay không làm việc"),
        ({}, ""),
    ],
)
def test_the_notice_tells_todays_hours(hours: dict[str, list[str]], words: str) -> None:
    board = Board()
    board.describe(replace(halls.hall(), hours=hours))
    board.take_snapshot(halls.snapshot(), 0.0)
    assert hall_notice(board, 0.0).more[0] == words


def test_a_special_day_and_a_holiday_count_before_the_weekday() -> None:
    board, usual = Board(), replace(halls.hall(), hours={"monday": ["07:30-11:30"]})
    board.take_snapshot(halls.snapshot(), 0.0)
    board.describe(replace(usual, holidays=[halls.DAY]))
    assert hall_notice(board, 0.0).more[0] == "Hôm nay không làm việc"
    board.describe(replace(usual, special_days={halls.DAY.isoformat(): ["08:00-10:00"]}))
    assert hall_notice(board, 0.0).more[0] == "Giờ làm việc hôm nay: 08:00–10:00"
