"""docs/reliability.md names a test beside each fault: every one of them must be there."""

import ast
import re
from functools import cache

import pytest

from tests.running import ROOT

DOCUMENT = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\d+) \|(.*)\|$", re.MULTILINE)
FAULTS = 47


@cache
def names_in(path: str) -> frozenset[str]:
    """The tests that a file defines."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_every_fault_of_the_catalogue_has_its_row() -> None:
    assert [int(number) for number, _ in ROW.findall(DOCUMENT)] == list(range(1, FAULTS + 1))


@pytest.mark.parametrize(("number", "row"), ROW.findall(DOCUMENT))
def test_every_test_that_a_row_names_is_there(number: str, row: str) -> None:
    named = [
        (path, test)
        for path, tests in re.findall(r"`(tests/[\w/]+\.py)`: ((?:`\w+`(?:, )?)+)", row)
        for test in re.findall(r"`(\w+)`", tests)
    ]
    assert named or "| none: " in row, number
    missing = [f"{path}::{test}" for path, test in named if test not in names_in(path)]
    assert not missing
    assert len(re.findall(r"`test_\w+`", row)) == len(named), "a test is named without its file"
