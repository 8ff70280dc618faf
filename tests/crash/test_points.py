"""A server that is killed at any write, sync, truncate or delete goes on as if nothing had been."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import LONG, ROOT
from tests.crash import points
from tests.crash.checking import check, check_repeated

CALLS = ("fdatasync", "pwrite64", "ftruncate", "unlink")
PLACES = (1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144) if LONG else (13,)


def test_a_kill_at_any_point_of_a_day_loses_and_doubles_nothing() -> None:
    found = points.run(seed=7, every=1 if LONG else 25)
    assert found.faults == []
    assert found.of > 500, "the day is too short to prove anything"


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize("call", CALLS)
def test_a_kill_at_a_call_of_the_real_system_loses_and_doubles_nothing(tmp_path: Path, call: str) -> None:
    for place in PLACES if call in CALLS[:2] else PLACES[:2]:
        folder = tmp_path / f"{call}-{place}"
        when = place if call in CALLS[:2] else min(place, 2)
        inject = ["-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={when}"]
        day = [sys.executable, "-m", "tests.crash.one_day", str(folder), "7"]
        traced = subprocess.run(["strace", "-f", "-qq", *inject, *day], cwd=ROOT, capture_output=True, check=False)
        if traced.returncode == 1 and b"PTRACE" in traced.stderr:
            pytest.skip("this machine lets nobody trace")
        assert traced.returncode != 0, "the day went on to its end: nothing was killed"
        answered, refused, pending = points.read_told(folder.with_name(f"{folder.name}.told"))
        check(folder, answered, refused)
        check_repeated(folder, answered, pending, seed=7)
