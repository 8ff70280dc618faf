"""The demo plays a hall on real parts and ends in order."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections import Counter
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from queue_server.storage.sqlite import SqliteStorage
from queue_server.verifying import verify
from tests.running import ROOT, eventually

pytestmark = pytest.mark.window


def start(data: Path, *arguments: str) -> "subprocess.Popen[str]":
    environment = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return subprocess.Popen(
        [sys.executable, "-m", "demo", "--data", str(data), *arguments],
        cwd=ROOT,
        env=environment | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def happened(data: Path) -> Counter[str]:
    """How often what happened; numbers also by where they came from, as `ticket_issued kiosk`."""
    storage = SqliteStorage(data / "hall.db", writing=False)
    bodies = [json.loads(event.body)["body"] for event in storage.events()]
    verify(storage)
    storage.close()
    return Counter([body["type"] for body in bodies] + [f"{body['type']} {body.get('origin')}" for body in bodies])


OFTEN = {"ticket_issued": 20, "ticket_printed": 20, "ticket_called": 10, "ticket_finished": 5, "ticket_rated": 1}
USUAL = ("services_recorded", "claim_checked", "appointment_booked", "service_suspended")
RARE = ("ticket_recalled", "ticket_parked", "ticket_transferred", "counter_paused", "action_undone", "note_added")


def is_full(events: Counter[str]) -> bool:
    """Whether a morning has all that one has to have."""
    enough = all(events[kind] >= count for kind, count in OFTEN.items())
    return enough and all(events[kind] for kind in USUAL) and sum(events[kind] for kind in RARE) >= 5


def test_a_played_morning_issues_prints_calls_serves_and_rates(tmp_path: Path) -> None:
    demo = start(tmp_path, "--speed", "300")
    eventually((tmp_path / "pictures" / "wall.png").exists, what="the wall is there")
    eventually(lambda: is_full(happened(tmp_path)), what="a morning with all that it has to have")
    demo.send_signal(signal.SIGINT)
    out, err = demo.communicate()
    assert demo.returncode == 0, err
    assert "http://127.0.0.1:" in out
    assert "Báo cáo ngày" in out
    events = happened(tmp_path)
    assert events["ticket_printed"] >= events["ticket_issued kiosk"] - 5
    papers = list((tmp_path / "tickets").glob("*.png"))
    assert len(papers) >= 20
    for paper in papers[::5]:
        (code,) = zxingcpp.read_barcodes(Image.open(paper))
        assert "/t/" in code.text
    for picture in ("kiosk-idle.png", "wall.png"):
        colours = Image.open(tmp_path / "pictures" / picture).getcolors(1 << 20)
        assert colours is None or len(colours) > 20, f"{picture} is blank"
    assert "WARNING" not in err, "no played clerk met a fault"
    assert_rehearsable(tmp_path)


def assert_rehearsable(data: Path) -> None:
    """The played day can be played again, as it was, under the hall file beside it."""
    command = [sys.executable, "-m", "queue_server", "rehearse", "--data", str(data), "--set", "own_field_minutes=0"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "own_field_minutes=0" in done.stdout


@pytest.mark.long
def test_a_commune_is_played_too_and_a_visitor_finds_the_pages(tmp_path: Path) -> None:
    demo = start(tmp_path, "--hall", str(ROOT / "config" / "halls" / "xa.toml"), "--speed", "120")
    assert demo.stdout is not None
    lines = [demo.stdout.readline() for _ in range(8)]
    (desk,) = [line for line in lines if "counter desk" in line]
    (head,) = [line for line in lines if "supervisor" in line]
    for line in (desk, head):
        address = re.search(r"http://\S+", line)
        assert address is not None
        eventually(lambda address=address: opened(address[0]) == 200, what=line)
    assert re.search(r"operator 12, PIN \d{4}, counter \d+ is free", desk), desk
    assert re.search(r"operator 90, PIN \d{4}", head), head
    eventually(lambda: happened(tmp_path)["ticket_finished"] > 0, what="somebody is served")
    demo.send_signal(signal.SIGINT)
    out, err = demo.communicate()
    assert demo.returncode == 0, err
    assert "Báo cáo ngày" in out


def opened(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return int(answer.status)
    except OSError:
        return 0


@pytest.mark.long
def test_a_play_ends_by_itself_when_its_time_is_over(tmp_path: Path) -> None:
    demo = start(tmp_path, "--for", "20", "--speed", "120")
    out, err = demo.communicate()
    assert demo.returncode == 0, err
    assert "Báo cáo ngày" in out


def test_a_wrong_hall_file_is_told_and_nothing_starts(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('[hall]\nid = "x"\n', encoding="utf-8")
    demo = start(tmp_path / "data", "--hall", str(wrong))
    _, err = demo.communicate()
    assert demo.returncode == 2
    assert "wrong.toml" in err
    assert "Traceback" not in err
    assert not (tmp_path / "data" / "hall.db").exists()
