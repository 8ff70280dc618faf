"""A process beside the server is started again when it ends, and never after the server ended it."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from queue_server import child_process
from queue_server.child_process import ChildProcess
from tests.running import eventually

NOTES = "import sys; open(sys.argv[1], 'a').write('begun ')"


def begun(path: Path) -> int:
    """How often the child wrote that it began."""
    return path.read_text().count("begun") if path.exists() else 0


def test_a_child_that_ends_is_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_process, "AGAIN_AFTER_SECONDS", 0.01)
    child = ChildProcess("short", ["-c", NOTES, str(tmp_path / "notes")])
    eventually(lambda: begun(tmp_path / "notes") >= 2, what="it begins again")
    child.stop()


def test_a_child_that_was_about_to_be_started_again_is_not_once_the_server_ends(tmp_path: Path) -> None:
    child = ChildProcess("short", ["-c", NOTES, str(tmp_path / "notes")])
    eventually(lambda: begun(tmp_path / "notes") == 1, what="it begins")
    child.stop()
    assert not child.watching, "nobody is left who would start it"
    assert begun(tmp_path / "notes") == 1


def test_a_child_that_can_not_be_started_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_process, "AGAIN_AFTER_SECONDS", 0.01)
    start, tries = subprocess.Popen, 0

    def starting(*arguments: Any, **named: Any) -> "subprocess.Popen[bytes]":
        nonlocal tries
        tries += 1
        if tries == 2:
            raise BlockingIOError("no process is left")
        return start(*arguments, **named)

    monkeypatch.setattr(subprocess, "Popen", starting)
    child = ChildProcess("short", ["-c", NOTES, str(tmp_path / "notes")])
    eventually(lambda: begun(tmp_path / "notes") >= 2, what="it begins again")
    child.stop()
