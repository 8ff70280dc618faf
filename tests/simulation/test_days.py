"""Simulated days in the plain run: some days with every fault, and proof that a seed plays the same day again."""

import functools
import os
import subprocess
import sys
from unittest import mock

import pytest

from kiosk import debts
from tests.conftest import LONG, ROOT
from tests.simulation.__main__ import main
from tests.simulation.run import Outcome, run_day
from tests.simulation.seeds import FOUND
from tests.simulation.world import LAST_STEPS

SEEDS = range(1, 400 if LONG else 7)


@functools.cache
def played(seed: int) -> Outcome:
    """A day with every fault; played once for all tests."""
    return run_day(seed)


@pytest.mark.parametrize("seed", [*SEEDS, *FOUND])
def test_no_invariant_breaks_on_a_day_with_every_fault(seed: int) -> None:
    outcome = played(seed)
    assert not outcome.failure, "\n".join([outcome.failure, *outcome.last_steps])


def test_no_invariant_breaks_on_a_day_without_a_fault() -> None:
    outcome = run_day(1, ())
    assert not outcome.failure, "\n".join([outcome.failure, *outcome.last_steps])


def test_a_seed_plays_the_same_day_again_in_another_process_with_other_hashes() -> None:
    program = "from tests.simulation.run import run_day; print(run_day(5).trace)"
    again = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONHASHSEED": "1", "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert again.stdout.strip() == played(5).trace


def test_another_seed_plays_another_day() -> None:
    assert played(4).trace != played(5).trace


def test_a_broken_invariant_is_told_with_its_seed_and_its_last_steps(capsys: pytest.CaptureFixture[str]) -> None:
    with mock.patch.object(debts, "debts", return_value=[]):
        code = main(["--days", "1", "--seed", "3", "--faults"])
    told = capsys.readouterr().out
    assert code == 1
    assert "invariant 10" in told
    assert "again: ./motcua simulate --days 1 --seed 3" in told
    assert len([line for line in told.splitlines() if line.startswith("  ")]) == LAST_STEPS


def test_the_summary_of_sound_days_counts_what_happened(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--days", "2", "--seed", "6", "--jobs", "2", "--faults"]) == 0
    told = capsys.readouterr().out
    assert "2 (seeds 6 to 7)" in told
    assert "invariants broken    0\n" in told
