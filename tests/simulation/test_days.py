"""Simulated days in the plain run: some days with every fault, and proof that a seed plays the same day again."""

import os
import subprocess
import sys

import pytest

from tests.conftest import LONG, ROOT
from tests.simulation.run import run_day
from tests.simulation.seeds import FOUND

SEEDS = range(1, 400 if LONG else 9)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_invariant_breaks_on_a_day_with_every_fault(seed: int) -> None:
    outcome = run_day(seed)
    assert not outcome.failure, "\n".join([outcome.failure, *outcome.last_steps])


@pytest.mark.parametrize("seed", FOUND)
def test_a_day_that_once_found_a_fault_is_sound(seed: int) -> None:
    outcome = run_day(seed)
    assert not outcome.failure, "\n".join([outcome.failure, *outcome.last_steps])


def test_a_seed_plays_the_same_day_again_whatever_the_hashes_are() -> None:
    program = "from tests.simulation.run import run_day; print(run_day(7).trace)"
    traces = [
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": hashes, "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for hashes in ("1", "2")
    ]
    assert traces[0] == traces[1] == run_day(7).trace


def test_another_seed_plays_another_day() -> None:
    assert run_day(7).trace != run_day(8).trace
