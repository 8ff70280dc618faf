"""A server that is killed in the middle of its work loses nothing that it answered and doubles nothing."""

from pathlib import Path

from tests.conftest import LONG
from tests.crash import kills

KILLS = 100 if LONG else 10


def test_kills_under_load_lose_and_double_nothing(tmp_path: Path) -> None:
    found = kills.run(tmp_path, KILLS)
    assert found.faults == []
    assert found.kills == KILLS
    assert found.answered >= KILLS * kills.ANSWERS_BETWEEN
