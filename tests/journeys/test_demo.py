"""The demo plays a hall on real parts and ends in order."""

import json
import os
import signal
import subprocess
import sys
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
    storage = SqliteStorage(data / "hall.db", writing=False)
    counted = Counter(json.loads(event.body)["body"]["type"] for event in storage.events())
    verify(storage)
    storage.close()
    return counted


def test_a_played_morning_issues_prints_calls_serves_and_rates(tmp_path: Path) -> None:
    demo = start(tmp_path, "--for", "30", "--speed", "120")
    out, err = demo.communicate(timeout=110)
    assert demo.returncode == 0, err
    assert "http://127.0.0.1:" in out
    assert "Báo cáo ngày" in out
    events = happened(tmp_path)
    assert events["ticket_issued"] >= 20
    assert events["ticket_printed"] >= events["ticket_issued"] - 5
    assert events["ticket_called"] >= 10
    assert events["ticket_finished"] >= 5
    assert events["ticket_rated"] >= 1
    papers = list((tmp_path / "tickets").glob("*.png"))
    assert len(papers) >= 20
    for paper in papers[::5]:
        (code,) = zxingcpp.read_barcodes(Image.open(paper))
        assert "/t/" in code.text
    for picture in ("kiosk-idle.png", "wall.png"):
        colours = Image.open(tmp_path / "pictures" / picture).getcolors(1 << 20)
        assert colours is None or len(colours) > 20, f"{picture} is blank"


def test_ctrl_c_ends_the_day_with_its_figures(tmp_path: Path) -> None:
    demo = start(tmp_path, "--speed", "120")
    eventually((tmp_path / "logs" / "kiosk.log").exists, within=30, what="the screens start")
    demo.send_signal(signal.SIGINT)
    out, err = demo.communicate(timeout=60)
    assert demo.returncode == 0, err
    assert "Báo cáo ngày" in out


def test_a_wrong_hall_file_is_told_and_nothing_starts(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('[hall]\nid = "x"\n', encoding="utf-8")
    demo = start(tmp_path / "data", "--hall", str(wrong))
    _, err = demo.communicate(timeout=30)
    assert demo.returncode == 2
    assert "wrong.toml" in err
    assert "Traceback" not in err
    assert not (tmp_path / "data" / "hall.db").exists()
