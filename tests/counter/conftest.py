"""Real halls whose counters have no PC."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from counter.emulated import EmulatedBox
from counter.emulator import EmulatedLine
from protocol.client import HallClient
from protocol.commands import CreateEnrolment, GetSnapshot
from protocol.replies import CounterStatus, Snapshot
from queue_server.enrolling import enrol_here
from tests.running import ROOT, RunningHall, eventually, hall_file_at_free_ports


class Floor:
    """A running hall, and one line of boxes served by the real program."""

    def __init__(self, hall: RunningHall, link: Path, stack: ExitStack) -> None:
        self.hall = hall
        self.admin: HallClient = hall.client("admin")
        self._link, self._stack = link, stack

    def join(self, name: str, counter_id: str) -> None:
        """Let a counter's device join, as an installer does."""
        enrol_here(self.admin, self.hall.data, CreateEnrolment("counter", name, counter_id))

    def serve(self, boxes: list[EmulatedBox], *arguments: str, echoes: bool = False) -> EmulatedLine:
        """Put boxes on the line and start the program on it."""
        line = self._stack.enter_context(EmulatedLine(self._link, boxes, echoes=echoes))
        command = [sys.executable, "-m", "counter", "--data", str(self.hall.data), "--line", str(line.link)]
        self.log = self._stack.enter_context((self._link.parent / "counter.log").open("wb+"))
        self.process = subprocess.Popen(
            [*command, *arguments], stderr=self.log, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}
        )
        self._stack.callback(self._end)
        return line

    def said(self) -> str:
        """What the program wrote to its log."""
        return (self._link.parent / "counter.log").read_text(encoding="utf-8")

    def snapshot(self) -> Snapshot:
        """The hall's truth."""
        reply = self.admin.call(GetSnapshot())
        assert isinstance(reply, Snapshot)
        return reply

    def counter(self, counter_id: str) -> CounterStatus:
        """The hall's truth of a counter."""
        return next(status for status in self.snapshot().counters if status.counter_id == counter_id)

    def until(self, condition: Callable[[], object], what: str) -> None:
        """Wait for something; a program that ended says why."""

        def holds() -> object:
            assert self.process.poll() is None, self.said()
            return condition()

        eventually(holds, within=20, what=what)

    def _end(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    """A commune hall that lets its counters recall and give up at once."""
    source = ROOT / "config" / "halls" / "xa.toml"
    text = source.read_text(encoding="utf-8")
    text = re.sub(r"(recall_gap_seconds|no_show_min_seconds) = \d+", r"\1 = 0", text)
    text = re.sub(r"no_show_min_calls = \d+", "no_show_min_calls = 1", text)
    text = text.replace('catalogue = "../catalogue', f'catalogue = "{source.parent.parent}/catalogue')
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "xa.toml").write_text(text, encoding="utf-8")
    hall_file, web_port = hall_file_at_free_ports(tmp_path / "source" / "xa.toml", tmp_path)
    with ExitStack() as stack:
        hall = RunningHall(hall_file, tmp_path / "data", web_port)
        stack.callback(hall.close)
        yield Floor(hall, tmp_path / "line", stack)
