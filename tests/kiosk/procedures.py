"""Procedures for tests of the search: the everyday ones of the tree, and a hall of 1,266 where the national list is."""

from collections.abc import Iterable
from functools import cache

import pytest

from config.catalogue import Reader
from config.loading import load_catalogue, load_hall
from config.rows import rows_of
from config.said import load_said
from config.settings import ROOT, Procedure
from kiosk.finding import Index
from protocol.views import ProcedureInfo
from tests.config.cao_bang_1266 import COUNT, NATIONAL_LIST, cao_bang_1266

SPOKEN = load_said()


def infos(procedures: Iterable[Procedure]) -> list[ProcedureInfo]:
    """Procedures as a kiosk knows them."""
    return [ProcedureInfo(each.code, each.name, each.field, each.agency, "") for each in procedures]


@cache
def everyday() -> list[ProcedureInfo]:
    """The everyday procedures that come with the program."""
    return infos(load_catalogue(ROOT / "catalogue" / "everyday.toml").procedures)


@cache
def full_hall() -> list[ProcedureInfo]:
    """The 1,266 procedures of the Cao Bằng hall; skips the test where the national list is not."""
    if not NATIONAL_LIST.is_file():
        pytest.skip(f"the national list is not on this machine: {NATIONAL_LIST}")
    reader = Reader({})
    for _ in reader.read(rows_of(NATIONAL_LIST)):
        pass
    chosen = cao_bang_1266(reader.procedures, load_hall(ROOT / "halls" / "cao-bang.toml"))
    assert len(chosen) == COUNT
    return infos(chosen)


@cache
def everyday_index() -> Index:
    """The index of the everyday procedures."""
    return Index(everyday(), SPOKEN)
